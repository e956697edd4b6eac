"""The first screen shows what is there, whatever is missing."""

import asyncio
import time
from collections.abc import Mapping

import pytest
from starlette.types import ASGIApp

from gateway import home
from gateway.home import Screen
from kit.auth import Caller
from kit.testing import member
from tests.gateway.edge import Edge, Service, answering, never

PARTS = {
    "profile": {"display_name": "Mei"},
    "loyalty": {"points": 120},
    "notify": {"items": [], "unread": 2},
    "feedback": {"items": [{"subject": "Where is it?"}]},
}


def services(**changed: ASGIApp) -> dict[str, ASGIApp]:
    return {name: Service(answering(part)) for name, part in PARTS.items()} | changed


async def screen_of(parts: Mapping[str, ASGIApp], caller: Caller | None = None, headers=()) -> dict:
    screen = Screen(parts, Edge(parts).internal)
    return (await screen.parts(caller or member(), headers)).model_dump()


async def test_all_parts_are_shown_as_their_own_paths_show_them() -> None:
    assert await screen_of(services()) == {
        "profile": {"state": "ok", "data": PARTS["profile"]},
        "wallet": {"state": "ok", "data": PARTS["loyalty"]},
        "inbox": {"state": "ok", "data": PARTS["notify"]},
        "tickets": {"state": "ok", "data": PARTS["feedback"]},
    }


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


@pytest.mark.parametrize(
    "failing",
    [
        pytest.param(Service(answering({}, 503)), id="it answers 503"),
        pytest.param(Service(answering({}, 404)), id="it knows nothing of the member yet"),
        pytest.param(Service(broken), id="it cannot be reached"),
        pytest.param(Service(never), id="it is late"),
        pytest.param(Service(answering([1, 2])), id="it says something strange"),
    ],
)
async def test_a_part_that_fails_is_unavailable_and_the_others_are_there(
    failing: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "PARTS_S", 0.2)
    shown = await screen_of(services(loyalty=failing))
    assert shown["wallet"] == {"state": "unavailable"}
    assert {part["state"] for name, part in shown.items() if name != "wallet"} == {"ok"}


async def test_parts_are_asked_at_once() -> None:
    async def slow(scope, receive, send) -> None:
        await asyncio.sleep(0.1)
        await answering({})(scope, receive, send)

    began = time.monotonic()
    await screen_of({name: Service(slow) for name in PARTS})
    assert time.monotonic() - began < 0.3
