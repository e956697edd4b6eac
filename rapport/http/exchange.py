"""One request and its answer: ASGI's `receive` and `send` over a connection.

A body is taken no faster than the application asks for it, and an answer is sent no faster than the
caller takes it. An answer that breaks off ends the connection, so that it never looks like a short
one; so does one that is not as long as it announced.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from starlette.types import ASGIApp, Message, Scope

from rapport.http.framing import (
    BODILESS,
    CHUNKED,
    CLOSE,
    GO_ON,
    KEEP,
    LAST_CHUNK,
    Headers,
    chunk_of,
    head_of,
    lines_of,
)

if TYPE_CHECKING:
    from rapport.http.connection import Connection

log = logging.getLogger(__name__)

MOST_WAITING: Final = 64 * 1024  # bytes of a body nobody has asked for yet


class Exchange:
    """The connection feeds it what comes of the body, and says when the caller has left."""

    __slots__ = (
        "_body", "_chunked", "_connection", "_given", "_headers", "_left", "_mute", "_old",
        "_status", "_waiter", "_waiting", "_waits_for_word", "begun", "ended", "gone", "keeps",
        "scope", "task", "whole",
    )  # fmt: skip

    def __init__(self, connection: "Connection", scope: Scope, *, keeps: bool, waits: bool) -> None:
        self._connection = connection
        self.scope = scope
        self._old = scope["http_version"] == "1.0"
        self._waits_for_word = waits  # "Expect: 100-continue"
        self._body: list[bytes] = []
        self._waiting = 0
        self._waiter: asyncio.Future[None] | None = None
        self._given = False  # the end of the body, to the application
        self._status = 0
        self._headers: Headers = ()
        self._chunked = False
        self._mute = False  # the answer has no body, whatever the application sends
        self._left: int | None = None  # bytes that were announced and have not been sent
        self.task: asyncio.Task[None] | None = None
        self.keeps = keeps
        """Whether another request may follow on the connection."""
        self.whole = False
        """Whether all of the body has come."""
        self.gone = False
        """Whether nobody hears the answer any more."""
        self.begun = False
        self.ended = False

    async def run(self, app: ASGIApp) -> None:
        """Have `app` answer."""
        try:
            await app(self.scope, self.receive, self.send)
        except Exception:
            log.exception("an answer was not finished")
        finally:
            if not self.ended:
                self._connection.broke_off(self)

    # what the connection tells

    def feed(self, content: bytes) -> None:
        """Take in a piece of the body."""
        self._body.append(content)
        self._waiting += len(content)
        if self._waiting > MOST_WAITING:
            self._connection.pause()
        self._wake()

    def complete(self) -> None:
        """The body has come to its end."""
        self.whole = True
        self._wake()

    def leave(self) -> None:
        """The caller has left, or what they still send cannot be read."""
        self.gone = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # ASGI

    async def receive(self) -> Message:
        if self._waits_for_word:
            self._waits_for_word = False
            if not self.begun:
                self._connection.write(GO_ON)
        while not (self._has_news or self.gone or self.ended):
            await self._wait()
        if not self._has_news:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": self._taken(), "more_body": not self.whole}

    @property
    def _has_news(self) -> bool:
        return bool(self._body) or (self.whole and not self._given)

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _taken(self) -> bytes:
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        self._body.clear()
        if self._waiting > MOST_WAITING:
            self._connection.resume()
        self._waiting = 0
        self._given = self.whole
        return body

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = message.get("headers", ())
            return
        if self.gone:
            return
        body = message.get("body", b"")
        more = message.get("more_body", False)
        connection = self._connection
        connection.write(self._piece(body, more) if self.begun else self._first(body, more))
        if not more:
            self._end()
        elif connection.full:
            await connection.drained()

    def _first(self, body: bytes, more: bool) -> bytes:  # noqa: FBT001
        """The head, and what goes out with it."""
        status = self._status
        lines, length = lines_of(self._headers, status)
        framing = b""
        if status in BODILESS or self.scope["method"] == "HEAD":
            self._mute = True
        elif length is not None:
            self._left = length
        elif not more:
            framing = b"content-length: %d\r\n" % len(body)
        elif self._old:
            self.keeps = False  # the body ends with the connection
        else:
            self._chunked = True
            framing = CHUNKED
        head = head_of(status, lines, framing + self._persistence())
        piece = self._piece(body, more)
        self.begun = True
        return head + piece

    def _persistence(self) -> bytes:
        self.keeps = self.keeps and not self._connection.ending
        if not self.keeps:
            return CLOSE
        return KEEP if self._old else b""

    def _piece(self, body: bytes, more: bool) -> bytes:  # noqa: FBT001
        if self.ended:
            raise RuntimeError("the answer has ended already")
        if self._mute:
            return b""
        if self._chunked:
            return chunk_of(body) if more else chunk_of(body) + LAST_CHUNK
        if self._left is not None:
            self._left -= len(body)
            if self._left < 0 or (self._left and not more):
                raise RuntimeError("the answer is not as long as it announced")
        return body

    def _end(self) -> None:
        self.ended = True
        self._wake()
        self._connection.answered(self)
