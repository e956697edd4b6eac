"""The app's live stream: what enters a member's inbox, as it does.

Server-Sent Events (WHATWG HTML, 9.2) or, for who prefers it, a WebSocket (gateway.sockets).

Items of a member are numbered without gaps (`seq`), and that number is the event's id. A stream
knows the last number it has sent. News comes by NATS, one subscription for the whole process;
whenever a number is missing, after a lost connection to NATS, and where `Last-Event-ID` names a
place to resume from, the stream reads what it lacks from notify and goes on. So nothing is lost
and nothing comes twice, though NATS may lose, repeat and reorder.
"""

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs

import orjson
from nats.aio.msg import Msg
from prometheus_client import Counter, Gauge
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.sockets import PATH as SOCKET_PATH
from gateway.tokens import InternalTokens
from gateway.upstreams import fetch
from kit.auth import Caller
from kit.bus import Bus
from kit.events import Event, Reading
from kit.problems import Malformed, Problem, of_status
from kit.requests import header_of

log = logging.getLogger(__name__)

OPEN: Final = Gauge("gateway_streams_open", "Live streams held open.")
SENT: Final = Counter("gateway_stream_events_total", "Events sent on live streams.")
DROPPED: Final = Counter(
    "gateway_streams_dropped_total", "Live streams ended by the gateway.", ["reason"]
)

FIELDS: Final = (
    "item_id", "seq", "unread", "category", "title", "body", "action", "created_at",
)  # fmt: skip
MOST_WAITING: Final = 100  # items; a phone that is further behind reads its inbox when it is back
PAGE: Final = 200
CATCHING_UP_AT_ONCE: Final = 16
RETRY_S: Final = 1.0
ANSWER_S: Final = 5.0  # longest wait for notify: who waits keeps others from catching up
SLOWEST_SEND_S: Final = 20.0
RECONNECT_MS: Final = 2_000
SSE_PATH: Final = "/v1/stream"
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # asks proxies of nginx's kind to pass events on at once
]


class UpgradeRequired(Problem):
    """426: a path for WebSockets, asked for without one."""

    status = 426
    code = "gateway.upgrade_required"
    title = "This is a WebSocket"


class InboxAdded(Reading):
    """What the stream needs to know of an item; the rest of it passes through."""

    type = "notify.inbox.added.v1"


class Stream:
    """One open connection. `last` is the number of the last item sent, None until it is known.

    Most of them are idle, so they are kept small: no deque, no Event, no timeout of their own.
    """

    __slots__ = ("_has_news", "_sleeping", "behind", "caller", "ended", "items", "last")

    def __init__(self, caller: Caller, last: int | None) -> None:
        self.caller = caller
        self.last = last
        self.behind = True
        self.ended: str | None = None
        self.items: list[Mapping[str, Any]] = []
        self._has_news = False
        self._sleeping: asyncio.Future[None] | None = None

    async def news(self, within_s: float) -> bool:
        """Wait until there may be something to do; False when there was nothing so long."""
        if not self._has_news:
            loop = asyncio.get_running_loop()
            self._sleeping = loop.create_future()
            alarm = loop.call_later(within_s, self._rouse)
            try:
                await self._sleeping
            finally:
                alarm.cancel()
                self._sleeping = None
        has_news, self._has_news = self._has_news, False
        return has_news

    def _wake(self) -> None:
        self._has_news = True
        self._rouse()

    def _rouse(self) -> None:
        if self._sleeping is not None and not self._sleeping.done():
            self._sleeping.set_result(None)

    def offer(self, item: Mapping[str, Any]) -> None:
        """Take news, unless the phone is so slow that it had better come again."""
        if len(self.items) >= MOST_WAITING:
            self.end("slow")
            return
        self.items.append(item)
        self._wake()

    def fall_behind(self) -> None:
        """Something may have been missed."""
        self.behind = True
        self._wake()

    def end(self, reason: str) -> None:
        if self.ended is None:
            self.ended = reason
            self._wake()


class Streams:
    """All open streams of the process, as an ASGI application. `run` it beside requests."""

    def __init__(
        self,
        *,
        bus: Bus,
        notify: ASGIApp,
        tokens: InternalTokens,
        has_revoked: Callable[[Caller], bool],
        per_member: int,
        heartbeat_s: float,
    ) -> None:
        self._bus = bus
        self._notify = notify
        self._tokens = tokens
        self._has_revoked = has_revoked
        self._per_member = per_member
        self._heartbeat_s = heartbeat_s
        self._of_member: dict[str, list[Stream]] = defaultdict(list)
        self._turn = asyncio.Semaphore(CATCHING_UP_AT_ONCE)
        self._draining = False

    async def run(self) -> None:
        """Hear what enters inboxes, for ever."""
        self._bus.on_reconnect(self.all_fall_behind)
        await self._bus.listen(InboxAdded.type, self._heard)
        self.all_fall_behind()
        await asyncio.Event().wait()

    def all_fall_behind(self) -> None:
        for streams in self._of_member.values():
            for stream in streams:
                stream.fall_behind()

    def drain(self) -> None:
        """End all streams; phones come again, to another replica, and lose nothing."""
        self._draining = True
        for streams in self._of_member.values():
            for stream in streams:
                stream.end("drain")

    async def _heard(self, message: Msg) -> None:
        try:
            event = Event.decode(message.data)
            streams = self._of_member.get(event.subject or "", ())
            item = {name: event.data[name] for name in FIELDS} if streams else {}
        except (ValueError, KeyError, TypeError) as error:
            log.warning("what came on %s is not an inbox item: %r", message.subject, error)
            return
        for stream in streams:
            stream.offer(item)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            line = _line_of(scope, send)
            caller: Caller = scope["state"]["caller"]
            stream = Stream(caller, _resume_point(scope))
        except Problem as problem:
            await problem.response()(scope, receive, send)
            return
        self._admit(stream)
        try:
            await self._serve(stream, line)
        finally:  # mostly by cancellation: who waits for the answer has left
            self._dismiss(stream)

    def _admit(self, stream: Stream) -> None:
        OPEN.inc()
        streams = self._of_member[stream.caller.subject]
        streams.append(stream)
        for oldest in streams[: -self._per_member]:
            oldest.end("replaced")  # most likely a connection that its phone has long forgotten
        if self._draining:
            stream.end("drain")

    def _dismiss(self, stream: Stream) -> None:
        OPEN.dec()
        streams = self._of_member[stream.caller.subject]
        streams.remove(stream)
        if not streams:
            del self._of_member[stream.caller.subject]
        if stream.ended is not None:
            DROPPED.labels(stream.ended).inc()

    async def _serve(self, stream: Stream, line: "Line") -> None:
        try:
            await line.open()
            while stream.ended is None:
                if stream.behind:
                    await self._catch_up(stream, line)
                await self._pass_on(stream, line)
                await self._wait_for_news(stream, line)
            await line.end(stream.ended)
        except TimeoutError:
            stream.end("slow")
            raise

    async def _wait_for_news(self, stream: Stream, line: "Line") -> None:
        if not await stream.news(self._heartbeat_s):
            await line.beat()
        if self._has_revoked(stream.caller):
            stream.end("revoked")

    async def _pass_on(self, stream: Stream, line: "Line") -> None:
        """Send what is new, in order. A missing number is read from notify first."""
        while stream.items and stream.ended is None:
            item = stream.items.pop(0)
            if stream.last is not None and item["seq"] > stream.last + 1:
                await self._catch_up(stream, line)
            await self._send(stream, line, item)

    async def _send(self, stream: Stream, line: "Line", item: Mapping[str, Any]) -> None:
        if stream.last is not None and item["seq"] <= stream.last:
            return
        await line.item(item["seq"], {name: item[name] for name in FIELDS})
        stream.last = item["seq"]
        SENT.inc()

    async def _catch_up(self, stream: Stream, line: "Line") -> None:
        """Send all after `last`, or find out where the inbox stands. Tries until notify answers."""
        stream.behind = False
        more = True
        while more and stream.ended is None:
            async with self._turn:
                items = await self._items(stream)
            if items is None:
                await asyncio.sleep(RETRY_S * random.uniform(0.5, 1.5))  # noqa: S311  (spreading, not secrecy)
            elif stream.last is None:
                stream.last = _before(stream.items, items)
                more = False
            else:
                for item in items:
                    await self._send(stream, line, item)
                more = len(items) >= PAGE

    async def _items(self, stream: Stream) -> list[dict[str, Any]] | None:
        """The page after `last`; the newest item where there is none; None while notify is away."""
        query = "limit=1" if stream.last is None else f"after={stream.last}&limit={PAGE}"
        bearer = self._tokens.bearer(stream.caller, "notify")
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await fetch(self._notify, "/v1/inbox", query, [(b"authorization", bearer)])
            if answer.status == 200:  # noqa: PLR2004
                items: list[dict[str, Any]] = orjson.loads(answer.body)["items"]
                return items
            log.warning("notify answered %d to a stream that catches up", answer.status)
        except (Problem, OSError, ValueError, KeyError) as error:
            log.warning("a stream cannot catch up yet: %r", error)
        return None


class Line:
    """The way to one phone. Raises TimeoutError when it takes nothing for `SLOWEST_SEND_S`."""

    __slots__ = ("_send",)

    def __init__(self, send: Send) -> None:
        self._send = send

    async def open(self) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await self._write(b"retry: %d\n\n" % RECONNECT_MS)

    async def item(self, seq: int, item: Mapping[str, Any]) -> None:
        await self._write(b"id: %d\nevent: inbox\ndata: %b\n\n" % (seq, orjson.dumps(item)))

    async def beat(self) -> None:
        """Show that the line lives."""
        await self._write(b":\n\n")

    async def end(self, reason: str) -> None:
        """Say why it ends: who was replaced or signed out need not come again."""
        content = orjson.dumps({"reason": reason})
        await self._write(b"event: end\ndata: %b\n\n" % content, more=False)

    async def _write(self, content: bytes, *, more: bool = True) -> None:
        async with asyncio.timeout(SLOWEST_SEND_S):
            await self._send({"type": "http.response.body", "body": content, "more_body": more})


class Frames(Line):
    """A line whose pieces are text frames of JSON."""

    __slots__ = ()

    async def open(self) -> None:
        await self._send({"type": "http.response.start", "status": 101, "headers": []})
        await self._write(orjson.dumps({"event": "open", "retry_ms": RECONNECT_MS}))

    async def item(self, seq: int, item: Mapping[str, Any]) -> None:
        await self._write(orjson.dumps({"event": "inbox", "id": seq, "data": item}))

    async def beat(self) -> None:
        await self._write(b'{"event":"beat"}')

    async def end(self, reason: str) -> None:
        await self._write(orjson.dumps({"event": "end", "reason": reason}), more=False)


def _line_of(scope: Scope, send: Send) -> Line:
    """The kind of line that was asked for."""
    is_socket = bool(scope["state"].get("socket"))
    if scope["path"] == SOCKET_PATH and not is_socket:
        raise UpgradeRequired("Open a WebSocket here; Server-Sent Events are at /v1/stream.")
    expected = SOCKET_PATH if is_socket else SSE_PATH
    if scope["method"] != "GET" or scope["path"] != expected:
        raise of_status(404, f"The stream is GET {SSE_PATH}, or a WebSocket at {SOCKET_PATH}.")
    return Frames(send) if is_socket else Line(send)


def _before(waiting: Sequence[Mapping[str, Any]], newest: Sequence[Mapping[str, Any]]) -> int:
    """Where a new stream begins: after the newest item, before those that came since it opened."""
    last: int = newest[0]["seq"] if newest else 0
    return min(last, *(item["seq"] - 1 for item in waiting)) if waiting else last


def _resume_point(scope: Scope) -> int | None:
    """The number in `Last-Event-ID`, or, for who can send no headers, in `last_event_id`."""
    given = header_of(scope, b"last-event-id")
    if given is None:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("last_event_id")
        given = asked[-1].encode("latin-1", "replace") if asked else b""
    if given == b"":
        return None
    if not given.isdigit() or len(given) > 18:  # noqa: PLR2004  (a bigint has no more)
        raise Malformed("Last-Event-ID is the id of the last event you received, a number.")
    return int(given)
