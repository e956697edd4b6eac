"""Check-ins: one for each calendar day where the member lives, whatever its length."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.loyalty.rules.earning import local_day


@dataclass(frozen=True, slots=True)
class CheckIn:
    day: date
    streak: int
    """Consecutive days up to and including `day`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInState:
    """What a phone shows of check-ins. `next_at` is when one may be again, once today's is done."""

    done_today: bool
    streak: int
    next_at: datetime | None


def next_checkin(last: CheckIn | None, today: date) -> CheckIn | None:
    """The check-in `today` makes, or None if it has been made.

    A member who travels west meets the same day again, or the one before: neither counts a second
    time.
    """
    if last is None:
        return CheckIn(today, 1)
    if today <= last.day:
        return None
    return CheckIn(today, last.streak + 1 if last.day == today - timedelta(days=1) else 1)


def checkin_state(last: CheckIn | None, now: datetime, time_zone: str) -> CheckInState:
    today = local_day(now, time_zone)
    if last is None or last.day < today - timedelta(days=1):
        return CheckInState(done_today=False, streak=0, next_at=None)
    if last.day < today:
        return CheckInState(done_today=False, streak=last.streak, next_at=None)
    next_at = start_of_day(last.day + timedelta(days=1), time_zone)
    return CheckInState(done_today=True, streak=last.streak, next_at=next_at)


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first moment of `day` there, in UTC; not midnight where a clock change skips that."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)
