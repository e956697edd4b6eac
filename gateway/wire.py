"""One HTTP/1.1 connection to an upstream (RFC 9112, as a client): one exchange after another.

The parser is llhttp. Connection-level headers end here in both directions. Reading pauses while
more than `MOST_WAITING` bytes of an answer wait to be taken, so a slow phone never fills the
gateway's memory.
"""

import asyncio
from typing import cast

import httptools
from starlette.types import Message, Scope

MOST_WAITING = 256 * 1024
LONGEST_HEAD = 64 * 1024
SILENCE_S = 60.0  # an answer that stalls this long between two packets is given up

HOP_BY_HOP = frozenset({
    b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization",
    b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade",
})  # fmt: skip
FRAMING = frozenset({b"host", b"content-length", b"transfer-encoding"})
FIRST_FINAL_STATUS = 200  # below it are interim answers, which end here too
BODILESS = frozenset({204, 304})


class BrokenOff(ConnectionError):  # noqa: N818  (it reads as what happened)
    """The connection ended, or made no sense, before the answer began."""


def request_of(scope: Scope, authority: bytes, first: Message) -> bytes:
    """A request with what is there of its body, framed by us and never as the caller framed it."""
    target = scope["raw_path"]
    if scope["query_string"]:
        target += b"?" + scope["query_string"]
    lines = [b"%b %b HTTP/1.1\r\nhost: %b" % (scope["method"].encode(), target, authority)]
    lines += [b"%b: %b" % header for header in scope["headers"] if header[0] not in FRAMING]
    body = first.get("body", b"")
    if first.get("more_body"):
        lines.append(b"transfer-encoding: chunked")
        body = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
    elif body or scope["method"] in {"POST", "PUT", "PATCH"}:
        lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


class Connection(asyncio.Protocol):
    """`begin` an exchange, take its `head` and chunks; then it is `usable` for the next, or not."""

    _transport: asyncio.Transport
    _loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._waiter: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._lost = False
        self._broken = False  # by us: what came made no sense, or nobody wants the rest
        self._in_exchange = False
        self._reset("GET")

    def _reset(self, method: str) -> None:
        self._is_head = method == "HEAD"
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._waiting = 0  # bytes of the answer's body not taken yet
        self._heard = 0  # bytes of this answer
        self._head_done = False
        self._complete = False
        self._framed = False  # the answer says where it ends; else it ends with the connection
        self._sending = False
        self._reusable = True
        self._paused = False

    # what the upstream client asks

    @property
    def usable(self) -> bool:
        # one that is paused, since nobody took the end of its answer, would not hear the next
        is_free = self._complete and not (self._sending or self._paused)
        return is_free and self._reusable and not (self._lost or self._broken)

    @property
    def answered(self) -> bool:
        return self._head_done or self._lost

    def begin(self, method: str, request: bytes, *, more: bool = False) -> None:
        """Send a request: all of it, or its head when `more` of the body follows by `write`."""
        self._reset(method)
        self._in_exchange = True
        self._sending = more
        self._transport.write(request)

    async def write(self, content: bytes, *, last: bool) -> None:
        """Send a piece of a body, chunked, and wait while the other side is slow to take it."""
        if content:
            self._transport.write(b"%x\r\n%b\r\n" % (len(content), content))
        if last:
            self._transport.write(b"0\r\n\r\n")
            self._sending = False
        await self._writable.wait()

    async def answers(self) -> bool:
        """Wait for the first sign of an answer; False when the connection ended without any."""
        while not (self._heard or self._lost):
            await self._wait()
        return self._heard > 0

    async def head(self) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Status and headers of the answer. Raises BrokenOff when none comes."""
        while not self._head_done:
            if self._lost:
                raise BrokenOff("no answer")
            await self._wait()
        return self._status, self._headers

    def at_hand(self) -> tuple[bytes, bool]:
        """What has come of the body, and whether there is more to come."""
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._body.clear()
        self._waiting = 0
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return body, not self._complete

    async def chunk(self) -> tuple[bytes, bool]:
        """The next piece of the body, and if there is more. ConnectionError when it broke off."""
        async with asyncio.timeout(SILENCE_S):
            while not (self._body or self._complete):
                if self._lost:
                    raise ConnectionError("the answer broke off")
                await self._wait()
        return self.at_hand()

    def close(self) -> None:
        self._broken = True
        self._transport.abort()

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # what the transport tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._loop = asyncio.get_running_loop()  # asking for it is a system call each time

    def data_received(self, data: bytes) -> None:
        self._heard += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()
        if not self._head_done and self._heard > LONGEST_HEAD:
            self.close()
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        if self._head_done and not self._framed and error is None:
            self._complete = True
        self._writable.set()
        self._wake()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # what the parser reads

    def on_message_begin(self) -> None:
        if not self._in_exchange:
            raise BrokenOff("an answer nobody asked for must not answer the next request")

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head_done:
            return  # trailers end here
        name = name.lower()
        if name == b"content-length" or name == b"transfer-encoding":  # noqa: PLR1714  (faster)
            self._framed = True
        if name not in HOP_BY_HOP:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()
        if self._status < FIRST_FINAL_STATUS:
            self._headers = []
            return
        if self._heard > LONGEST_HEAD and self._head_size > LONGEST_HEAD:
            raise BrokenOff("an endless head")
        self._head_done = True
        self._framed = self._framed or self._status in BODILESS
        if self._is_head:  # llhttp would wait for the body that the length announces
            self._complete, self._reusable = True, False
        else:
            self._reusable = self._parser.should_keep_alive()

    @property
    def _head_size(self) -> int:
        return sum(len(name) + len(value) for name, value in self._headers)

    def on_body(self, content: bytes) -> None:
        self._body.append(content)
        self._waiting += len(content)
        if self._waiting > MOST_WAITING and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._head_done:
            self._complete = True
            self._in_exchange = False
