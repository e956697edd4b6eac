"""Wallets, locked for whoever writes for their members, and made for who has none.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import quick_uuid7
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    Clawback,
    Expiry,
    Period,
    PointType,
    Policy,
    Wallet,
    WalletKey,
)

EVERY_TYPE: Final = tuple(PointType)
_TYPES: Final = {str(kind): kind for kind in PointType}

_ENROL = text("""
    WITH enrolled AS (
        INSERT INTO members (member_id, tier, tier_since, enrolled_at)
        SELECT given.member_id, lowest.tier, :now, :now
        FROM unnest(CAST(:member_ids AS uuid[])) AS given (member_id), (
            SELECT body #>> '{tiers,levels,0,key}' AS tier FROM programme_versions
            WHERE state = 'live'
        ) AS lowest
        WHERE NOT EXISTS (SELECT FROM members WHERE members.member_id = given.member_id)
        ORDER BY given.member_id
        ON CONFLICT DO NOTHING RETURNING member_id
    )
    INSERT INTO wallets (member_id, point_type)
    SELECT member_id, point_type FROM enrolled, unnest(CAST(:point_types AS text[])) AS point_type
""")

_WALLET = """
    SELECT member_id, point_type, available, pending, held, debt, version, due_at, idle_at,
        household_id, clawback, debt_limit, grace_days, expiry, period, inactivity_days
    FROM wallets JOIN point_types ON point_types.key = wallets.point_type
"""

_THEIRS = "member_id = ANY(:member_ids) AND point_type = ANY(:point_types)"

_LOCK = text(f"""
    {_WALLET} WHERE {_THEIRS} ORDER BY member_id, point_type FOR UPDATE OF wallets
""")

_LOCK_IF_ALL = text(f"""
    {_WALLET} WHERE {_THEIRS} AND :wallets = (SELECT count(*) FROM wallets WHERE {_THEIRS})
    ORDER BY member_id, point_type FOR UPDATE OF wallets
""")

_LOCK_DUE = text(f"""
    {_WALLET} WHERE (member_id, point_type) IN (
        (SELECT member_id, point_type FROM lots
            WHERE is_open AND sweep_s <= extract(epoch FROM CAST(:now AS timestamptz))::bigint
            ORDER BY sweep_s LIMIT :limit)
        UNION
        (SELECT member_id, point_type FROM holds WHERE state = 'open' AND expires_at <= :now
            ORDER BY expires_at LIMIT :limit)
        UNION
        (SELECT member_id, point_type FROM wallets WHERE idle_at <= :now
            ORDER BY idle_at LIMIT :limit)
    )
    ORDER BY member_id, point_type FOR UPDATE OF wallets SKIP LOCKED
""")


async def enrol(session: AsyncSession, member_ids: Collection[UUID], now: datetime) -> None:
    """Give a member row and wallets to those who have none."""
    await session.execute(
        _ENROL, {"member_ids": list(member_ids), "point_types": list(PointType), "now": now}
    )


async def lock(
    session: AsyncSession,
    member_ids: Collection[UUID],
    now: datetime,
    point_types: Collection[PointType] = EVERY_TYPE,
) -> Book:
    """A book of the members' wallets. Everybody locks in one order, so nobody waits in a circle."""
    book = Book((), now=now, new_id=quick_uuid7)
    await lock_too(session, book, member_ids, point_types)
    return book


async def lock_if_all(
    session: AsyncSession,
    member_ids: Collection[UUID],
    now: datetime,
    point_types: Collection[PointType] = EVERY_TYPE,
) -> Book | None:
    """A book of the members' wallets; None, and nothing is locked, where some are not there."""
    given = {"member_ids": list(member_ids), "point_types": list(point_types)}
    wallets = len(member_ids) * len(point_types)
    rows = (await session.execute(_LOCK_IF_ALL, {**given, "wallets": wallets})).all()
    whole = len(rows) == wallets
    return Book(map(_locked, rows), now=now, new_id=quick_uuid7) if whole else None


async def lock_too(
    session: AsyncSession,
    book: Book,
    owners: Collection[UUID],
    point_types: Collection[PointType] = EVERY_TYPE,
) -> None:
    """Add to a book the wallets of households, which are always locked after members' own."""
    given = {"member_ids": list(owners), "point_types": list(point_types)}
    book.add(map(_locked, await session.execute(_LOCK, given)))


async def lock_due(session: AsyncSession, now: datetime, limit: int) -> Book:
    """A book of wallets with up to `limit` lots that are due, leaving out those somebody holds."""
    rows = await session.execute(_LOCK_DUE, {"now": now, "limit": limit})
    return Book(map(_locked, rows), now=now, new_id=quick_uuid7)


def _locked(row: Row[Any]) -> Wallet:
    """The wallet of a row of `_WALLET`; of many rows, names take longer to find than places."""
    owner, point_type, available, pending, held, debt, *rest = tuple[Any, ...](row)
    version, due_at, idle_at, household_id, *policy = rest
    return Wallet(
        key=WalletKey(owner, _TYPES[point_type]),
        available=available,
        pending=pending,
        held=held,
        debt=debt,
        version=version,
        due_at=due_at,
        idle_at=idle_at,
        household_id=household_id,
        policy=_policy(*policy),
    )


@lru_cache
def _policy(
    clawback: str,
    debt_limit: int | None,
    grace_days: int,
    expiry: str,
    period: str | None,
    inactivity_days: int | None,
) -> Policy:
    """One for all wallets of a point type."""
    return Policy(
        clawback=Clawback(clawback),
        debt_limit=debt_limit,
        grace_days=grace_days,
        expiry=Expiry(expiry),
        period=Period(period) if period else None,
        inactivity_days=inactivity_days,
    )


def wallet_of(row: Row[Any]) -> Wallet:
    return Wallet(
        key=WalletKey(row.member_id, PointType(row.point_type)),
        available=row.available,
        pending=row.pending,
        held=row.held,
        debt=row.debt,
        version=row.version,
        due_at=row.due_at,
        idle_at=row.idle_at,
        household_id=row.household_id,
    )
