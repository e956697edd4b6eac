"""Point types: how points of each behave."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty.rules.ledger import PointType
from services.loyalty.tables import PointType as Row


async def listed(session: AsyncSession) -> Sequence[Row]:
    """All point types, by their key."""
    return (await session.scalars(select(Row).order_by(col(Row.key)))).all()


async def change(session: AsyncSession, key: PointType, changes: Mapping[str, Any]) -> Row:
    """Change columns of a point type; it as it is then."""
    if changes:
        statement = update(Row).where(col(Row.key) == key).values(**changes)
        await session.execute(statement.execution_options(synchronize_session=False))
    return await one(session, key)


async def one(session: AsyncSession, key: PointType) -> Row:
    row = await session.get(Row, key, populate_existing=True)
    assert row is not None  # noqa: S101  (the migrations make every point type)
    return row
