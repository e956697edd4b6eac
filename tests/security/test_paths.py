"""One path, one reading: tricks with paths and methods open nothing, and nothing inner is outside.

Checks 20, 21 and 29 of docs/security.md.
"""

from collections.abc import Iterable, Iterator

import pytest
from fastapi.routing import APIRoute

from gateway.routes import ROUTES, Table
from tests.security.belongings import nothing_in
from tests.security.surface import Operation, applications, document, operations
from tests.security.verdicts import VERDICTS
from tests.security.wire import request, say
from tests.security.world import World

CLOSED = [each for each in operations() if str(each) in VERDICTS and not VERDICTS[str(each)].open]
"""Operations that ask who calls: without a token they answer 401, however they are spelled."""

UNDESCRIBED = {"/healthz", "/readyz", "/openapi.json", "/docs", "/pages"}
"""Rows that are no part of the API."""

OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Method")


def tricks(path: str) -> Iterator[tuple[str, str]]:
    """Other spellings of a path, which a careless reader takes for it."""
    head, tail = path.rsplit("/", 1)
    yield "a double slash in front", f"/{path}"
    yield "a double slash inside", f"{head}//{tail}"
    yield "a slash at the end", f"{path}/"
    yield "a dot segment", f"{head}/./{tail}"
    yield "there and back", f"{head}/x/../{tail}"
    yield "there and back, encoded", f"{head}/x/%2e%2e/{tail}"
    yield "encoded twice", f"{head}/x/%252e%252e/{tail}"
    yield "an encoded slash", f"{head}%2f{tail}"
    yield "a backslash", f"{head}\\{tail}"
    yield "an encoded backslash", f"{head}%5c{tail}"
    yield "a path parameter", f"{path};x=1"
    yield "a path parameter before", f"{head};/{tail}"
    yield "an extension", f"{path}.json"
    yield "an encoded NUL", f"{path}%00"
    yield "an encoded line break", f"{path}%0d%0aX-Role:%20admin"
    yield "an encoded space", f"{path}%20"
    yield "an encoded tab", f"{path}%09"
    yield "an encoded query", f"{path}%3f"
    yield "an encoded letter", f"{head}/%{ord(tail[0]):02x}{tail[1:]}"
    yield "overlong UTF-8", f"{head}%c0%af{tail}"
    yield "full width", f"{head}%ef%bc%8f{tail}"
    yield "capitals", path.upper()
    yield "behind what is open", f"/v1/auth/login/../..{path.removeprefix('/v1')}"
    yield "behind what is open, encoded", f"/docs/%2e%2e{path}"


@pytest.mark.parametrize("operation", CLOSED, ids=str)
async def test_no_spelling_of_a_path_gets_around_the_door(
    world: World, operation: Operation
) -> None:
    path = nothing_in(operation)
    before = {name: heard.count for name, heard in world.services.items()}
    sent = [request(operation.method, other, "Content-Length: 0") for _, other in tricks(path)]
    said = await say(
        world.port, *sent[:-1], request(operation.method, path, "Connection: close"), answers=99
    )
    assert set(said.statuses) <= {400, 401, 404, 405}, said.statuses
    row = Table().row(path)
    if row is not None and row.who.roles:
        assert before == {name: heard.count for name, heard in world.services.items()}


@pytest.mark.parametrize(
    "operation", [each for each in CLOSED if each.method in {"PUT", "PATCH", "DELETE"}], ids=str
)
@pytest.mark.parametrize("carrier", ["GET", "POST"])
async def test_a_method_cannot_be_overridden(
    world: World, operation: Operation, carrier: str
) -> None:
    """A carrier that the path does not take is 405, whatever it says it would like to be."""
    admin, path = world.people["admin"], nothing_in(operation)
    headers = dict.fromkeys(OVERRIDES, operation.method)
    plain = await world.call(carrier, path, admin)
    tried = await world.call(
        carrier, path, admin, headers=headers, params={"_method": operation.method}
    )
    assert tried.status_code == plain.status_code
    assert tried.status_code in {400, 403, 404, 405, 422} or carrier == "GET"


@pytest.mark.parametrize(
    "method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "get", "G" * 90]
)
async def test_other_methods_are_not_taken_and_nothing_is_echoed(world: World, method: str) -> None:
    said = await say(world.port, request(method, "/v1/tiers", "X-Secret: is-not-echoed"))
    assert said.statuses[0] in {400, 404, 405, 501}
    assert b"is-not-echoed" not in said.content


def routes_in_code() -> dict[str, list[APIRoute]]:
    """Every route of every part, those without a description too."""
    return {
        name: list(_routes(getattr(app, "api", app).routes)) for name, app in applications().items()
    }


def _routes(routes: Iterable[object]) -> Iterator[APIRoute]:
    """Routes, and those of the routers FastAPI keeps among them."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _routes(router.routes)


def inner_paths() -> list[str]:
    """What some part answers and the outside must not see."""
    table = Table()
    paths = {"/metrics", "/openapi.json", "/docs", "/redoc", "/internal", "/admin", "/debug"}
    for name, routes in routes_in_code().items():
        for route in routes:
            row = table.row(route.path)
            if row is None or row.service != name:
                paths.add(route.path)
    return sorted(paths - {row.path for row in ROUTES})


@pytest.mark.parametrize("path", inner_paths())
async def test_what_is_inner_is_not_outside(world: World, path: str) -> None:
    for person in (world.people["admin"], world.people["backend"]):
        for spelled in (path, f"/v1{path}", f"/v1/wallet{path}", f"/v1/faq/..{path}"):
            answer = await world.call("GET", spelled.replace("{", "").replace("}", ""), person)
            assert answer.status_code in {403, 404, 405}, spelled


def test_the_inner_paths_are_found() -> None:
    assert "/metrics" in inner_paths()


def test_routes_in_code_document_and_table_are_the_same() -> None:
    table = Table()
    in_code = {
        f"{method} {route.path}"
        for name, routes in routes_in_code().items()
        for route in routes
        for method in route.methods
        if route.include_in_schema and (row := table.row(route.path)) and row.service == name
    }
    elsewhere = {str(each) for each in operations()} - in_code
    assert in_code <= {str(each) for each in operations()}
    assert elsewhere <= {"GET /v1/stream", "GET /v1/stream/ws"}
    assert len(in_code) > 70


def test_every_route_of_a_service_is_reached_or_inner_on_purpose() -> None:
    """A public-looking path (/v1/...) that the table leads nowhere is a forgotten row."""
    table = Table()
    forgotten = [
        f"{name} {route.path}"
        for name, routes in routes_in_code().items()
        for route in routes
        if route.path.startswith("/v1/")
        and ((row := table.row(route.path)) is None or row.service != name)
    ]
    assert forgotten == []


def test_every_row_of_the_table_leads_to_something_described() -> None:
    table = Table()
    led_to = {row.path for path in document()["paths"] if (row := table.row(path))}
    assert {row.path for row in ROUTES} - led_to <= UNDESCRIBED


@pytest.mark.parametrize("version", ["v0", "v2", "v1.0", "V1", "api/v1", "latest", "v1beta"])
async def test_an_unknown_version_does_not_exist(world: World, version: str) -> None:
    answer = await world.call("GET", f"/{version}/tiers", world.people["admin"])
    assert (answer.status_code, answer.json()["code"]) == (404, "gateway.no_such_path")


async def test_a_deprecated_operation_says_when_it_goes(world: World) -> None:
    for operation in operations():
        if operation.spec.get("deprecated"):
            answer = await world.call(operation.method, nothing_in(operation), world.people["ada"])
            assert {"deprecation", "sunset"} <= answer.headers.keys()
