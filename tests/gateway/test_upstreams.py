"""The hop to a service over HTTP, against servers that behave as badly as servers do."""

import asyncio
import contextlib
import hashlib
import time

import pytest
from starlette.types import Receive, Scope, Send

from gateway.upstreams import HttpUpstream, UpstreamDown, fetch
from tests.gateway.edge import ask
from tests.gateway.raw_server import OK, Serve, Server, always, get, server


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


async def test_nobody_listening_means_the_service_is_down() -> None:
    async with server(always(OK)) as (_, upstream):
        pass
    with pytest.raises(UpstreamDown):
        await get(upstream)


async def test_a_standstill_of_our_own_is_no_failure_to_connect() -> None:
    """As when the whole machine stands still just while a connection is being made."""
    async with server(always(OK), connect_timeout_s=1.0) as (_, upstream):
        asyncio.get_running_loop().call_soon(time.sleep, 1.5)
        assert (await get(upstream)).body == b"ok"


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
        await asyncio.wait_for(closed.wait(), 30)
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
