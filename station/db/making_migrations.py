"""For developers: writes the migration that an area's changed models need."""

from pathlib import Path

from tortoise.apps import Apps
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from station.db import migrations, sqlite
from station.db.database import Apps as Modules


async def missing(apps: Modules) -> dict[str, MigrationWriter]:
    """By area, the migration that its models need and that does not exist yet."""
    config = migrations.config(apps, sqlite.CONNECTION)
    with TortoiseContext() as context:
        connections = {sqlite.CONNECTION: sqlite.connection_config(":memory:")}
        await context.init(config={"connections": connections, "apps": config}, init_connections=False)
        assert context.apps is not None
        _forget_descriptions(context.apps)
        changes = await MigrationAutodetector(context.apps, config).changes()
    return {change.app_label: change for change in changes}


async def make_migrations(area: str, name: str, apps: Modules) -> Path | None:
    """Write `<area>/migrations/<number>_<name>.py`, or answer None when nothing changed.

    ValueError when the change cannot be made safely; it is then written by hand, as RunSQL.
    """
    change = (await missing(apps)).get(area)
    if change is None:
        return None
    if unsafe := migrations.unsafe(change.operations):
        raise ValueError(f"write this by hand, as RunSQL: {'; '.join(unsafe)}")
    first_area = next(iter(apps))
    if change.initial and area != first_area:
        # Tortoise leaves this out: the tables that it points to are made first.
        change.dependencies = sorted({*change.dependencies, (first_area, "0001_initial")})
    if not change.initial:
        change.name = format_migration_name(int(change.name[:4]), name)
    return change.write()


def _forget_descriptions(apps: Apps) -> None:
    """Docstrings and the list of an enum's members are no part of the schema: changing them is no migration."""
    for models in apps.values():
        for model in models.values():
            model._meta.table_description = ""
            for field in model._meta.fields_map.values():
                # An enum would list its members again if there were none at all.
                field.description = "" if hasattr(field, "enum_type") else None
