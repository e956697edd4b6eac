"""How many of the points outstanding will ever be redeemed: a chain ladder over months of earning.

Points leave a cohort, the points earned in one month, in two ways: they are redeemed or they
expire. Age by age, in months since, the ladder says what share of the points that were there left
in which way, each age over all cohorts that have reached it, weighted by points (volume-weighted
age-to-age factors, as actuaries develop claims; with two ways out it is a multiple-decrement
table). Followed to its end it says what share of what is outstanding at an age will be redeemed.

Beyond the oldest age observed nothing is known: what is left then is taken to be redeemed at
`tail_rate`, usually 1: revenue is constrained to what will most probably not be reversed
(ASC 606-10-32-11, IFRS 15.56), so breakage is recognised only as far as it has been seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.loyalty.rules.finance.terms import Month

PLACES = Decimal("1e-12")
ONE = Decimal(1)


@dataclass(slots=True)
class Change:
    """What one month changed of a cohort. `redeemed` is what neither expired nor was unmade."""

    issued: int = 0
    expired: int = 0
    outstanding: int = 0

    @property
    def redeemed(self) -> int:
        return self.issued - self.expired - self.outstanding

    def add(self, issued: int, expired: int, outstanding: int) -> None:
        self.issued += issued
        self.expired += expired
        self.outstanding += outstanding


Triangle = Mapping[date, Mapping[int, Change]]
"""Of each cohort, what each age changed of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """An age: of the points `exposed` in it, by all cohorts that reached it, how many left."""

    age: int
    cohorts: int
    exposed: int
    redeemed: int
    expired: int

    @property
    def redeeming(self) -> Decimal:
        return _share(self.redeemed, self.exposed)

    @property
    def expiring(self) -> Decimal:
        return min(_share(self.expired, self.exposed), ONE - self.redeeming)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Assumptions put in place of what was observed."""

    redeeming: Decimal = ONE
    """By what redemption at each age is multiplied."""
    expiring: Decimal = ONE
    """The same of expiry."""
    tail_rate: Decimal | None = None


AS_OBSERVED = WhatIf()


@dataclass(frozen=True, slots=True)
class Ladder:
    """`future[n]` is the share that will be redeemed of what is outstanding as age n begins."""

    steps: Sequence[Step]
    tail_rate: Decimal
    future: Sequence[Decimal] = field(default=())

    @property
    def ultimate(self) -> Decimal:
        """The share of new points that will ever be redeemed."""
        return self.after(-1)

    def after(self, age: int) -> Decimal:
        """The share that will be redeemed of what is outstanding at the end of an age."""
        begins = age + 1
        return self.future[begins] if begins < len(self.future) else self.tail_rate


def ladder(
    triangle: Triangle, until: Month, tail_rate: Decimal, what_if: WhatIf = AS_OBSERVED
) -> Ladder:
    """The ladder of what was observed up to the end of a month."""
    steps = list(_steps(triangle, until))
    tail = tail_rate if what_if.tail_rate is None else what_if.tail_rate
    future = [tail]
    for step in reversed(steps):
        redeeming = min(ONE, step.redeeming * what_if.redeeming)
        expiring = min(ONE - redeeming, step.expiring * what_if.expiring)
        share = redeeming + (ONE - redeeming - expiring) * future[-1]
        future.append(share.quantize(PLACES))
    return Ladder(steps, tail, tuple(reversed(future)))


def certain() -> Ladder:
    """Everything will be redeemed: what holds while expiry is never expected before it happens."""
    return Ladder((), ONE)


def _steps(triangle: Triangle, until: Month) -> Iterable[Step]:
    """The ages observed. The ladder ends where no cohort had anything left."""
    seen: defaultdict[int, list[tuple[int, Change]]] = defaultdict(list)
    for cohort, changes in triangle.items():
        there = 0
        for age in range(until.since(cohort) + 1):
            change = changes.get(age, Change())
            exposed = there + max(0, change.issued)
            seen[age].append((exposed, change))
            there = max(0, there + change.outstanding)
    for age in sorted(seen):
        step = _step(age, [(n, change) for n, change in seen[age] if n > 0])
        if step.exposed == 0:
            return
        yield step


def _step(age: int, changes: Sequence[tuple[int, Change]]) -> Step:
    exposed = sum(n for n, _ in changes)
    redeemed = sum(change.redeemed for _, change in changes)
    expired = sum(change.expired for _, change in changes)
    return Step(age, len(changes), exposed, redeemed, expired)


def _share(part: int, whole: int) -> Decimal:
    return min(ONE, max(Decimal(0), Decimal(part) / Decimal(whole))) if whole else Decimal(0)
