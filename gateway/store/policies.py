"""Versions of the policy of traffic."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import PolicyVersion


async def newest(session: AsyncSession) -> PolicyVersion | None:
    statement = select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def add(session: AsyncSession, values: Mapping[str, Any]) -> PolicyVersion | None:
    """The new version; None when somebody else added one of this number."""
    statement = (
        insert(PolicyVersion).values(values).on_conflict_do_nothing().returning(PolicyVersion)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def versions_before(
    session: AsyncSession, before: int | None, limit: int
) -> Sequence[PolicyVersion]:
    """Versions, the newest first."""
    statement = select(PolicyVersion).order_by(col(PolicyVersion.version).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(PolicyVersion.version) < before)
    return (await session.execute(statement)).scalars().all()
