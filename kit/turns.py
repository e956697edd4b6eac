"""Turns: while an event waits to be tried again, those of its subject behind it wait as well.

So one member's events keep their order over a failure that passes. It is kept as far as it costs
others nothing: no more than `MOST_HELD` wait for others at once, since all that wait share what
NATS lets a consumer hold; an event that does not come back is not waited for; and who takes over
from a process that dies does not know what waits. So handlers must bear another order
(docs/events.md).
"""

import time
from collections.abc import Callable
from typing import Final

MOST_HELD: Final = 256
PATIENCE_S: Final = 60.0
"""How long after its time an event is waited for; retention may have deleted it."""
SLACK_S: Final = 0.5
"""So long after an event comes what is behind it."""
_SIFTED_FROM: Final = 2_048


class Turns:
    """Which events wait, by subject and place in the stream. False while none does."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[str, dict[int, float]] = {}
        self._held: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._due)

    def take(self, subject: str | None, place: int) -> float | None:
        """None where it is the event's turn: it waits no more; else how long it is to wait."""
        waiting = self._due.get(subject or "")
        if waiting is None or subject is None:
            return None
        now = self._clock()
        before = [at for at, due in waiting.items() if at < place and now < due + PATIENCE_S]
        if not before or (place not in self._held and len(self._held) >= MOST_HELD):
            self._forget(subject, place)
            return None
        self._held.add(place)
        return max(0.0, waiting[min(before)] - now) + SLACK_S

    def wait(self, subject: str | None, place: int, delay_s: float) -> None:
        """Note that an event is given back, to come again after a while."""
        if subject is None:
            return
        if len(self._due) >= _SIFTED_FROM:
            self._sift()
        self._due.setdefault(subject, {})[place] = self._clock() + delay_s

    def _forget(self, subject: str, place: int) -> None:
        self._held.discard(place)
        waiting = self._due.get(subject, {})
        waiting.pop(place, None)
        if not waiting:
            self._due.pop(subject, None)

    def _sift(self) -> None:
        """Forget what never came back."""
        now = self._clock()
        gone = [
            (subject, place)
            for subject, waiting in self._due.items()
            for place, due in waiting.items()
            if now >= due + PATIENCE_S
        ]
        for subject, place in gone:
            self._forget(subject, place)
