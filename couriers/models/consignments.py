"""Parcels going out: tariffs, consignments, vans and handovers, what became of them, claims."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.orders import Order
from station.models.people import Account
from station.models.places import Station
from station.models.residents import Resident


class ConsignmentState(StrEnum):
    BOOKED = "booked"
    ACCEPTED = "accepted"
    HANDED_OVER = "handed_over"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


class Payer(StrEnum):
    """Who pays the freight: the sender now, the receiver at the door, or the order's buyer who paid it with the goods."""

    SENDER = "sender"
    RECEIVER = "receiver"
    ORDER = "order"


class ClaimState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    PAID = "paid"
    REFUSED = "refused"


class Bearer(StrEnum):
    """Who bears the loss."""

    CARRIER = "carrier"
    STATION = "station"
    HOUSEHOLD = "household"
    BUYER = "buyer"


class Tariff(Model):
    """A carrier's prices for this station. `terms` is the JSON that `couriers.tariffs` reads; days are ISO and inclusive."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    carrier = fields.CharField(10)
    name = fields.CharField(40)
    valid_from = fields.CharField(10)
    valid_until = fields.CharField(10, default="")
    terms = fields.TextField()
    created_at = fields.DatetimeField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "tariff"
        indexes = (("station_id", "valid_from"),)


class PoolNumber(Model):
    """A waybill number that a carrier gave the station in advance. Taken once, by one consignment."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    carrier = fields.CharField(10)
    waybill = fields.CharField(30)
    taken_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "pool_number"
        unique_together = (("station", "carrier", "waybill"),)


class Van(Model):
    """A vehicle that calls at a time of day (HH:MM, local). `carriers`: codes, space separated; empty takes all."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    name = fields.CharField(40)
    carriers = fields.CharField(80, default="")
    leaves = fields.CharField(5)
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "van"
        unique_together = (("station", "name"),)


class Consignment(Model):
    """One parcel going out. The sender's ID is checked and seen, never stored: only its kind, by whom and when."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    number = fields.CharField(20)
    scan_id = fields.CharField(40)
    order: fields.ForeignKeyNullableRelation[Order] = fields.ForeignKeyField(
        "station.Order", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    order_id: int | None
    resident: fields.ForeignKeyNullableRelation[Resident] = fields.ForeignKeyField(
        "station.Resident", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    resident_id: int | None
    sender_name = fields.CharField(40)
    sender_phone = fields.CharField(20)
    name = fields.CharField(60)
    phone = fields.CharField(30)
    phone_kind = fields.CharField(12)
    phone_ext = fields.CharField(8, default="")
    tail = fields.CharField(4, default="")
    province = fields.CharField(40)
    city = fields.CharField(40, default="")
    county = fields.CharField(40, default="")
    town = fields.CharField(40, default="")
    village = fields.CharField(40, default="")
    detail = fields.CharField(300)
    goods = fields.CharField(200)
    weight_g = fields.IntField(null=True)
    length_mm = fields.IntField(null=True)
    width_mm = fields.IntField(null=True)
    height_mm = fields.IntField(null=True)
    flags = fields.CharField(40, default="")
    declared_fen = fields.BigIntField(default=0)
    cod_fen = fields.BigIntField(default=0)
    carrier = fields.CharField(10, default="")
    waybill = fields.CharField(30, default="")
    payer = fields.CharEnumField(Payer, max_length=8, default=Payer.SENDER)
    freight_fen = fields.BigIntField(default=0)
    quote = fields.TextField(default="")
    id_kind = fields.CharField(20, default="")
    id_checked_at = fields.DatetimeField(null=True)
    id_by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    id_by_id: int | None
    inspected_at = fields.DatetimeField(null=True)
    inspected_by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    inspected_by_id: int | None
    photo = fields.CharField(80, default="")
    # For the round to the doors: the day and where.
    round_day = fields.CharField(10, default="")
    round_place = fields.CharField(120, default="")
    state = fields.CharEnumField(ConsignmentState, max_length=12)
    day = fields.CharField(10)
    created_at = fields.DatetimeField()
    accepted_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "consignment"
        unique_together = (("station", "number"), ("station", "scan_id"))
        indexes = (("station_id", "state", "day"), ("station_id", "order_id"), ("station_id", "waybill"))


class Handover(Model):
    """What one van took along. Signed on screen (`signature`: the strokes as an SVG path) or on paper."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    number = fields.CharField(20)
    van: fields.ForeignKeyNullableRelation[Van] = fields.ForeignKeyField(
        "couriers.Van", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    van_id: int | None
    carrier = fields.CharField(10, default="")
    day = fields.CharField(10)
    opened_at = fields.DatetimeField()
    signed_at = fields.DatetimeField(null=True)
    signed_by = fields.CharField(40, default="")
    on_paper = fields.BooleanField(default=False)
    signature = fields.TextField(default="")
    closed_at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "handover"
        unique_together = (("station", "number"),)
        indexes = (("station_id", "day"),)


class HandoverItem(Model):
    """A consignment scanned onto a van. `undone_at`: taken off again; a consignment has one live row at most."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    handover: fields.ForeignKeyRelation[Handover] = fields.ForeignKeyField(
        "couriers.Handover", related_name=False, on_delete=fields.RESTRICT
    )
    handover_id: int
    consignment: fields.ForeignKeyRelation[Consignment] = fields.ForeignKeyField(
        "couriers.Consignment", related_name=False, on_delete=fields.RESTRICT
    )
    consignment_id: int
    at = fields.DatetimeField()
    undone_at = fields.DatetimeField(null=True)
    undo_reason = fields.CharField(100, default="")
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "handover_item"
        indexes = (("station_id", "handover_id"), ("station_id", "consignment_id"))


class DeliveryEvent(Model):
    """What became of a consignment, told by the courier's file, his system, or a person. `ref` makes a repeat harmless."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    consignment: fields.ForeignKeyRelation[Consignment] = fields.ForeignKeyField(
        "couriers.Consignment", related_name=False, on_delete=fields.RESTRICT
    )
    consignment_id: int
    state = fields.CharEnumField(ConsignmentState, max_length=12)
    at = fields.DatetimeField()
    source = fields.CharField(10)
    ref = fields.CharField(80)
    note = fields.CharField(200, default="")
    created_at = fields.DatetimeField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "delivery_event"
        unique_together = (("station", "consignment", "ref"),)


class Claim(Model):
    """Something is broken, short, late or lost, and somebody bears it. `deadline_at`: until when the carrier must be told.

    `reason`: why nothing is paid, in English, shown in the reader's language."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    number = fields.CharField(20)
    consignment: fields.ForeignKeyRelation[Consignment] = fields.ForeignKeyField(
        "couriers.Consignment", related_name=False, on_delete=fields.RESTRICT
    )
    consignment_id: int
    kind = fields.CharField(10)
    what = fields.CharField(300)
    asked_fen = fields.BigIntField(default=0)
    amount_fen = fields.BigIntField(null=True)
    bearer = fields.CharEnumField(Bearer, max_length=10, null=True)
    state = fields.CharEnumField(ClaimState, max_length=8, default=ClaimState.OPEN)
    deadline_at = fields.DatetimeField()
    reason = fields.CharField(60, default="", db_default="")
    decided_at = fields.DatetimeField(null=True)
    paid_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "claim"
        unique_together = (("station", "number"),)
        indexes = (("station_id", "state"), ("station_id", "consignment_id"))


class ClaimPhoto(Model):
    """A picture that proves a claim."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    claim: fields.ForeignKeyRelation[Claim] = fields.ForeignKeyField(
        "couriers.Claim", related_name=False, on_delete=fields.RESTRICT
    )
    claim_id: int
    file = fields.CharField(80)
    created_at = fields.DatetimeField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None

    class Meta:
        table = "claim_photo"
        indexes = (("station_id", "claim_id"),)
