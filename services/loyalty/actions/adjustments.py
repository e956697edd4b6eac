"""Adjusting a member's points by hand."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

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
    Memo,
    PointsOverflowError,
    PointType,
    Source,
    Terms,
    WalletKey,
)


class PointsOverflow(Conflict):
    code = "loyalty.points_overflow"
    title = "Too many points"


class AlreadyAdjusted(Conflict):
    code = "loyalty.already_adjusted"
    title = "This adjustment was made before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """`points` are added, or taken when negative. Without `valid_days` they never expire.

    An adjustment is made once for each `key`.
    """

    key: UUID
    point_type: PointType
    points: int
    valid_days: int | None
    reason: str
    actor: str


async def adjust_points(
    session: AsyncSession, member_id: UUID, adjustment: Adjustment, now: datetime
) -> Entry:
    """Write an adjustment into a member's wallet.

    Raises MemberNotFound, AlreadyAdjusted, InsufficientPoints or PointsOverflow.
    """
    await known_member(session, member_id)
    claim = Claim(Source("adjustment", str(adjustment.key)), "adjustment", "adjustment")
    memo = Memo(claim=claim, at=now, actor=adjustment.actor, reason=adjustment.reason)
    book = await open_book(session, {member_id}, now, {claim.source})
    if claim in book.claims:
        raise AlreadyAdjusted(f"The adjustment {adjustment.key} was made before.")
    wallet = WalletKey(member_id, adjustment.point_type)
    if adjustment.points > 0:
        entry = _add(book, wallet, adjustment, memo)
    else:
        entry = await spend(session, book, wallet, -adjustment.points, memo, Kind.ADJUST)
    await close_book(session, book)
    return entry


def _add(book: Book, wallet: WalletKey, adjustment: Adjustment, memo: Memo) -> Entry:
    terms = Terms(valid_days=adjustment.valid_days)
    try:
        return book.earn(wallet, adjustment.points, terms, memo, Kind.ADJUST)
    except PointsOverflowError:
        raise PointsOverflow(f"No balance may exceed {LARGEST} points.") from None
