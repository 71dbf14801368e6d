"""Accounts and their doors (sessions, tokens), and the people parcels are addressed to."""

from tortoise import fields
from tortoise.models import Model

from station.actor import Role
from station.models.places import Station


class Account(Model):
    """Someone who signs in. `carrier` is the company code of a courier, empty for all others."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    login = fields.CharField(40)
    name = fields.CharField(40)
    role = fields.CharEnumField(Role, max_length=10)
    carrier = fields.CharField(10, default="")
    password_hash = fields.CharField(120)
    pin_hash = fields.CharField(120, default="")
    failures = fields.IntField(default=0)
    locked_until = fields.DatetimeField(null=True)
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "account"
        unique_together = (("station", "login"),)


class Session(Model):
    """A signed-in browser. The cookie holds `station.key`; the table keeps only the key's hash."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    key_hash = fields.CharField(64)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
        unique_together = (("station", "key_hash"),)


class Token(Model):
    """A bearer token of an account, for other programs. Only its hash is kept."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, on_delete=fields.RESTRICT
    )
    account_id: int
    key_hash = fields.CharField(64)
    created_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "token"
        unique_together = (("station", "key_hash"),)


class Recipient(Model):
    """A name and phone as printed on labels. One person may be several rows: privacy numbers change every time."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    name = fields.CharField(60, default="")
    phone = fields.CharField(30, default="")
    phone_kind = fields.CharField(12, default="missing")
    phone_ext = fields.CharField(8, default="")
    # Last four digits, and the name's initials and whole readings, space separated: what people search by.
    tail = fields.CharField(4, default="")
    initials = fields.CharField(120, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "recipient"
        unique_together = (("station", "phone", "phone_ext", "name"),)
        indexes = (("station_id", "tail"),)
