"""Where the parts are. An upstream is an ASGI application, whatever the shape.

In one process it is the service's own application, called directly. Otherwise it is an
`HttpUpstream`, which carries the same conversation over pooled HTTP/1.1 connections: asyncio
transports and llhttp (`httptools`), and nothing in between, because this is the hop every request
takes.

An upstream that cannot be reached (`Unreachable`), or breaks off before its answer begins, raises
`UpstreamDown`. One that breaks off later raises `ConnectionError`, so that the caller sees a broken
answer and not a short one.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.deadlines import CallerLeft, Inbound
from gateway.wire import BrokenOff, Connection, request_of
from kit.problems import Unavailable

Headers = Sequence[tuple[bytes, bytes]]

REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})


class UpstreamDown(Unavailable):
    """503: the part that answers this path is away."""

    code = "gateway.upstream_down"
    title = "Part of the service is away"


class Unreachable(UpstreamDown):
    """503: no connection could be made, so nothing was asked."""


class Occupied(UpstreamDown):
    """503: as many requests as may be are on their way to it."""


class HttpUpstream:
    """A part reached over HTTP. One instance per part and process; `close` it at the end."""

    def __init__(
        self, url: str, *, connect_timeout_s: float, idle_s: float, most_connections: int
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"an upstream is an http:// or https:// URL, not {url!r}")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = parts.scheme == "https" or None
        self._authority = parts.netloc.encode()
        self._connect_timeout_s = connect_timeout_s
        self._idle_s = idle_s
        self._most = most_connections
        self._in_use = 0
        self._closed = False
        self._idle: deque[tuple[float, Connection]] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = await receive()
        if first["type"] == "http.disconnect":
            raise CallerLeft  # of an upload nothing came: an empty one was never meant
        connection = await self._ask(scope, first)
        try:
            if first.get("more_body"):
                await _upload(connection, receive)
            await _relay(connection, send)
        except BrokenOff as error:
            raise UpstreamDown("The part that answers this broke off.") from error
        finally:
            self._in_use -= 1
            self._keep(connection)

    async def _ask(self, scope: Scope, first: Message) -> Connection:
        """A connection on which the request is under way; a large body, or the answer, is next."""
        if self._in_use >= self._most:
            raise Occupied("The part that answers this is fully occupied.")
        self._in_use += 1
        try:
            return await self._begin(scope, first)
        except BaseException:
            self._in_use -= 1
            raise

    async def _begin(self, scope: Scope, first: Message) -> Connection:
        request = request_of(scope, self._authority, first)
        more = first.get("more_body", False)
        repeatable = not more and is_repeatable(scope)
        connection = self._pooled()
        if connection is not None:
            connection.begin(scope["method"], request, more=more)
            if not repeatable or await _answers(connection):
                return connection
            # the other side had closed this idle connection just as we wrote to it
            connection.close()
        connection = await self._connect()
        connection.begin(scope["method"], request, more=more)
        return connection

    def _pooled(self) -> Connection | None:
        oldest = time.monotonic() - self._idle_s
        while self._idle:
            since, connection = self._idle.pop()
            if since >= oldest and connection.usable:
                return connection
            connection.close()
        return None

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with _limited(self._connect_timeout_s):
                _, connection = await loop.create_connection(
                    Connection, self._host, self._port, ssl=self._tls
                )
        except OSError as error:  # a TimeoutError is one
            raise Unreachable("The part that answers this cannot be reached.") from error
        return connection

    def _keep(self, connection: Connection) -> None:
        if connection.usable and not self._closed:
            self._idle.append((time.monotonic(), connection))
        else:
            connection.close()

    def prune(self) -> None:
        """Close what was not used for a while; the newest are used first, so the oldest pile up."""
        oldest = time.monotonic() - self._idle_s
        while self._idle and self._idle[0][0] < oldest:
            self._idle.popleft()[1].close()

    async def close(self) -> None:
        """Keep no connection from now on; those in use are closed as they are given back."""
        self._closed = True
        while self._idle:
            self._idle.pop()[1].close()


@asynccontextmanager
async def _limited(seconds: float) -> AsyncIterator[None]:
    """A time limit that is no judgement on others where it was we who stood still.

    After a standstill timers are looked at first, then what has come meanwhile: the second half of
    the time begins only then.
    """
    loop, half_s = asyncio.get_running_loop(), seconds / 2
    async with asyncio.timeout(None) as limit:
        halfway = loop.call_later(half_s, lambda: limit.reschedule(loop.time() + half_s))
        try:
            yield
        finally:
            halfway.cancel()


def is_repeatable(scope: Scope) -> bool:
    """Whether asking twice does no harm: by its method, or because it carries its own key."""
    return scope["method"] in REPEATABLE or any(
        name == b"idempotency-key" for name, _ in scope["headers"]
    )


async def _answers(connection: Connection) -> bool:
    """Whether there is a sign of an answer; who gives up waiting takes the connection along."""
    try:
        return await connection.answers()
    except BaseException:
        connection.close()
        raise


async def _upload(connection: Connection, receive: Receive) -> None:
    """Pass on the rest of a body as it comes, no faster than the other side takes it."""
    while not connection.answered:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerLeft
        more = message.get("more_body", False)
        await connection.write(message.get("body", b""), last=not more)
        if not more:
            return


async def _relay(connection: Connection, send: Send) -> None:
    status, headers = await connection.head()
    body, more = connection.at_hand()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    while more:
        if body:
            await send({"type": "http.response.body", "body": body, "more_body": True})
        body, more = await connection.chunk()
    await send({"type": "http.response.body", "body": body})


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[bytes, bytes]
    body: bytes


async def _nobody_leaves() -> Message:
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


async def fetch(
    upstream: ASGIApp,
    path: str,
    query: str = "",
    headers: Headers = (),
    *,
    raw_path: bytes | None = None,
) -> Answer:
    """GET `path` from an upstream and read the whole answer: for what the gateway itself asks."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": raw_path or path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"gateway"), *headers],
        "client": None,
        "server": None,
        "state": {},
    }
    start: Message = {}
    body = bytearray()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    inbound = Inbound(b"", _nobody_leaves)  # who is tired of waiting cancels
    try:
        await upstream(scope, inbound, send)
    finally:
        inbound.close()
    return Answer(start["status"], dict(start["headers"]), bytes(body))
