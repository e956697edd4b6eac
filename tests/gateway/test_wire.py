"""What goes over a connection to a service: answers however they end, and uploads."""

import asyncio
import contextlib
import socket
import struct

import pytest

from gateway.deadlines import CallerLeft
from gateway.upstreams import UpstreamDown
from gateway.wire import MOST_WAITING, Connection
from kit.testing import until
from tests.gateway.edge import ask
from tests.gateway.raw_server import OK, Serve, Server, always, get, server


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", id="no content"),
        pytest.param(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", 304, b"", id="not modified"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, b"", id="empty"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n",
            200,
            b"abc",
            id="chunked",
        ),
        pytest.param(
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, 200, b"ok", id="interim first"
        ),
    ],
)
async def test_every_way_to_end_an_answer_is_understood(
    answer: bytes, status: int, body: bytes
) -> None:
    async with server(always(answer)) as (made, upstream):
        replies = [await get(upstream) for _ in range(2)]
    assert {(reply.status, reply.body, reply.ended) for reply in replies} == {(status, body, True)}
    assert made.connections == 1


async def test_an_answer_without_length_ends_with_its_connection() -> None:
    async with server(always(b"HTTP/1.1 200 OK\r\n\r\nall of it", then_close=True)) as (
        _,
        upstream,
    ):
        assert (await get(upstream)).body == b"all of it"


async def test_an_answer_without_length_is_not_whole_when_its_connection_is_reset() -> None:
    def serving(made: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.hear(reader)
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nhalf of it")
            await made.cut.wait()
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

        return serve

    async with server(serving) as (made, upstream):

        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: dict) -> None:
            made.cut.set()

        scope = {"method": "GET", "raw_path": b"/", "query_string": b"", "headers": []}
        with pytest.raises(ConnectionError):
            await upstream(scope, receive, send)


async def test_the_length_of_a_head_answer_is_not_waited_for() -> None:
    async with server(always(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")) as (_, upstream):
        reply = await get(upstream, method="HEAD")
    assert (reply.status, reply.headers["content-length"], reply.body) == (200, "99", b"")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-", id="half a head"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="another protocol"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", id="two lengths"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", id="an endless head"),
        pytest.param(
            b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", id="an upgrade"
        ),
    ],
)
async def test_what_is_no_answer_means_the_service_is_down(answer: bytes) -> None:
    async with server(always(answer, then_close=True)) as (_, upstream):
        with pytest.raises(UpstreamDown) as raised:
            await get(upstream)
    assert raised.value.status == 503
    assert "Retry-After" in raised.value.headers


async def test_a_body_that_breaks_off_breaks_the_answer_off() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    async with server(always(half, then_close=True)) as (_, upstream):
        with pytest.raises(ConnectionError):
            await get(upstream)


async def test_an_upload_is_passed_on_piece_by_piece() -> None:
    received = bytearray()

    def serving(_: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                assert b"transfer-encoding: chunked" in head
                while size := int(await reader.readline(), 16):
                    received.extend(await reader.readexactly(size))
                    await reader.readline()
                await reader.readline()
                writer.write(OK)

        return serve

    pieces = [bytes([65 + number]) * 50_000 for number in range(20)]
    async with server(serving) as (made, upstream):
        assert (await ask(upstream, "POST", "/v1/x", pieces=pieces)).status == 200
        assert (await ask(upstream, "POST", "/v1/x", pieces=[b"", b"ab", b""])).status == 200
    assert received == b"".join(pieces) + b"ab"
    assert made.connections == 1


async def test_an_upload_refused_half_way_gets_its_answer() -> None:
    answer = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
    async with server(always(answer)) as (_, upstream):
        arriving = asyncio.Event()

        async def receive() -> dict:
            await asyncio.sleep(0.01) if arriving.is_set() else arriving.set()
            return {"type": "http.request", "body": b"x" * 1000, "more_body": True}

        sent: list[dict] = []

        async def send(message: dict) -> None:
            sent.append(message)

        scope = {"method": "POST", "raw_path": b"/v1/x", "query_string": b"", "headers": []}
        await upstream(scope, receive, send)
        assert sent[0]["status"] == 413
        assert not upstream._idle  # the rest of the body never came: the connection is of no use


async def test_a_caller_who_leaves_an_upload_is_noticed() -> None:
    async with server(always(OK)) as (_, upstream):
        messages = [
            {"type": "http.request", "body": b"x", "more_body": True},
            {"type": "http.disconnect"},
        ]

        async def receive() -> dict:
            return messages.pop(0)

        async def serve_nobody(_: Server) -> None: ...

        scope = {"method": "POST", "raw_path": b"/v1/x", "query_string": b"", "headers": []}
        with contextlib.suppress(CallerLeft):
            await upstream(scope, receive, serve_nobody)
        assert upstream._in_use == 0


async def test_a_slow_reader_does_not_fill_the_memory() -> None:
    size = 20 * 1024 * 1024

    def serving(made: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.hear(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            for _ in range(size // 65_536):
                writer.write(bytes(65_536))
                await writer.drain()

        return serve

    most, total = 0, 0

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        nonlocal most, total
        most = max(most, len(message.get("body", b"")))
        total += len(message.get("body", b""))
        await asyncio.sleep(0.001)

    scope = {"method": "GET", "raw_path": b"/", "query_string": b"", "headers": []}
    async with server(serving) as (_, upstream):
        await upstream(scope, receive, send)
    assert total == size
    assert most < 2 * MOST_WAITING + 1024 * 1024


async def test_who_leaves_before_taking_a_long_answer_costs_the_next_caller_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[Connection] = []

    class Watched(Connection):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    begun, most_came = asyncio.Event(), asyncio.Event()
    most, rest = MOST_WAITING - 1_000, 2_000

    def serving(server: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await server.hear(reader)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (most + rest))
                await begun.wait()
                writer.write(bytes(most))
                await most_came.wait()
                writer.write(bytes(rest))

        return serve

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def take_nothing(_: dict) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def has_come() -> bool:
        if made and made[0]._waiting >= most:
            most_came.set()
        return bool(made) and made[0]._complete

    monkeypatch.setattr("gateway.upstreams.Connection", Watched)
    scope = {"method": "GET", "raw_path": b"/", "query_string": b"", "headers": []}
    async with server(serving) as (_, upstream):
        leaving = asyncio.create_task(upstream(scope, receive, take_nothing))
        await until(has_come)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        async with asyncio.timeout(60):
            reply = await get(upstream)
    assert len(reply.body) == most + rest
