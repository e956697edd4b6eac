"""What finance declares: terms, the value of points, the cost of rewards."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty.tables import FinanceTerms, PointValue, RewardCost


async def terms(session: AsyncSession) -> FinanceTerms:
    """How the company keeps its books."""
    statement = select(FinanceTerms).execution_options(populate_existing=True)
    return (await session.scalars(statement)).one()


async def lock(session: AsyncSession) -> FinanceTerms:
    """The terms, which nobody else changes meanwhile; nor does anybody declare or close."""
    statement = select(FinanceTerms).with_for_update()
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return found.one()


async def change_terms(session: AsyncSession, changes: Mapping[str, Any]) -> FinanceTerms:
    if changes:
        statement = update(FinanceTerms).values(**changes)
        await session.execute(statement.execution_options(synchronize_session=False))
    return await terms(session)


async def point_values(session: AsyncSession) -> Sequence[PointValue]:
    """Every value ever declared, by point type and day."""
    statement = select(PointValue).order_by(col(PointValue.point_type), col(PointValue.valid_from))
    return (await session.scalars(statement)).all()


async def add_point_value(session: AsyncSession, value: PointValue) -> None:
    await session.execute(insert(PointValue).values(value.model_dump()))


async def reward_costs(session: AsyncSession) -> Sequence[RewardCost]:
    """Every cost ever declared, by reward and day."""
    statement = select(RewardCost).order_by(col(RewardCost.reward_id), col(RewardCost.valid_from))
    return (await session.scalars(statement)).all()


async def add_reward_cost(session: AsyncSession, cost: RewardCost) -> None:
    await session.execute(insert(RewardCost).values(cost.model_dump()))
