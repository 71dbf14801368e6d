"""Why nothing is paid for a claim, on the claim itself; it stood in the audit alone."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

_MOVE = (
    "UPDATE claim SET reason = COALESCE((SELECT {reason} FROM audit_line a WHERE a.station_id = claim.station_id"
    " AND a.subject = 'claim' AND a.subject_id = claim.id AND a.act = 'claim_refused' ORDER BY a.id DESC LIMIT 1), '')"
    " WHERE state = 'refused'"
)
_READ = {"sqlite": "json_extract(a.facts, '$.reason')", "postgres": "(a.facts::json ->> 'reason')"}


async def move(_apps: Any, editor: Any) -> None:
    await editor.client.execute_query(_MOVE.format(reason=_READ[editor.DIALECT]))


class Migration(migrations.Migration):
    dependencies = [("couriers", "0004_consignment_rules"), ("station", "0006_ledger_columns")]
    operations = [
        ops.AddField("Claim", "reason", fields.CharField(60, default="", db_default="")),
        ops.RunPython(move),
    ]
