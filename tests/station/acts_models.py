"""Two small tables on which the promises of acts are tried."""

from tortoise import fields
from tortoise.models import Model

from station.db import act, sql

APPS = {"acts": [__name__]}


class Box(Model):
    id = fields.IntField(primary_key=True)
    label = fields.CharField(20, unique=True)
    used = fields.IntField(default=0)
    sealed = fields.BooleanField(default=False)
    at = fields.DatetimeField(null=True)

    class Meta:
        table = "box"


class Line(Model):
    id = fields.IntField(primary_key=True)
    box: fields.ForeignKeyRelation[Box] = fields.ForeignKeyField(
        "acts.Box", on_delete=fields.RESTRICT, related_name="lines"
    )
    n = fields.IntField()

    class Meta:
        table = "line"


SCHEMA = """
CREATE TABLE tortoise_migrations (name TEXT);
CREATE TABLE box (
    id {key}, label TEXT UNIQUE NOT NULL, used INT NOT NULL DEFAULT 0, sealed {bool} NOT NULL DEFAULT {false}, at {time}
);
CREATE TABLE line (
    id {key}, box_id INT NOT NULL REFERENCES box (id) DEFERRABLE INITIALLY DEFERRED, n INT NOT NULL
)
"""
TYPES = {
    "sqlite": {"key": "INTEGER PRIMARY KEY", "bool": "INT", "false": "0", "time": "TIMESTAMP"},
    "postgres": {"key": "SERIAL PRIMARY KEY", "bool": "BOOL", "false": "FALSE", "time": "TIMESTAMPTZ"},
}


@act
async def make_tables() -> None:
    for statement in SCHEMA.format(**TYPES[sql.dialect()]).split(";"):
        await sql.execute(statement)


@act
async def put(label: str, lines: int = 1, refuse: bool = False) -> int:
    """One box with its lines, through Tortoise."""
    box = await Box.create(label=label)
    for n in range(lines):
        await Line.create(box=box, n=n)
    assert await Box.filter(id=box.id, used=0).update(used=1) == 1
    if refuse:
        raise ValueError("refused")
    return int(box.id)


async def labels() -> list[str]:
    """Of all boxes, in the order in which they were written."""
    return [row["label"] for row in await sql.rows("SELECT label FROM box ORDER BY id")]
