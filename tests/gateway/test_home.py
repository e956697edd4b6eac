"""The first screen shows what is there, whatever is missing."""

import asyncio
from collections.abc import Mapping

import pytest
from starlette.types import ASGIApp

from gateway import home
from gateway.home import Screen
from kit.auth import Caller
from kit.testing import member
from tests.gateway.edge import Edge, Service, answering, never

ANSWERS = {
    "/v1/me": {"display_name": "Mei"},
    "/v1/wallet": {"points": 120, "checkin": {"streak": 3}},
    "/v1/offers": {"items": [{"name": "Tea"}]},
    "/v1/inbox": {"items": [], "unread": 2},
    "/v1/announcements": {"items": [{"title": "Double points"}]},
    "/v1/tickets": {"items": [{"subject": "Where is it?"}]},
}
PARTS = {
    "profile": "/v1/me",
    "wallet": "/v1/wallet",
    "inbox": "/v1/inbox",
    "tickets": "/v1/tickets",
    "offers": "/v1/offers",
    "announcements": "/v1/announcements",
}
SERVICES = ("profile", "loyalty", "feedback", "notify")


async def told(scope, receive, send) -> None:
    await answering(ANSWERS[scope["path"]])(scope, receive, send)


def services(**changed: ASGIApp) -> dict[str, ASGIApp]:
    return {name: Service(told) for name in SERVICES} | changed


async def screen_of(parts: Mapping[str, ASGIApp], caller: Caller | None = None, headers=()) -> dict:
    screen = Screen(parts, Edge(parts).internal)
    return (await screen.parts(caller or member(), headers)).model_dump()


async def test_all_parts_are_shown_as_their_own_paths_show_them() -> None:
    shown = {name: {"state": "ok", "data": ANSWERS[path]} for name, path in PARTS.items()}
    shown["check_in"] = {"state": "ok", "data": {"streak": 3}}
    assert await screen_of(services()) == shown


async def test_parts_are_asked_as_the_caller_and_in_the_caller_s_language() -> None:
    parts, caller = services(), member()
    edge = Edge(parts)
    await Screen(parts, edge.internal).parts(caller, [(b"accept-language", b"ru")])
    for name, service in parts.items():
        assert isinstance(service, Service)
        assert edge.caller_in(service.headers, name)["sub"] == caller.subject
        assert service.headers["accept-language"] == "ru"


async def broken(_scope, _receive, _send) -> None:
    raise ConnectionError("away")


async def buggy(_scope, _receive, _send) -> None:
    raise ZeroDivisionError


async def silent(_scope, _receive, _send) -> None:
    pass


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(Service(answering({}, 503)), id="it answers 503"),
        pytest.param(Service(answering({}, 404)), id="it knows nothing of the member yet"),
        pytest.param(Service(broken), id="it cannot be reached"),
        pytest.param(Service(never), id="it is late"),
        pytest.param(Service(answering([1, 2])), id="it says something strange"),
        pytest.param(Service(buggy), id="it breaks in a way nobody thought of"),
        pytest.param(Service(silent), id="it ends without an answer"),
    ],
)
async def test_a_part_that_fails_is_unavailable_and_the_others_are_there(
    failing: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "PARTS_S", 3.0)
    shown = await screen_of(services(loyalty=failing))
    missing = {name for name, part in shown.items() if part == {"state": "unavailable"}}
    assert missing == {"wallet", "offers", "check_in"}
    assert {part["state"] for name, part in shown.items() if name not in missing} == {"ok"}


async def test_parts_are_asked_at_once() -> None:
    together = asyncio.Barrier(len(PARTS))

    async def waits(scope, receive, send) -> None:
        await together.wait()  # answers only when all are asked
        await told(scope, receive, send)

    shown = await screen_of({name: Service(waits) for name in SERVICES})
    assert {part["state"] for part in shown.values()} == {"ok"}


async def test_all_parts_share_the_deadline_of_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "PARTS_S", 600.0)
    parts = services(loyalty=Service(never))
    screen = Screen(parts, Edge(parts).internal)
    async with asyncio.timeout(60):  # well before ours
        shown = (await screen.parts(member(), (), 3.0)).model_dump()
    assert shown["wallet"] == {"state": "unavailable"}
    assert shown["profile"]["state"] == "ok"
