"""The register taken in from a list: a spreadsheet or CSV of names, phones, groups and households."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from station import audit, phones, residents
from station.actor import Actor
from station.addresses import simplified
from station.db import act
from station.errors import N_, Refusal, tell
from station.residents import Need, ResidentIn
from station.tables import Cell, Table, Unreadable, open_tables
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
    "name": "姓名 村民姓名 居民姓名 名字 成员姓名 家庭成员 name",
    "phones": "电话 手机 手机号 手机号码 联系电话 联系方式 电话号码 移动电话 本人电话 固话 座机 固定电话 phone phones mobile",
    "group": "组 小组 村民组 村民小组 居民小组 组别 所属组 所在组 组名 村组 所在村组 自然村 村民小组名称 group",
    "household": "户主 户主姓名 户 家庭 户名 household",
    "also_called": "别名 小名 又名 曾用名 called",
    "needs": "备注 需要 情况 needs note",
}
_FIELDS = {title: name for name, titles in _HEADERS.items() for title in titles.split()}
# 人员姓名, 居民电话; 紧急联系人电话 and 配偶姓名 are somebody else's.
_GRAMMAR = {
    "name": re.compile(
        r"(?:人员|本人|居民|村民|农户|用户|群众|住户|家庭成员|户籍人|户主及(?:家庭)?成员)(?:的)?(?:姓名|名字|名称)"
    ),
    "phones": re.compile(
        r"(?:人员|本人|居民|村民|农户|用户|群众|住户|家庭成员|户主|家庭|常用)?的?(?:联系)?(?:手机|电话|移动电话|方式)(?:号码?)?"
        r"(?:[/、或](?:手机|电话|固话|座机)(?:号码?)?)?|联系号码"
    ),
    "group": re.compile(r"(?:所属|所在|居住)?(?:村民|居民|村)?(?:小组|组|屯|寨|自然村)(?:别|名|名称)?"),
    "household": re.compile(r"(?:所属)?户主?(?:姓名|名字|名)?"),
}
_BRACKETED = re.compile(r"\([^()]*\)")
_FOOTER = re.compile(r"合计|总计|小计|共计|共 ?[0-9]+|制表|填表|打印|审核|第 ?[0-9]+ ?页|(?:备注|说明|注):")
_SEPARATED = re.compile(r"[、，,;；/\s]+")
_HEADER_WITHIN = 20
_CHUNK = 200
# No household has more people; merges that claim more are a trick.
_LONGEST_MERGE = 500


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
        tables = list(open_tables(data, _known).tables)
    except Unreadable as error:
        raise Refusal("unreadable_register") from error
    for table in tables:
        for index, cells in enumerate(table.rows[:_HEADER_WITHIN]):
            columns = _columns(cells)
            if "name" in columns:
                _fill_down(table, index, columns)
                rows = _rows(table.rows, index + 1, columns)
                return [row for row in rows if row.person.name or any(row.person.phones)]
    raise Refusal("no_name_column")


def _columns(cells: Sequence[Cell]) -> dict[str, list[int]]:
    columns: dict[str, list[int]] = {}
    for at, cell in enumerate(cells):
        if name := _field(_key(cell)):
            columns.setdefault(name, []).append(at)
    # A list of households names each by its head.
    if "name" not in columns and "phones" in columns and "household" in columns:
        columns["name"] = columns["household"]
    return columns


def _fill_down(table: Table, header: int, columns: dict[str, list[int]]) -> None:
    """A household or a group merged over its people is each one's."""
    wanted = {at for name in ("household", "group") for at in columns.get(name, ())}
    for first, last, column in sorted(table.merged):
        if column not in wanted or not header < first < len(table.rows) or column >= len(table.rows[first]):
            continue
        for row in table.rows[first + 1 : min(last, first + _LONGEST_MERGE) + 1]:
            row.extend([""] * (column + 1 - len(row)))
            row[column] = row[column] or table.rows[first][column]


def _rows(rows: Sequence[Sequence[Cell]], first: int, columns: dict[str, list[int]]) -> list[Row]:
    found = []
    for number, cells in enumerate(rows[first:], first + 1):
        if _columns(cells).keys() >= {"name", *(columns.keys() & {"phones"})} or _is_footer(cells):
            continue
        texts = {
            name: [told for at in places if at < len(cells) and (told := _text(cells[at]))]
            for name, places in columns.items()
        }
        one = {name: told[0] for name, told in texts.items() if told}
        person = ResidentIn(
            name=one.get("name", ""),
            phones=tuple(dict.fromkeys(phone for told in texts.get("phones", ()) for phone in _phones(told))),
            household=_family(one.get("household", "")),
            group=one.get("group", ""),
            also_called=one.get("also_called", ""),
            needs=_needs(one.get("needs", "")) if "needs" in columns else None,
        )
        found.append(Row(number, person))
    return found


def _needs(told: str) -> tuple[Need, ...]:
    return tuple(need for need, word in ((Need.ELDERLY, "老"), (Need.DOOR, "上门")) if word in told)


def _is_footer(cells: Sequence[Cell]) -> bool:
    filled = [told for cell in cells if (told := _text(cell))]
    return bool(filled) and _FOOTER.match(plain(filled[0]).replace(" ", "")) is not None


def _phones(told: str) -> tuple[str, ...]:
    """The numbers of a cell; what is none stays as written, so that the refusal can show it."""
    phone = phones.classify(told)
    if phone.kind is phones.Kind.MISSING:
        return ()
    if phone.kind is phones.Kind.INVALID or not phone.number:
        return tuple(filter(None, _SEPARATED.split(told)))
    return (f"{phone.number}-{phone.ext}" if phone.ext else phone.number, *phone.alt)


def _family(written: str) -> str:
    return written if not written or written.endswith(("家", "户")) else f"{written}家"


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return unwrap(cell).strip()


def _key(cell: Cell) -> str:
    key = _BRACKETED.sub("", re.sub(r"[\s*:：]", "", simplified(plain(str(cell)))).lower())
    return key if key in _FIELDS else key.rstrip("12一二")


def _field(key: str) -> str | None:
    return _FIELDS.get(key) or next((name for name, words in _GRAMMAR.items() if words.fullmatch(key)), None)


def _known(cells: Sequence[str]) -> int:
    return sum(_field(_key(cell)) is not None for cell in cells)


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
