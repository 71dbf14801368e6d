"""Slots of a kind in the order in which check-in fills them, so that it reads the first and not all of them."""

from tortoise import migrations
from tortoise.migrations import operations as ops

LOAD = "(CAST(used AS DOUBLE PRECISION) / NULLIF(capacity, 0))"
STATEMENTS = (
    f"CREATE INDEX slot_emptiest ON slot (station_id, kind, {LOAD}, shelf_number, layer, bay) WHERE NOT closed",
    f"CREATE INDEX slot_lowest ON slot (station_id, kind, layer, {LOAD}, shelf_number, bay) WHERE NOT closed",
)


class Migration(migrations.Migration):
    dependencies = [("station", "0002_live_rows")]
    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
