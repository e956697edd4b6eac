"""Checking in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.earning import pay
from services.loyalty.events import CheckInRecorded
from services.loyalty.rules.checkins import CheckIn, next_checkin, start_of_day
from services.loyalty.rules.earning import Occasion, local_day
from services.loyalty.rules.ledger import PointType, Source, WalletKey
from services.loyalty.rules.programme.triggers import CHECKIN_RECORDED
from services.loyalty.store import checkins, wallets


class AlreadyCheckedIn(Conflict):
    code = "loyalty.already_checked_in"
    title = "Already checked in today"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn:
    day: date
    streak: int
    points: int
    balance: int
    next_at: datetime


async def check_in(session: AsyncSession, member_id: UUID, now: datetime) -> CheckedIn:
    """Record the check-in of the member's present calendar day, and pay it.

    Raises AlreadyCheckedIn, which says when they next can.
    """
    book = await open_book(session, {member_id}, now)
    stands = await wallets.standing(session, member_id)
    time_zone, last = stands.time_zone, stands.last_checkin
    made = next_checkin(last, local_day(now, time_zone))
    if last is not None and made is None:
        raise _already(last, time_zone)
    assert made is not None  # noqa: S101  (the first check-in is always made)
    await checkins.add(session, member_id, made, now)
    entries = await pay(session, book, [_occasion(member_id, made, now)])
    points = sum(e.points for e in entries if e.key.point_type is PointType.POINTS)
    recorded = CheckInRecorded(
        member_id=member_id, day=made.day, streak=made.streak, points=points, recorded_at=now
    )
    await close_book(session, book, said=[recorded])
    return CheckedIn(
        day=made.day,
        streak=made.streak,
        points=points,
        balance=book.wallets[WalletKey(member_id, PointType.POINTS)].available,
        next_at=start_of_day(made.day + timedelta(days=1), time_zone),
    )


def _already(last: CheckIn, time_zone: str) -> AlreadyCheckedIn:
    next_at = start_of_day(last.day + timedelta(days=1), time_zone)
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
