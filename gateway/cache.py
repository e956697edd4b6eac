"""Answers that are the same for everybody, kept for a while (RFC 9111, RFC 5861).

Kept is what the service says may be: 200 with `Cache-Control: public, max-age`, on routes marked as
`cached`, asked with no token or a member's. For `stale-while-revalidate` seconds more the old
answer is given at once while one request fetches the new one; `stale-if-error` keeps it while the
service is away. Callers who ask at once for what is not there share one request. The language and
the type asked for are part of the name of an answer; nothing else of a caller reaches the service.
"""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from prometheus_client import Counter

from gateway.upstreams import Answer
from kit.problems import Problem

SERVED = Counter(
    "gateway_cache_total",
    "Requests for what may be kept: fresh, stale (given while it was fetched anew), or missed.",
    ["outcome"],
)

MOST_BYTES: Final = 16 * 1024 * 1024
LARGEST: Final = 512 * 1024
OVERHEAD: Final = 2_048  # of an entry, whatever its body
LONGEST_S: Final = 3_600
_DIRECTIVE = re.compile(r"([a-z-]+)(?:=\"?([0-9]{1,9})\"?)?")
_KEPT_HEADERS: Final = frozenset({
    b"cache-control", b"content-language", b"content-type", b"etag",
})  # fmt: skip
VARIES_BY: Final = frozenset({"accept-language", "accept", "accept-encoding", "origin"})
VARY: Final = (b"vary", b"accept, accept-language, origin")
"""What caches on the way are to go by: its name here, and which page asks (gateway.cors)."""

Key = tuple[bytes, ...]
Headers = list[tuple[bytes, bytes]]
Fetch = Callable[[], Awaitable[Answer]]


@dataclass(slots=True)
class Kept:
    """One answer and how long it is good for."""

    body: bytes
    headers: Headers
    etag: bytes
    fetched_at: float
    fresh_until: float
    stale_until: float
    usable_until: float

    @property
    def age_s(self) -> float:
        return max(time.monotonic() - self.fetched_at, 0.0)


class Cache:
    """One per process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._fetching: dict[Key, asyncio.Task[Answer]] = {}
        self._bytes = 0

    async def answer(self, key: Key, fetch: Fetch) -> tuple[Kept | None, Answer | None]:
        """What is kept under `key`, fetched if need be; or the service's answer if not kept."""
        kept = self._kept.get(key)
        now = self._clock()
        if kept is not None and now < kept.fresh_until:
            SERVED.labels("fresh").inc()
            self._kept.move_to_end(key)
            return kept, None
        fetching = self._fetch(key, fetch)
        if kept is not None and now < kept.stale_until:
            SERVED.labels("stale").inc()
            return kept, None
        SERVED.labels("missed").inc()
        return await self._fetched(key, kept, fetching)

    async def _fetched(
        self, key: Key, old: Kept | None, fetching: "asyncio.Task[Answer]"
    ) -> tuple[Kept | None, Answer | None]:
        """What the request under way brings, else what is old but better than nothing."""
        usable = old is not None and self._clock() < old.usable_until
        try:
            answer = await asyncio.shield(fetching)  # others wait for it too
        except (Problem, OSError):
            if usable:
                return old, None
            raise
        if answer.status >= 500 and usable:  # noqa: PLR2004
            return old, None
        kept = self._kept.get(key)
        return (kept, None) if kept is not None and kept.body is answer.body else (None, answer)

    def _fetch(self, key: Key, fetch: Fetch) -> "asyncio.Task[Answer]":
        """The one request under way for `key`."""
        if (running := self._fetching.get(key)) is None:
            running = self._fetching[key] = asyncio.create_task(self._store(key, fetch))
            running.add_done_callback(lambda done: self._done(key, done))
        return running

    async def _store(self, key: Key, fetch: Fetch) -> Answer:
        answer = await fetch()
        self._put(key, kept_of(answer, self._clock()))
        return answer

    def _done(self, key: Key, task: "asyncio.Task[Answer]") -> None:
        del self._fetching[key]
        if not task.cancelled():
            task.exception()  # who waits is told; what nobody waits for is tried again

    def _put(self, key: Key, kept: Kept | None) -> None:
        if kept is None:
            return
        if (old := self._kept.pop(key, None)) is not None:
            self._bytes -= len(old.body) + OVERHEAD
        self._kept[key] = kept
        self._bytes += len(kept.body) + OVERHEAD
        while self._bytes > MOST_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.body) + OVERHEAD

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
        self._bytes = 0


def kept_of(answer: Answer, now: float) -> Kept | None:
    """How long an answer may be kept; None for one that may not."""
    said = directives(answer.headers.get(b"cache-control", b""))
    age_s = min(said.get("s-maxage", said.get("max-age", 0)), LONGEST_S)
    varies_by = answer.headers.get(b"vary", b"").decode("latin-1").lower()
    if (
        answer.status != 200  # noqa: PLR2004
        or "public" not in said
        or age_s <= 0
        or said.keys() & {"private", "no-store", "no-cache"}
        or b"set-cookie" in answer.headers
        or not {name.strip() for name in varies_by.split(",")} <= VARIES_BY | {""}
        or len(answer.body) > LARGEST
    ):
        return None
    headers = [VARY, *(one for one in answer.headers.items() if one[0] in _KEPT_HEADERS)]
    etag = answer.headers.get(b"etag", b"")
    if not etag:
        etag = b'"%b"' % blake2b(answer.body, digest_size=12).hexdigest().encode()
        headers.append((b"etag", etag))
    stale_until = now + age_s + min(said.get("stale-while-revalidate", 0), LONGEST_S)
    usable_until = max(stale_until, now + age_s + min(said.get("stale-if-error", 0), LONGEST_S))
    return Kept(answer.body, headers, etag, now, now + age_s, stale_until, usable_until)


def directives(cache_control: bytes) -> dict[str, int]:
    """`Cache-Control` as names and numbers; a name without a number has 0."""
    text = cache_control.decode("latin-1").lower()
    return {name: int(number or 0) for name, number in _DIRECTIVE.findall(text)}


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether a phone has this answer already (weak comparison, RFC 9110, 8.8.3.2)."""
    named = {tag.strip().removeprefix(b"W/") for tag in if_none_match.split(b",")}
    return b"*" in named or etag.removeprefix(b"W/") in named
