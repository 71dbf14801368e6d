"""The station, its shelves and their slots."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class Station(Model):
    """One village station and what its keeper has settled for it."""

    id = fields.IntField(primary_key=True)
    code = fields.CharField(20, unique=True)
    name = fields.CharField(40)
    place = fields.CharField(80, default="")
    zone = fields.CharField(40, default="Asia/Shanghai")
    phone = fields.CharField(20, default="")
    hours = fields.CharField(40, default="")
    sms_signature = fields.CharField(20)
    # Local wall-clock times; no message leaves between them (a courtesy, not a law).
    quiet_from = fields.CharField(5, default="21:00")
    quiet_until = fields.CharField(5, default="07:30")
    # How long an arrival message waits for more parcels of the same phone.
    gather_seconds = fields.IntField(default=180)
    undo_minutes = fields.IntField(default=10)
    overdue_days = fields.IntField(default=3)
    # Personal data of finished parcels is erased after so many days; counts stay.
    keep_days = fields.IntField(default=365)
    # The secret order in which pickup codes are given out, and how far it has got.
    code_key = fields.CharField(64)
    code_sequence = fields.IntField(default=0)
    created_at = fields.DatetimeField()

    class Meta:
        table = "station"


class SlotKind(StrEnum):
    NORMAL = "normal"
    HEAVY = "heavy"
    COLD = "cold"
    OUTBOUND = "outbound"
    FLOOR = "floor"


class Shelf(Model):
    """A rack as it stands: `layers` counted from the bottom, `bays` from the left (0 = not divided)."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    number = fields.IntField()
    kind = fields.CharEnumField(SlotKind, max_length=8, default=SlotKind.NORMAL)
    layers = fields.IntField()
    bays = fields.IntField()

    class Meta:
        table = "shelf"
        unique_together = (("station", "number"),)


class Slot(Model):
    """A place for parcels. `capacity` and `used` are in units (small 1, medium 2, large 4); capacity 0 = no limit."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    shelf: fields.ForeignKeyRelation[Shelf] = fields.ForeignKeyField(
        "station.Shelf", related_name=False, on_delete=fields.RESTRICT
    )
    shelf_id: int
    label = fields.CharField(12)
    shelf_number = fields.IntField()
    layer = fields.IntField()
    bay = fields.IntField()
    kind = fields.CharEnumField(SlotKind, max_length=8, default=SlotKind.NORMAL)
    capacity = fields.IntField()
    used = fields.IntField(default=0)
    max_weight_g = fields.IntField(null=True)
    # Elderly people's parcels go where a hand reaches without bending or stretching.
    hand_height = fields.BooleanField(default=False)
    closed = fields.BooleanField(default=False)

    class Meta:
        table = "slot"
        unique_together = (("station", "label"),)
