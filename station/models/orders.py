"""Orders of produce, wherever they come from, and what they take from the stock."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.people import Account
from station.models.places import Station
from station.models.produce import Listing, Lot, MoveKind, Product


class OrderSource(StrEnum):
    """Where an order came from: the village's page, a telephone call, a group chat, or a platform's export."""

    MARKET = "market"
    PHONE = "phone"
    CHAT = "chat"
    DOUYIN = "douyin"
    TAOBAO = "taobao"
    YOUZAN = "youzan"
    PDD = "pdd"
    OTHER = "other"


class OrderState(StrEnum):
    """reserved: the goods are kept until `expires_at`; held: an export's order that may not be shipped (`reason` says why);
    set_aside: its buyer fetches it at the station, and fetched: has done so."""

    RESERVED = "reserved"
    CONFIRMED = "confirmed"
    HELD = "held"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    SET_ASIDE = "set_aside"
    FETCHED = "fetched"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Order(Model):
    """One buyer's order. `number` is what people say (1122-07); `token` is in the signed link to its status page. `external_no`: the platform's number, unique per source."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    number = fields.CharField(20)
    source = fields.CharEnumField(OrderSource, max_length=8)
    external_no = fields.CharField(60, default="")
    scan_id = fields.CharField(40, default="")
    token = fields.CharField(43)
    name = fields.CharField(60, default="")
    phone = fields.CharField(30, default="")
    phone_kind = fields.CharField(12, default="")
    phone_ext = fields.CharField(8, default="")
    tail = fields.CharField(4, default="")
    province = fields.CharField(40, default="")
    city = fields.CharField(40, default="")
    county = fields.CharField(40, default="")
    town = fields.CharField(40, default="")
    village = fields.CharField(40, default="")
    detail = fields.CharField(300, default="")
    buyer_note = fields.CharField(500, default="")
    seller_note = fields.CharField(500, default="")
    platform_status = fields.CharField(60, default="")
    reason = fields.CharField(24, default="")
    goods_fen = fields.BigIntField(default=0)
    freight_fen = fields.BigIntField(default=0)
    # What the buyer has paid so far, by the ledger.
    paid_fen = fields.BigIntField(default=0)
    state = fields.CharEnumField(OrderState, max_length=12)
    day = fields.CharField(10)
    placed_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    # What it left with, for the buyer's page and the platform's file.
    carrier = fields.CharField(10, default="")
    waybill = fields.CharField(30, default="")
    closed_at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "orders"
        unique_together = (("station", "number"), ("station", "token"))
        indexes = (("station_id", "state", "day"), ("station_id", "tail"))


class OrderLine(Model):
    """So many packs of one thing. `units` of the product in all packs; null product: nobody has said yet what it is here."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    order: fields.ForeignKeyRelation[Order] = fields.ForeignKeyField(
        "station.Order", related_name=False, on_delete=fields.RESTRICT
    )
    order_id: int
    listing: fields.ForeignKeyNullableRelation[Listing] = fields.ForeignKeyField(
        "station.Listing", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    listing_id: int | None
    product: fields.ForeignKeyNullableRelation[Product] = fields.ForeignKeyField(
        "station.Product", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    product_id: int | None
    name = fields.CharField(120)
    spec = fields.CharField(120, default="")
    sku = fields.CharField(60, default="")
    sub_no = fields.CharField(60, default="")
    qty = fields.IntField()
    units = fields.IntField(null=True)
    price_fen = fields.BigIntField(default=0)
    total_fen = fields.BigIntField(default=0)

    class Meta:
        table = "order_line"
        indexes = (("station_id", "order_id"),)


class StockMove(Model):
    """A change of a lot's stock, in units of its product. Never changed or deleted."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    lot: fields.ForeignKeyRelation[Lot] = fields.ForeignKeyField(
        "station.Lot", related_name=False, on_delete=fields.RESTRICT
    )
    lot_id: int
    kind = fields.CharEnumField(MoveKind, max_length=10)
    amount = fields.IntField()
    line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "station.OrderLine", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    line_id: int | None
    reason = fields.CharField(200, default="")
    at = fields.DatetimeField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "stock_move"
        indexes = (("station_id", "lot_id"), ("station_id", "line_id"))


class OrderImport(Model):
    """A platform's export as it was handed in; the same file again is harmless."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    sha256 = fields.CharField(64)
    filename = fields.CharField(200)
    platform = fields.CharField(10)
    result = fields.TextField(default="")
    created_at = fields.DatetimeField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "order_import"
        unique_together = (("station", "sha256"),)
