"""What households bring: products, agreements, lots, listings, and buyers' standing wishes."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.people import Account
from station.models.places import Station
from station.models.residents import Household


class LotState(StrEnum):
    """recalled: nothing of it may be sold or sent any more."""

    OPEN = "open"
    RECALLED = "recalled"


class MoveKind(StrEnum):
    """What changed a lot's stock. reserved and released belong to an order line; waste, correction and recall to a person."""

    INTAKE = "intake"
    RESERVED = "reserved"
    RELEASED = "released"
    WASTE = "waste"
    CORRECTION = "correction"
    RECALL = "recall"


class ListingState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Product(Model):
    """What households bring. `kind` is one of the packing rules' kinds; `unit` is what is counted, such as 枚 or 斤."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    name = fields.CharField(40)
    kind = fields.CharField(20)
    unit = fields.CharField(10)
    short = fields.CharField(4, default="")
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "product"
        unique_together = (("station", "name"),)


class Agreement(Model):
    """What was agreed with a household, for one product or (null) all, between two days (ISO, inclusive).

    `terms` is the JSON that `station.sharing` reads: price, commission, packing, freight, shares.
    """

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "station.Household", related_name=False, on_delete=fields.RESTRICT
    )
    household_id: int
    product: fields.ForeignKeyNullableRelation[Product] = fields.ForeignKeyField(
        "station.Product", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    product_id: int | None
    valid_from = fields.CharField(10)
    valid_until = fields.CharField(10, default="")
    terms = fields.TextField()
    # Who shook hands on it, and what else was said.
    note = fields.CharField(200, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "agreement"
        indexes = (("station_id", "household_id"),)


class Lot(Model):
    """What one household brought in at once. `label` is read aloud (蛋 1121-1); `trace_code` is on the QR code. Its stock is the sum of its moves, never a number in here."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "station.Household", related_name=False, on_delete=fields.RESTRICT
    )
    household_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "station.Product", related_name=False, on_delete=fields.RESTRICT
    )
    product_id: int
    label = fields.CharField(20)
    trace_code = fields.CharField(16)
    day = fields.CharField(10)
    amount = fields.IntField()
    weight_g = fields.IntField(null=True)
    grade = fields.CharField(20, default="")
    best_before = fields.CharField(10, default="")
    origin = fields.CharField(80, default="")
    photo = fields.CharField(80, default="")
    # The number of the certificate slip (承诺达标合格证), where one was issued.
    certificate_no = fields.IntField(null=True)
    certificate_by = fields.CharField(40, default="")
    certificate_at = fields.DatetimeField(null=True)
    state = fields.CharEnumField(LotState, max_length=8, default=LotState.OPEN)
    recall_reason = fields.CharField(200, default="")
    note = fields.CharField(200, default="")
    created_at = fields.DatetimeField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "lot"
        unique_together = (("station", "label"), ("station", "trace_code"), ("station", "certificate_no"))
        indexes = (("station_id", "product_id", "state"), ("station_id", "household_id"))


class Listing(Model):
    """A pack of a product on offer. `units` of the product are in one pack; months are 1–12, both 0 = all year."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField(
        "station.Product", related_name=False, on_delete=fields.RESTRICT
    )
    product_id: int
    title = fields.CharField(40)
    units = fields.IntField()
    price_fen = fields.BigIntField()
    pack_g = fields.IntField(null=True)
    story = fields.CharField(500, default="")
    story_en = fields.CharField(500, default="")
    title_en = fields.CharField(60, default="")
    season_from = fields.IntField(default=0)
    season_until = fields.IntField(default=0)
    photo = fields.CharField(80, default="")
    state = fields.CharEnumField(ListingState, max_length=6, default=ListingState.DRAFT)
    created_at = fields.DatetimeField()

    class Meta:
        table = "listing"
        indexes = (("station_id", "state"), ("station_id", "product_id"))
