"""What buyers want again and again, and the lots proposed to them."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.orders import Order
from station.models.people import Account
from station.models.places import Station
from station.models.produce import Lot, Product


class MatchState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Wish(Model):
    """What a buyer wants again and again: so many units of a product every week on `weekday` (0 Monday … 6 Sunday)."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "station.Product", related_name=False, on_delete=fields.RESTRICT
    )
    product_id: int
    buyer_name = fields.CharField(40)
    phone = fields.CharField(20, default="")
    address = fields.CharField(200, default="")
    units = fields.IntField()
    weekday = fields.IntField()
    valid_until = fields.CharField(10, default="")
    active = fields.BooleanField(default=True)
    note = fields.CharField(200, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "wish"


class WishMatch(Model):
    """A lot proposed for a wish on a day; the keeper decides."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    wish: fields.ForeignKeyRelation[Wish] = fields.ForeignKeyField(
        "station.Wish", related_name=False, on_delete=fields.RESTRICT
    )
    wish_id: int
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "station.Lot", related_name=False, on_delete=fields.RESTRICT
    )
    lot_id: int
    day = fields.CharField(10)
    state = fields.CharEnumField(MatchState, max_length=8, default=MatchState.PROPOSED)
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "station.Order", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    order_id: int | None
    decided_at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "wish_match"
        unique_together = (("station", "wish", "lot", "day"),)
