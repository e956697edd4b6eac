"""Check-ins: one for each calendar day where the member lives, whatever its length.

A streak is the number of days a member was there without a gap. A day that a freeze card covers
keeps the streak and does not lengthen it; a day that a make-up card (补签卡) fills counts as any
other.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from services.loyalty.rules.earning import local_day

DAY = timedelta(days=1)
SKEW = timedelta(minutes=5)
"""How far a phone's clock may be ahead of ours."""


class CheckInKind(StrEnum):
    PRESENT = "present"
    MADE_UP = "made_up"
    FROZEN = "frozen"
    """Missed, and covered by a freeze card."""


class Card(StrEnum):
    FREEZE = "freeze"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class CheckIn:
    day: date
    streak: int
    """Consecutive days up to and including `day`."""
    kind: CheckInKind = CheckInKind.PRESENT
    at: datetime | None = None
    """When the member was there; None where that was not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The cards a member has, and the longest streak they ever had."""

    freezes: int = 0
    makeups: int = 0
    best: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A freeze card comes with every `freeze_every` days of a streak, up to `most_freezes`.

    A make-up card reaches `makeup_days` back. A check-in made without a network is taken up to
    `window_s` later.
    """

    freeze_every: int = 7
    most_freezes: int = 2
    makeup_days: int = 7
    window_s: int = 259_200


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInState:
    """What a phone shows of check-ins. `next_at` is when one may be again, once today's is done."""

    done_today: bool
    streak: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a check-in writes: the day itself, the days before it that cards cover."""

    made: CheckIn
    frozen: Sequence[CheckIn] = ()


def next_checkin(
    before: CheckIn | None, after: CheckIn | None, day: date, at: datetime, freezes: int = 0
) -> Step | None:
    """The check-in that being there at `at`, the member's `day`, makes; None if it makes none.

    `before` and `after` are the check-ins next to it, `before` perhaps on that very day. The order
    of the days must be that of the moments: a member who travels west meets the same day again, or
    the one before, and neither counts a second time.
    """
    if before is not None and before.day == day:
        return None
    if after is not None and (after.at is None or after.at <= at):
        return None
    if before is not None and before.at is not None and before.at > at:
        return None
    if before is None:
        return Step(made=CheckIn(day, 1, at=at))
    missed = (day - before.day).days - 1
    if missed and (after is not None or missed > freezes):
        return Step(made=CheckIn(day, 1, at=at))
    frozen = [
        CheckIn(before.day + n * DAY, before.streak, CheckInKind.FROZEN)
        for n in range(1, missed + 1)
    ]
    return Step(made=CheckIn(day, before.streak + 1, at=at), frozen=frozen)


def made_up(before: CheckIn | None, day: date) -> CheckIn:
    """The check-in that a make-up card puts on a missed day."""
    follows = before is not None and before.day == day - DAY
    return CheckIn(day, before.streak + 1 if before and follows else 1, CheckInKind.MADE_UP)


def recounted(before: CheckIn, later: Iterable[CheckIn]) -> list[CheckIn]:
    """Those of the `later` check-ins, in order, whose streak changes now that `before` is there."""
    changed = []
    for checkin in later:
        if checkin.day != before.day + DAY:
            break
        streak = before.streak + (checkin.kind is not CheckInKind.FROZEN)
        before = replace(checkin, streak=streak)
        changed.append(before)
    return changed


def joined(one: Sequence[CheckIn], other: Sequence[CheckIn]) -> list[CheckIn]:
    """The check-ins of two members found to be one: each day once, with the streaks of all days.

    A day that either was there counts as that, and then as `one` has it.
    """
    days: dict[date, CheckIn] = {}
    for checkin in [*other, *one]:
        known = days.get(checkin.day)
        if known is None or _WORTH[checkin.kind] >= _WORTH[known.kind]:
            days[checkin.day] = checkin
    streaks: list[CheckIn] = []
    for day in sorted(days):
        before = streaks[-1] if streaks and streaks[-1].day == day - DAY else None
        counts = days[day].kind is not CheckInKind.FROZEN or before is None
        streak = (before.streak if before else 0) + counts
        streaks.append(replace(days[day], streak=streak))
    return streaks


_WORTH = {CheckInKind.FROZEN: 0, CheckInKind.MADE_UP: 1, CheckInKind.PRESENT: 2}


def earns_freeze(streak: int, cards: Cards, terms: Terms) -> bool:
    """Whether a day that makes the streak this long brings a freeze card."""
    return streak % terms.freeze_every == 0 and cards.freezes < terms.most_freezes


def checkin_state(
    last: CheckIn | None, now: datetime, time_zone: str, freezes: int = 0
) -> CheckInState:
    """A streak lives on while the freeze cards at hand cover the days missed since."""
    today = local_day(now, time_zone)
    if last is None or (today - last.day).days - 1 > freezes:
        return CheckInState(done_today=False, streak=0, next_at=None)
    if last.day < today:
        return CheckInState(done_today=False, streak=last.streak, next_at=None)
    next_at = start_of_day(last.day + DAY, time_zone)
    return CheckInState(done_today=True, streak=last.streak, next_at=next_at)


def start_of_day(day: date, time_zone: str) -> datetime:
    """The first moment of `day` there, in UTC; not midnight where a clock change skips that."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def bitmask(days: Iterable[date]) -> int:
    """The days of one month as bits: bit 0 is the 1st."""
    mask = 0
    for day in days:
        mask |= 1 << (day.day - 1)
    return mask


def signature(secret: bytes, member_id: UUID, key: UUID, at: str) -> str:
    """What a phone signs a check-in with: HMAC-SHA256, in hexadecimal.

    Of the member's id, the Idempotency-Key and the moment as it is sent, each on a line.
    """
    message = f"{member_id}\n{key}\n{at}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def is_signed(given: str, secret: bytes, member_id: UUID, key: UUID, at: str) -> bool:
    return hmac.compare_digest(given.lower(), signature(secret, member_id, key, at))


def is_acceptable(at: datetime, signed_since: datetime, now: datetime, terms: Terms) -> bool:
    """Whether a phone may say now that it was there at `at`, with a key it has had since then."""
    earliest = max(now - timedelta(seconds=terms.window_s), signed_since - SKEW)
    return earliest <= at <= now + SKEW
