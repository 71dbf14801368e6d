from tortoise import migrations
from tortoise.migrations import operations as ops
from station.actor import Role
from station.models.messages import MessageState
from station.models.parcels import ParcelState, Size
from station.models.places import SlotKind
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="JobRun",
            fields=[
                ("name", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=40)),
                ("owner", fields.CharField(default="", max_length=40)),
                ("leased_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("ran_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("error", fields.CharField(default="", max_length=200)),
            ],
            options={"table": "job_run", "app": "station", "pk_attr": "name"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Station",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("code", fields.CharField(unique=True, max_length=20)),
                ("name", fields.CharField(max_length=40)),
                ("place", fields.CharField(default="", max_length=80)),
                ("zone", fields.CharField(default="Asia/Shanghai", max_length=40)),
                ("phone", fields.CharField(default="", max_length=20)),
                ("hours", fields.CharField(default="", max_length=40)),
                ("sms_signature", fields.CharField(max_length=20)),
                ("quiet_from", fields.CharField(default="21:00", max_length=5)),
                ("quiet_until", fields.CharField(default="07:30", max_length=5)),
                ("gather_seconds", fields.IntField(default=180)),
                ("undo_minutes", fields.IntField(default=10)),
                ("overdue_days", fields.IntField(default=3)),
                ("keep_days", fields.IntField(default=365)),
                ("code_key", fields.CharField(max_length=64)),
                ("code_sequence", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "station", "app": "station", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Account",
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
                ("login", fields.CharField(max_length=40)),
                ("name", fields.CharField(max_length=40)),
                ("role", fields.CharEnumField(description="", enum_type=Role, max_length=10)),
                ("carrier", fields.CharField(default="", max_length=10)),
                ("password_hash", fields.CharField(max_length=120)),
                ("pin_hash", fields.CharField(default="", max_length=120)),
                ("failures", fields.IntField(default=0)),
                ("locked_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "account",
                "app": "station",
                "unique_together": (("station", "login"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuditLine",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
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
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "station.Account",
                        source_field="account_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("act", fields.CharField(max_length=40)),
                ("subject", fields.CharField(max_length=20)),
                ("subject_id", fields.BigIntField()),
                ("facts", fields.TextField(unique=False)),
            ],
            options={
                "table": "audit_line",
                "app": "station",
                "indexes": [Index(fields=["station_id", "subject", "subject_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuditAbout",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
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
                    "line",
                    fields.ForeignKeyField(
                        "station.AuditLine",
                        source_field="line_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("subject", fields.CharField(max_length=20)),
                ("subject_id", fields.BigIntField()),
            ],
            options={
                "table": "audit_about",
                "app": "station",
                "indexes": [Index(fields=["station_id", "subject", "subject_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuditSeal",
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
                ("number", fields.IntField()),
                ("first_line", fields.BigIntField()),
                ("last_line", fields.BigIntField()),
                ("lines", fields.IntField()),
                ("hash", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "audit_seal",
                "app": "station",
                "unique_together": (("station", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DayStat",
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
                ("day", fields.CharField(max_length=10)),
                ("announced", fields.IntField(default=0)),
                ("checked_in", fields.IntField(default=0)),
                ("collected", fields.IntField(default=0)),
                ("messages_sent", fields.IntField(default=0)),
                ("messages_failed", fields.IntField(default=0)),
            ],
            options={
                "table": "day_stat",
                "app": "station",
                "unique_together": (("station", "day"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Message",
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
                ("kind", fields.CharField(max_length=20)),
                ("phone", fields.CharField(max_length=20)),
                ("text", fields.CharField(max_length=500)),
                (
                    "state",
                    fields.CharEnumField(
                        default=MessageState.QUEUED, description="", enum_type=MessageState, max_length=12
                    ),
                ),
                ("attempts", fields.IntField(default=0)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("gateway", fields.CharField(default="", max_length=12)),
                ("gateway_ref", fields.CharField(default="", max_length=80)),
                ("error", fields.CharField(default="", max_length=40)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "message", "app": "station", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Recipient",
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
                ("name", fields.CharField(default="", max_length=60)),
                ("phone", fields.CharField(default="", max_length=30)),
                ("phone_kind", fields.CharField(default="missing", max_length=12)),
                ("phone_ext", fields.CharField(default="", max_length=8)),
                ("tail", fields.CharField(default="", max_length=4)),
                ("initials", fields.CharField(default="", max_length=120)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "recipient",
                "app": "station",
                "unique_together": (("station", "phone", "phone_ext", "name"),),
                "indexes": [Index(fields=["station_id", "tail"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
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
                    "account",
                    fields.ForeignKeyField(
                        "station.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("key_hash", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "session",
                "app": "station",
                "unique_together": (("station", "key_hash"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Shelf",
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
                ("number", fields.IntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        default=SlotKind.NORMAL, description="", enum_type=SlotKind, max_length=8
                    ),
                ),
                ("layers", fields.IntField()),
                ("bays", fields.IntField()),
            ],
            options={
                "table": "shelf",
                "app": "station",
                "unique_together": (("station", "number"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Slot",
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
                    "shelf",
                    fields.ForeignKeyField(
                        "station.Shelf",
                        source_field="shelf_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("label", fields.CharField(max_length=12)),
                ("shelf_number", fields.IntField()),
                ("layer", fields.IntField()),
                ("bay", fields.IntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        default=SlotKind.NORMAL, description="", enum_type=SlotKind, max_length=8
                    ),
                ),
                ("capacity", fields.IntField()),
                ("used", fields.IntField(default=0)),
                ("max_weight_g", fields.IntField(null=True)),
                ("hand_height", fields.BooleanField(default=False)),
                ("closed", fields.BooleanField(default=False)),
            ],
            options={
                "table": "slot",
                "app": "station",
                "unique_together": (("station", "label"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Parcel",
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
                ("waybill", fields.CharField(max_length=30)),
                ("piece_no", fields.IntField(default=1)),
                ("piece_count", fields.IntField(default=1)),
                (
                    "recipient",
                    fields.ForeignKeyField(
                        "station.Recipient",
                        source_field="recipient_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "size",
                    fields.CharEnumField(default=Size.SMALL, description="", enum_type=Size, max_length=6),
                ),
                ("flags", fields.CharField(default="", max_length=40)),
                ("weight_g", fields.IntField(null=True)),
                ("collect_fen", fields.BigIntField(null=True)),
                ("cod_fen", fields.BigIntField(null=True)),
                (
                    "slot",
                    fields.ForeignKeyField(
                        "station.Slot",
                        source_field="slot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("code", fields.CharField(max_length=5)),
                (
                    "state",
                    fields.CharEnumField(
                        default=ParcelState.WAITING, description="", enum_type=ParcelState, max_length=9
                    ),
                ),
                ("refused", fields.BooleanField(default=False)),
                ("intercepted", fields.BooleanField(default=False)),
                ("needs_carrier", fields.BooleanField(default=False)),
                ("needs_recipient", fields.BooleanField(default=False)),
                ("arrived_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "parcel", "app": "station", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Token",
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
                    "account",
                    fields.ForeignKeyField(
                        "station.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("key_hash", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "token",
                "app": "station",
                "unique_together": (("station", "key_hash"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
