"""A WebSocket is another wire for a request: the same path, checks and stream."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest
from starlette.types import Message, Receive, Scope, Send

from gateway import sockets
from gateway.limits import Quota
from kit.auth import Caller, Role
from kit.testing import agent, member, until
from tests.gateway.edge import Edge


class Wire:
    """A socket's client, and the server between."""

    def __init__(self, edge: Edge, headers: dict[str, str], path: str = sockets.PATH) -> None:
        self.frames: list[Any] = []
        self.accepted: Message | None = None
        self.closed: Message | None = None
        self.takes = asyncio.Event()
        self.takes.set()
        self._inbound: asyncio.Queue[Message] = asyncio.Queue()
        self._inbound.put_nowait({"type": "websocket.connect"})
        given = headers.pop("Sec-WebSocket-Protocol", "")
        scope = {
            "type": "websocket",
            "http_version": "1.1",
            "path": path,
            "raw_path": path.encode(),
            "query_string": headers.pop("query", "").encode(),
            "headers": [
                (b"host", b"app.example"),
                *((name.lower().encode(), value.encode()) for name, value in headers.items()),
            ],
            "subprotocols": [one.strip() for one in given.split(",") if one],
            "client": ("203.0.113.9", 40_000),
            "state": {},
        }
        self._task = asyncio.create_task(edge.proxy(scope, self._inbound.get, self._send))

    def say(self, text: str) -> None:
        self._inbound.put_nowait({"type": "websocket.receive", "text": text})

    async def _send(self, message: Message) -> None:
        await self.takes.wait()
        assert self.closed is None, "nothing follows a close"
        if message["type"] == "websocket.accept":
            self.accepted = message
        elif message["type"] == "websocket.send":
            assert self.accepted is not None
            self.frames.append(orjson.loads(message["text"]))
        else:
            self.closed = message

    async def leave(self) -> None:
        self._inbound.put_nowait({"type": "websocket.disconnect", "code": 1001})
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(self._task, 30)

    async def ended(self) -> None:
        await asyncio.wait({self._task}, timeout=30)
        assert self._task.done()

    async def sees(self, condition: Callable[["Wire"], Any]) -> None:
        async def seen() -> Any:
            return condition(self)

        await until(seen)


class Told:
    """Stands for the stream: opens, and says what it is told to, until told to end."""

    def __init__(self) -> None:
        self.says: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.scopes: list[Scope] = []
        self.cancelled = 0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": 101, "headers": []})
        try:
            while (said := await self.says.get()) is not None:
                await send({"type": "http.response.body", "body": said, "more_body": True})
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        await send({"type": "http.response.body", "body": b'{"event":"end"}'})


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def edge(told: Told) -> Edge:
    return Edge({"stream": told})


@pytest.fixture
async def open_wire(edge: Edge) -> AsyncIterator[Callable[..., Wire]]:
    wires: list[Wire] = []

    def opened(caller: Caller | None = None, **headers: str) -> Wire:
        bearer = edge.bearer(caller) if caller else {}
        wires.append(Wire(edge, {**bearer, **headers}))
        return wires[-1]

    yield opened
    for wire in wires:
        await wire.leave()


async def test_each_piece_is_a_frame_and_the_end_a_close(open_wire, told: Told) -> None:
    wire = open_wire(caller := member())
    told.says.put_nowait(b'{"id":1}')
    told.says.put_nowait('{"text":"积分"}'.encode())
    told.says.put_nowait(None)
    await wire.ended()
    assert wire.frames == [{"id": 1}, {"text": "积分"}, {"event": "end"}]
    assert wire.closed == {"type": "websocket.close", "code": 1001, "reason": ""}
    assert told.scopes[0]["state"]["caller"].subject == caller.subject


async def test_a_browser_offers_its_token_as_a_protocol(open_wire, told: Told, edge: Edge) -> None:
    caller = member()
    token = edge.bearer(caller)["Authorization"].removeprefix("Bearer ")
    wire = open_wire(**{"Sec-WebSocket-Protocol": f"rapport.v1, bearer.{token}"})
    await wire.sees(lambda wire: wire.accepted)
    assert wire.accepted["subprotocol"] == "rapport.v1"
    assert told.scopes[0]["state"]["caller"].subject == caller.subject


async def test_a_token_is_never_told_back(open_wire, edge: Edge) -> None:
    token = edge.bearer(member())["Authorization"].removeprefix("Bearer ")
    wire = open_wire(**{"Sec-WebSocket-Protocol": f"bearer.{token}"})
    await wire.sees(lambda wire: wire.accepted)
    assert wire.accepted["subprotocol"] is None


@pytest.mark.parametrize(
    ("headers", "code", "reason"),
    [
        pytest.param({}, 4401, "unauthenticated", id="no token"),
        pytest.param(
            {"Authorization": "Bearer x"}, 4401, "gateway.credentials_refused", id="a bad token"
        ),
        pytest.param(
            {"Sec-WebSocket-Protocol": "rapport.v1, bearer.x.y.z"},
            4401,
            "gateway.credentials_refused",
            id="a bad token as a protocol",
        ),
        pytest.param(
            {"Authorization": "Bearer x", "Sec-WebSocket-Protocol": "bearer.y"},
            4401,
            "gateway.credentials_refused",
            id="two tokens",
        ),
    ],
)
async def test_a_refusal_is_told_by_the_close(
    open_wire, told: Told, headers: dict[str, str], code: int, reason: str
) -> None:
    wire = open_wire(**headers)
    await wire.ended()
    assert (wire.closed["code"], wire.closed["reason"], wire.frames) == (code, reason, [])
    assert told.scopes == []


async def test_who_is_no_member_has_no_stream(open_wire) -> None:
    wire = open_wire(agent())
    await wire.ended()
    assert (wire.closed["code"], wire.closed["reason"]) == (4403, "forbidden")


async def test_handshakes_count_against_the_limit(told: Told) -> None:
    edge = Edge({"stream": told}, {"read": Quota(1, 60)})
    caller = Caller(subject=member().subject, role=Role.MEMBER, session_id="one")
    first = Wire(edge, edge.bearer(caller))
    await first.sees(lambda wire: wire.accepted)
    second = Wire(edge, edge.bearer(caller))
    await second.ended()
    assert (second.closed["code"], second.closed["reason"]) == (4429, "too_many_requests")
    await first.leave()


async def test_sockets_are_opened_at_one_path_only(edge: Edge, told: Told) -> None:
    for path in ("/v1/stream", "/v1/wallet", "/v1/nothing"):
        wire = Wire(edge, edge.bearer(member()), path)
        await wire.ended()
        assert (wire.accepted, wire.closed["code"]) == (None, 1008)
    assert told.scopes == []


async def test_who_leaves_is_waited_for_no_longer(open_wire, told: Told) -> None:
    wire = open_wire(member())
    await wire.sees(lambda wire: wire.accepted)
    await wire.leave()
    assert told.cancelled == 1


async def test_a_client_that_talks_without_end_is_shut_out(open_wire, told: Told) -> None:
    wire = open_wire(member())
    for _ in range(sockets.MOST_SAID + 1):
        wire.say("ping")
    await wire.ended()
    assert wire.closed["code"] == 1008
    assert told.cancelled == 1


async def test_a_client_may_say_something_now_and_then(open_wire, told: Told) -> None:
    wire = open_wire(member())
    for _ in range(sockets.MOST_SAID):
        wire.say("ping")
    told.says.put_nowait(b'{"id":1}')
    await wire.sees(lambda wire: wire.frames)
    assert wire.closed is None
