"""The village's register: households, their people and phones."""

from tortoise import fields
from tortoise.models import Model

from station.models.places import Station


class Household(Model):
    """One family as the village knows it: `name` such as 郑家, `grp` the villagers' group such as 五组.

    `helped`: the village helps this household to sell. Only the keeper sees it.
    """

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    name = fields.CharField(40)
    grp = fields.CharField(40, default="")
    helped = fields.BooleanField(default=False)
    note = fields.CharField(200, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "household"
        unique_together = (("station", "grp", "name"),)


class Resident(Model):
    """A person of the village. `needs`: space separated, of `elderly` and `door` (bring it to the door)."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "station.Household", related_name=False, on_delete=fields.RESTRICT
    )
    household_id: int
    name = fields.CharField(40)
    also_called = fields.CharField(60, default="")
    # The initials and whole readings of both names, space separated: what people search by.
    initials = fields.CharField(160, default="")
    needs = fields.CharField(40, default="")
    left_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "resident"
        unique_together = (("station", "household", "name"),)


class ResidentPhone(Model):
    """A phone by which a resident is reached; a family may share one. `tail`: its last four digits."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    resident: fields.ForeignKeyRelation[Resident] = fields.ForeignKeyField(
        "station.Resident", related_name=False, on_delete=fields.RESTRICT
    )
    resident_id: int
    phone = fields.CharField(20)
    kind = fields.CharField(12)
    tail = fields.CharField(4)

    class Meta:
        table = "resident_phone"
        unique_together = (("station", "phone", "resident"),)
        indexes = (("station_id", "tail"), ("station_id", "resident_id"))
