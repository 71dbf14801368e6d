"""What finds the manifest lines that still wait for their parcel."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = (
    "CREATE INDEX manifest_line_open ON manifest_line (station_id, waybill)"
    " WHERE kind = 'accepted' AND parcel_id IS NULL",
    "CREATE INDEX manifest_line_parcel ON manifest_line (station_id, parcel_id) WHERE parcel_id IS NOT NULL",
    "CREATE INDEX manifest_importing ON manifest (station_id) WHERE state = 'importing'",
    "CREATE INDEX scan_parcel ON scan (station_id, parcel_id)",
    "CREATE INDEX scan_manifest ON scan (station_id, manifest_id) WHERE manifest_id IS NOT NULL",
)


class Migration(migrations.Migration):
    dependencies = [("couriers", "0001_initial")]
    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
