"""What running numbers look for, and the vans that are still being loaded."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = (
    "CREATE INDEX consignment_series ON consignment (station_id, rtrim(number, '0123456789'), number)",
    "CREATE INDEX handover_series ON handover (station_id, rtrim(number, '0123456789'), number)",
    "CREATE INDEX claim_series ON claim (station_id, rtrim(number, '0123456789'), number)",
    "CREATE INDEX handover_newest ON handover (station_id, id)",
    "CREATE INDEX handover_open ON handover (station_id, signed_at, closed_at, id)"
    " WHERE signed_at IS NULL AND closed_at IS NULL",
)


class Migration(migrations.Migration):
    dependencies = [("couriers", "0005_claim_reason")]
    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
