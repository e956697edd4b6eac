"""Rewards and redemptions. Wallets are locked before a reward is."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty import tables
from services.loyalty.rules.rewards import Reward, Texts


class Redemption(NamedTuple):
    """A reward as a member redeemed it. `name` is in each language, as the reward has it now."""

    redemption_id: UUID
    reward_id: UUID
    name: Texts
    points: int
    redeemed_at: datetime


_FIELDS = ("reward_id", "name", "description", "points", "stock", "member_limit", "active")


async def reward(session: AsyncSession, reward_id: UUID) -> Reward | None:
    row = await session.get(tables.Reward, reward_id, populate_existing=True)
    return _reward(row) if row else None


async def listed(
    session: AsyncSession, limit: int, after: tuple[int, UUID] | None, *, active_only: bool
) -> list[Reward]:
    """Rewards from the cheapest, beginning after one with these points and id."""
    position = tuple_(col(tables.Reward.points), col(tables.Reward.reward_id))
    statement = select(tables.Reward).order_by(position).limit(limit)
    if active_only:
        statement = statement.where(col(tables.Reward.active))
    if after is not None:
        statement = statement.where(position > after)
    return [_reward(row) for row in await session.scalars(statement)]


async def redeemed(
    session: AsyncSession, member_id: UUID, reward_ids: Collection[UUID]
) -> Mapping[UUID, int]:
    """How often a member has had each of these rewards."""
    redemption = tables.Redemption
    statement = (
        select(col(redemption.reward_id), func.count())
        .where(col(redemption.member_id) == member_id, col(redemption.reward_id).in_(reward_ids))
        .group_by(col(redemption.reward_id))
    )
    return dict((await session.execute(statement)).all())


async def take_from_stock(session: AsyncSession, reward_id: UUID) -> bool:
    """Take one; False when there is none left. The rest of the transaction holds the reward."""
    stock = col(tables.Reward.stock)
    statement = (
        update(tables.Reward)
        .where(col(tables.Reward.reward_id) == reward_id, or_(stock.is_(None), stock > 0))
        .values(stock=stock - 1)
        .returning(col(tables.Reward.reward_id))
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(statement)).first() is not None


async def add_redemption(session: AsyncSession, redemption: tables.Redemption) -> None:
    await session.execute(insert(tables.Redemption).values(redemption.model_dump()))


async def redemption_with(
    session: AsyncSession, member_id: UUID, reward_id: UUID, key: UUID
) -> tables.Redemption | None:
    """The redemption that was asked for with this key."""
    made = tables.Redemption
    statement = select(made).where(
        col(made.member_id) == member_id, col(made.reward_id) == reward_id, col(made.key) == key
    )
    return (await session.scalars(statement)).one_or_none()


async def redemptions(
    session: AsyncSession, member_id: UUID, limit: int, before: UUID | None
) -> list[Redemption]:
    """What a member has redeemed, newest first, beginning before one redemption."""
    made, reward = tables.Redemption, tables.Reward
    statement = (
        select(
            col(made.redemption_id),
            col(made.reward_id),
            col(reward.name),
            col(made.points),
            col(made.redeemed_at),
        )
        .join(reward, col(reward.reward_id) == col(made.reward_id))
        .where(col(made.member_id) == member_id)
        .order_by(col(made.redemption_id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(made.redemption_id) < before)
    return [Redemption(*row) for row in await session.execute(statement)]


async def add(session: AsyncSession, reward: Reward, now: datetime) -> None:
    values = {name: getattr(reward, name) for name in _FIELDS}
    await session.execute(insert(tables.Reward).values(**values, created_at=now, updated_at=now))


async def change(
    session: AsyncSession, reward_id: UUID, changes: Mapping[str, Any], now: datetime
) -> Reward | None:
    """Change columns of a reward; the reward as it is then, or None if there is none."""
    statement = (
        update(tables.Reward)
        .where(col(tables.Reward.reward_id) == reward_id)
        .values(**changes, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)
    return await reward(session, reward_id)


def _reward(row: tables.Reward) -> Reward:
    return Reward(**{name: getattr(row, name) for name in _FIELDS})
