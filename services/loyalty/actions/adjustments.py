"""Adjusting a member's points by hand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import Conflict
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.members import known_member
from services.loyalty.actions.spending import spend
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    LARGEST,
    Claim,
    Entry,
    Kind,
    Occurrence,
    PointsOverflowError,
    PointType,
    Source,
    Terms,
    WalletKey,
)


class PointsOverflow(Conflict):
    code = "loyalty.points_overflow"
    title = "Too many points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """`points` are added, or taken when negative. Without `valid_days` they never expire."""

    point_type: PointType
    points: int
    valid_days: int | None
    reason: str
    actor: str


async def adjust_points(
    session: AsyncSession, member_id: UUID, adjustment: Adjustment, now: datetime
) -> Entry:
    """Write an adjustment into a member's wallet.

    Raises MemberNotFound, InsufficientPoints or PointsOverflow.
    """
    await known_member(session, member_id)
    book = await open_book(session, {member_id}, now)
    key = WalletKey(member_id, adjustment.point_type)
    occurrence = Occurrence(
        claim=Claim(Source("adjustment", str(uuid7())), "adjustment", "adjustment"),
        at=now,
        actor=adjustment.actor,
        reason=adjustment.reason,
    )
    if adjustment.points > 0:
        entry = _add(book, key, adjustment, occurrence)
    else:
        entry = await spend(session, book, key, -adjustment.points, occurrence, Kind.ADJUST)
    await close_book(session, book)
    return entry


def _add(book: Book, key: WalletKey, adjustment: Adjustment, occurrence: Occurrence) -> Entry:
    terms = Terms(valid_days=adjustment.valid_days)
    try:
        return book.earn(key, adjustment.points, terms, occurrence, Kind.ADJUST)
    except PointsOverflowError:
        raise PointsOverflow(f"No balance may exceed {LARGEST} points.") from None
