"""What running numbers and sums look for, so that they read a day's numbers or one lot's moves and not all there are."""

from tortoise import migrations
from tortoise.migrations import operations as ops

STATEMENTS = (
    "CREATE INDEX orders_series ON orders (station_id, rtrim(number, '0123456789'), number)",
    "CREATE INDEX settlement_series ON settlement (station_id, rtrim(number, '0123456789'), number)",
    "CREATE INDEX lot_series ON lot (station_id, rtrim(label, '0123456789'), label)",
    "CREATE INDEX stock_move_sum ON stock_move (station_id, lot_id, amount)",
    "CREATE INDEX ledger_entry_sum ON ledger_entry (station_id, party, fen)",
)


class Migration(migrations.Migration):
    dependencies = [("station", "0006_ledger_columns")]
    operations = [ops.RunSQL(statement) for statement in STATEMENTS]
