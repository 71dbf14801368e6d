"""The ledger of produce in fen, and what households are paid out of it."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.orders import Order, OrderLine
from station.models.people import Account
from station.models.places import Station
from station.models.produce import Lot
from station.models.residents import Household


class Party(StrEnum):
    """Whose money an entry is. Its amounts are signed: plus is owed to the party (or in the cash box), minus is taken from it."""

    HOUSEHOLD = "household"
    STATION = "station"
    COLLECTIVE = "collective"
    COMPANY = "company"
    CARRIER = "carrier"
    PLATFORM = "platform"
    BUYER = "buyer"
    CASH = "cash"
    BANK = "bank"


class SettlementState(StrEnum):
    DRAWN = "drawn"
    PAID = "paid"
    REOPENED = "reopened"


class LedgerEntry(Model):
    """One signed amount that landed with one party. Never changed: a mistake is answered by an entry that `reverses` it. `ref` makes a posting unique, so that doing it again is harmless.

    `label`, `quantity` × `each_fen` or `rate_bp` (hundredths of a percent) say how the amount came about; `note` is why it
    was taken back."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    day = fields.CharField(10)
    at = fields.DatetimeField()
    party = fields.CharEnumField(Party, max_length=10)
    household: fields.ForeignKeyNullableRelation[Household] = fields.ForeignKeyField(
        "station.Household", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    household_id: int | None
    carrier = fields.CharField(10, default="")
    kind = fields.CharField(16)
    fen = fields.BigIntField()
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "station.Order", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    order_id: int | None
    line: fields.ForeignKeyNullableRelation[OrderLine] = fields.ForeignKeyField(
        "station.OrderLine", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    line_id: int | None
    lot: fields.ForeignKeyNullableRelation[Lot] = fields.ForeignKeyField(
        "station.Lot", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    lot_id: int | None
    reverses: fields.ForeignKeyNullableRelation["LedgerEntry"] = fields.ForeignKeyField(
        "station.LedgerEntry", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    reverses_id: int | None
    ref = fields.CharField(80)
    label = fields.CharField(40, default="", db_default="")
    quantity = fields.IntField(default=0, db_default=0)
    each_fen = fields.BigIntField(null=True)
    rate_bp = fields.IntField(null=True)
    note = fields.CharField(200, default="")
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "ledger_entry"
        unique_together = (("station", "ref"),)
        indexes = (
            ("station_id", "household_id", "day"),
            ("station_id", "order_id"),
            ("station_id", "party", "day"),
        )


class Settlement(Model):
    """What a household gets for a period (ISO days, inclusive). `statement` is the JSON the slip is printed from."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    number = fields.CharField(20)
    household: fields.ForeignKeyRelation[Household] = fields.ForeignKeyField(
        "station.Household", related_name=False, on_delete=fields.RESTRICT
    )
    household_id: int
    period_from = fields.CharField(10)
    period_until = fields.CharField(10)
    carry_in_fen = fields.BigIntField(default=0)
    pay_fen = fields.BigIntField(default=0)
    carry_out_fen = fields.BigIntField(default=0)
    statement = fields.TextField()
    state = fields.CharEnumField(SettlementState, max_length=8, default=SettlementState.DRAWN)
    drawn_at = fields.DatetimeField()
    paid_at = fields.DatetimeField(null=True)
    paid_how = fields.CharField(10, default="")
    reopened_at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "settlement"
        unique_together = (("station", "number"),)
        indexes = (("station_id", "household_id"), ("station_id", "state"))


class SettlementEntry(Model):
    """An entry of the ledger that a settlement has paid out; `freed` once it was reopened."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    settlement: fields.ForeignKeyRelation[Settlement] = fields.ForeignKeyField(
        "station.Settlement", related_name=False, on_delete=fields.RESTRICT
    )
    settlement_id: int
    entry: fields.ForeignKeyRelation[LedgerEntry] = fields.ForeignKeyField(
        "station.LedgerEntry", related_name=False, on_delete=fields.RESTRICT
    )
    entry_id: int
    freed = fields.BooleanField(default=False)

    class Meta:
        table = "settlement_entry"
        indexes = (("station_id", "settlement_id"), ("station_id", "entry_id"))


class PayoutFile(Model):
    """A platform's list of what it paid out, as handed in; the same file again is harmless."""

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
        table = "payout_file"
        unique_together = (("station", "sha256"),)
