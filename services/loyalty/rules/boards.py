"""Leaderboards: when one is final, and who gets what.

Members are compared by the score of the mission's first goal; equal scores share a place, and each
who shares it gets its prize (1, 2, 2, 4). A period ends when it has ended for everybody: days are
the members' own.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from services.loyalty.rules.missions import EVER, Mission, Recurrence, period_end, period_of
from services.loyalty.rules.prizes import Prize

LAST_ZONE = timedelta(hours=12)
"""How far behind UTC a member's day may be."""
GRACE = timedelta(hours=1)
"""For what happened in time and is told late."""
KEPT_OPEN = timedelta(days=40)
"""For as long after its end a board is settled that could not be before."""
MOST_WINNERS = 10_000


def prize_of(rank: int, mission: Mission) -> Prize | None:
    """What a place brings: the first of the prizes that reaches down to it."""
    return next((won.prize for won in mission.rank_prizes if rank <= won.up_to), None)


def last_place(mission: Mission) -> int:
    """The last place that brings something."""
    return max((won.up_to for won in mission.rank_prizes), default=0)


def final_at(mission: Mission, begins: date) -> datetime | None:
    """When the board of a period is final; None if its period never ends."""
    end = period_end(mission.recurrence, begins)
    ends = [datetime.combine(end, time(), UTC) + LAST_ZONE] if end else []
    ends += [mission.ends_at] if mission.ends_at else []
    return min(ends) + GRACE if ends else None


def final_boards(mission: Mission, made_at: datetime, now: datetime) -> Sequence[date]:
    """The periods of a mission that have ended lately, the oldest first."""
    return sorted(set(_final_boards(mission, made_at, now)))


def _final_boards(mission: Mission, made_at: datetime, now: datetime) -> Iterator[date]:
    since = max(made_at, mission.starts_at or made_at, now - KEPT_OPEN)
    if mission.recurrence is Recurrence.ONCE:
        days = [EVER]
    else:
        first = since.date() - timedelta(days=1)
        days = [first + timedelta(days=n) for n in range((now.date() - first).days + 1)]
    for begins in {period_of(mission.recurrence, day) for day in days}:
        final = final_at(mission, begins)
        begun = mission.ends_at is None or begins <= mission.ends_at.date()
        if final and begun and since < final <= now:
            yield begins
