"""The document of the JSON API holds every route of it, and real answers fit what it says."""

from typing import Any

import pytest
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.routing import Route

from station.errors import told
from station.openapi import PREFIX, Documented, describe
from tests.station.visits import visit
from tests.village import Browser, Village

WAYBILL = "YT4902191309648"


def documented(web: Starlette) -> list[Documented]:
    return [route for route in web.routes if isinstance(route, Documented)]


async def test_the_document_has_every_route_of_the_api_and_no_other(web: Starlette) -> None:
    async with visit(web) as stranger:
        document = (await stranger.get(f"{PREFIX}/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    described = {(path, method) for path, methods in document["paths"].items() for method in methods}
    routes = {
        (route.path_format, method.lower())
        for route in web.routes
        if isinstance(route, Route) and route.path.startswith("/api/")
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert described == routes - {(f"{PREFIX}/openapi.json", "get")}


def test_every_reference_leads_somewhere_and_every_operation_has_its_own_name(web: Starlette) -> None:
    document = describe(documented(web))
    references = set(find(document, "$ref"))
    assert references
    for reference in references:
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]
    names = find(document["paths"], "operationId")
    assert len(names) == len(set(names))
    for path, methods in document["paths"].items():
        for operation in methods.values():
            inside = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
            assert inside == {part.strip("{}") for part in path.split("/") if part.startswith("{")}


def test_refusals_are_named_with_their_status_and_sentence(web: Starlette) -> None:
    document = describe(documented(web))
    for route in documented(web):
        for method in (route.methods or set()) - {"HEAD"}:
            responses = document["paths"][route.path_format][method.lower()]["responses"]
            for code in (*route.refusals, "sign_in_first", "bad_token", "not_for_you", "storage_busy"):
                status, sentence = told()[code]
                assert f"{code}: {sentence}" in responses[str(status)]["description"]


def find(part: Any, name: str) -> list[Any]:
    """Every value of the key `name`, at any depth."""
    if isinstance(part, dict):
        here = [part[name]] if isinstance(part.get(name), str) else []
        return here + [value for child in part.values() for value in find(child, name)]
    return [value for child in part for value in find(child, name)] if isinstance(part, list) else []


ORDER = "A-1,周晓梅,13600002275,湖南省长沙市岳麓区桔子洲街道枫林路18号,土鸡蛋,1\n".encode()

# One call of each route that succeeds, in an order in which each finds what it needs.
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    (
        "POST",
        "/manifests",
        {
            "json": {
                "rows": [{"waybill": WAYBILL, "name": "瞿冬伢", "phone": "13900000152"}],
                "carrier": "YTO",
            }
        },
    ),
    ("GET", "/manifests/{manifest_id}", {}),
    ("POST", "/checkins", {"json": {"scan_id": "s-1", "scanned": WAYBILL}}),
    ("POST", "/checkins", {"json": {"scan_id": "s-2", "scanned": "YT4902191309649", "phone": "139****0152"}}),
    ("POST", "/checkins/{scan_id}/answers", {"json": {"phone": "13900000152"}}),
    ("GET", "/parcels", {"params": {"q": WAYBILL}}),
    ("POST", "/waybills", {"json": {"raw": [WAYBILL]}}),
    ("POST", "/collections", {"json": {"scan_id": "c-1", "waybill": WAYBILL}}),
    ("POST", "/collections/{collection_id}/undo", {"json": {"reason": "wrong person"}}),
    ("POST", "/addresses", {"json": {"text": "张三 13600002275 湖南省长沙市岳麓区桔子洲街道"}}),
    (
        "POST",
        "/deliveries",
        {"json": {"events": [{"waybill": WAYBILL, "status": "delivered", "at": "2026-11-22T08:00:00Z"}]}},
    ),
    (
        "POST",
        "/orders/imports",
        {"files": {"file": ("a.csv", "订单号,姓名,电话,地址,商品,数量\n".encode() + ORDER)}},
    ),
]


async def test_what_is_answered_fits_what_is_described(
    web: Starlette, open_village: Village, browse: Browser
) -> None:
    client, seen = await browse(open_village.chen), set()
    routes = {
        (route.path_format, method): route for route in documented(web) for method in route.methods or ()
    }
    ids: dict[str, Any] = {"scan_id": "s-2"}
    for method, path, call in CALLS:
        route = routes[PREFIX + path, method]
        answer = await client.request(method, PREFIX + path.format(**ids), **call)
        assert answer.status_code == route.status, (path, answer.text)
        assert route.answer is not None, path
        fits(route.answer, answer.json())
        ids |= {"manifest_id": answer.json()["id"]} if path == "/manifests" else {}
        ids |= {"collection_id": answer.json()["collection"]["id"]} if path == "/collections" else {}
        seen.add((PREFIX + path, method))
    assert seen == {key for key in routes if key[1] != "HEAD"}


def fits(model: type[BaseModel], answer: dict[str, Any]) -> None:
    """The answer is valid, and nothing stands in it that the document leaves out."""
    model.model_validate(answer)
    assert set(answer) <= set(model.model_fields)


@pytest.mark.parametrize("path", ["/manifests/{manifest_id}", "/parcels", "/waybills"])
async def test_every_refusal_fits_the_problem_that_is_described(web: Starlette, path: str) -> None:
    required = describe(documented(web))["components"]["schemas"]["Problem"]["required"]
    async with visit(web) as stranger:
        answer = await stranger.request(
            "POST" if path == "/waybills" else "GET", PREFIX + path.format(manifest_id=1)
        )
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(required) <= set(answer.json())
