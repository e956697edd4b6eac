"""Rewards and redemptions. Wallets are locked before a reward is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, insert, or_, select, tuple_, update
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


Position = tuple[int, UUID]
"""A reward's points and id: its place in a list."""

S = TypeVar("S", bound=Select[*tuple[Any, ...]])

_FIELDS = ("reward_id", "name", "description", "points", "stock", "member_limit", "active")


class Had(NamedTuple):
    """A reward, and how often one member has had it."""

    reward: Reward
    times: int


async def reward(session: AsyncSession, reward_id: UUID) -> Reward | None:
    row = await session.get(tables.Reward, reward_id, populate_existing=True)
    return _reward(row) if row else None


async def listed(session: AsyncSession, limit: int, after: Position | None) -> list[Reward]:
    """All rewards from the cheapest, beginning after a position."""
    rows = await session.scalars(_after(select(tables.Reward), after).limit(limit))
    return [_reward(row) for row in rows]


async def offered(
    session: AsyncSession, member_id: UUID, limit: int, after: Position | None
) -> list[Had]:
    """The active rewards from the cheapest, beginning after a position."""
    statement = _after(_had_by(member_id), after).limit(limit)
    return [Had(_reward(row), times) for row, times in await session.execute(statement)]


async def offer(session: AsyncSession, member_id: UUID, reward_id: UUID) -> Had | None:
    """One active reward."""
    statement = _had_by(member_id).where(col(tables.Reward.reward_id) == reward_id)
    found = (await session.execute(statement)).first()
    return Had(_reward(found[0]), found[1]) if found else None


def _had_by(member_id: UUID) -> Select[tables.Reward, int]:
    redemption = tables.Redemption
    times = (
        select(func.count())
        .where(
            col(redemption.member_id) == member_id,
            col(redemption.reward_id) == col(tables.Reward.reward_id),
        )
        .scalar_subquery()
    )
    return (
        select(tables.Reward, times)
        .where(col(tables.Reward.active))
        .execution_options(populate_existing=True)
    )


def _after(statement: S, after: Position | None) -> S:
    position = tuple_(col(tables.Reward.points), col(tables.Reward.reward_id))
    if after is not None:
        statement = statement.where(position > after)
    return statement.order_by(position)


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


async def redemption(
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
