"""Who takes part in a live stream: notify, phones, and who publishes."""

import asyncio
import contextlib
from collections import defaultdict
from urllib.parse import parse_qs

from gateway.stream import Streams
from kit.auth import Caller
from kit.bus import Bus
from kit.ids import uuid7
from kit.testing import event, until
from tests.gateway.edge import Edge, answering


class Inbox:
    """A stand-in for notify: holds items, and pages through them as notify does."""

    def __init__(self) -> None:
        self.items: dict[str, list[dict]] = defaultdict(list)
        self.asked = 0
        self.away = False
        self.answers = asyncio.Event()
        self.answers.set()
        self.callers = Edge({})
        self.revoked: set[Caller] = set()

    def add(self, caller: Caller) -> dict:
        items = self.items[caller.subject]
        item = {
            "member_id": caller.subject,
            "item_id": str(uuid7()),
            "seq": len(items) + 1,
            "unread": len(items) + 1,
            "category": "points",
            "title": f"Item {len(items) + 1}",
            "body": "…",
            "action": None,
            "created_at": "2026-01-01T00:00:00Z",
        }
        items.append(item)
        return item

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        if self.away:
            raise ConnectionError("away")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        items = self.items[self.callers.caller_in(headers, "notify")["sub"]]
        await self.answers.wait()
        query = parse_qs(scope["query_string"].decode())
        limit = int(query["limit"][0])
        if "after" in query:
            page = [item for item in items if item["seq"] > int(query["after"][0])][:limit]
        else:
            page = items[::-1][:limit]
        await answering({"items": page, "unread": len(items)})(scope, receive, send)


class Phone:
    """An app that listens, remembers the last id, and comes back with it."""

    def __init__(self, streams: Streams, caller: Caller) -> None:
        self.caller = caller
        self.seen: list[int] = []
        self.raw = b""
        self.query = b""
        self.reads = asyncio.Event()
        self.reads.set()
        self.ended = asyncio.Event()
        self._streams = streams
        self._task: asyncio.Task[None] | None = None

    def listen(self, last: int | None = None) -> "Phone":
        headers = [(b"last-event-id", str(last).encode())] if last is not None else []
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/v1/stream",
            "query_string": self.query,
            "headers": headers,
            "state": {"caller": self.caller},
        }
        self._task = asyncio.create_task(self._streams(scope, self._receive, self._send))
        return self

    async def _receive(self) -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: dict) -> None:
        await self.reads.wait()
        self.raw += message.get("body", b"")
        for line in message.get("body", b"").split(b"\n"):
            if line.startswith(b"id: "):
                self.seen.append(int(line[4:]))
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.ended.set()

    async def leave(self) -> None:
        assert self._task is not None
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            await self._task

    async def sees(self, *numbers: int) -> None:
        async def seen() -> bool:
            return len(self.seen) >= len(numbers)

        await until(seen)
        assert self.seen == list(numbers)


class Publisher:
    def __init__(self, bus: Bus, prefix: str) -> None:
        self._bus = bus
        self._subject = f"{prefix}.notify.inbox.added.v1.p00"

    async def __call__(self, *items: dict) -> None:
        for item in items:
            body = event("notify.inbox.added.v1", item).encode()
            await self._bus.client.publish(self._subject, body)
        await self._bus.client.flush()

    async def raw(self, body: bytes) -> None:
        await self._bus.client.publish(self._subject, body)


async def ready(inbox: Inbox, asked: int = 1) -> None:
    """Wait until the stream knows where it stands."""

    async def has_asked() -> bool:
        return inbox.asked >= asked

    await until(has_asked)
    await asyncio.sleep(0)
