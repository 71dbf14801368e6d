"""Tables of what happens between counter and villager."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.messages import Message
from station.models.parcels import Parcel
from station.models.people import Account
from station.models.places import Station


class Collector(StrEnum):
    SELF = "self"
    PROXY = "proxy"


class Notice(Model):
    """A parcel's arrival told by a message; `message` is null while no message can be sent (no mobile number)."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    parcel: fields.ForeignKeyRelation[Parcel] = fields.ForeignKeyField(
        "station.Parcel", related_name=False, on_delete=fields.RESTRICT
    )
    parcel_id: int
    message: fields.ForeignKeyNullableRelation[Message] = fields.ForeignKeyField(
        "station.Message", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    message_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "notice"
        unique_together = (("station", "parcel"),)
        indexes = (("station_id", "message_id"),)


class Collection(Model):
    """One handing-out: what one person took at one moment. Never changed; an undo is a row of its own."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    scan_id = fields.CharField(40)
    collector = fields.CharEnumField(Collector, max_length=5)
    collector_name = fields.CharField(40, default="")
    relation = fields.CharField(20, default="")
    money_fen = fields.BigIntField(default=0)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None
    at = fields.DatetimeField()

    class Meta:
        table = "collection"
        unique_together = (("station", "scan_id"),)
        indexes = (("station_id", "at"),)


class CollectedParcel(Model):
    """A parcel of a collection, with the money taken for it."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    collection: fields.ForeignKeyRelation[Collection] = fields.ForeignKeyField(
        "pickup.Collection", related_name=False, on_delete=fields.RESTRICT
    )
    collection_id: int
    parcel: fields.ForeignKeyRelation[Parcel] = fields.ForeignKeyField(
        "station.Parcel", related_name=False, on_delete=fields.RESTRICT
    )
    parcel_id: int
    collect_fen = fields.BigIntField(default=0)
    cod_fen = fields.BigIntField(default=0)

    class Meta:
        table = "collected_parcel"
        unique_together = (("station", "collection", "parcel"),)
        indexes = (("station_id", "parcel_id"),)


class CollectionUndo(Model):
    """A collection taken back: the parcels are on the shelf again."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    collection: fields.ForeignKeyRelation[Collection] = fields.ForeignKeyField(
        "pickup.Collection", related_name=False, on_delete=fields.RESTRICT
    )
    collection_id: int
    reason = fields.CharField(100)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None
    at = fields.DatetimeField()

    class Meta:
        table = "collection_undo"
        unique_together = (("station", "collection"),)
