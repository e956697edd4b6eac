"""One connection of a caller: what comes is read by llhttp, and requests are answered one by one.

Requests may be sent ahead (pipelining); they wait for their turn, and while any waits nothing more
is read. What remains of a body once its answer is complete is read and thrown away, within limits,
so that the caller hears the answer and can go on. What cannot be read is refused, and that ends the
connection.
"""

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import unquote

import httptools
from starlette.types import Scope

from rapport.http.exchange import Exchange
from rapport.http.framing import refusal

if TYPE_CHECKING:
    from rapport.http.listener import Listener

LARGEST_HEAD: Final = 64 * 1024  # bytes, give or take what comes at once
MOST_HEADERS: Final = 100
MOST_AHEAD: Final = 16  # requests that wait for the answer to the one before
MOST_DISCARDED: Final = 8 * 1024 * 1024  # bytes of a body nobody wanted
DISCARD_S: Final = 10.0
NEVER: Final = float("inf")

BAD_REQUEST: Final = 400
HEAD_TOO_LARGE: Final = 431
SERVER_ERROR: Final = 500
ASGI: Final = {"version": "3.0", "spec_version": "2.3"}
METHODS: Final = {
    name.encode(): name for name in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
}
VERSIONS: Final = frozenset({"1.1", "1.0"})
WEBSOCKET: Final = b"websocket"


class Unreadable(Exception):  # noqa: N818  (it says what the request is)
    """What came is no request; the status says why."""

    def __init__(self, status: int = BAD_REQUEST) -> None:
        super().__init__(status)
        self.status = status


class Connection(asyncio.Protocol):
    """Made for each caller that connects. The listener gives up what is past its `due`."""

    __slots__ = (
        "_ahead", "_answering", "_client", "_current", "_discarded", "_drain", "_headers",
        "_in_head", "_last_words", "_listener", "_parser", "_paused", "_scope",
        "_server", "_target", "_transport", "_unread", "_upgrade", "_waits", "due", "full",
    )  # fmt: skip

    _transport: asyncio.Transport

    def __init__(self, listener: "Listener") -> None:
        self._listener = listener
        self._parser = httptools.HttpRequestParser(self)
        self._answering: Exchange | None = None
        self._current: Exchange | None = None  # whose body is being read
        self._ahead: deque[Exchange] = deque()
        self._last_words: bytes | None = None  # to be said when what was taken is answered
        self._paused = False
        self._in_head = True
        self._unread = 0  # bytes that came since the last that meant something to us
        self._discarded = 0
        self._drain: asyncio.Future[None] | None = None
        self._scope: Scope = {}
        self.due = time.monotonic() + listener.head_s
        """When there must be a head."""
        self.full = False
        """Whether as much is under way to the caller as may be."""

    # what an exchange asks

    @property
    def ending(self) -> bool:
        """Whether no further request is taken."""
        return self._listener.ending

    def write(self, content: bytes) -> None:
        if content:
            self._transport.write(content)

    async def drained(self) -> None:
        """Wait while the caller is slow to take what was sent."""
        while self.full:
            self._drain = asyncio.get_running_loop().create_future()
            await self._drain

    def pause(self) -> None:
        """Read nothing for now."""
        if not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        if self._paused and not self._ahead:
            self._paused = False
            self._transport.resume_reading()

    def answered(self, exchange: Exchange) -> None:
        """An answer is complete; the next request's turn, once all of this one has come."""
        self._answering = None
        if exchange is not self._current:
            self._go_on(keeps=exchange.keeps)
            return
        self.due = time.monotonic() + DISCARD_S
        self._discarded = 0
        self.resume()
        if not exchange.keeps:
            self._transport.write_eof()

    def broke_off(self, exchange: Exchange) -> None:
        """There is no answer, or it is not complete and never will be."""
        self._answering = None
        if exchange.begun:
            self._transport.abort()
            return
        if not exchange.gone:
            self.write(refusal(SERVER_ERROR))
        elif self._last_words is not None:
            self.write(self._last_words)
        self._transport.close()

    def _go_on(self, *, keeps: bool) -> None:
        if not keeps:
            self._transport.close()
        elif self._ahead:
            self._begin(self._ahead.popleft())
        elif self._last_words is not None:
            self.write(self._last_words)
            self._transport.close()
        else:
            self.due = time.monotonic() + self._listener.head_s
        if not self._ahead:
            self.resume()

    def _begin(self, exchange: Exchange) -> None:
        self._answering = exchange
        listener = self._listener
        exchange.task = listener.loop.create_task(exchange.run(listener.app))

    # what the listener asks

    def end(self) -> None:
        """Take no further request."""
        if self._answering is None and self._current is None:
            self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    # what the transport tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._client = transport.get_extra_info("peername")
        self._server = transport.get_extra_info("sockname")
        self._listener.take(self)

    def data_received(self, data: bytes) -> None:
        if self._last_words is not None:
            return
        self._unread += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._turn(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.status if isinstance(cause, Unreadable) else BAD_REQUEST)
        else:
            if self._unread > LARGEST_HEAD:
                self._refuse(HEAD_TOO_LARGE)

    def connection_lost(self, _error: Exception | None) -> None:
        self._listener.lose(self)
        self.resume_writing()
        self._ahead.clear()
        self._last_words = b""
        if self._answering is not None:
            self._listener.outlive(self._answering.task)
            self._answering.leave()

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False
        if self._drain is not None and not self._drain.done():
            self._drain.set_result(None)

    def _refuse(self, status: int) -> None:
        """What comes cannot be read: answer what could be, say so, and hang up."""
        self._last_words = refusal(status)
        current, self._current = self._current, None
        if current is not None:
            if current.ended:
                self._last_words = b""  # it has its answer
            elif current in self._ahead:
                self._ahead.remove(current)
            current.leave()
        if self._answering is None:
            self._go_on(keeps=True)

    def _turn(self, rest: bytes) -> None:
        """Another protocol was asked for: a WebSocket; any other wish may be passed over."""
        if self._upgrade != WEBSOCKET:
            if rest:
                self.data_received(rest)
        elif self._answering is not None or self._ahead:
            self._refuse(BAD_REQUEST)
        else:
            self._listener.lose(self)
            self._listener.open_socket(self._transport, self._scope, rest)

    # what the parser reads

    def on_message_begin(self) -> None:
        self._headers: list[tuple[bytes, bytes]] = []
        self._target = b""
        self._waits = False
        self._upgrade = b""

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._in_head:
            return  # trailers are no headers
        name = name.lower()
        self._headers.append((name, value))
        if name == b"upgrade":
            self._upgrade = value.lower()
        elif name == b"expect":
            self._waits = value.lower() == b"100-continue"

    def on_headers_complete(self) -> None:
        headers = self._headers
        if len(headers) > MOST_HEADERS:
            raise Unreadable(HEAD_TOO_LARGE)
        if self._unread > LARGEST_HEAD and self._head_size > LARGEST_HEAD:
            raise Unreadable(HEAD_TOO_LARGE)
        self._in_head = False
        self._unread = 0
        self.due = NEVER
        self._scope = scope = self._read(headers)
        if self._upgrade and self._parser.should_upgrade():
            if announces_body(headers):
                raise Unreadable  # the parser would not read it, and take it for what follows
            if self._upgrade == WEBSOCKET:
                return
        keeps = self._parser.should_keep_alive()
        exchange = self._current = Exchange(self, scope, keeps=keeps, waits=self._waits)
        if self._answering is None:
            self._begin(exchange)
        elif len(self._ahead) < MOST_AHEAD:
            self._ahead.append(exchange)
            self.pause()
        else:
            raise Unreadable

    @property
    def _head_size(self) -> int:
        return len(self._target) + sum(len(name) + len(value) for name, value in self._headers)

    def _read(self, headers: list[tuple[bytes, bytes]]) -> Scope:
        parser = self._parser
        version = parser.get_http_version()
        method = parser.get_method()
        if version not in VERSIONS or method == b"CONNECT":
            raise Unreadable
        if version == "1.0" and any(name == b"transfer-encoding" for name, _ in headers):
            raise Unreadable  # RFC 9112, 6.1: such a message is framed wrongly
        raw_path, query = path_and_query(self._target)
        path = raw_path.decode("ascii")
        return {
            "type": "http",
            "asgi": ASGI,
            "http_version": version,
            "server": self._server,
            "client": self._client,
            "scheme": "http",
            "root_path": "",
            "method": METHODS.get(method) or method.decode("ascii"),
            "path": unquote(path) if "%" in path else path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": headers,
            "state": {},
        }

    def on_body(self, content: bytes) -> None:
        self._unread = 0
        exchange = self._current
        if exchange is None:
            return
        if not exchange.ended:
            exchange.feed(content)
            return
        self._discarded += len(content)
        if self._discarded > MOST_DISCARDED:
            raise Unreadable

    def on_message_complete(self) -> None:
        self._in_head = True
        exchange, self._current = self._current, None
        if exchange is not None:
            exchange.complete()
            if exchange.ended:
                self._go_on(keeps=exchange.keeps)


def announces_body(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a body follows the head, be it an empty one."""
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)


def path_and_query(target: bytes) -> tuple[bytes, bytes]:
    """Path and query of a request's target; a fragment and an absolute form's host do not count.

    Raises Unreadable for what is no target.
    """
    if not target.isascii():
        raise Unreadable
    if not target.startswith(b"/") and target != b"*":
        try:
            parsed = httptools.parse_url(target)
        except httptools.HttpParserInvalidURLError:
            raise Unreadable from None
        return parsed.path or b"/", parsed.query or b""
    if b"#" in target:
        target = target.partition(b"#")[0]
    path, _, query = target.partition(b"?")
    return path, query
