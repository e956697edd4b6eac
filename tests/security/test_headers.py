"""Headers: what callers say of themselves is not believed, and what answers say protects.

Checks 25 and 27 of docs/security.md.
"""

import re

import pytest

from gateway.routes import Table
from tests.security.belongings import nothing_in
from tests.security.surface import Operation, operations
from tests.security.wire import request, say
from tests.security.world import NOBODY, Person, World

every_operation = pytest.mark.parametrize("operation", operations(), ids=str)

CLAIMED = "01a1ffec-0000-7000-8000-00000000beef"
NAMES = (
    "X-User-Id", "X-User", "X-Member-Id", "X-Subject", "X-Sub", "X-Account-Id", "X-Role",
    "X-Roles", "X-Scopes", "X-Scope", "X-Groups", "X-Tenant-Id", "X-Session-Id", "X-Caller",
    "X-Internal", "X-Internal-Token", "X-Internal-Authorization", "X-Authenticated-User",
    "X-Auth-Request-User", "X-Auth-Request-Email", "X-Forwarded-User", "X-Forwarded-Email",
    "X-Forwarded-Groups", "X-Forwarded-Access-Token", "X-Forwarded-Host", "X-Forwarded-Proto",
    "X-Forwarded-Prefix", "X-Original-Url", "X-Rewrite-Url", "X-Real-Ip", "X-Client-Ip",
    "True-Client-Ip", "Cf-Connecting-Ip", "Forwarded", "Remote-User", "X-Remote-User",
    "X-Webauth-User", "X-Consumer-Id", "X-Credential-Identifier", "X-Jwt-Assertion",
    "X-Amzn-Oidc-Identity", "X-Goog-Authenticated-User-Email", "X-Ms-Client-Principal-Id",
    "Proxy-Authorization", "X-Admin", "X-Debug", "X-Idempotency-Caller",
)  # fmt: skip
"""Headers in which gateways and proxies have passed on who somebody is."""

FORWARDED = {
    b"accept", b"accept-encoding", b"accept-language", b"authorization", b"content-encoding",
    b"content-length", b"content-type", b"host", b"idempotency-key", b"if-match",
    b"if-modified-since", b"if-none-match", b"if-unmodified-since", b"last-event-id", b"range",
    b"traceparent", b"tracestate", b"user-agent", b"x-deadline-ms", b"x-forwarded-for",
    b"x-request-id",
}  # fmt: skip
"""All that a service may get to see; a name that is not here is let through by nobody."""


THOROUGHLY = {"/v1/wallet", "/v1/tiers", "/v1/auth/login", "/v1/orders", "/v1/staff"}
"""Paths of each kind of row, tried with every spelling; the others with the first of them."""


def spellings(name: str) -> list[str]:
    """A header as careless servers take it for the same."""
    return [
        name,
        name.lower(),
        name.upper(),
        name.replace("-", "_"),
        name.replace("-", "_").lower(),
    ]


def claims() -> list[str]:
    """Lines that say the caller is somebody else, each name in each spelling, some twice."""
    lines = [f"{spelled}: {CLAIMED}" for name in NAMES for spelled in spellings(name)]
    return [*lines, *lines[:2], f"X-User-Id: {CLAIMED},{CLAIMED}"]


def in_portions(lines: list[str], size: int = 60) -> list[list[str]]:
    """A head holds at most a hundred headers."""
    return [lines[start : start + size] for start in range(0, len(lines), size)]


@every_operation
async def test_no_header_makes_a_caller_somebody_else(world: World, operation: Operation) -> None:
    """Anonymous, with every claim there is: answered as nobody is, and services hear none."""
    path = nothing_in(operation)
    plain = await world.call(operation.method, path, NOBODY)
    counts = {name: heard.count for name, heard in world.services.items()}
    everywhere = in_portions(claims())
    for lines in everywhere if operation.path in THOROUGHLY else everywhere[:1]:
        kept = "Connection: close, X-User-Id, X-Role, Authorization"
        said = await say(
            world.port, request(operation.method, path, kept, "Content-Length: 0", *lines)
        )
        assert said.statuses == [plain.status_code]
        assert CLAIMED.encode() not in said.content
    for name, heard in world.services.items():
        for scope in list(heard.scopes)[counts[name] - heard.count or len(heard.scopes) :]:
            assert {header for header, _ in scope["headers"]} <= FORWARDED
            assert CLAIMED.encode() not in b"".join(value for _, value in scope["headers"])


@pytest.mark.parametrize("part", ["/v1/me", "/v1/wallet", "/v1/tickets", "/v1/inbox"])
async def test_a_member_stays_who_they_are_whatever_they_claim(
    world: World, ada: Person, part: str
) -> None:
    token = f"Authorization: {ada.headers['Authorization']}"
    heard = world.services[str(Table().row(part).service)]
    for lines in in_portions(claims()):
        said = await say(world.port, request("GET", part, token, *lines))
        assert said.statuses == [200]
        headers = heard.scopes[-1]["headers"]
        assert {name for name, _ in headers} <= FORWARDED
        assert CLAIMED.encode() not in b"".join(value for _, value in headers)
        assert [name for name, _ in headers].count(b"authorization") == 1


async def test_two_credentials_are_none(world: World, ada: Person) -> None:
    token = f"Authorization: {ada.headers['Authorization']}"
    other = f"X-Api-Key: {world.people['backend'].headers['X-Api-Key']}"
    for lines in ((token, token), (token, other), (other, token)):
        assert (await say(world.port, request("GET", "/v1/wallet", *lines))).statuses == [401]


@every_operation
async def test_answers_protect_themselves(world: World, operation: Operation, ada: Person) -> None:
    """Refusals too: no sniffing, HTTPS, no server's version, an id, problems without a trace."""
    answer = await world.call(operation.method, nothing_in(operation), ada)
    check_protected(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/v1/nothing"), ("GET", "//"), ("DELETE", "/healthz"), ("GET", "/docs"),
     ("GET", "/healthz"), ("GET", "/docs/x"), ("GET", f"/v1/faq?q={'a' * 20_000}")],
)  # fmt: skip
async def test_answers_outside_the_api_protect_themselves_too(
    world: World, method: str, path: str
) -> None:
    check_protected(await world.call(method, path))


def check_protected(answer: object) -> None:
    headers = answer.headers  # type: ignore[attr-defined]
    assert headers["x-content-type-options"] == "nosniff"
    assert "max-age=" in headers["strict-transport-security"]
    assert headers["x-request-id"]
    assert not re.search(r"granian|uvicorn|hyper|python|\d", headers.get("server", ""))
    assert "x-powered-by" not in headers
    if answer.status_code >= 400:  # type: ignore[attr-defined]
        assert headers["content-type"] == "application/problem+json"
        problem = answer.json()  # type: ignore[attr-defined]
        assert {"type", "title", "status", "detail", "code"} <= problem.keys()
        assert problem["status"] == answer.status_code  # type: ignore[attr-defined]
        assert not re.search(r"Traceback|File \"|sqlalchemy|asyncpg|\.py\b", str(problem))


async def test_an_answer_with_tokens_is_stored_by_nobody(world: World) -> None:
    body = {"device_id": "d", "platform": "ios", "app": "shop"}
    answer = await world.post("/v1/auth/guest", body)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost", "https://brand.example.evil.example"],
)
async def test_no_origin_but_a_listed_one_may_read(world: World, ada: Person, origin: str) -> None:
    """Nothing is listed here, so no page of another origin may read an answer."""
    wanted = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = await world.call(method, "/v1/wallet", ada, headers=wanted)
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
