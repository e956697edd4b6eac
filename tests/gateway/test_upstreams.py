"""The hop to a service over HTTP, against servers that behave as badly as servers do."""

import asyncio
import contextlib
import hashlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.types import Receive, Scope, Send

from gateway.patience import CallerLeft
from gateway.upstreams import HttpUpstream, UpstreamDown, fetch
from gateway.wire import MOST_WAITING, Connection
from kit.testing import until
from tests.gateway.edge import Reply, ask

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\n\r\nok"


class Server:
    """A raw TCP server; `serve` is called for each connection."""

    def __init__(self, serve: Serve) -> None:
        self.connections = 0
        self.heard: list[bytes] = []
        self.arrivals = asyncio.Semaphore(0)
        self.cut = asyncio.Event()
        self._serve = serve
        self._writers: list[asyncio.StreamWriter] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)

    async def hear(self, reader: asyncio.StreamReader) -> bytes:
        """Read a request's head, and what its length announces."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line[:15] == b"content-length:"), 0
        )
        self.heard.append(head + await reader.readexactly(length))
        self.arrivals.release()
        return self.heard[-1]

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()


@contextlib.asynccontextmanager
async def server(serve: Callable[[Server], Serve], **options: float) -> AsyncIterator[tuple]:
    made = Server(None)  # type: ignore[arg-type]
    made._serve = serve(made)
    listening = await asyncio.start_server(made, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    limits = {"connect_timeout_s": 1.0, "idle_s": 10.0, "most_connections": 100} | options
    upstream = HttpUpstream(f"http://127.0.0.1:{port}", **limits)
    try:
        yield made, upstream
    finally:
        await upstream.close()
        made.hang_up()
        listening.close()


def always(answer: bytes, *, then_close: bool = False) -> Callable[[Server], Serve]:
    def serving(made: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await made.hear(reader)
                writer.write(answer)
                if then_close:
                    writer.close()
                    return

        return serve

    return serving


async def get(upstream: HttpUpstream, path: str = "/v1/wallet", method: str = "GET") -> Reply:
    return await ask(upstream, method, path)


async def test_requests_share_a_connection() -> None:
    async with server(always(OK)) as (made, upstream):
        replies = [await get(upstream) for _ in range(5)]
    assert {(reply.status, reply.body) for reply in replies} == {(200, b"ok")}
    assert replies[0].headers == {"content-length": "2", "x-a": "1"}
    assert made.connections == 1


async def test_requests_at_once_have_connections_of_their_own() -> None:
    async with server(always(OK)) as (made, upstream):
        await asyncio.gather(*(get(upstream) for _ in range(10)))
        await asyncio.gather(*(get(upstream) for _ in range(10)))
        assert made.connections == 10


async def test_a_request_is_framed_here_whatever_the_caller_framed() -> None:
    headers = [("content-length", "999"), ("transfer-encoding", "chunked"), ("host", "evil")]
    async with server(always(OK)) as (made, upstream):
        await ask(upstream, "POST", "/v1/x", headers=headers, pieces=[b"body"], query="a=1")
    head, _, body = made.heard[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /v1/x?a=1 HTTP/1.1"
    assert b"content-length: 4" in lines
    assert lines[1].startswith(b"host: 127.0.0.1:")
    assert b"evil" not in head
    assert b"transfer-encoding" not in head
    assert body == b"body"


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


async def test_nobody_listening_means_the_service_is_down() -> None:
    async with server(always(OK)) as (_, upstream):
        pass
    with pytest.raises(UpstreamDown):
        await get(upstream)


async def test_a_body_that_breaks_off_breaks_the_answer_off() -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    async with server(always(half, then_close=True)) as (_, upstream):
        with pytest.raises(ConnectionError):
            await get(upstream)


async def test_a_connection_closed_while_idle_is_replaced() -> None:
    async with server(always(OK)) as (made, upstream):
        await get(upstream)
        made.hang_up()
        assert (await get(upstream)).body == b"ok"
        assert made.connections == 2


async def test_connections_nobody_uses_any_more_are_closed() -> None:
    async with server(always(OK), idle_s=600) as (_, upstream):
        await asyncio.gather(*(get(upstream) for _ in range(5)))
        upstream._idle[0] = (upstream._idle[0][0] - 601, upstream._idle[0][1])
        upstream.prune()
        assert len(upstream._idle) == 4


def closes_on_second(made: Server) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await made.hear(reader)
        writer.write(OK)
        await made.hear(reader)  # and closes without a word, as a server that restarts
        writer.close()

    return serve


async def test_what_is_safe_to_repeat_is_repeated_when_an_old_connection_dies() -> None:
    async with server(closes_on_second) as (_, upstream):
        keyed = [("idempotency-key", "k")]
        for request in (("GET", ()), ("PUT", ()), ("POST", keyed)):
            await get(upstream)
            reply = await ask(upstream, request[0], "/v1/x", headers=request[1])
            assert reply.body == b"ok"


async def test_what_may_have_been_done_is_not_repeated() -> None:
    async with server(closes_on_second) as (made, upstream):
        await get(upstream)
        with pytest.raises(UpstreamDown):
            await ask(upstream, "POST", "/v1/x", pieces=[b"{}"])
    assert len([heard for heard in made.heard if heard.startswith(b"POST")]) == 1


async def test_what_comes_unasked_never_answers_the_next_request() -> None:
    def serving(made: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.hear(reader)
            writer.write(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            await reader.read()

        return serve

    async with server(serving) as (made, upstream):
        assert [(await get(upstream)).body for _ in range(2)] == [b"ok", b"ok"]
        assert made.connections == 2


async def test_a_caller_who_leaves_takes_the_connection_along() -> None:
    async with server(always(b"")) as (made, upstream):
        asking = asyncio.create_task(get(upstream))
        await made.arrivals.acquire()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert not upstream._idle
        assert upstream._in_use == 0


async def test_a_caller_who_leaves_takes_a_used_connection_along() -> None:
    closed = asyncio.Event()

    def serving(made: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await made.hear(reader)
            writer.write(OK)
            await made.hear(reader)
            with contextlib.suppress(ConnectionError):
                await reader.read()
            closed.set()

        return serve

    async with server(serving) as (made, upstream):
        await get(upstream)
        await made.arrivals.acquire()
        asking = asyncio.create_task(get(upstream))
        await made.arrivals.acquire()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(closed.wait(), 5)
        assert made.connections == 1


async def test_more_requests_than_a_service_takes_are_refused_at_once() -> None:
    async with server(always(b""), most_connections=2) as (made, upstream):
        asking = [asyncio.create_task(get(upstream)) for _ in range(2)]
        await made.arrivals.acquire()
        await made.arrivals.acquire()
        with pytest.raises(UpstreamDown, match="occupied"):
            await get(upstream)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


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
        async with asyncio.timeout(20):
            reply = await get(upstream)
    assert len(reply.body) == most + rest


async def test_no_answer_goes_to_another_request_while_connections_die() -> None:
    """Bodies name their request; many a connection is cut, before or within the answer."""

    def serving(made: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                path = (await made.hear(reader)).split(b" ")[1]
                body = hashlib.sha256(path).hexdigest().encode() * 20
                number = int(path[1:])
                if number % 7 == 0:
                    writer.close()
                    return
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
                writer.write(body[: 500 if number % 11 == 0 else None])
                if number % 11 == 0:
                    writer.close()
                    return

        return serve

    async def one(upstream: HttpUpstream, number: int) -> bool:
        try:
            reply = await ask(upstream, "POST", f"/{number}")
        except (UpstreamDown, ConnectionError):
            return False
        assert reply.body == hashlib.sha256(b"/%d" % number).hexdigest().encode() * 20
        return True

    async with server(serving) as (_, upstream):
        whole = 0
        for start in range(1, 3_000, 50):
            numbers = range(start, start + 50)
            whole += sum(await asyncio.gather(*(one(upstream, number) for number in numbers)))
    assert whole > 2_000


async def test_fetch_reads_a_whole_answer() -> None:
    async with server(always(OK)) as (made, upstream):
        answer = await fetch(upstream, "/v1/inbox", "limit=1", [(b"authorization", b"Bearer x")])
    assert (answer.status, answer.body, answer.headers[b"x-a"]) == (200, b"ok", b"1")
    assert made.heard[0].startswith(b"GET /v1/inbox?limit=1 HTTP/1.1\r\n")
    assert b"authorization: Bearer x" in made.heard[0]


async def test_nobody_leaves_while_the_gateway_itself_asks() -> None:
    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.05)
        await send({"type": "http.response.start", "status": 204, "headers": []})

    assert (await fetch(app, "/v1/inbox")).status == 204


@pytest.mark.parametrize("url", ["", "profile:8080", "ftp://profile", "http://"])
def test_what_is_no_url_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="an upstream is"):
        HttpUpstream(url, connect_timeout_s=1, idle_s=1, most_connections=1)
