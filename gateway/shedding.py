"""Turning requests away before they queue, those that matter least to a person first.

The event loop is the one queue all requests share. `Pressure` feels how late it runs: not now and
then, which is harmless, but all the time (the least lateness of the last `INTERVAL_S`, as CoDel
does with packets). While that is late the level rises, and while it is calm the level sinks. At
level 0.4 four in ten of the analytics requests are turned away, at 1.5 all of them and half of what
syncs, at 2.9 all but every tenth person's screen. Who is turned away is decided by person, so that
for most everything works instead of for everybody half. A person's turn changes every minute.
"""

import asyncio
import random
import time
from typing import Final
from zlib import crc32

from prometheus_client import Counter, Gauge

from gateway.routes import Worth
from kit.problems import Unavailable

SHED = Counter(
    "gateway_shed_total",
    "Requests turned away because of overload, by worth and by what was overloaded.",
    ["worth", "because"],
)
LEVEL = Gauge(
    "gateway_shed_level", "0: nobody is turned away; 1: all analytics; 2: what syncs, too."
)
LAG = Gauge("gateway_loop_lag_seconds", "How late the event loop runs, at the least of late.")

CALM: Final = 0.5  # of what is late; below it the level sinks
FEEL_EVERY_S: Final = 0.025
INTERVAL_S: Final = 0.25
RISE: Final = 0.2
FALL: Final = 0.1
HIGHEST: Final = 2.9
RETURN_S: Final = {
    Worth.ESSENTIAL: (1, 3),
    Worth.INTERACTIVE: (1, 5),
    Worth.SYNC: (5, 40),
    Worth.ANALYTICS: (15, 120),
}
"""When those turned away shall return: from, to. What is not urgent is spread over longer."""
STEPS: Final = 1_000


class Overloaded(Unavailable):
    """503: there is more to do than can be done; `Retry-After` spreads those who return."""

    code = "gateway.overloaded"
    title = "Too busy just now"


def turned_away(worth: Worth, because: str) -> Overloaded:
    """The refusal of a request, counted, with a moment of its own to return at."""
    SHED.labels(worth.name.lower(), because).inc()
    retry_after_s = random.randint(*RETURN_S[worth])  # noqa: S311  (spreading, not secrecy)
    return Overloaded("Too much is asked just now; ask again later.", retry_after_s=retry_after_s)


class Pressure:
    """How much is turned away now. `run` feels the event loop; `level` is read by each request."""

    def __init__(self, late_s: float = 0.05) -> None:
        self._late_s = late_s
        self.level = 0.0
        self.lag_s = 0.0
        self.forced: float | None = None

    def force(self, level: float | None) -> None:
        """Hold the level, until it is forced to None again."""
        if level is not None or self.forced is not None:
            self.forced = level
            self._set(level or 0.0)

    def turns_away(self, worth: Worth, person: str) -> bool:
        """Whether a request of `person` is one too many. Asked only while the level is not 0."""
        over = self.level - (Worth.ANALYTICS - worth)
        if over <= 0 or worth is Worth.ESSENTIAL:
            return False
        turn = crc32(b"%d %b" % (time.monotonic() // 60, person.encode()))
        return turn % STEPS < over * STEPS

    def feel(self, least_lag_s: float) -> None:
        """Take in the least lateness of one interval."""
        self.lag_s = least_lag_s
        LAG.set(least_lag_s)
        if self.forced is not None:
            return
        if least_lag_s > self._late_s:
            self._set(min(self.level + RISE, HIGHEST))
        elif least_lag_s < CALM * self._late_s and self.level:
            self._set(max(self.level - FALL, 0.0))

    def _set(self, level: float) -> None:
        self.level = round(level, 3)
        LEVEL.set(self.level)

    async def run(self) -> None:
        """Feel the event loop, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            least = float("inf")
            ends = loop.time() + INTERVAL_S
            while (began := loop.time()) < ends:
                await asyncio.sleep(FEEL_EVERY_S)
                least = min(least, loop.time() - began - FEEL_EVERY_S)
            self.feel(max(least, 0.0))
