"""Opening and closing a book: what everything that moves points has in common."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.events import Cause, Event, Payload
from services.loyalty.actions.announcing import announcement, joined
from services.loyalty.actions.tiers import Lost, move_tiers
from services.loyalty.rules import settling
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import PointType, Source
from services.loyalty.store import books, holds, locking

Causes = Mapping[Source, Event | Cause]
"""What is behind each source, where the sources of one book have different causes."""

_Payload = TypeVar("_Payload", bound=Payload)

ONE_CAUSE: Causes = MappingProxyType({})


async def open_book(
    session: AsyncSession,
    member_ids: Collection[UUID],
    now: datetime,
    sources: Collection[Source] = (),
    point_types: Collection[PointType] = locking.EVERY_TYPE,
) -> Book:
    """Lock the members' wallets, enrolling who is new, and let in them happen what is due.

    Who holds a member's wallet of points keeps all others out who would write for the member: work
    that moves those alone need not lock more.

    To hand is also what was written for `sources` before, so that nothing is written twice.
    """
    book = await lock_wallets(session, member_ids, now, point_types)
    await open_locked(session, book, sources)
    return book


async def open_locked(session: AsyncSession, book: Book, sources: Collection[Source]) -> None:
    """The rest of `open_book` for a book whose wallets have just been locked."""
    await books.bring_written(session, book, sources)
    await _lock_strangers(session, book, sources)
    await settle(session, book)


async def lock_wallets(
    session: AsyncSession,
    member_ids: Collection[UUID],
    now: datetime,
    point_types: Collection[PointType] = locking.EVERY_TYPE,
) -> Book:
    """Lock the wallets of members, and of their households, in the one order; enrol who is new.

    Who opens several books in a transaction locks the wallets of all of them first.
    """
    book = await _lock_own(session, member_ids, now, point_types)
    await _lock_households(session, book, point_types)
    return book


async def lock_members(session: AsyncSession, member_ids: Collection[UUID], now: datetime) -> None:
    """Keep out all others who would write for the members, but of no points; enrol who is new."""
    await _lock_own(session, member_ids, now, (PointType.POINTS,))


async def _lock_own(
    session: AsyncSession,
    member_ids: Collection[UUID],
    now: datetime,
    point_types: Collection[PointType],
) -> Book:
    book = await locking.lock_if_all(session, member_ids, now, point_types)
    if not book:  # who held some while making others would deadlock with who waits for those
        await locking.enrol(session, member_ids, now)
        book = await locking.lock(session, member_ids, now, point_types)
    return book


async def _lock_households(
    session: AsyncSession, book: Book, point_types: Collection[PointType]
) -> None:
    """Lock the wallets too that the members share with others."""
    shared = {wallet.household_id for wallet in book.wallets.values() if wallet.household_id}
    if shared:
        await locking.lock_too(session, book, shared, point_types)


async def _lock_strangers(session: AsyncSession, book: Book, sources: Collection[Source]) -> None:
    """Lock the wallets of households that kept what a member earned in them and could not take."""
    strangers = {key.member_id for key in book.strangers()}
    if strangers:
        await locking.lock_too(session, book, strangers)
        book.forget_lots()
        await books.bring_written(session, book, sources)


async def settle(session: AsyncSession, book: Book) -> None:
    """Let happen what is due in the book's wallets.

    Lots become available or expire, holds time out.
    """
    if due := book.due():
        await books.bring_due(session, book, due)
        await holds.bring_due(session, book, due)
        settling.settle(book)


async def close_book(
    session: AsyncSession,
    book: Book,
    said: Iterable[Payload] = (),
    causes: Causes = ONE_CAUSE,
    lost_by_orders: Mapping[UUID, Lost] | None = None,
) -> None:
    """Save the book, move the tiers that rest on it, and say all that, and `said`.

    Where orders moved: whose, with what has been taken back of theirs.
    """
    await books.save(session, book)
    await holds.save(session, book)
    announced = [(announcement(entry, book), causes.get(entry.source)) for entry in book.entries]
    payloads = joined(_because(payload, cause) for payload, cause in announced if payload)
    moved = await move_tiers(session, book)
    if lost_by_orders is not None:
        moved += await move_tiers(session, book, lost_by_orders)
    because_of = {entry.key.member_id: causes.get(entry.source) for entry in book.entries}
    tiers = [_because(payload, because_of.get(payload.member_id)) for payload in moved]
    await outbox.publish(session, *said, *payloads, *tiers)


def _because(payload: _Payload, cause: Event | Cause | None) -> _Payload:
    return payload.because(cause) if cause else payload
