"""Adjusting a member's points by hand: one person for a little, a second one for much."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, Forbidden, NotFound
from services.loyalty import tables
from services.loyalty.actions.bookkeeping import close_book, lock_wallets, open_book
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
from services.loyalty.rules.sharing import AdjustmentState
from services.loyalty.store import members, point_types, sharing


class PointsOverflow(Conflict):
    code = "loyalty.points_overflow"
    title = "Too many points"


class AlreadyAdjusted(Conflict):
    code = "loyalty.already_adjusted"
    title = "This adjustment was made before"


class AdjustmentNotFound(NotFound):
    code = "loyalty.adjustment_not_found"
    title = "No such adjustment"


class AdjustmentDecided(Conflict):
    code = "loyalty.adjustment_decided"
    title = "This adjustment has been decided on"


class SecondPersonNeeded(Forbidden):
    code = "loyalty.second_person_needed"
    title = "A second person must decide"


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


async def ask_to_adjust(
    session: AsyncSession, member_id: UUID, adjustment: Adjustment, now: datetime
) -> Entry | tables.Adjustment:
    """Make an adjustment, or let one that is too large for one person wait for a second.

    Raises what `adjust_points` does.
    """
    policy = await point_types.one(session, adjustment.point_type)
    if policy.approval_above is None or abs(adjustment.points) <= policy.approval_above:
        return await adjust_points(session, member_id, adjustment, now)
    member_id = await known_member(session, member_id)
    if await sharing.adjustment(session, adjustment.key):
        raise AlreadyAdjusted(f"The adjustment {adjustment.key} was asked for before.")
    waiting = _waiting(member_id, adjustment, now)
    await sharing.add_adjustment(session, waiting)
    return waiting


async def decide_adjustment(
    session: AsyncSession, adjustment_id: UUID, *, approve: bool, actor: str, now: datetime
) -> tables.Adjustment:
    """Make an adjustment that waits, or not, as a second person says.

    Raises AdjustmentNotFound, AdjustmentDecided, SecondPersonNeeded, and what `adjust_points` does.
    """
    known = await sharing.adjustment(session, adjustment_id)
    if known is None:
        raise AdjustmentNotFound(f"No adjustment {adjustment_id} waits for a second person.")
    if approve:  # wallets are locked before anything else
        heirs = await members.survivors(session, [known.member_id])
        await lock_wallets(session, {heirs.get(known.member_id, known.member_id)}, now)
    waiting = await sharing.adjustment(session, adjustment_id, lock=True)
    assert waiting is not None  # noqa: S101  (adjustments stay)
    if waiting.state != AdjustmentState.WAITING:
        raise AdjustmentDecided(f"It has been {waiting.state}.", state=waiting.state)
    if waiting.requested_by == actor:
        raise SecondPersonNeeded("You asked for it yourself: somebody else must decide.")
    if approve:
        await adjust_points(session, waiting.member_id, _adjustment(waiting), now)
    state = AdjustmentState.APPROVED if approve else AdjustmentState.REJECTED
    await sharing.decide(session, adjustment_id, state, actor, now)
    decided = await sharing.adjustment(session, adjustment_id)
    assert decided is not None  # noqa: S101  (adjustments stay)
    return decided


async def adjust_points(
    session: AsyncSession, member_id: UUID, adjustment: Adjustment, now: datetime
) -> Entry:
    """Write an adjustment into a member's wallet.

    Raises MemberNotFound, AlreadyAdjusted, InsufficientPoints or PointsOverflow.
    """
    member_id = await known_member(session, member_id)
    claim = Claim(Source("adjustment", str(adjustment.key)), "adjustment", "adjustment")
    memo = Memo(claim=claim, at=now, actor=adjustment.actor, remark=adjustment.reason)
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


def _waiting(member_id: UUID, adjustment: Adjustment, now: datetime) -> tables.Adjustment:
    return tables.Adjustment(
        adjustment_id=adjustment.key,
        member_id=member_id,
        point_type=adjustment.point_type,
        points=adjustment.points,
        valid_days=adjustment.valid_days,
        reason=adjustment.reason,
        state=AdjustmentState.WAITING,
        requested_by=adjustment.actor,
        requested_at=now,
        decided_by=None,
        decided_at=None,
    )


def _adjustment(waiting: tables.Adjustment) -> Adjustment:
    return Adjustment(
        key=waiting.adjustment_id,
        point_type=PointType(waiting.point_type),
        points=waiting.points,
        valid_days=waiting.valid_days,
        reason=waiting.reason,
        actor=waiting.requested_by,
    )


def _add(book: Book, wallet: WalletKey, adjustment: Adjustment, memo: Memo) -> Entry:
    terms = Terms(valid_days=adjustment.valid_days)
    try:
        return book.earn(wallet, adjustment.points, terms, memo, Kind.ADJUST)
    except PointsOverflowError:
        raise PointsOverflow(f"No balance may exceed {LARGEST} points.") from None
