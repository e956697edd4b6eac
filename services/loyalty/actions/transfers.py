"""Transfers: giving points to another member."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import Conflict, Unprocessable
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.members import known_member
from services.loyalty.actions.spending import InsufficientPoints
from services.loyalty.actions.velocity import check_device
from services.loyalty.events import PointsGiven, PointsReceived
from services.loyalty.rules.ledger import PointType, Source, WalletKey
from services.loyalty.rules.sharing import transfer
from services.loyalty.store import books, point_types, sharing
from services.loyalty.tables import Transfer

DAY = timedelta(days=1)


class NotTransferable(Conflict):
    code = "loyalty.not_transferable"
    title = "Points cannot be given away"


class TransferLimit(Conflict):
    code = "loyalty.transfer_limit"
    title = "Given away enough for a day"


class OwnPoints(Unprocessable):
    code = "loyalty.own_points"
    title = "These points are already there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A wish to give points, which comes true once for each `key` of its member.

    `session_id` is the session it comes from.
    """

    member_id: UUID
    to_member_id: UUID
    points: int
    message: str | None
    key: UUID
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    transfer: Transfer
    available: int


async def give_points(session: AsyncSession, gift: Gift, now: datetime) -> Given:
    """Move points to another member. They expire there when they would have.

    Raises MemberNotFound, OwnPoints, NotTransferable, TransferLimit, StepUpRequired or
    InsufficientPoints.
    """
    if await sharing.is_household(session, gift.to_member_id):
        raise OwnPoints("Give points to a member: a household has those of its members.")
    taker = WalletKey(await known_member(session, gift.to_member_id), PointType.POINTS)
    giver = WalletKey(gift.member_id, PointType.POINTS)
    book = await open_book(session, {giver.member_id, taker.member_id}, now)
    if earlier := await sharing.transfer_with_key(session, gift.member_id, gift.key):
        return Given(earlier, book.wallet(giver).available)
    if book.home(giver) == book.home(taker):
        raise OwnPoints("Points can be given to a member outside your household alone.")
    available = book.wallet(giver).available
    await _must_be_allowed(session, gift, now)
    if gift.points > available:
        raise InsufficientPoints.of(gift.points, available)
    made = _transfer_of(gift, taker, now)
    await books.bring_spendable(session, book, {book.home(giver): gift.points})
    transfer(book, giver, taker, gift.points, Source("transfer", str(made.transfer_id)))
    await sharing.add_transfer(session, made)
    balances = book.wallet(giver).available, book.wallet(taker).available
    await close_book(session, book, said=_announcements(made, *balances))
    return Given(made, balances[0])


async def _must_be_allowed(session: AsyncSession, gift: Gift, now: datetime) -> None:
    policy = await point_types.one(session, PointType.POINTS)
    if not policy.transferable:
        raise NotTransferable("Points cannot be given to other members here.")
    given = await sharing.given_since(session, gift.member_id, now - DAY)
    await check_device(session, gift.member_id, gift.session_id, given + gift.points, now)
    limit = policy.transfer_daily_limit
    if limit is None:
        return
    left = limit - given
    if gift.points > left:
        raise TransferLimit(
            f"At most {limit} points can be given away within 24 hours; {max(0, left)} are left.",
            limit=limit,
            left=max(0, left),
        )


def _transfer_of(gift: Gift, taker: WalletKey, now: datetime) -> Transfer:
    return Transfer(
        transfer_id=uuid7(),
        key=gift.key,
        from_member_id=gift.member_id,
        to_member_id=taker.member_id,
        points=gift.points,
        message=gift.message,
        made_at=now,
    )


def _announcements(made: Transfer, left: int, there: int) -> tuple[PointsGiven, PointsReceived]:
    given = PointsGiven(
        member_id=made.from_member_id,
        to_member_id=made.to_member_id,
        transfer_id=made.transfer_id,
        points=made.points,
        balance=left,
        message=made.message,
        given_at=made.made_at,
    )
    received = PointsReceived(
        member_id=made.to_member_id,
        from_member_id=made.from_member_id,
        transfer_id=made.transfer_id,
        points=made.points,
        balance=there,
        message=made.message,
        received_at=made.made_at,
    )
    return given, received
