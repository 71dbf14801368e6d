"""A CHECK constraint, as a migration's operation that works on both databases."""

from typing import Any

from tortoise.migrations.operations import RunSQL
from tortoise.migrations.schema_editor import BaseSchemaEditor


class AddCheck(RunSQL):
    """`AddCheck("slot", "slot_used_not_negative", "used >= 0")`: fails when rows that are there already break it."""

    def __init__(self, table: str, name: str, condition: str) -> None:
        self.table, self.constraint = table, f'CONSTRAINT "{name}" CHECK ({condition})'
        super().__init__(f'ALTER TABLE "{table}" ADD {self.constraint}')

    def describe(self) -> str:
        return f"Add to {self.table}: {self.constraint}"

    async def database_forward(
        self, app_label: str, old_state: Any, new_state: Any, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        if state_editor is not None and state_editor.DIALECT == "sqlite":
            await self._rebuild(state_editor.client)
        else:
            await super().database_forward(app_label, old_state, new_state, state_editor)

    async def _rebuild(self, client: Any) -> None:
        """SQLite adds constraints to new tables only. Foreign keys are off while migrating, so no row is lost."""
        table, new = self.table, f"{self.table}__new"
        parts = await client.execute_query_dict(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL", [table]
        )
        create = next(part["sql"] for part in parts if part["type"] == "table")
        head, body = create.split("(", 1)
        body = body[: body.rindex(")")]
        for statement in (
            f"{head.replace(table, new)}({body}, {self.constraint})",
            f'INSERT INTO "{new}" SELECT * FROM "{table}"',  # noqa: S608 (names of ours)
            f'DROP TABLE "{table}"',
            f'ALTER TABLE "{new}" RENAME TO "{table}"',
            *(part["sql"] for part in parts if part["type"] != "table"),
        ):
            await client.execute_query(statement)
