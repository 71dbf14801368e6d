"""The register taken in from a list: a spreadsheet or CSV of names, phones, groups and households."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from station import audit, residents
from station.actor import Actor
from station.db import act
from station.errors import N_, Refusal, tell
from station.html_tables import Cell
from station.residents import Need, ResidentIn
from station.tables import Unreadable, open_tables
from station.texts import plain, unwrap

tell(
    {
        "no_name_column": (
            422,
            N_(
                "No column of names was found. Write 姓名, 电话, 组 and 户主 above the columns and send the file again."
            ),
        ),
        "unreadable_register": (
            422,
            N_("This file is no list that can be read. Save it as xlsx or CSV and send it again."),
        ),
    }
)

_HEADERS = {
    "name": "姓名 村民姓名 名字 name",
    "phones": "电话 手机 手机号 手机号码 联系电话 联系方式 电话号码 phone phones",
    "group": "组 小组 村民组 村民小组 组别 group",
    "household": "户主 户 家庭 户名 household",
    "also_called": "别名 小名 又名 曾用名 called",
    "needs": "备注 需要 情况 needs note",
}
_FIELDS = {title: name for name, titles in _HEADERS.items() for title in titles.split()}
_SEPARATED = re.compile(r"[、，,;；/\s]+")
_HEADER_WITHIN = 20
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list, 1-based, and whom it names."""

    number: int
    person: ResidentIn


@dataclass(slots=True)
class Taken:
    """How many were kept, and (row, Refusal) for those that were not."""

    kept: int = 0
    refused: list[tuple[int, Refusal]] = field(default_factory=list)


def read(data: bytes) -> list[Row]:
    """The people of a list; raises Refusal `no_name_column` or `unreadable_register`. Slow for workbooks: in a thread."""
    try:
        tables = [table.rows for table in open_tables(data, _known).tables]
    except Unreadable as error:
        raise Refusal("unreadable_register") from error
    for rows in tables:
        for index, cells in enumerate(rows[:_HEADER_WITHIN]):
            columns = {
                _FIELDS[key]: at for at, key in reversed([*enumerate(map(_key, cells))]) if key in _FIELDS
            }
            if "name" in columns:
                return [
                    row
                    for row in _rows(rows, index + 1, columns)
                    if row.person.name or any(row.person.phones)
                ]
    raise Refusal("no_name_column")


def _rows(rows: Sequence[Sequence[Cell]], first: int, columns: dict[str, int]) -> list[Row]:
    found = []
    for number, cells in enumerate(rows[first:], first + 1):
        texts = {name: _text(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
        needs = texts.get("needs", "")
        person = ResidentIn(
            name=texts["name"],
            phones=tuple(filter(None, _SEPARATED.split(texts.get("phones", "")))),
            household=_family(texts.get("household", "")),
            group=texts.get("group", ""),
            also_called=texts.get("also_called", ""),
            needs=(*([Need.ELDERLY] if "老" in needs else []), *([Need.DOOR] if "上门" in needs else [])),
        )
        found.append(Row(number, person))
    return found


def _family(written: str) -> str:
    return written if not written or written.endswith(("家", "户")) else f"{written}家"


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return unwrap(cell).strip()


def _key(cell: Cell) -> str:
    return re.sub(r"[\s*:：]", "", plain(str(cell))).lower()


def _known(cells: Sequence[str]) -> int:
    return sum(_key(cell) in _FIELDS for cell in cells)


async def take(rows: Sequence[Row], *, by: Actor) -> Taken:
    """Keep the people of a list, part by part. The same list again changes nothing; a bad row keeps nobody else out."""
    taken = Taken()
    for start in range(0, len(rows), _CHUNK):
        await _chunk(rows[start : start + _CHUNK], taken, by)
    return taken


async def _chunk(rows: Sequence[Row], taken: Taken, by: Actor) -> None:
    good = []
    for row in rows:
        try:
            good.append(residents.checked(row.person))
        except Refusal as refusal:
            taken.refused.append((row.number, refusal))
    taken.kept += await _keep_all(good, by=by)


@act
async def _keep_all(people: Sequence[residents.Written], *, by: Actor) -> int:
    for person in people:
        await residents.keep_checked(person, by=by)
    await audit.write(
        by, "register_imported", subject="station", subject_id=by.station_id, people=len(people)
    )
    return len(people)
