"""Birthdays: when a member has one, by the calendar of where they live.

The trait `birthday` is a date as ISO 8601 writes it (Segment's `birthday`); what is none counts as
none. Who was born on 29 February has their birthday on the 28th of other years. It is told once in
`GAP`, whatever is done to the trait meanwhile.
"""

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

GAP = timedelta(days=360)
"""Less than a year by what leap days and moving to another time zone may take off."""
LATE_DAYS = 3
"""For as long a birthday is told that could not be told on its day."""

_WIDEST = timedelta(hours=14)
"""No clock is farther from UTC."""


def birthdays_about(now: datetime) -> Sequence[str]:
    """The birthdays, as month and day, that anybody anywhere may have had lately."""
    first = (now.astimezone(UTC) - _WIDEST).date() - timedelta(days=LATE_DAYS - 1)
    last = (now.astimezone(UTC) + _WIDEST).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return sorted({month_day for day in days for month_day in _celebrated_on(day)})


def celebrated(birthday: object, time_zone: str, now: datetime) -> int | None:
    """The year of the member's age whose birthday is today there, or was lately; None if none."""
    born = _date(birthday)
    today = now.astimezone(ZoneInfo(time_zone)).date()
    if born is None or born > today:
        return None
    for late in range(LATE_DAYS):
        day = today - timedelta(days=late)
        if f"{born:%m-%d}" in _celebrated_on(day):
            return day.year
    return None


def _celebrated_on(day: date) -> Sequence[str]:
    """The birthdays that are celebrated on a day."""
    if (day.month, day.day) == (2, 28) and not calendar.isleap(day.year):
        return ("02-28", "02-29")
    return (f"{day:%m-%d}",)


def _date(birthday: object) -> date | None:
    if not isinstance(birthday, str):
        return None
    try:
        return date.fromisoformat(birthday[:10])
    except ValueError:
        return None
