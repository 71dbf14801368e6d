from tortoise import migrations
from tortoise.migrations import operations as ops
from couriers.models import CheckinStatus, LineKind, ManifestState
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("station", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name="Manifest",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "station",
                    fields.ForeignKeyField(
                        "station.Station",
                        source_field="station_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("carrier", fields.CharField(default="", max_length=10)),
                ("filename", fields.CharField(max_length=120)),
                ("sha256", fields.CharField(max_length=64)),
                (
                    "state",
                    fields.CharEnumField(
                        default=ManifestState.IMPORTING, description="", enum_type=ManifestState, max_length=9
                    ),
                ),
                ("file_error", fields.CharField(default="", max_length=30)),
                ("format", fields.CharField(default="", max_length=10)),
                ("encoding", fields.CharField(default="", max_length=20)),
                ("header_row", fields.IntField(null=True)),
                ("columns", fields.TextField(default="{}", unique=False)),
                ("rows", fields.IntField(default=0)),
                ("imported", fields.IntField(default=0)),
                ("accepted", fields.IntField(default=0)),
                ("rejected", fields.IntField(default=0)),
                ("skipped", fields.IntField(default=0)),
                ("scanned", fields.IntField(default=0)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "station.Account",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "manifest",
                "app": "couriers",
                "unique_together": (("station", "sha256", "carrier"),),
                "indexes": [Index(fields=["station_id", "created_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ManifestLine",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "station",
                    fields.ForeignKeyField(
                        "station.Station",
                        source_field="station_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "manifest",
                    fields.ForeignKeyField(
                        "couriers.Manifest",
                        source_field="manifest_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("row", fields.IntField()),
                ("kind", fields.CharEnumField(description="", enum_type=LineKind, max_length=8)),
                ("reason", fields.CharField(default="", max_length=30)),
                ("waybill", fields.CharField(default="", max_length=30)),
                ("piece_no", fields.IntField(default=1)),
                ("carrier", fields.CharField(default="", max_length=10)),
                ("fields_json", fields.TextField(default="{}", unique=False)),
                (
                    "parcel",
                    fields.ForeignKeyField(
                        "station.Parcel",
                        source_field="parcel_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "manifest_line",
                "app": "couriers",
                "unique_together": (("station", "manifest", "row"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Scan",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "station",
                    fields.ForeignKeyField(
                        "station.Station",
                        source_field="station_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("scan_id", fields.CharField(max_length=40)),
                (
                    "parcel",
                    fields.ForeignKeyField(
                        "station.Parcel",
                        source_field="parcel_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "manifest",
                    fields.ForeignKeyField(
                        "couriers.Manifest",
                        source_field="manifest_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("status", fields.CharEnumField(description="", enum_type=CheckinStatus, max_length=12)),
                ("answer", fields.TextField(unique=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "station.Account",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "scan",
                "app": "couriers",
                "unique_together": (("station", "scan_id"),),
                "indexes": [Index(fields=["station_id", "at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StationPattern",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "station",
                    fields.ForeignKeyField(
                        "station.Station",
                        source_field="station_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("prefix", fields.CharField(max_length=10)),
                ("length", fields.IntField()),
                ("carrier", fields.CharField(max_length=10)),
            ],
            options={
                "table": "waybill_pattern",
                "app": "couriers",
                "unique_together": (("station", "prefix", "length"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
