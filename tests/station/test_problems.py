"""How refusals and faults are told: a sentence that can be filled, problem+json for programs, a page for people."""

import ast
import errno
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from starlette.applications import Starlette

import station.cli
from station import areas, i18n, verify
from station.db import StorageError, act, sql
from station.db.failures import Trouble
from station.errors import told
from station.web import page
from tests.station.visits import visit
from tests.village import Browser, Village

ROOT = Path(station.__file__).parent.parent
RESERVED = {"type", "title", "status", "code", "detail"}
SCAN = {"scan_id": "s-1", "scanned": "YT4902191309648", "phone": "13900000152"}


@pytest.fixture(autouse=True)
def everything_is_loaded() -> None:
    """Whatever can be refused has been told: by the areas, and by what the command line imports."""
    areas.load()


def raised() -> Iterator[tuple[str, str, set[str]]]:
    """Every `Refusal("code", fact=…)` of the sources: where it stands, its code, the names of its facts."""
    for package in ("station", "pickup", "couriers"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal"):
                    continue
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    facts = {keyword.arg for keyword in node.keywords if keyword.arg}
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", str(code.value), facts


def wanted(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_refusal_is_told_and_its_sentence_can_be_filled() -> None:
    sentences = told()
    for place, code, facts in raised():
        assert code in sentences, place
        assert wanted(sentences[code][1]) <= facts, place
        assert not facts & RESERVED, place


def test_every_sentence_is_needed() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in sorted(ROOT.glob("[!.t]*/**/*.py")))
    for code in told():
        assert sources.count(f'"{code}"') > 1, f"{code} is told and never raised"


def test_every_sentence_says_what_in_whole_sentences() -> None:
    for code, (status, sentence) in told().items():
        assert 400 <= status < 600, code
        assert sentence[0].isupper() or sentence[0] == "{", code
        assert sentence.endswith((".", "{message}")), code


async def test_a_refusal_is_a_problem_for_programs_in_their_language(
    open_village: Village, browse: Browser
) -> None:
    client = await browse(open_village.chen)
    for lang in ("en", "zh-CN"):
        answer = await client.post(
            "/api/v1/collections",
            json={"scan_id": "c-1", "waybill": "YT4902191309640"},
            headers={"accept-language": lang},
        )
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert set(problem) >= RESERVED
        assert problem["status"] == answer.status_code == 404
        assert problem["type"] == f"urn:village-station:problem:{problem['code']}"
        with i18n.speaking(lang.replace("-", "_")):
            assert problem["detail"] == i18n.gettext(told()[problem["code"]][1]).format(**problem)


async def test_unknown_addresses_and_wrong_methods(
    web: Starlette, open_village: Village, browse: Browser
) -> None:
    async with visit(web) as stranger:
        for address in ("/nowhere", "/api/v1/nowhere", "/static/nothing.css", "/parcels/x"):
            answer = await stranger.get(address)
            assert answer.status_code == 404
            assert "There is nothing here" in answer.text
        wrong = await stranger.post("/api/v1/openapi.json")
        assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
        assert "GET" in wrong.headers["allow"]
        assert (await stranger.get("/nowhere", headers={"accept-language": "zh"})).headers[
            "content-language"
        ] == "zh-CN"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "[" * 100_000,
        '{"a":' * 100_000,
        "\xff",
        "1" * 5000,
        '{"scan_id": "\\ud800", "scanned": "x"}',
    ],
)
async def test_a_body_that_is_no_json_object_is_told_so(
    open_village: Village, browse: Browser, body: str
) -> None:
    client = await browse(open_village.chen)
    for address in ("/api/v1/checkins", "/api/v1/collections", "/api/v1/waybills"):
        answer = await client.post(address, content=body.encode("latin-1"))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert answer.json()["errors"]


async def test_a_form_that_cannot_be_read_is_told_so(web: Starlette) -> None:
    async with visit(web) as stranger:
        answer = await stranger.post(
            "/sign-in", content=b"no boundary", headers={"content-type": "multipart/form-data; boundary=x"}
        )
        assert answer.status_code == 400
        assert "could not be read" in answer.text


async def test_every_fault_of_a_form_is_told_at_once(open_village: Village, browse: Browser) -> None:
    answer = await (await browse(open_village.chen)).post("/api/v1/checkins", json={"scan_id": 5})
    assert set(answer.json()["errors"]) == {"scan_id", "scanned"}


async def test_a_program_without_a_key_is_told_which_kind_opens(
    web: Starlette, open_village: Village
) -> None:
    async with visit(web) as stranger:
        answer = await stranger.get("/api/v1/parcels?q=x")
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_first")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_fault_of_the_program_shows_no_insides_and_is_shielded(web: Starlette) -> None:
    async def fall(request: object) -> None:
        raise RuntimeError("13900000152 wang")

    web.router.routes.append(page("/api/fall", fall, who=None))  # type: ignore[arg-type]
    async with visit(web, faults=False) as stranger:
        answer = await stranger.get("/api/fall")
    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert "13900000152" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("trouble", "status", "words"),
    [
        (StorageError(Trouble.FULL, "tried"), 507, "The disk is full"),
        (StorageError(Trouble.BROKEN, "tried"), 507, "The disk is full or broken"),
        (StorageError(Trouble.LOCKED, "tried"), 503, "Another program holds the database"),
        (StorageError(Trouble.AWAY, "tried"), 503, "The database does not answer"),
        (OSError(errno.ENOSPC, "no room for a picture"), 507, "The disk is full"),
        (ConnectionResetError(errno.ECONNRESET, "not the disk"), 500, "Something broke in the program"),
    ],
)
async def test_each_trouble_of_disk_and_database_has_its_sentence(
    web: Starlette, open_village: Village, trouble: OSError, status: int, words: str
) -> None:
    async def fall(request: object) -> None:
        raise trouble

    web.router.routes.append(page("/fall", fall, who=None))  # type: ignore[arg-type]
    async with visit(web, faults=False) as stranger:
        answer = await stranger.get("/fall", headers={"accept-language": "en"})
    assert answer.status_code == status
    assert words in answer.text


@act
async def limit_pages(count: int) -> None:
    """At most so many pages for the database file: a disk without room for more."""
    await sql.one(f"PRAGMA max_page_count={count}")


async def rows_of(*tables: str) -> list[int]:
    return [row["n"] for name in tables for row in await sql.rows(f"SELECT count(*) AS n FROM {name}")]


@pytest.mark.only_on("sqlite")
async def test_on_a_full_disk_nothing_is_half_written_and_with_room_it_goes_on(
    open_village: Village, browse: Browser
) -> None:
    client, tables = await browse(open_village.chen), ("scan", "parcel", "audit_line", "recipient", "message")
    await limit_pages(1)  # SQLite takes the present size instead: not one page more
    for number in range(2000, 2300):
        before = await rows_of(*tables)
        sent = SCAN | {"scan_id": f"s-{number}", "scanned": f"YT490219130{number}", "name": "长" * 50}
        answer = await client.post("/api/v1/checkins", json=sent)
        if answer.status_code != 201:
            break
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_failed")
    assert await rows_of(*tables) == before
    page = await client.post(
        "/checkins", data={"scanned": "YT4902191309999"}, headers={"accept-language": "en"}
    )
    assert page.status_code == 507
    assert "Free some space" in page.text
    await limit_pages(2**30)
    assert (await client.post("/api/v1/checkins", json=sent)).status_code == 201
    assert await verify.everything([]) == []


async def test_a_nul_that_postgresql_could_not_keep_breaks_nothing(
    open_village: Village, browse: Browser
) -> None:
    client = await browse(open_village.wang)
    assert (await client.post("/sign-in", data={"login": "wang\0", "password": "x"})).status_code == 401
    answer = await client.post("/api/v1/checkins", json=SCAN | {"name": "瞿\0冬伢"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
