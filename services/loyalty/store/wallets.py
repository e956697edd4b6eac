"""What the app and staff look at: balances, what expires next, the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty import tables
from services.loyalty.rules.ledger import LotState, PointType, Wallet, WalletKey
from services.loyalty.store.books import wallet_of


class Expiring(NamedTuple):
    points: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Wallets:
    """A member's two wallets; empty ones where there are none yet."""

    points: Wallet
    growth: Wallet

    def is_due(self, now: datetime) -> bool:
        return self.points.is_due(now) or self.growth.is_due(now)


async def wallets(session: AsyncSession, member_id: UUID) -> Wallets:
    statement = text("SELECT * FROM wallets WHERE member_id = :member_id")
    rows = await session.execute(statement, {"member_id": member_id})
    found = {wallet.key.point_type: wallet for wallet in map(wallet_of, rows)}
    points, growth = (
        found.get(kind) or Wallet(key=WalletKey(member_id, kind))
        for kind in (PointType.POINTS, PointType.GROWTH)
    )
    return Wallets(points, growth)


async def next_expiring(session: AsyncSession, member_id: UUID, limit: int) -> list[Expiring]:
    """The next moments at which available points expire, and how many do."""
    lot = tables.Lot
    statement = (
        select(func.sum(col(lot.remaining)), col(lot.due_at))
        .where(
            col(lot.member_id) == member_id,
            col(lot.point_type) == PointType.POINTS,
            col(lot.state) == LotState.ACTIVE,
            col(lot.remaining) > 0,
            col(lot.due_at).is_not(None),
        )
        .group_by(col(lot.due_at))
        .order_by(col(lot.due_at))
        .limit(limit)
    )
    rows = await session.execute(statement)
    return [Expiring(int(points), due_at) for points, due_at in rows if due_at is not None]


async def history(
    session: AsyncSession, key: WalletKey, limit: int, before_version: int | None = None
) -> Sequence[tables.Entry]:
    """The entries of a wallet, newest first, beginning before a version of it."""
    entry = tables.Entry
    statement = (
        select(entry)
        .where(col(entry.member_id) == key.member_id, col(entry.point_type) == key.point_type)
        .order_by(col(entry.version).desc())
        .limit(limit)
    )
    if before_version is not None:
        statement = statement.where(col(entry.version) < before_version)
    return (await session.scalars(statement)).all()
