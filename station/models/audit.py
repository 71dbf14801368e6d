"""The append-only record of every act, and the seals that make a later change visible."""

from tortoise import fields
from tortoise.models import Model

from station.models.people import Account
from station.models.places import Station


class AuditLine(Model):
    """One act: who did what to which subject. `facts` is JSON without personal data."""

    id = fields.BigIntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    at = fields.DatetimeField()
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    account_id: int | None
    act = fields.CharField(40)
    subject = fields.CharField(20)
    subject_id = fields.BigIntField()
    facts = fields.TextField()

    class Meta:
        table = "audit_line"
        indexes = (("station_id", "subject", "subject_id"),)


class AuditAbout(Model):
    """Further subjects of a line, so that each parcel of one collection finds it in its story."""

    id = fields.BigIntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    line: fields.ForeignKeyRelation[AuditLine] = fields.ForeignKeyField(
        "station.AuditLine", related_name=False, on_delete=fields.RESTRICT
    )
    line_id: int
    subject = fields.CharField(20)
    subject_id = fields.BigIntField()

    class Meta:
        table = "audit_about"
        indexes = (("station_id", "subject", "subject_id"),)


class AuditSeal(Model):
    """The hash of a station's lines `first_line` … `last_line` and of the seal before them."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    number = fields.IntField()
    first_line = fields.BigIntField()
    last_line = fields.BigIntField()
    lines = fields.IntField()
    hash = fields.CharField(64)
    at = fields.DatetimeField()

    class Meta:
        table = "audit_seal"
        unique_together = (("station", "number"),)
