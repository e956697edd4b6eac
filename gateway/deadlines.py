"""How long the gateway waits for a part: until the deadline, and while somebody wants the answer.

One watch goes round every `ROUND_S` and looks at all that is being waited for. That is as exact as
a person can feel, and costs a request two set operations where timers of its own would cost
several microseconds.
"""

import asyncio
import time
from types import TracebackType
from typing import Final, Self

from starlette.types import Message, Receive

ROUND_S: Final = 0.04
SLOWEST_SEND_S: Final = 30.0


class CallerLeft(Exception):  # noqa: N818  (an event, not an error)
    """The caller closed the connection before the answer was complete."""


class Inbound:
    """A request whose body was read, as ASGI `receive`: the body, then the caller's departure."""

    __slots__ = ("_body", "_departure", "_receive", "_whole")

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._whole = body
        self._body: bytes | None = body
        self._receive = receive
        self._departure: asyncio.Future[None] | None = None

    async def __call__(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await asyncio.shield(self.departure())
        return {"type": "http.disconnect"}

    def rewind(self) -> None:
        """Give the body again, to who is asked next."""
        self._body = self._whole

    def departure(self) -> asyncio.Future[None]:
        """Done when the caller has left."""
        if self._departure is None:
            self._departure = asyncio.ensure_future(self._until_left())
        return self._departure

    async def _until_left(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def close(self) -> None:
        if self._departure is not None:
            self._departure.cancel()


class Watch:
    """Goes round while there is something to watch."""

    def __init__(self) -> None:
        self._waits: set[Wait] = set()
        self._rounds: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """Remembered, because asking for it is a system call."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    def over(self, inbound: Inbound | None, deadline_s: float) -> "Wait":
        """A context for work on a request; with `inbound` it also ends when the caller leaves."""
        return Wait(self, inbound, deadline_s)

    def add(self, wait: "Wait") -> None:
        self._waits.add(wait)
        if self._rounds is None:
            self._rounds = self.loop.call_later(ROUND_S, self._go_round)

    def discard(self, wait: "Wait") -> None:
        self._waits.discard(wait)

    def _go_round(self) -> None:
        now = time.monotonic()
        for wait in tuple(self._waits):
            wait.look(now)
        self._rounds = None
        if self._waits:
            self._rounds = self.loop.call_later(ROUND_S, self._go_round)


class Wait:
    """Ends the work inside at the deadline (TimeoutError) or when the caller leaves (CallerLeft).

    Once an answer begins the deadline is kept, and from then on it is the caller who must not be
    slow.
    """

    __slots__ = ("_cancelling", "_deadline", "_inbound", "_reason", "_rounds", "_task", "_watch")

    def __init__(self, watch: Watch, inbound: Inbound | None, deadline_s: float) -> None:
        self._watch = watch
        self._inbound = inbound
        self._deadline: float | None = time.monotonic() + deadline_s
        self._reason: type[Exception] | None = None
        self._rounds = 0

    def __enter__(self) -> Self:
        task = asyncio.current_task(self._watch.loop)
        if task is None:
            raise RuntimeError("requests are waited for inside a task")
        self._task = task
        self._cancelling = task.cancelling()
        self._watch.add(self)
        return self

    def sending(self) -> None:
        """A piece of the answer goes out; the caller has `SLOWEST_SEND_S` to take it."""
        self._deadline = time.monotonic() + SLOWEST_SEND_S
        if self._rounds:
            self._watch.add(self)

    def sent(self) -> None:
        self._deadline = None

    def look(self, now: float) -> None:
        """Called each round, so not at all for the many requests that are answered between two."""
        if self._deadline is not None and now >= self._deadline:
            self._end(TimeoutError)
        elif self._rounds == 1 and self._inbound is not None:  # a round old: it takes longer
            self._inbound.departure().add_done_callback(self._on_departure)
        self._rounds += 1
        if self._deadline is None and self._rounds > 1:
            self._watch.discard(self)  # a quiet stream: nothing to look at until it sends again

    def _on_departure(self, departure: asyncio.Future[None]) -> None:
        if not departure.cancelled() and departure.exception() is None:
            self._end(CallerLeft)

    def _end(self, reason: type[Exception]) -> None:
        if self._reason is None:
            self._reason = reason
            self._task.cancel()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._watch.discard(self)
        if self._inbound is not None:
            self._inbound.close()
        if self._reason is not None:
            others = self._task.uncancel() > self._cancelling
            if kind is asyncio.CancelledError and not others:
                raise self._reason
