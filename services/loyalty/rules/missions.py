"""Missions: goals that what members do brings nearer.

A goal counts the occasions of one trigger, sums a field of theirs, or counts the member's calendar
days with one. Each occasion counts once, however often it is told. A mission may begin anew every
day, week or month of the member's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from services.loyalty.rules.audience import EVERYBODY, Audience
from services.loyalty.rules.earning import Occasion, local_day
from services.loyalty.rules.prizes import Prize
from services.loyalty.rules.rewards import Texts

EVER = date(1970, 1, 1)
"""The beginning of the one period of a mission that does not begin anew."""


MOST_SUMMED = 10**12
"""The most one occasion adds to a sum: what a phone says may be any number."""


class Measure(StrEnum):
    COUNT = "count"
    SUM = "sum"
    DAYS = "days"


class Recurrence(StrEnum):
    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`where` names fields of the event and the values they must have; `field` is what is summed.

    Fields are named by their path, such as `properties.rating`.
    """

    trigger: str
    target: int
    measure: Measure = Measure.COUNT
    field: str | None = None
    where: Mapping[str, Any] | None = None

    def amount(self, occasion: Occasion) -> int:
        """What the occasion adds to the goal."""
        if occasion.trigger != self.trigger or not self._admits(occasion.event):
            return 0
        if self.measure is not Measure.SUM:
            return 1
        value = found(occasion.event, self.field or "")
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return int(value) if is_number and 0 < value <= MOST_SUMMED else 0

    def _admits(self, event: Mapping[str, Any]) -> bool:
        wanted = self.where or {}
        return all(found(event, path) == value for path, value in wanted.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class RankPrize:
    """What the places down to `up_to` bring that no prize before it has."""

    up_to: int
    prize: Prize


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """`ranked`: members are compared by its first goal, which counts on past its target."""

    mission_id: UUID
    name: Texts
    description: Texts
    goals: Sequence[Goal]
    prize: Prize
    recurrence: Recurrence = Recurrence.ONCE
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    audience: Audience = EVERYBODY
    claimed_by_itself: bool = False
    ranked: bool = False
    rank_prizes: Sequence[RankPrize] = ()
    active: bool = True

    def is_on(self, at: datetime) -> bool:
        begun = self.starts_at is None or self.starts_at <= at
        return self.active and begun and (self.ends_at is None or at < self.ends_at)

    def is_reached(self, counts: Sequence[int]) -> bool:
        return all(n >= goal.target for n, goal in zip(counts, self.goals, strict=True))


class Mark(NamedTuple):
    """What one occasion adds to one goal of a member's in one period."""

    mission_id: UUID
    member_id: UUID
    begins: date
    goal: int
    source_type: str
    source_id: str
    amount: int


def period_of(recurrence: Recurrence, day: date) -> date:
    """The first day of the mission's period that `day` is in. Weeks begin on Monday."""
    match recurrence:
        case Recurrence.DAILY:
            return day
        case Recurrence.WEEKLY:
            return day - timedelta(days=day.weekday())
        case Recurrence.MONTHLY:
            return day.replace(day=1)
    return EVER


def period_end(recurrence: Recurrence, begins: date) -> date | None:
    """The day after the period's last."""
    match recurrence:
        case Recurrence.DAILY:
            return begins + timedelta(days=1)
        case Recurrence.WEEKLY:
            return begins + timedelta(days=7)
        case Recurrence.MONTHLY:
            return (begins + timedelta(days=32)).replace(day=1)
    return None


def marks(mission: Mission, occasion: Occasion, time_zone: str) -> Iterator[Mark]:
    """What the occasion adds to the mission's goals, by the calendar of the member."""
    if not mission.is_on(occasion.at):
        return
    day = local_day(occasion.at, time_zone)
    begins = period_of(mission.recurrence, day)
    for number, goal in enumerate(mission.goals):
        if amount := goal.amount(occasion):
            source = occasion.source
            by_day = goal.measure is Measure.DAYS
            yield Mark(
                mission.mission_id,
                occasion.member_id,
                begins,
                number,
                "day" if by_day else source.type,
                day.isoformat() if by_day else source.id,
                amount,
            )


def progress(mission: Mission, counts: Sequence[int]) -> float:
    """How far a member has come, from 0 to 1: the mean over the goals."""
    shares = [min(1.0, n / goal.target) for n, goal in zip(counts, mission.goals, strict=True)]
    return round(sum(shares) / len(shares), 4)


def found(event: Mapping[str, Any], path: str) -> Any:
    """The value at a path of an event, None if it is not there."""
    value: Any = event
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
