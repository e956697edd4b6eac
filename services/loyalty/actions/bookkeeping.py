"""Opening and closing a book: what everything that moves points has in common."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.events import Event, Payload
from services.loyalty.events import (
    PointsActivated,
    PointsEarned,
    PointsExpired,
    PointsHeld,
    PointsRefunded,
    PointsReleased,
    PointsReversed,
    PointsSpent,
    TierChanged,
)
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import Entry, Kind, LotState, PointType, Source
from services.loyalty.rules.tiers import tier_of
from services.loyalty.store import books, holds, members, programme

Causes = Mapping[Source, Event]
"""The event behind each source, where the sources of one book have different causes."""

_Payload = TypeVar("_Payload", bound=Payload)

ONE_CAUSE: Causes = MappingProxyType({})


async def open_book(
    session: AsyncSession,
    member_ids: Collection[UUID],
    now: datetime,
    sources: Collection[Source] = (),
) -> Book:
    """Lock the members' wallets, enrolling who is new, and let in them happen what is due.

    To hand is also what was written for `sources` before, so that nothing is written twice. Two
    batches that enrol the same members at once may collide; the database then refuses one of them,
    which is tried again.
    """
    book = await books.lock(session, member_ids, now)
    if len(book.wallets) < len(member_ids) * len(PointType):
        await books.enrol(session, member_ids, now)
        book = await books.lock(session, member_ids, now)
    await books.bring_written(session, book, sources)
    await settle(session, book)
    return book


async def settle(session: AsyncSession, book: Book) -> None:
    """Let happen what is due in the book's wallets: lots becoming available or expiring, holds
    timing out.
    """
    if due := book.due():
        await books.bring_due(session, book, due)
        await holds.bring_due(session, book, due)
        book.settle()


async def close_book(
    session: AsyncSession,
    book: Book,
    said: Iterable[Payload] = (),
    causes: Causes = ONE_CAUSE,
) -> None:
    """Save the book, move tiers as growth points have moved, and say all that, and `said`."""
    await books.save(session, book)
    await holds.save(session, book)
    announced = [(_announcement(entry, book), causes.get(entry.source)) for entry in book.entries]
    payloads = [_because(payload, cause) for payload, cause in announced if payload]
    tiers = await _move_tiers(session, book, causes)
    await outbox.publish(session, *said, *payloads, *tiers)


async def _move_tiers(session: AsyncSession, book: Book, causes: Causes) -> list[TierChanged]:
    """Give members the tier their growth points now reach."""
    last = {e.key.member_id: e for e in book.entries if e.key.point_type is PointType.GROWTH}
    if not last:
        return []
    tiers = await programme.tiers(session)
    before = await members.tiers(session, last)
    changes: list[TierChanged] = []
    for member_id, entry in last.items():
        tier = tier_of(entry.available, tiers).key
        if tier != before[member_id]:
            change = TierChanged(
                member_id=member_id,
                tier=tier,
                previous=before[member_id],
                growth_points=entry.available,
                changed_at=book.now,
            )
            changes.append(_because(change, causes.get(entry.source)))
    await members.set_tiers(session, [(c.member_id, c.tier, c.changed_at) for c in changes])
    return changes


def _announcement(entry: Entry, book: Book) -> Payload | None:
    """What others hear of an entry. Of growth points they hear when the tier changes."""
    if entry.key.point_type is not PointType.POINTS or entry.points == 0:
        return None
    at = entry.memo.at
    of: dict[str, Any] = {
        "member_id": entry.key.member_id,
        "points": abs(entry.points),
        "balance": entry.available,
    }
    source = {"source_type": entry.source.type, "source_id": entry.source.id}
    match entry.kind:
        case Kind.ACTIVATE:
            return PointsActivated(**of, **source, activated_at=at)
        case Kind.SPEND | Kind.CAPTURE:
            return PointsSpent(**of, **source, spent_at=at)
        case Kind.HOLD:
            return PointsHeld(**of, **source, held_at=at)
        case Kind.VOID:
            return PointsReleased(**of, **source, released_at=at)
        case Kind.REFUND:
            return PointsRefunded(**of, **source, refunded_at=at)
        case Kind.EXPIRE:
            return PointsExpired(**of, expired_at=at)
    if entry.points < 0:
        reason = entry.memo.reason or ""
        return PointsReversed(**of, **source, reason=reason, reversed_at=at)
    lot = book.lots[entry.id]
    active = lot.state is LotState.ACTIVE
    return PointsEarned(
        **of,
        **source,
        entry_id=entry.id,
        state="available" if active else "pending",
        rule=entry.memo.claim.rule,
        expires_at=lot.due_at if active else None,
        earned_at=at,
    )


def _because(payload: _Payload, event: Event | None) -> _Payload:
    return payload.because(event) if event else payload
