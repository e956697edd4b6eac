"""When a service fails, stop asking it for a while: for its sake, and for those who would wait.

Closed, all requests pass. Once at least `LEAST_CALLS` were made within `WINDOW_S` and half of them
failed it opens, and nothing passes. After `OPEN_S` it is half open: one request probes. If that is
answered the breaker closes; if not it opens again, for twice as long, up to `LONGEST_OPEN_S`.
"""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

LEAST_CALLS: Final = 20
FAILING_PART: Final = 0.5
WINDOW_S: Final = 10
OPEN_S: Final = 2.0
LONGEST_OPEN_S: Final = 10.0


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """One per service. `blocks` is cheap to ask; `admits` decides when it is true."""

    __slots__ = (
        "_calls", "_clock", "_failures", "_open_s", "_open_until", "_probing", "_second", "blocks",
        "forced", "opened",
    )  # fmt: skip

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._second = int(clock())
        self._calls = [0] * WINDOW_S
        self._failures = [0] * WINDOW_S
        self._open_s = OPEN_S
        self._open_until = 0.0
        self._probing = False
        self.blocks = False
        """Whether anything but closed: then `admits` must be asked for each request."""
        self.forced: State | None = None
        """What an operator wants it to be; None: what the service deserves."""
        self.opened = 0

    @property
    def state(self) -> State:
        if self.forced is not None:
            return self.forced
        if not self.blocks:
            return State.CLOSED
        return State.OPEN if self._clock() < self._open_until else State.HALF_OPEN

    def force(self, state: State | None) -> None:
        """Hold it open or closed, until it is forced to None again."""
        if state is not self.forced:
            self.forced = state
            self._close()
            self.blocks = state is State.OPEN

    def admits(self) -> bool:
        """Whether a request may pass; one that may while half open is the probe."""
        if not self.blocks:
            return True
        if self.forced is State.OPEN or self._probing or self._clock() < self._open_until:
            return False
        self._probing = True
        return True

    @property
    def retry_in_s(self) -> float:
        """When it will be worth asking again."""
        return max(0.0, self._open_until - self._clock())

    def succeeded(self, now: float) -> None:
        second = int(now)
        if second != self._second:
            self._move_on(second)
        self._calls[second % WINDOW_S] += 1
        if self.blocks and self._probing and self.forced is None:
            self._close()

    def failed(self, now: float) -> None:
        second = int(now)
        if second != self._second:
            self._move_on(second)
        self._calls[second % WINDOW_S] += 1
        self._failures[second % WINDOW_S] += 1
        if self.forced is not None:
            return
        if self._probing:
            self._open_s = min(2 * self._open_s, LONGEST_OPEN_S)
            self._open(now)
        elif not self.blocks and self._is_failing():
            self._open_s = OPEN_S
            self._open(now)

    def learnt_nothing(self) -> None:
        """A request ended and says nothing of the service; if it was the probe, the next is."""
        self._probing = False

    def _is_failing(self) -> bool:
        calls = sum(self._calls)
        return calls >= LEAST_CALLS and sum(self._failures) >= FAILING_PART * calls

    def _open(self, now: float) -> None:
        self.blocks, self._probing = True, False
        self._open_until = now + self._open_s
        self.opened += 1

    def _close(self) -> None:
        self.blocks, self._probing = False, False
        self._calls, self._failures = [0] * WINDOW_S, [0] * WINDOW_S

    def _move_on(self, second: int) -> None:
        """Forget the seconds that left the window."""
        for passed in range(self._second + 1, min(second, self._second + WINDOW_S) + 1):
            self._calls[passed % WINDOW_S] = self._failures[passed % WINDOW_S] = 0
        self._second = second
