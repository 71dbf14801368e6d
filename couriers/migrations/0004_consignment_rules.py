"""One live consignment a waybill, one live row of a handover a consignment: nothing leaves twice."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = (
    "CREATE UNIQUE INDEX consignment_waybill ON consignment (station_id, carrier, waybill)"
    " WHERE waybill <> '' AND state <> 'cancelled'",
    "CREATE UNIQUE INDEX consignment_order ON consignment (station_id, order_id)"
    " WHERE order_id IS NOT NULL AND state <> 'cancelled'",
    "CREATE INDEX consignment_here ON consignment (station_id, state, day) WHERE state IN ('booked', 'accepted')",
    "CREATE UNIQUE INDEX handover_item_live ON handover_item (station_id, consignment_id) WHERE undone_at IS NULL",
    "CREATE INDEX pool_number_free ON pool_number (station_id, carrier, id) WHERE taken_at IS NULL",
)


class Migration(migrations.Migration):
    dependencies = [("couriers", "0003_consignments")]
    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
