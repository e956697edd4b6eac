"""The HTTP/1.1 server, byte by byte: framing, order, back-pressure, and callers that misbehave."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from kit.testing import until
from rapport.http import connection
from rapport.http.framing import lines_of
from rapport.http.listener import Listener
from rapport.ports import LOOPBACK, free_port

App = Callable[[Scope, Receive, Send], Awaitable[None]]
GET = b"GET /%b HTTP/1.1\r\nHost: a\r\n\r\n"


class Said:
    """One answer as it came."""

    def __init__(self, head: bytes, body: bytes) -> None:
        self.status = int(head.split(b" ")[1])
        lines = [line.partition(b": ") for line in head.split(b"\r\n")[1:] if line]
        self.headers = {name.decode(): value.decode() for name, _, value in lines}
        self.body = body


class Wire:
    """A caller that says bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, *pieces: bytes) -> None:
        self.writer.write(b"".join(pieces))

    async def head(self) -> Said:
        async with asyncio.timeout(20):
            return Said(await self.reader.readuntil(b"\r\n\r\n"), b"")

    async def hear(self) -> Said:
        said = await self.head()
        async with asyncio.timeout(20):
            if said.headers.get("transfer-encoding") == "chunked":
                said.body = await self._chunks()
            else:
                length = int(said.headers.get("content-length", 0))
                said.body = await self.reader.readexactly(length)
        return said

    async def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(await self.reader.readline(), 16):
            body += await self.reader.readexactly(size)
            assert await self.reader.readexactly(2) == b"\r\n"
        assert await self.reader.readexactly(2) == b"\r\n"
        return bytes(body)

    async def rest(self) -> bytes:
        """All that comes until the end."""
        async with asyncio.timeout(20):
            return await self.reader.read()


class Served:
    """An application on a port of its own."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.scopes: list[Scope] = []
        self.port = free_port()
        self.listener = Listener(self, LOOPBACK, self.port)
        self.wires: list[Wire] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await self.app(scope, receive, send)

    async def wire(self) -> Wire:
        while True:
            try:
                reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                self.wires.append(Wire(reader, writer))
                return self.wires[-1]


@asynccontextmanager
async def served(app: App) -> AsyncIterator[Served]:
    made = Served(app)
    try:
        yield made
    finally:
        for wire in made.wires:
            wire.writer.close()
        made.listener.stop()
        await made.listener.ended(1)


async def read(receive: Receive) -> bytes:
    body, more = bytearray(), True
    while more:
        message = await receive()
        assert message["type"] == "http.request"
        body += message["body"]
        more = message["more_body"]
    return bytes(body)


def answering(*pieces: bytes, status: int = 200, headers: Any = ()) -> App:
    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for number, piece in enumerate(pieces, 1):
            more = number < len(pieces)
            await send({"type": "http.response.body", "body": piece, "more_body": more})

    return answer


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await read(receive)
    content = scope["raw_path"] + b"?" + scope["query_string"] + b":" + body
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": content})


async def test_requests_sent_ahead_are_answered_in_order() -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say(
            GET % b"one",
            b"POST /two HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
            b"POST /three HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"2\r\nxy\r\n1\r\nz\r\n0\r\n\r\n",
            GET % b"four?a=b",
        )
        bodies = [(await wire.hear()).body for _ in range(4)]
        assert bodies == [b"/one?:", b"/two?:abc", b"/three?:xyz", b"/four?a=b:"]


async def test_one_request_is_answered_at_a_time() -> None:
    go_on = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await go_on.wait()
        await echo(scope, receive, send)

    async with served(slow) as here:
        wire = await here.wire()
        wire.say(GET % b"one", GET % b"two")
        await until(lambda: _true(here.scopes))
        assert [scope["path"] for scope in here.scopes] == ["/one"]
        go_on.set()
        assert [(await wire.hear()).body for _ in range(2)] == [b"/one?:", b"/two?:"]


async def _true(value: object) -> bool:
    return bool(value)


async def test_who_sends_too_far_ahead_hears_what_was_taken_and_no_more() -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say((GET % b"x") * (10 * connection.MOST_AHEAD))
        said = await wire.rest()
        answered = said.count(b" 200 OK")
        assert 1 <= answered <= connection.MOST_AHEAD + 1
        assert said.count(b" 400 Bad Request") == 1
        assert len(here.scopes) == answered


@pytest.mark.parametrize(
    ("pieces", "method", "framing", "body"),
    [
        pytest.param([b"abc"], b"GET", ("content-length", "3"), b"abc", id="whole: a length"),
        pytest.param([b"a", b"bc"], b"GET", ("transfer-encoding", "chunked"), b"abc", id="pieces"),
        pytest.param(
            [b"", b"a", b"", b"b", b""],
            b"GET",
            ("transfer-encoding", "chunked"),
            b"ab",
            id="an empty piece is not the end",
        ),
        pytest.param([b""], b"GET", ("content-length", "0"), b"", id="nothing: a length of 0"),
    ],
)
async def test_an_answer_says_where_it_ends(
    pieces: list[bytes], method: bytes, framing: tuple[str, str], body: bytes
) -> None:
    async with served(answering(*pieces)) as here:
        wire = await here.wire()
        for _ in range(2):
            wire.say(method + b" / HTTP/1.1\r\nHost: a\r\n\r\n")
            said = await wire.hear()
            assert (said.status, said.body) == (200, body)
            assert said.headers[framing[0]] == framing[1]
            assert said.headers["date"].endswith("GMT")


@pytest.mark.parametrize(
    ("method", "status"), [(b"HEAD", 200), (b"GET", 204), (b"GET", 304)], ids=str
)
async def test_what_has_no_body_is_followed_by_the_next_answer(method: bytes, status: int) -> None:
    headers = [(b"content-length", b"3")]
    async with served(answering(b"abc", status=status, headers=headers)) as here:
        wire = await here.wire()
        for _ in range(2):
            wire.say(method + b" / HTTP/1.1\r\nHost: a\r\n\r\n")
            said = await wire.head()
            assert said.status == status
            assert said.headers.get("content-length") == (None if status == 204 else "3")
            assert "transfer-encoding" not in said.headers


@pytest.mark.parametrize(
    ("request_", "pieces", "expected"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", [b"abc"], b"connection: close\r\n\r\nabc"),
        (b"GET / HTTP/1.0\r\n\r\n", [b"a", b"bc"], b"connection: close\r\n\r\nabc"),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            [b"abc"],
            b"connection: close\r\n\r\nabc",
        ),
    ],
    ids=["HTTP/1.0", "HTTP/1.0, of unknown length", "as the caller wants"],
)
async def test_a_connection_ends_where_it_must(
    request_: bytes, pieces: list[bytes], expected: bytes
) -> None:
    async with served(answering(*pieces)) as here:
        wire = await here.wire()
        wire.say(request_)
        said = await wire.rest()
        assert said.endswith(expected)


async def test_an_old_client_may_keep_its_connection() -> None:
    async with served(answering(b"abc")) as here:
        wire = await here.wire()
        for _ in range(2):
            wire.say(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            said = await wire.hear()
            assert (said.headers["connection"], said.body) == ("keep-alive", b"abc")


async def test_who_waits_for_a_word_before_the_body_gets_it_when_the_body_is_wanted() -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say(
            b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        )
        assert (await wire.head()).status == 100
        wire.say(b"abc")
        assert (await wire.hear()).body == b"/x?:abc"


async def test_who_waits_for_a_word_hears_a_refusal_at_once() -> None:
    async with served(answering(b"no", status=403)) as here:
        wire = await here.wire()
        wire.say(
            b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        )
        assert (await wire.hear()).status == 403


async def test_a_body_nobody_wanted_is_passed_over() -> None:
    async with served(answering(b"no", status=401)) as here:
        wire = await here.wire()
        wire.say(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n", b"x" * 100_000)
        assert (await wire.hear()).status == 401
        wire.say(b"x" * 100_000, GET % b"next")
        assert (await wire.hear()).status == 401
        assert [scope["path"] for scope in here.scopes] == ["/x", "/next"]


async def test_a_body_nobody_wanted_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_DISCARDED", 100_000)
    async with served(answering(b"no", status=401)) as here:
        wire = await here.wire()
        wire.say(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n")
        assert (await wire.hear()).status == 401
        wire.say(b"x" * 1_000_000)
        with suppress(ConnectionError):
            assert await wire.rest() == b"", "it has its answer"


async def test_a_body_is_taken_no_faster_than_it_is_asked_for() -> None:
    go_on = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await go_on.wait()
        await echo(scope, receive, send)

    async with served(slow) as here:
        wire = await here.wire()
        size = 16 * 2**20
        wire.say(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size)
        wire.say(b"x" * size)
        await until(lambda: _true(here.scopes))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(wire.writer.drain(), 0.3)
        go_on.set()
        assert len((await wire.hear()).body) == size + len(b"/x?:")


async def test_an_answer_is_sent_no_faster_than_it_is_taken() -> None:
    sent = 0

    async def much(_scope: Scope, _receive: Receive, send: Send) -> None:
        nonlocal sent
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(512):
            await send(
                {"type": "http.response.body", "body": b"x" * 65_536, "more_body": number < 511}
            )
            sent += 1

    async with served(much) as here:
        wire = await here.wire()
        wire.say(GET % b"")
        head = await wire.head()
        last = -1
        while last != sent:  # as much as the sockets' buffers hold
            last = sent
            await asyncio.sleep(0.2)
        assert sent < 500
        assert head.headers["transfer-encoding"] == "chunked"
        assert len(await wire._chunks()) == 512 * 65_536


async def test_the_application_hears_that_the_caller_left() -> None:
    heard: list[Message] = []

    async def waiting(_scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(await receive())
        heard.append(await receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"nobody hears"})
        heard.append(await receive())

    async with served(waiting) as here:
        wire = await here.wire()
        wire.say(GET % b"")
        await until(lambda: _true(heard))
        wire.writer.close()
        await until(lambda: _true(len(heard) == 3))
        assert [message["type"] for message in heard] == [
            "http.request",
            "http.disconnect",
            "http.disconnect",
        ]


async def test_the_application_hears_that_its_answer_is_complete() -> None:
    heard: list[Message] = []

    async def on(scope: Scope, receive: Receive, send: Send) -> None:
        await echo(scope, receive, send)
        heard.append(await receive())

    async with served(on) as here:
        wire = await here.wire()
        wire.say(GET % b"")
        await wire.hear()
        await until(lambda: _true(heard))
        assert heard == [{"type": "http.disconnect"}]


async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("a bug")


async def silent(_scope: Scope, _receive: Receive, _send: Send) -> None: ...


@pytest.mark.parametrize("app", [failing, silent])
async def test_an_application_that_fails_is_answered_for(app: App) -> None:
    async with served(app) as here:
        wire = await here.wire()
        wire.say(GET % b"")
        assert (await wire.hear()).status == 500
        assert await wire.rest() == b""


@pytest.mark.parametrize(
    ("headers", "pieces"),
    [
        pytest.param([(b"content-length", b"5")], [b"abc"], id="short"),
        pytest.param([(b"content-length", b"2")], [b"abc"], id="long"),
        pytest.param([(b"content-length", b"5")], [b"abc", b""], id="short, in pieces"),
        pytest.param([(b"content-length", b"2")], [b"ab", b"c"], id="long, in pieces"),
    ],
)
async def test_an_answer_as_long_as_it_did_not_say_is_seen_to_be_broken(
    headers: Any, pieces: list[bytes]
) -> None:
    async with served(answering(*pieces, headers=headers)) as here:
        wire = await here.wire()
        wire.say(GET % b"", GET % b"")
        said = b""
        with suppress(ConnectionResetError):
            said = await wire.rest()
        assert said.count(b"HTTP/1.1") <= 1
        assert b" 500 " in said or b"connection: close" not in said, "nothing says that it is whole"


async def test_an_answer_that_breaks_off_does_not_look_whole() -> None:
    async def breaking(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"abc", "more_body": True})
        raise RuntimeError("a bug")

    async with served(breaking) as here:
        wire = await here.wire()
        wire.say(GET % b"")
        try:
            said = await wire.rest()
        except ConnectionResetError:
            return
        assert not said.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: x", b"a\nb", b"a\rb", b"a\0b"])
async def test_no_header_makes_another(value: bytes) -> None:
    with pytest.raises(ValueError, match="line break"):
        lines_of([(b"x-name", value)], 200)
    async with served(answering(b"abc", headers=[(b"x-name", value)])) as here:
        wire = await here.wire()
        wire.say(GET % b"")
        assert (await wire.hear()).status == 500


async def test_framing_is_nothing_an_application_decides() -> None:
    headers = [(b"transfer-encoding", b"chunked"), (b"connection", b"close"), (b"date", b"x")]
    async with served(answering(b"abc", headers=headers)) as here:
        wire = await here.wire()
        wire.say(GET % b"", GET % b"")
        for _ in range(2):
            said = await wire.hear()
            assert (said.body, said.headers["content-length"]) == (b"abc", "3")
            assert "transfer-encoding" not in said.headers
            assert said.headers["date"] != "x"


async def test_trailers_are_no_headers() -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say(
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\nx\r\n0\r\nX-User: 1\r\n\r\n",
            GET % b"next",
        )
        assert [(await wire.hear()).body for _ in range(2)] == [b"/?:x", b"/next?:"]
        assert b"x-user" not in dict(here.scopes[0]["headers"])


UPGRADE = b"Host: a\r\nConnection: Upgrade\r\nUpgrade: %b\r\n"


async def test_another_protocol_is_not_spoken() -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say(b"GET /one HTTP/1.1\r\n", UPGRADE % b"h2c", b"\r\n", GET % b"two")
        assert [(await wire.hear()).body for _ in range(2)] == [b"/one?:", b"/two?:"]


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"], ids=repr)
@pytest.mark.parametrize("framing", [b"Content-Length: 3", b"Transfer-Encoding: chunked"], ids=repr)
async def test_no_body_hides_behind_another_protocol(protocol: bytes, framing: bytes) -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say(b"POST / HTTP/1.1\r\n", UPGRADE % protocol, framing, b"\r\n\r\n", GET % b"two")
        said = await wire.rest()
        assert (said.count(b"HTTP/1.1"), said.count(b" 400 ")) == (1, 1)
        assert here.scopes == []


@pytest.mark.parametrize("target", [b"a:80", b"/\xc3\xa9", b"http://[", b"ftp"], ids=repr)
async def test_what_is_no_target_is_refused(target: bytes) -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % target)
        assert (await wire.hear()).status == 400
        wire = await here.wire()
        wire.say(b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await wire.hear()).status == 400
        assert here.scopes == []


@pytest.mark.parametrize(
    ("target", "raw_path", "path", "query"),
    [
        (b"/a%2Fb?c=%20", b"/a%2Fb", "/a/b", b"c=%20"),
        (b"/a?b?c#d", b"/a", "/a", b"b?c"),
        (b"/a#b?c", b"/a", "/a", b""),
        (b"//a/b", b"//a/b", "//a/b", b""),
        (b"http://evil/a?b", b"/a", "/a", b"b"),
        (b"http://evil", b"/", "/", b""),
        (b"/%D0%B1%FF", b"/%D0%B1%FF", "/б�", b""),
    ],
    ids=lambda value: value.decode("latin-1") if isinstance(value, bytes) else value,
)
async def test_a_target_is_path_and_query(
    target: bytes, raw_path: bytes, path: str, query: bytes
) -> None:
    async with served(echo) as here:
        wire = await here.wire()
        wire.say(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % target)
        await wire.hear()
        (scope,) = here.scopes
        assert (scope["raw_path"], scope["path"], scope["query_string"]) == (raw_path, path, query)


async def test_what_is_under_way_ends_the_connection_once_no_more_is_taken() -> None:
    go_on = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await go_on.wait()
        await echo(scope, receive, send)

    async with served(slow) as here:
        busy, idle = await here.wire(), await here.wire()
        busy.say(GET % b"one", GET % b"two")
        await until(lambda: _true(here.scopes))
        here.listener.stop()
        assert await idle.rest() == b""
        go_on.set()
        said = await busy.rest()
        assert said.count(b" 200 OK") == 1
        assert b"connection: close" in said


class Talk:
    """A socket's application: lets in whom it is told to, and remembers what it hears."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.scope: Scope = {}
        self.says: asyncio.Queue[Message] = asyncio.Queue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        listening = asyncio.create_task(self._listen(receive))
        try:
            while (message := await self.says.get())["type"] != "end":
                await send(message)
        finally:
            listening.cancel()

    async def _listen(self, receive: Receive) -> None:
        while not self.heard or self.heard[-1]["type"] != "websocket.disconnect":
            self.heard.append(await receive())

    async def hears(self, kind: str) -> Message:
        async def heard() -> Message | None:
            return next((m for m in self.heard if m["type"] == f"websocket.{kind}"), None)

        found: Message = await until(heard)
        return found


@asynccontextmanager
async def talking() -> AsyncIterator[tuple[Talk, Callable[..., connect]]]:
    talk = Talk()
    async with served(talk) as here:
        await here.wire()

        def opened(**options: Any) -> connect:
            url = f"ws://{LOOPBACK}:{here.port}/v1/x?y=z"
            return connect(url, proxy=None, compression=None, **options)

        yield talk, opened
        talk.says.put_nowait({"type": "end"})


async def test_a_socket_is_opened_talks_both_ways_and_closes() -> None:
    async with talking() as (talk, opened):
        talk.says.put_nowait({"type": "websocket.accept", "subprotocol": "b"})
        async with opened(subprotocols=["a", "b"]) as client:
            assert client.subprotocol == "b"
            assert (talk.scope["path"], talk.scope["query_string"]) == ("/v1/x", b"y=z")
            assert talk.scope["subprotocols"] == ["a", "b"]
            await client.send("积分")
            assert (await talk.hears("receive"))["text"] == "积分"
            await client.send(["frag", "ments"])
            await until(lambda: _true(len(talk.heard) == 3))
            assert talk.heard[-1]["text"] == "fragments"
            talk.says.put_nowait({"type": "websocket.send", "text": "да"})
            assert await client.recv() == "да"
            talk.says.put_nowait({"type": "websocket.close", "code": 4401, "reason": "why"})
            with pytest.raises(ConnectionClosed):
                await client.recv()
            assert (client.close_code, client.close_reason) == (4401, "why")


async def test_the_application_hears_that_the_other_side_closed() -> None:
    async with talking() as (talk, opened):
        talk.says.put_nowait({"type": "websocket.accept"})
        async with opened() as client:
            await client.close(4000)
            assert (await talk.hears("disconnect"))["code"] == 4000


async def test_the_application_hears_that_the_connection_broke() -> None:
    async with talking() as (talk, opened):
        talk.says.put_nowait({"type": "websocket.accept"})
        client: ClientConnection = await opened()
        client.transport.abort()
        assert (await talk.hears("disconnect"))["code"] == 1006


async def test_a_handshake_may_be_refused() -> None:
    async with talking() as (talk, opened):
        talk.says.put_nowait({"type": "websocket.close", "code": 1008})
        with pytest.raises(InvalidStatus) as refused:
            await opened()
        assert refused.value.response.status_code == 403


async def test_too_large_a_message_is_not_taken() -> None:
    async with talking() as (talk, opened):
        talk.says.put_nowait({"type": "websocket.accept"})
        async with opened() as client:
            await client.send("x" * 2**20)
            with pytest.raises(ConnectionClosed):
                await client.recv()
            assert client.close_code == 1009
            assert (await talk.hears("disconnect"))["code"] == 1006


@pytest.mark.parametrize(
    "headers",
    [b"", b"Sec-WebSocket-Version: 13\r\n", b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"],
    ids=["nothing", "no key", "no version"],
)
async def test_a_handshake_that_is_none_opens_nothing(headers: bytes) -> None:
    talk = Talk()
    async with served(talk) as here:
        wire = await here.wire()
        wire.say(
            b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
            headers,
            b"\r\n",
        )
        talk.says.put_nowait({"type": "websocket.accept"})
        assert b" 400 " in await wire.rest()
        assert (await talk.hears("disconnect"))["code"] == 1006
        talk.says.put_nowait({"type": "end"})
