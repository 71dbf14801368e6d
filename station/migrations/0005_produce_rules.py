"""What stays unique among orders and ledger entries, and what the desk's pages look for."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = (
    "CREATE UNIQUE INDEX orders_external ON orders (station_id, source, external_no) WHERE external_no <> ''",
    "CREATE UNIQUE INDEX orders_scan ON orders (station_id, scan_id) WHERE scan_id <> ''",
    "CREATE INDEX orders_reserved ON orders (state, expires_at) WHERE state = 'reserved'",
    "CREATE UNIQUE INDEX ledger_entry_reversed ON ledger_entry (station_id, reverses_id) WHERE reverses_id IS NOT NULL",
    "CREATE UNIQUE INDEX settlement_entry_once ON settlement_entry (station_id, entry_id) WHERE NOT freed",
    "CREATE INDEX lot_photo ON lot (photo) WHERE photo <> ''",
    "CREATE INDEX listing_photo ON listing (photo) WHERE photo <> ''",
    "CREATE INDEX resident_phone_number ON resident_phone (station_id, phone)",
)


class Migration(migrations.Migration):
    dependencies = [("station", "0004_produce")]
    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
