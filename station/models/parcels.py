"""Parcels at the station, and the day's counts that the acts keep."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.people import Recipient
from station.models.places import Slot, Station


class ParcelState(StrEnum):
    WAITING = "waiting"
    COLLECTED = "collected"
    RETURNED = "returned"
    LOST = "lost"
    # A check-in taken back: the parcel was never here.
    UNDONE = "undone"


class Size(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Parcel(Model):
    """One box. Live (waiting) rows are unique by (station, carrier, waybill, piece) and by (station, code).

    `collect_fen` (freight to collect) and `cod_fen` (cash on delivery) are null when the manifest's amount could not
    be read: then nobody may assume there is nothing to pay.
    """

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    carrier = fields.CharField(10, default="")
    waybill = fields.CharField(30)
    piece_no = fields.IntField(default=1)
    piece_count = fields.IntField(default=1)
    recipient: fields.ForeignKeyRelation[Recipient] = fields.ForeignKeyField(
        "station.Recipient", related_name=False, on_delete=fields.RESTRICT
    )
    recipient_id: int
    size = fields.CharEnumField(Size, max_length=6, default=Size.SMALL)
    flags = fields.CharField(40, default="")
    weight_g = fields.IntField(null=True)
    collect_fen = fields.BigIntField(null=True)
    cod_fen = fields.BigIntField(null=True)
    slot: fields.ForeignKeyRelation[Slot] = fields.ForeignKeyField(
        "station.Slot", related_name=False, on_delete=fields.RESTRICT
    )
    slot_id: int
    code = fields.CharField(5)
    state = fields.CharEnumField(ParcelState, max_length=9, default=ParcelState.WAITING)
    refused = fields.BooleanField(default=False)
    intercepted = fields.BooleanField(default=False)
    # Questions still open at the desk: whose parcel is it, and which company brought it.
    needs_carrier = fields.BooleanField(default=False)
    needs_recipient = fields.BooleanField(default=False)
    arrived_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "parcel"


class DayStat(Model):
    """What happened at a station on one local day, counted by the acts themselves."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    day = fields.CharField(10)
    announced = fields.IntField(default=0)
    checked_in = fields.IntField(default=0)
    collected = fields.IntField(default=0)
    messages_sent = fields.IntField(default=0)
    messages_failed = fields.IntField(default=0)

    class Meta:
        table = "day_stat"
        unique_together = (("station", "day"),)
