"""Plain SQL, the same statements on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from station.db import Database, act, sql
from station.db.engine import Row
from station.db.postgres_statements import numbered
from tests.station.acts_models import Box

EIGHT = datetime(2026, 11, 22, 8, 0, tzinfo=timezone(timedelta(hours=8)))


@act
async def add(label: str, at: datetime | None = None, sealed: bool = False) -> int:
    return await sql.insert("box", label=label, at=at, sealed=sealed)


@act
async def add_many(*names: str) -> None:
    await sql.many("INSERT INTO box (label, at) VALUES (?, ?)", [(name, EIGHT) for name in names])


@act
async def change(query: str, *args: object) -> int:
    return await sql.execute(query, *args)


@act
async def look_inside() -> tuple[list[str], Row | None]:
    await sql.execute("INSERT INTO box (label) VALUES (?)", "inside")
    rows = await sql.rows("SELECT label FROM box ORDER BY label")
    return [row["label"] for row in rows], await sql.one("SELECT id FROM box WHERE label = ?", "nobody")


async def test_rows_and_one_are_dicts_by_column(boxes: Database) -> None:
    number = await add("a")
    assert await sql.rows("SELECT id, label FROM box") == [{"id": number, "label": "a"}]
    assert await sql.one("SELECT label FROM box WHERE id = ?", number) == {"label": "a"}
    assert await sql.one("SELECT label FROM box WHERE id = ?", number + 1) is None


async def test_a_row_that_is_inserted_answers_its_id_and_is_written_by_acts_only(boxes: Database) -> None:
    first, second = await add("a", EIGHT, sealed=True), await add("b")
    written = await sql.rows("SELECT id, label, at, sealed, used FROM box ORDER BY id")
    assert [{**row, "at": row["at"] and sql.moment(row["at"])} for row in written] == [
        {"id": first, "label": "a", "at": EIGHT, "sealed": True, "used": 0},
        {"id": second, "label": "b", "at": None, "sealed": False, "used": 0},
    ]
    with pytest.raises(OperationalError):
        await sql.insert("box", label="outside of an act")
    assert len(await sql.rows("SELECT id FROM box")) == 2


async def test_an_act_reads_what_it_has_written(boxes: Database) -> None:
    await add("before")
    assert await look_inside() == (["before", "inside"], None)


async def test_execute_answers_how_many_rows_it_touched(boxes: Database) -> None:
    await add_many("a", "b", "c")
    assert await change("INSERT INTO box (label) VALUES (?), (?)", "d", "e") == 2
    assert await change("UPDATE box SET used = used + ? WHERE label < ?", 1, "c") == 2
    assert await change("UPDATE box SET used = 1 WHERE label = ?", "nobody") == 0
    assert await change("DELETE FROM box") == 5
    assert await change("CREATE INDEX box_used ON box (used)") == 0


@act
async def add_by_tortoise(label: str, at: datetime) -> None:
    await Box.create(label=label, at=at)


async def test_times_are_the_same_to_plain_sql_and_to_tortoise(boxes: Database) -> None:
    await add("plain", EIGHT)
    await add_by_tortoise("tortoise", EIGHT)
    for same_moment in (EIGHT, EIGHT.astimezone(UTC)):
        assert await Box.filter(at=same_moment).count() == 2
        assert (
            await Box.filter(at__gte=same_moment, at__lt=same_moment + timedelta(microseconds=1)).count() == 2
        )
        assert len(await sql.rows("SELECT id FROM box WHERE at = ?", same_moment)) == 2
    row = await sql.one("SELECT at FROM box WHERE label = ?", "plain")
    assert row is not None
    assert sql.moment(row["at"]) == (await Box.get(label="plain")).at == EIGHT
    assert sql.moment(row["at"]).tzinfo is UTC


async def test_times_compare_whatever_their_offset(boxes: Database) -> None:
    await add("a", EIGHT)
    await add("b", EIGHT.astimezone(UTC) + timedelta(minutes=1))
    await add("c", EIGHT + timedelta(minutes=2, microseconds=5))
    later = await sql.rows("SELECT label FROM box WHERE at > ? ORDER BY at", EIGHT + timedelta(seconds=1))
    assert later == [{"label": "b"}, {"label": "c"}]


async def test_truth_values_come_back_as_truth(boxes: Database) -> None:
    await add("sealed", sealed=True)
    await add("open")
    assert await sql.rows("SELECT label FROM box WHERE sealed = ?", True) == [{"label": "sealed"}]
    assert await sql.rows("SELECT sealed FROM box ORDER BY id") == [{"sealed": True}, {"sealed": False}]


async def test_errors_have_one_name_on_both(boxes: Database) -> None:
    await add("twin")
    with pytest.raises(IntegrityError):
        await add("twin")
    with pytest.raises(OperationalError):
        await change("UPDATE nothing SET x = 1")
    with pytest.raises(OperationalError):
        await sql.rows("SELECT nothing FROM box")


async def test_the_dialect_is_known_inside_and_outside_of_acts(boxes: Database) -> None:
    assert sql.dialect() == ("sqlite" if boxes.path else "postgres")


@pytest.mark.parametrize(
    ("query", "translated"),
    [
        ("SELECT ?", "SELECT $1"),
        ("UPDATE box SET label = ? WHERE id = ?", "UPDATE box SET label = $1 WHERE id = $2"),
        ("SELECT 'what? it''s ?', ?", "SELECT 'what? it''s ?', $1"),
        (
            'SELECT "odd?", ? -- why?\nFROM box WHERE id = ?',
            'SELECT "odd?", $1 -- why?\nFROM box WHERE id = $2',
        ),
        ("SELECT /* ?\n? */ ?", "SELECT /* ?\n? */ $1"),
    ],
)
def test_question_marks_in_strings_names_and_comments_are_left_alone(query: str, translated: str) -> None:
    assert numbered(query) == translated
