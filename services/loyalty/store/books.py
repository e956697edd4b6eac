"""Books: bringing the lots of locked wallets to hand, and saving what was written.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting, together, updating
from services.loyalty import tables
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    Claim,
    Entry,
    Lot,
    LotState,
    PointType,
    Source,
    Terms,
    Wallet,
    WalletKey,
)
from services.loyalty.store import occasions
from services.loyalty.store.remarks import Said

LOT = """
    lots.id, lots.member_id, lots.point_type, lots.original, lots.remaining, lots.held,
    lots.reversed, lots.waived, lots.expired, lots.state, lots.due_at, lots.pending_days,
    lots.valid_days, lots.valid_until,
    entries.source_type, entries.source_id, entries.rule, entries.by_member_id
"""

_WRITTEN_FOR = text(f"""
    SELECT {LOT}, entries.leg, source.type, source.name, decided.triggers
    FROM unnest(CAST(:types AS text[]), CAST(:ids AS text[])) AS source (type, name)
    CROSS JOIN LATERAL (
        SELECT array_agg(trigger) AS triggers FROM occasions
        WHERE source_type = source.type AND source_id = source.name
    ) AS decided
    LEFT JOIN entries ON entries.source_type = source.type AND entries.source_id = source.name
    LEFT JOIN lots ON lots.id = entries.id
    WHERE entries.id IS NOT NULL OR decided.triggers IS NOT NULL
""")

_ALL = text(f"""
    SELECT {LOT} FROM entries JOIN lots ON lots.id = entries.id
    WHERE entries.member_id = :member_id AND lots.state <> 'moved'
""")

_OPEN = text(f"""
    SELECT {LOT}
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:point_types AS text[]))
        AS wallet (member_id, point_type)
    JOIN lots ON lots.member_id = wallet.member_id AND lots.point_type = wallet.point_type
        AND is_open
    JOIN entries ON entries.id = lots.id
""")

_THESE = text(f"""
    SELECT {LOT} FROM entries JOIN lots ON lots.id = entries.id WHERE lots.id = ANY(:lot_ids)
""")

_DUE = text(f"""
    SELECT {LOT}
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:point_types AS text[]))
        AS wallet (member_id, point_type)
    CROSS JOIN LATERAL (
        (SELECT * FROM lots WHERE lots.member_id = wallet.member_id
            AND lots.point_type = wallet.point_type AND is_open AND due_at <= :now)
        UNION ALL
        (SELECT * FROM lots WHERE lots.member_id = wallet.member_id
            AND lots.point_type = wallet.point_type AND is_open AND due_at > :now
            ORDER BY due_at, id LIMIT 1)
    ) AS lots
    JOIN entries ON entries.id = lots.id
""")

SOONEST = f"""
    SELECT {LOT} FROM (
        SELECT * FROM lots WHERE lots.member_id = {{owner}} AND lots.point_type = 'points'
            AND is_open AND state = 'active' AND (due_at > :now OR due_at IS NULL)
        ORDER BY due_at, id LIMIT 1
    ) AS lots JOIN entries ON entries.id = lots.id
"""
"""The lot of an owner's points that is spent first."""

_SPENDABLE = text(f"""
    SELECT {LOT}
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:point_types AS text[]),
                CAST(:points AS bigint[])) AS wallet (member_id, point_type, points)
    CROSS JOIN LATERAL (
        SELECT *, sum(remaining) OVER (ORDER BY due_at, id) - remaining AS sooner FROM lots
        WHERE lots.member_id = wallet.member_id AND lots.point_type = wallet.point_type
            AND is_open AND state = 'active' AND (due_at > :now OR due_at IS NULL)
    ) AS lots
    JOIN entries ON entries.id = lots.id
    WHERE lots.sooner < wallet.points
""")

_SAVE = together(
    inserting(
        tables.Entry,
        "id member_id by_member_id point_type version kind source_type source_id rule leg points"
        " available pending held debt actor reason reverses occurred_at recorded_at",
    ),
    inserting(tables.Remark, "entry_id member_id salt said"),
    inserting(tables.Posting, "entry_id account amount"),
    inserting(
        tables.Lot,
        "id member_id point_type original pending_days valid_days valid_until"
        " remaining held reversed waived expired state due_at",
    ),
    updating(tables.Lot, "remaining held reversed waived expired state due_at"),
    inserting(tables.LotMove, "entry_id lot_id points held"),
    occasions.ADD,
    updating(tables.Wallet, "available pending held debt version due_at idle_at household_id"),
)


async def bring_written(session: AsyncSession, book: Book, sources: Collection[Source]) -> None:
    """Bring to hand what has been written for `sources`.

    The claims, the lots they made, and the triggers that have been decided on.
    """
    if not sources:
        return
    types, ids = zip(*sources, strict=True)
    rows = (await session.execute(_WRITTEN_FOR, {"types": list(types), "ids": list(ids)})).all()
    book.claims |= {Claim(_source(row), row.rule, row.leg) for row in rows if row.rule is not None}
    book.decided |= {
        (Source(row.type, row.name), trigger) for row in rows for trigger in row.triggers or ()
    }
    book.bring(lot_of(row) for row in rows if row.id is not None)


async def bring_due(session: AsyncSession, book: Book, keys: Collection[WalletKey]) -> None:
    """Bring to hand the lots that are due in these wallets, and of each the next that will be."""
    rows = await session.execute(_DUE, {**keys_of(keys), "now": book.now})
    book.bring(map(lot_of, rows))
    await bring_open(session, book, [key for key in keys if book.wallets[key].idle_at])


async def bring_open(session: AsyncSession, book: Book, keys: Collection[WalletKey]) -> None:
    """Bring to hand all lots of these wallets with anything left."""
    if keys:
        book.bring(map(lot_of, await session.execute(_OPEN, keys_of(keys))))


async def bring_these(session: AsyncSession, book: Book, lot_ids: Collection[UUID]) -> None:
    """Bring lots to hand by their ids."""
    if lot_ids:
        book.bring(map(lot_of, await session.execute(_THESE, {"lot_ids": list(lot_ids)})))


async def bring_all(session: AsyncSession, book: Book, member_id: UUID) -> None:
    """Bring to hand all that a member ever earned and has not been moved to another."""
    book.bring(map(lot_of, await session.execute(_ALL, {"member_id": member_id})))


async def bring_spendable(
    session: AsyncSession, book: Book, points: Mapping[WalletKey, int]
) -> None:
    """Bring to hand the lots that expire soonest, as many as it takes to hold `points`."""
    if points:
        wanted = {**keys_of(points), "points": list(points.values()), "now": book.now}
        book.bring(map(lot_of, await session.execute(_SPENDABLE, wanted)))


async def save(session: AsyncSession, book: Book) -> None:
    """Write down what happened in the book, in one statement."""
    made = {entry.id for entry in book.entries}
    lots = [book.lots[lot_id] for lot_id in book.changed_lots]
    wallets = [book.wallets[key] for key in book.changed_wallets]
    said = {entry.id: Said.of(entry.memo.remark) for entry in book.entries if entry.memo.remark}
    entries = [_entry_row(entry, book.now, said.get(entry.id)) for entry in book.entries]
    postings = [(e.id, account, n) for e in book.entries for account, n in e.postings.items()]
    await _SAVE.write(
        session,
        entries,
        [_remark_row(entry, said[entry.id]) for entry in book.entries if entry.id in said],
        postings,
        [_new_lot_row(lot) for lot in lots if lot.id in made],
        [_lot_row(lot) for lot in lots if lot.id not in made],
        book.moves,
        [occasions.row_of(kept, book.now) for kept in book.kept],
        [_wallet_row(wallet) for wallet in wallets],
    )


def _new_lot_row(lot: Lot) -> tuple[Any, ...]:
    lot_id, *state = _lot_row(lot)
    terms = lot.terms
    days = terms.pending_days, terms.valid_days, terms.valid_until
    return lot_id, *lot.key, lot.original, *days, *state


def _lot_row(lot: Lot) -> tuple[Any, ...]:
    taken_back = lot.reversed, lot.waived
    return lot.id, lot.remaining, lot.held, *taken_back, lot.expired, lot.state, lot.due_at


def _wallet_row(wallet: Wallet) -> tuple[Any, ...]:
    balances = wallet.available, wallet.pending, wallet.held, wallet.debt
    due = wallet.due_at, wallet.idle_at
    return *wallet.key, *balances, wallet.version, *due, wallet.household_id


def _entry_row(entry: Entry, now: datetime, said: Said | None) -> tuple[Any, ...]:
    memo = entry.memo
    return (
        entry.id,
        entry.key.member_id,
        entry.by,
        entry.key.point_type,
        entry.version,
        entry.kind,
        *memo.claim.source,
        memo.claim.rule,
        memo.claim.leg,
        entry.points,
        entry.available,
        entry.pending,
        entry.held,
        entry.debt,
        memo.actor,
        said.digest if said else memo.reason,
        memo.reverses,
        memo.at,
        now,
    )


def _remark_row(entry: Entry, said: Said) -> tuple[Any, ...]:
    return entry.id, entry.by or entry.key.member_id, said.salt, said.words


def keys_of(keys: Collection[WalletKey]) -> dict[str, list[Any]]:
    return {
        "member_ids": [key.member_id for key in keys],
        "point_types": [key.point_type for key in keys],
    }


def lot_of(row: Row[Any]) -> Lot:
    state = LotState(row.state)
    return Lot(
        id=row.id,
        key=WalletKey(row.member_id, PointType(row.point_type)),
        source=_source(row),
        rule=row.rule,
        original=row.original,
        remaining=row.remaining,
        held=row.held,
        reversed=row.reversed,
        waived=row.waived,
        expired=row.expired,
        state=state,
        due_at=row.due_at,
        terms=Terms(
            awaits_delivery=state is LotState.AWAITING,
            pending_days=row.pending_days,
            valid_days=row.valid_days,
            valid_until=row.valid_until,
        ),
        by=row.by_member_id,
    )


def _source(row: Row[Any]) -> Source:
    return Source(row.source_type, row.source_id)
