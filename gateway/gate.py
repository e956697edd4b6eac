"""How many requests a service works on at once, and who waits when it can take no more.

The limit follows the service (the gradient of Netflix's concurrency-limits, TCP Vegas for
requests): while answers take as long as they use to, it grows; when they take longer, the service
is queueing, and it shrinks. Whoever finds the gate full waits `LONGEST_WAIT_S` at most, the worthy
before the less worthy; then they are turned away, because an answer now is worth more to a person
than one later.
"""

import asyncio
from collections import deque
from typing import Final

from gateway.routes import Worth

LONGEST_WAIT_S: Final = 0.05
SHARES: Final = {
    Worth.ESSENTIAL: 1.0,
    Worth.INTERACTIVE: 1.0,
    Worth.SYNC: 0.85,
    Worth.ANALYTICS: 0.7,
}
"""What part of the limit each kind of request may fill."""
FIRST_LIMIT: Final = 128.0
WINDOW_S: Final = 0.1
LEAST_SAMPLES: Final = 10
TOLERANCE: Final = 2.0  # twice as slow as usual is still usual
SMOOTHING: Final = 0.2
USUAL_OVER: Final = 50  # windows that make up what is usual


class Full(Exception):  # noqa: N818  (a state, not an error)
    """No place was free within `LONGEST_WAIT_S`."""


class Gate:
    """`pass_at_once`, else `wait`; `leave` when the answer began or never will."""

    __slots__ = (
        "_least", "_most", "_peak", "_samples", "_seconds", "_usual", "_waiting", "_window_ends",
        "in_flight", "limit", "open_to_all",
    )  # fmt: skip

    def __init__(self, least: int, most: int) -> None:
        self._least = min(least, most)
        self._most = most
        self._waiting: dict[Worth, deque[asyncio.Future[None]]] = {w: deque() for w in Worth}
        self._usual = 0.0
        self._seconds = 0.0
        self._samples = 0
        self._peak = 0
        self._window_ends = 0.0
        self.in_flight = 0
        self._set(max(self._least, min(FIRST_LIMIT, most)))

    def _set(self, limit: float) -> None:
        self.limit = limit
        self.open_to_all = int(limit * SHARES[Worth.ANALYTICS])
        """With fewer than these in flight, anybody may pass."""

    @property
    def waiting(self) -> int:
        return sum(len(line) for line in self._waiting.values())

    def has_room_for(self, worth: Worth) -> bool:
        return self.in_flight < int(self.limit * SHARES[worth])

    async def wait(self, worth: Worth) -> None:
        """Take a place, now or as soon as one is free. Raises Full."""
        if self.has_room_for(worth) and not self._waiting[worth]:
            self.in_flight += 1
            return
        line = self._waiting[worth]
        if len(line) >= self.limit:
            raise Full
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.leave()  # the place came just as nobody wanted it any more
            elif turn in line:  # else somebody has passed over it already
                line.remove(turn)
            if isinstance(error, TimeoutError):
                raise Full from None
            raise

    def leave(self) -> None:
        """Give the place to who is worthiest of those that wait."""
        self.in_flight -= 1
        if self.in_flight + 1 >= self.open_to_all:
            self._call_next()

    def _call_next(self) -> None:
        for worth, line in self._waiting.items():
            while line and self.has_room_for(worth):
                turn = line.popleft()
                if not turn.done():
                    self.in_flight += 1
                    turn.set_result(None)

    def took(self, seconds: float, now: float) -> None:
        """Learn from an answer that took so long to begin."""
        self._seconds += seconds
        self._samples += 1
        self._peak = max(self._peak, self.in_flight)
        if now >= self._window_ends and self._samples >= LEAST_SAMPLES:
            self._adapt(now)

    def _adapt(self, now: float) -> None:
        """Move the limit, if it was used at all: what nobody came near says nothing."""
        mean = self._seconds / self._samples
        usual = self._usual or mean
        usual += (mean - usual) / (USUAL_OVER if mean > usual else USUAL_OVER / 5)
        self._usual = usual
        if self._peak >= self.limit / 2:
            gradient = max(0.5, min(1.0, TOLERANCE * usual / mean)) if mean > 0 else 1.0
            wanted = self.limit * gradient + self.limit**0.5
            smoothed = self.limit + SMOOTHING * (wanted - self.limit)
            self._set(max(self._least, min(smoothed, self._most)))
        self._window_ends = now + WINDOW_S
        self._seconds, self._samples, self._peak = 0.0, 0, self.in_flight
