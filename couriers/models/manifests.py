"""Manifests and their lines, scans, and the station's rules for waybill numbers."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from station.models.parcels import Parcel
from station.models.people import Account
from station.models.places import Station


class ManifestState(StrEnum):
    IMPORTING = "importing"
    READY = "ready"
    FAILED = "failed"


class LineKind(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"


class Manifest(Model):
    """A file as a courier sent it. `sha256` makes the same file again harmless; counts are kept by the acts."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    carrier = fields.CharField(10, default="")
    filename = fields.CharField(120)
    sha256 = fields.CharField(64)
    state = fields.CharEnumField(ManifestState, max_length=9, default=ManifestState.IMPORTING)
    file_error = fields.CharField(30, default="")
    format = fields.CharField(10, default="")
    encoding = fields.CharField(20, default="")
    header_row = fields.IntField(null=True)
    columns = fields.TextField(default="{}")
    rows = fields.IntField(default=0)
    imported = fields.IntField(default=0)
    accepted = fields.IntField(default=0)
    rejected = fields.IntField(default=0)
    skipped = fields.IntField(default=0)
    scanned = fields.IntField(default=0)
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None
    created_at = fields.DatetimeField()

    class Meta:
        table = "manifest"
        unique_together = (("station", "sha256", "carrier"),)
        indexes = (("station_id", "created_at"),)


class ManifestLine(Model):
    """A row of the file. Accepted ones are claims until a scan makes them a parcel."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    manifest: fields.ForeignKeyRelation[Manifest] = fields.ForeignKeyField(
        "couriers.Manifest", related_name=False, on_delete=fields.RESTRICT
    )
    manifest_id: int
    row = fields.IntField()
    kind = fields.CharEnumField(LineKind, max_length=8)
    # Why a row was rejected, or what sort of row was skipped.
    reason = fields.CharField(30, default="")
    waybill = fields.CharField(30, default="")
    piece_no = fields.IntField(default=1)
    carrier = fields.CharField(10, default="")
    # The row in full as JSON, personal data included: erased with the parcel's.
    fields_json = fields.TextField(default="{}")
    parcel: fields.ForeignKeyNullableRelation[Parcel] = fields.ForeignKeyField(
        "station.Parcel", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    parcel_id: int | None

    class Meta:
        table = "manifest_line"
        unique_together = (("station", "manifest", "row"),)


class CheckinStatus(StrEnum):
    OK = "ok"
    ALREADY_HERE = "already_here"
    NEEDS_YOU = "needs_you"


class Scan(Model):
    """A scan at check-in and the answer it got: the same `scan_id` again gets the same answer."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    scan_id = fields.CharField(40)
    parcel: fields.ForeignKeyRelation[Parcel] = fields.ForeignKeyField(
        "station.Parcel", related_name=False, on_delete=fields.RESTRICT
    )
    parcel_id: int
    manifest: fields.ForeignKeyNullableRelation[Manifest] = fields.ForeignKeyField(
        "couriers.Manifest", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    manifest_id: int | None
    status = fields.CharEnumField(CheckinStatus, max_length=12)
    answer = fields.TextField()
    by: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "station.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    by_id: int | None
    at = fields.DatetimeField()

    class Meta:
        table = "scan"
        unique_together = (("station", "scan_id"),)
        indexes = (("station_id", "at"),)


class StationPattern(Model):
    """The station's own knowledge of a carrier's numbers: tried before the built-in table."""

    id = fields.IntField(primary_key=True)
    station: fields.ForeignKeyRelation[Station] = fields.ForeignKeyField(
        "station.Station", related_name=False, on_delete=fields.RESTRICT
    )
    station_id: int
    prefix = fields.CharField(10)
    length = fields.IntField()
    carrier = fields.CharField(10)

    class Meta:
        table = "waybill_pattern"
        unique_together = (("station", "prefix", "length"),)
