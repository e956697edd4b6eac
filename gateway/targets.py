"""The places where a service runs, and which of them is asked next.

Each has a weight: its part of the requests, as for a new version that shall see one request in ten.
A member is always sent to the same place while it is well, so that nobody's screen is made by two
versions; programs are spread at random. A place is left out while its readiness says no, or, for a
growing while, after `EJECTED_AFTER` failures in a row or where nobody listens. When none is left,
those are asked that were only found not ready, then all: what is known is a check old, and knowing
nothing good of anyone is no reason to refuse everybody.
"""

import random
import time
from bisect import bisect_right
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final
from urllib.parse import urlsplit
from zlib import crc32

from starlette.types import ASGIApp

EJECTED_AFTER: Final = 5
EJECTED_S: Final = 5.0
LONGEST_EJECTED_S: Final = 60.0
UNHEALTHY_AFTER: Final = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service runs, and its part of the requests."""

    url: str
    weight: int = 1

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"an upstream is an http:// or https:// URL, not {self.url!r}")
        if parts.username is not None:
            raise ValueError("an upstream's URL is shown to administrators: no user in it")
        if not 0 <= self.weight <= 1_000_000:  # noqa: PLR2004  (parts per million suffice)
            raise ValueError(f"a weight is a number from 0 to 1000000, not {self.weight}")


def places_of(text: str) -> list[Place]:
    """From `http://a:8080 9, http://b:8080`: URLs with weights, 1 where none is given."""
    places = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        url, _, weight = part.partition(" ")
        if weight and not weight.strip().isdecimal():
            raise ValueError(f"a weight is a whole number, not {weight.strip()!r}")
        places.append(Place(url, int(weight) if weight else 1))
    if not places:
        raise ValueError("name at least one URL")
    return places


class Target:
    """One place at work."""

    __slots__ = (
        "_ejections", "app", "checks_failed", "ejected_until", "failures", "has_failed",
        "healthy", "name", "weight",
    )  # fmt: skip

    def __init__(self, name: str, app: ASGIApp, weight: int = 1) -> None:
        self.name = name
        self.app = app
        self.weight = weight
        self.healthy = True
        self.failures = 0  # in a row
        self.has_failed = False  # since it last answered
        self.checks_failed = 0  # in a row
        self.ejected_until = 0.0
        self._ejections = 0

    def eject(self, now: float) -> None:
        """Leave it out for a while, longer each time."""
        self.failures, self.has_failed = 0, True
        self.ejected_until = now + min(EJECTED_S * 2**self._ejections, LONGEST_EJECTED_S)
        self._ejections = min(self._ejections + 1, 10)

    def recover(self) -> None:
        """An answer came: forget what was."""
        self.failures, self.has_failed = 0, False
        self._ejections = 0


class Targets:
    """All places of a service. `choose` is on every request's path."""

    def __init__(
        self, targets: Sequence[Target], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._look_again = 0.0
        self.all: Sequence[Target] = ()
        self._fit: list[Target] = []
        self._bounds: list[int] = []
        self.ejections = 0
        self.replace(targets)

    def replace(self, targets: Sequence[Target]) -> None:
        self.all = tuple(targets)
        self.sort_out()

    def sort_out(self) -> None:
        """Find out anew who is fit to be asked."""
        now = self._clock()
        wanted = [t for t in self.all if t.weight] or list(self.all)
        open_to = [t for t in wanted if t.ejected_until <= now]
        self._fit = [t for t in open_to if t.healthy] or open_to or wanted
        self._bounds = list(accumulate(max(target.weight, 1) for target in self._fit))
        self._look_again = min(
            (t.ejected_until for t in self.all if t.ejected_until > now), default=float("inf")
        )

    def choose(self, person: str | None = None, tried: Collection[Target] = ()) -> Target:
        """Where to send a request of `person`; while there are others, not where it was `tried`."""
        if len(self.all) == 1:
            return self.all[0]
        if self._clock() >= self._look_again:
            self.sort_out()
        fit = self._fit
        whole = self._bounds[-1]
        point = crc32(person.encode()) % whole if person else random.randrange(whole)  # noqa: S311
        at = bisect_right(self._bounds, point)
        if fit[at] in tried:
            return next(iter(self.untried(tried)), fit[at])
        return fit[at]

    def untried(self, tried: Collection[Target]) -> list[Target]:
        """Where a request may still go, the best first."""
        weighed = (target for target in self.all if target.weight and target not in self._fit)
        return [target for target in (*self._fit, *weighed) if target not in tried]

    @property
    def left_out(self) -> int:
        """How many are not asked for now."""
        now = self._clock()
        return sum(not target.healthy or target.ejected_until > now for target in self.all)

    @property
    def has_choice(self) -> bool:
        return len(self._fit) > 1

    def failed(self, target: Target, now: float) -> None:
        """Count a failure; after many in a row leave the target out, unless it is the last."""
        target.failures += 1
        target.has_failed = True
        if target.failures >= EJECTED_AFTER and target in self._fit and self.has_choice:
            self.leave_out(target, now)

    def leave_out(self, target: Target, now: float) -> None:
        """Ask others for a while, if there are any."""
        if len(self.all) > 1 and target.ejected_until <= now:
            target.eject(now)
            self.ejections += 1
            self.sort_out()

    def checked(self, target: Target, *, healthy: bool) -> None:
        """Take in what a health check said."""
        target.checks_failed = 0 if healthy else target.checks_failed + 1
        is_healthy = target.checks_failed < UNHEALTHY_AFTER
        if is_healthy is not target.healthy:
            target.healthy = is_healthy
            self.sort_out()
