from tortoise import migrations
from tortoise.migrations import operations as ops
from pickup.models import Collector
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    dependencies = [("station", "0001_initial")]

    initial = True

    operations = [
        ops.CreateModel(
            name="Collection",
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
                ("collector", fields.CharEnumField(description="", enum_type=Collector, max_length=5)),
                ("collector_name", fields.CharField(default="", max_length=40)),
                ("relation", fields.CharField(default="", max_length=20)),
                ("money_fen", fields.BigIntField(default=0)),
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
                "table": "collection",
                "app": "pickup",
                "unique_together": (("station", "scan_id"),),
                "indexes": [Index(fields=["station_id", "at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CollectedParcel",
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
                    "collection",
                    fields.ForeignKeyField(
                        "pickup.Collection",
                        source_field="collection_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
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
                ("collect_fen", fields.BigIntField(default=0)),
                ("cod_fen", fields.BigIntField(default=0)),
            ],
            options={
                "table": "collected_parcel",
                "app": "pickup",
                "unique_together": (("station", "collection", "parcel"),),
                "indexes": [Index(fields=["station_id", "parcel_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CollectionUndo",
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
                    "collection",
                    fields.ForeignKeyField(
                        "pickup.Collection",
                        source_field="collection_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=100)),
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
                "table": "collection_undo",
                "app": "pickup",
                "unique_together": (("station", "collection"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Notice",
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
                    "message",
                    fields.ForeignKeyField(
                        "station.Message",
                        source_field="message_id",
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
                "table": "notice",
                "app": "pickup",
                "unique_together": (("station", "parcel"),),
                "indexes": [Index(fields=["station_id", "message_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
