"""Holds: bringing them to hand with their lots, saving them, and showing them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.loyalty import tables
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import Hold, HoldState, PointType, WalletKey
from services.loyalty.store import books

_DUE = text("""
    SELECT holds.*
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:point_types AS text[]))
        AS wallet (member_id, point_type)
    CROSS JOIN LATERAL (
        (SELECT * FROM holds WHERE holds.member_id = wallet.member_id
            AND holds.point_type = wallet.point_type AND state = 'open' AND expires_at <= :now)
        UNION ALL
        (SELECT * FROM holds WHERE holds.member_id = wallet.member_id
            AND holds.point_type = wallet.point_type AND state = 'open' AND expires_at > :now
            ORDER BY expires_at LIMIT 1)
    ) AS holds
""")

_ALL = text("SELECT * FROM holds WHERE member_id = :member_id AND state = 'open'")

_ONE = text("SELECT * FROM holds WHERE hold_id = :hold_id")

_HELD = text("SELECT * FROM held_lots WHERE hold_id = ANY(:hold_ids)")

_SAVE = inserting(
    tables.Hold,
    "hold_id member_id by_member_id point_type key reference points captured released state"
    " expires_at authorized_at",
    rest="""
        ON CONFLICT (hold_id) DO UPDATE SET member_id = excluded.member_id,
            by_member_id = excluded.by_member_id,
            captured = excluded.captured, released = excluded.released, state = excluded.state
    """,
)
_SAVE_LOTS = inserting(tables.HeldLot, "hold_id lot_id points")


async def bring_due(session: AsyncSession, book: Book, keys: Collection[WalletKey]) -> None:
    """Bring to hand the holds that are due in these wallets, and of each the next that will be."""
    rows = await session.execute(_DUE, {**books.keys_of(keys), "now": book.now})
    await _bring(session, book, map(_hold, rows))


async def bring_all(session: AsyncSession, book: Book, member_id: UUID) -> None:
    """Bring to hand a member's open holds."""
    await _bring(session, book, map(_hold, await session.execute(_ALL, {"member_id": member_id})))


async def bring_one(session: AsyncSession, book: Book, hold_id: UUID) -> None:
    """Bring to hand a hold of a wallet in the book."""
    await _bring(session, book, map(_hold, await session.execute(_ONE, {"hold_id": hold_id})))


async def save(session: AsyncSession, book: Book) -> None:
    """Write down the holds that changed in the book, after its lots."""
    changed = [book.holds[hold_id] for hold_id in book.changed_holds]
    if not changed:
        return
    hold_ids = [hold.id for hold in changed]
    held = [(hold.id, lot_id, n) for hold in changed for lot_id, n in hold.lots.items()]
    await _SAVE.execute(session, [_row(hold) for hold in changed])
    await session.execute(
        text("DELETE FROM held_lots WHERE hold_id = ANY(:hold_ids)"), {"hold_ids": hold_ids}
    )
    await _SAVE_LOTS.execute(session, held)


async def one(session: AsyncSession, hold_id: UUID) -> Hold | None:
    """A hold as it is stored, without its lots."""
    row = (await session.execute(_ONE, {"hold_id": hold_id})).one_or_none()
    return _hold(row) if row else None


async def with_key(session: AsyncSession, key: UUID) -> Hold | None:
    """The hold that was asked for with this key."""
    statement = text("SELECT * FROM holds WHERE key = :key")
    row = (await session.execute(statement, {"key": key})).one_or_none()
    return _hold(row) if row else None


async def listed(
    session: AsyncSession, member_id: UUID, limit: int, before: UUID | None
) -> Sequence[tables.Hold]:
    """A member's holds, newest first, beginning before one of them."""
    held = tables.Hold
    whose = func.coalesce(col(held.by_member_id), col(held.member_id))
    statement = select(held).where(whose == member_id)
    if before is not None:
        statement = statement.where(col(held.hold_id) < before)
    return (await session.scalars(statement.order_by(col(held.hold_id).desc()).limit(limit))).all()


async def _bring(session: AsyncSession, book: Book, holds: Iterable[Hold]) -> None:
    new = {hold.id: hold for hold in holds if hold.id not in book.holds}
    if not new:
        return
    rows = (await session.execute(_HELD, {"hold_ids": list(new)})).all()
    held: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    for row in rows:
        held[row.hold_id][row.lot_id] = row.points
    for hold in new.values():
        hold.lots = held[hold.id]
    await books.bring_these(session, book, {row.lot_id for row in rows})
    book.bring_holds(new.values())


def _row(hold: Hold) -> tuple[Any, ...]:
    used = hold.captured, hold.released
    of = hold.id, hold.key.member_id, hold.by, hold.key.point_type
    called = hold.idempotency_key, hold.reference
    return *of, *called, hold.points, *used, hold.state, hold.expires_at, hold.authorized_at


def _hold(row: Row[Any]) -> Hold:
    return Hold(
        id=row.hold_id,
        key=WalletKey(row.member_id, PointType(row.point_type)),
        by=row.by_member_id,
        idempotency_key=row.key,
        reference=row.reference,
        points=row.points,
        captured=row.captured,
        released=row.released,
        state=HoldState(row.state),
        expires_at=row.expires_at,
        authorized_at=row.authorized_at,
    )
