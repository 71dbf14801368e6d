"""What an entry says of itself gets columns; it stood as JSON in its note, of which only the words stay there."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

_MOVE = (
    "UPDATE ledger_entry SET label = COALESCE({label}, ''), quantity = COALESCE(CAST({quantity} AS INTEGER), 0),"
    " each_fen = CAST({each_fen} AS BIGINT), rate_bp = CAST({rate_bp} AS INTEGER), note = COALESCE({words}, '')"
    " WHERE note LIKE '{{%'"
)
_READ = {"sqlite": "json_extract(note, '$.{}')", "postgres": "(note::json ->> '{}')"}


async def move(_apps: Any, editor: Any) -> None:
    read = _READ[editor.DIALECT]
    names = ("label", "quantity", "each_fen", "rate_bp", "words")
    await editor.client.execute_query(_MOVE.format(**{name: read.format(name) for name in names}))


class Migration(migrations.Migration):
    dependencies = [("station", "0005_produce_rules")]
    operations = [
        ops.AddField("LedgerEntry", "label", fields.CharField(40, default="", db_default="")),
        ops.AddField("LedgerEntry", "quantity", fields.IntField(default=0, db_default=0)),
        ops.AddField("LedgerEntry", "each_fen", fields.BigIntField(null=True)),
        ops.AddField("LedgerEntry", "rate_bp", fields.IntField(null=True)),
        ops.RunPython(move),
    ]
