"""The live stream over a real server, both ways a phone may listen."""

import asyncio
import json
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.system.deployment import Deployment
from tests.system.members import registered

pytestmark = pytest.mark.deployment


def address(system: Deployment, query: str = "") -> str:
    return f"{system.url.replace('http', 'ws', 1)}/v1/stream/ws{query}"


def opened(system: Deployment, query: str = "", **options: Any) -> connect:
    """A socket, with patience for a busy machine."""
    return connect(address(system, query), open_timeout=60, ping_timeout=60, **options)


async def told(socket: ClientConnection) -> dict[str, Any]:
    """What is told next; a stream that has nothing to tell for long says that it lives."""
    async with asyncio.timeout(120):
        while (message := json.loads(await socket.recv()))["event"] == "beat":
            pass
    return message


async def test_a_socket_hears_what_enters_the_inbox_and_resumes(system: Deployment) -> None:
    member = await registered(system)
    async with opened(
        system, "?last_event_id=0", subprotocols=["rapport.v1", f"bearer.{member.token}"]
    ) as socket:
        assert socket.subprotocol == "rapport.v1"
        assert (await told(socket))["event"] == "open"
        first = await told(socket)
    assert (first["event"], first["id"]) == ("inbox", 1)
    async with opened(
        system,
        f"?last_event_id={first['id']}",
        additional_headers={"Authorization": f"Bearer {member.token}"},
    ) as socket:
        assert (await told(socket))["event"] == "open"
        async with system.client(member.token, **{"Idempotency-Key": str(uuid4())}) as client:
            assert (await client.post("/v1/checkins")).is_success
        following = await told(socket)
    assert following["id"] == first["id"] + 1


async def test_a_socket_without_a_token_is_told_why(system: Deployment) -> None:
    async with opened(system) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4401, "unauthenticated")


async def test_both_kinds_of_stream_show_the_same(system: Deployment) -> None:
    member = await registered(system)
    headers = {"Last-Event-ID": "0"}
    async with (
        system.client(member.token) as client,
        client.stream("GET", "/v1/stream", headers=headers) as answer,
        aclosing(answer.aiter_lines()) as lines,
    ):
        async with asyncio.timeout(120):
            shown = [json.loads(line[6:]) async for line in until_first(lines)]
    async with opened(
        system,
        "?last_event_id=0",
        additional_headers={"Authorization": f"Bearer {member.token}"},
    ) as socket:
        await told(socket)
        item = (await told(socket))["data"]
    assert {**item, "unread": None} == {**shown[0], "unread": None}  # a count of its moment


async def until_first(lines):
    """The lines of data, up to the first."""
    async for line in lines:
        if line.startswith("data: "):
            yield line
            return
