"""Checking in: now, later from a phone that had no network, and making up for a missed day."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import Conflict, Forbidden, Unprocessable
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.earning import pay
from services.loyalty.actions.missions import advance_missions
from services.loyalty.events import CheckInRecorded
from services.loyalty.rules.book import Book
from services.loyalty.rules.checkins import (
    DAY,
    Card,
    Cards,
    CheckIn,
    Step,
    earns_freeze,
    is_acceptable,
    is_signed,
    made_up,
    next_checkin,
    recounted,
    start_of_day,
)
from services.loyalty.rules.earning import Occasion, local_day
from services.loyalty.rules.ledger import PointType, Source, WalletKey
from services.loyalty.rules.programme.triggers import CHECKIN_RECORDED
from services.loyalty.store import checkins, persons
from services.loyalty.tables import CheckInKey

MOST_KEYS = 5
"""Phones of one member that can check in without a network."""


class AlreadyCheckedIn(Conflict):
    code = "loyalty.already_checked_in"
    title = "Already checked in"


class NotSigned(Forbidden):
    code = "loyalty.checkin_not_signed"
    title = "The check-in is not signed as it should be"
    passing = False


class OutsideWindow(Unprocessable):
    code = "loyalty.checkin_outside_window"
    title = "This moment can no longer be checked in"


class NoCard(Conflict):
    code = "loyalty.no_makeup_card"
    title = "No make-up card left"


class NotMissed(Conflict):
    code = "loyalty.day_not_missed"
    title = "There is nothing to make up for on this day"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    """`frozen` are the missed days that freeze cards covered."""

    day: date
    streak: int
    points: int
    balance: int
    next_at: datetime
    frozen: Sequence[date] = ()
    freeze_cards: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A phone's word that its member was there: `at` as it was sent, and the signature of it."""

    at: str
    key_id: UUID
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """A missed day made up for, and the streak the member now has."""

    day: date
    streak: int
    makeup_cards: int


async def check_in(session: AsyncSession, member_id: UUID, now: datetime) -> CheckedIn:
    """Record the check-in of the member's present calendar day, and pay it.

    Raises AlreadyCheckedIn, which says when they next can.
    """
    book = await open_book(session, {member_id}, now)
    return await _record(session, book, member_id, now)


async def check_in_later(
    session: AsyncSession, member_id: UUID, signed: Signed, key: UUID, now: datetime
) -> CheckedIn:
    """Record and pay a check-in that a phone made and signed while it had no network.

    Raises NotSigned, OutsideWindow or AlreadyCheckedIn.
    """
    known = await checkins.key(session, member_id, signed.key_id)
    if known is None or not is_signed(signed.signature, known[0], member_id, key, signed.at):
        raise NotSigned(
            "Sign member id, Idempotency-Key and checked_in_at, each on a line, with HMAC-SHA256"
            " under a secret of POST /v1/checkins/keys."
        )
    at, terms = datetime.fromisoformat(signed.at), await checkins.terms(session)
    if not is_acceptable(at, known[1], now, terms):
        raise OutsideWindow(
            f"A check-in is taken up to {terms.window_s // 3600} hours after it was made, and none"
            " from before its key was issued."
        )
    book = await open_book(session, {member_id}, now)
    return await _record(session, book, member_id, min(at, now))


async def make_up(session: AsyncSession, member_id: UUID, day: date, now: datetime) -> MadeUp:
    """Fill a missed day with a make-up card, so that the days around it are one streak.

    Raises NotMissed or NoCard. The day itself pays nothing.
    """
    await open_book(session, {member_id}, now)
    terms, cards = await checkins.terms(session), await checkins.cards(session, member_id)
    today = local_day(now, await persons.time_zone(session, member_id))
    before = await checkins.before(session, member_id, day)
    if not today - timedelta(days=terms.makeup_days) <= day < today:
        raise NotMissed(f"A make-up card reaches {terms.makeup_days} days back, not to {day}.")
    if before is not None and before.day == day:
        raise NotMissed(f"{day} is checked in already.")
    if cards.makeups == 0:
        raise NoCard("You have no make-up card; rewards and missions give some.")
    made = made_up(before, day)
    changed = recounted(made, await checkins.after(session, member_id, day))
    await checkins.add(session, member_id, [made], now)
    await checkins.set_streaks(session, member_id, changed)
    await checkins.add_cards(session, member_id, Card.MAKEUP, -1)
    streak = changed[-1].streak if changed else made.streak
    return MadeUp(day=day, streak=streak, makeup_cards=cards.makeups - 1)


async def issue_key(session: AsyncSession, member_id: UUID, now: datetime) -> CheckInKey:
    """A secret for a phone to sign check-ins with; a member's oldest beyond some are forgotten."""
    key = CheckInKey(
        key_id=uuid7(), member_id=member_id, secret=secrets.token_bytes(32), issued_at=now
    )
    await checkins.add_key(session, key, MOST_KEYS)
    return key


async def _record(session: AsyncSession, book: Book, member_id: UUID, at: datetime) -> CheckedIn:
    time_zone = await persons.time_zone(session, member_id)
    day = local_day(at, time_zone)
    cards = await checkins.cards(session, member_id)
    before = await checkins.before(session, member_id, day)
    later = await checkins.after(session, member_id, day)
    step = next_checkin(before, later[0] if later else None, day, at, cards.freezes)
    if step is None:
        raise _already(later[-1] if later else before, time_zone)
    changed = recounted(step.made, later)
    await checkins.add(session, member_id, [*step.frozen, step.made], book.now)
    await checkins.set_streaks(session, member_id, changed)
    freezes = await _settle_cards(session, member_id, step, cards)
    occasion = _occasion(member_id, step.made, book.now)
    entries = await pay(session, book, [occasion])
    points = sum(e.points for e in entries if e.key.point_type is PointType.POINTS)
    recorded = CheckInRecorded(
        member_id=member_id,
        day=day,
        streak=step.made.streak,
        points=points,
        recorded_at=book.now,
    )
    await close_book(session, book, said=[recorded])
    await advance_missions(session, [occasion], book.now)
    newest = later[-1].day if later else day
    return CheckedIn(
        day=day,
        streak=step.made.streak,
        points=points,
        balance=book.wallet(WalletKey(member_id, PointType.POINTS)).available,
        next_at=start_of_day(newest + DAY, time_zone),
        frozen=[item.day for item in step.frozen],
        freeze_cards=freezes,
    )


async def _settle_cards(session: AsyncSession, member_id: UUID, step: Step, cards: Cards) -> int:
    """Take the freeze cards the step used, give the one it earns; how many are left."""
    terms = await checkins.terms(session)
    left = Cards(freezes=cards.freezes - len(step.frozen))
    change = -len(step.frozen) + earns_freeze(step.made.streak, left, terms)
    if change:
        await checkins.add_cards(session, member_id, Card.FREEZE, change)
    return cards.freezes + change


def _already(last: CheckIn | None, time_zone: str) -> AlreadyCheckedIn:
    assert last is not None  # noqa: S101  (the first check-in is always made)
    next_at = start_of_day(last.day + DAY, time_zone)
    return AlreadyCheckedIn(
        f"You checked in on {last.day}; the next check-in is possible from {next_at:%FT%TZ}.",
        day=last.day.isoformat(),
        streak=last.streak,
        next_at=f"{next_at:%FT%TZ}",
    )


def _occasion(member_id: UUID, made: CheckIn, now: datetime) -> Occasion:
    return Occasion(
        member_id=member_id,
        trigger=CHECKIN_RECORDED,
        source=Source("checkin", f"{member_id}:{made.day}"),
        at=now,
        event={"day": made.day.isoformat(), "streak": made.streak},
    )
