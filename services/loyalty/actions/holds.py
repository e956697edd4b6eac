"""Holds: setting points aside for an order, capturing them, giving them back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.idempotency import KeyReused
from kit.ids import uuid7
from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import close_book, open_book, settle
from services.loyalty.actions.members import known_member
from services.loyalty.actions.spending import InsufficientPoints
from services.loyalty.rules.book import Book
from services.loyalty.rules.holds import authorize, capture, claim_of, void
from services.loyalty.rules.ledger import Hold, HoldState, Memo, PointType, WalletKey
from services.loyalty.store import books, holds


class HoldNotFound(NotFound):
    code = "loyalty.hold_not_found"
    title = "No such hold"


class HoldEnded(Conflict):
    code = "loyalty.hold_ended"
    title = "The hold has ended"


class HoldTooSmall(Conflict):
    code = "loyalty.hold_too_small"
    title = "The hold has fewer points left"


class HoldMoving(Conflict):
    code = "loyalty.hold_moving"
    title = "The hold is on its way to another wallet"
    passing = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A wish to set points aside, which comes true once for each `key`."""

    member_id: UUID
    points: int
    reference: str | None
    lasts: timedelta
    key: UUID
    actor: str


@dataclass(frozen=True, slots=True)
class Held:
    """A hold, and what its member has available now."""

    hold: Hold
    available: int


async def hold_points(session: AsyncSession, wish: Reservation, now: datetime) -> Held:
    """Set a member's points aside. Raises MemberNotFound, KeyReused or InsufficientPoints."""
    wish = replace(wish, member_id=await known_member(session, wish.member_id))
    book = await open_book(session, {wish.member_id}, now)
    key = WalletKey(wish.member_id, PointType.POINTS)
    if earlier := await holds.with_key(session, wish.key):
        if await known_member(session, earlier.member_id) != wish.member_id:
            raise KeyReused("This Idempotency-Key was used to hold another member's points.")
        return Held(earlier, book.wallet(key).available)
    available = book.wallet(key).available
    if wish.points > available:
        raise InsufficientPoints.of(wish.points, available)
    home = book.home(key)
    await books.bring_spendable(session, book, {home: wish.points})
    hold = _hold_of(wish, home, book.by(key), now)
    authorize(book, hold, Memo(claim=claim_of(hold, "authorize"), at=now, actor=wish.actor))
    await close_book(session, book)
    return _held(book, hold)


async def capture_hold(
    session: AsyncSession,
    hold_id: UUID,
    *,
    points: int | None,
    final: bool,
    key: UUID,
    actor: str,
    now: datetime,
) -> Held:
    """Spend `points` of a hold, or all that is left; when `final`, give the rest back.

    Happens once for each `key`. Raises HoldNotFound, HoldEnded or HoldTooSmall.
    """
    book, hold = await _open(session, hold_id, now)
    claim = claim_of(hold, f"capture:{key}")
    if claim in book.claims:
        return _held(book, hold)
    _must_be_open(hold)
    points = hold.remaining if points is None else points
    if points > hold.remaining:
        raise HoldTooSmall(
            f"The hold has {hold.remaining} points left; capture at most as many.",
            remaining=hold.remaining,
        )
    capture(book, hold, points, Memo(claim=claim, at=now, actor=actor))
    if final:
        void(book, hold, Memo(claim=claim_of(hold, "rest"), at=now, actor=actor))
        await settle(session, book)
    await close_book(session, book)
    return _held(book, hold)


async def void_hold(session: AsyncSession, hold_id: UUID, actor: str, now: datetime) -> Held:
    """Give back what a hold has left. Once it is voided, doing so again changes nothing.

    Raises HoldNotFound, or HoldEnded when it was captured.
    """
    book, hold = await _open(session, hold_id, now)
    if hold.state in (HoldState.VOIDED, HoldState.TIMED_OUT):
        await close_book(session, book)
        return _held(book, hold)
    _must_be_open(hold)
    void(book, hold, Memo(claim=claim_of(hold, "void"), at=now, actor=actor))
    await settle(session, book)
    await close_book(session, book)
    return _held(book, hold)


async def show_hold(session: AsyncSession, hold_id: UUID, now: datetime) -> Held:
    """A hold as it is now: one whose time is out has ended. Raises HoldNotFound."""
    book, hold = await _open(session, hold_id, now)
    await close_book(session, book)
    return _held(book, hold)


async def _open(session: AsyncSession, hold_id: UUID, now: datetime) -> tuple[Book, Hold]:
    """A book of the wallet a hold is in, with the hold, its lots and its claims at hand."""
    found = await holds.one(session, hold_id)
    if found is None:
        raise HoldNotFound(f"There is no hold {hold_id}.")
    book = await open_book(session, {found.key.member_id}, now, {found.source})
    await holds.bring_one(session, book, hold_id)
    hold = book.holds[hold_id]
    if hold.key not in book.wallets:
        raise HoldMoving("The member is just being merged with another; try again in a moment.")
    return book, hold


def _must_be_open(hold: Hold) -> None:
    if hold.state is not HoldState.OPEN:
        raise HoldEnded(
            f"The hold has been {hold.state.replace('_', ' ')}; authorize a new one.",
            state=hold.state,
            captured=hold.captured,
        )


def _hold_of(wish: Reservation, key: WalletKey, by: UUID | None, now: datetime) -> Hold:
    return Hold(
        id=uuid7(),
        key=key,
        by=by,
        idempotency_key=wish.key,
        reference=wish.reference,
        points=wish.points,
        authorized_at=now,
        expires_at=now + wish.lasts,
    )


def _held(book: Book, hold: Hold) -> Held:
    return Held(hold, book.wallets[hold.key].available)
