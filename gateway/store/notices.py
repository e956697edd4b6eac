"""What administrators are still to be told."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import StaffNotice


async def add(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add notices; one that is there stays as it is."""
    await session.execute(insert(StaffNotice).values(list(rows)).on_conflict_do_nothing())


async def take(session: AsyncSession, limit: int) -> Sequence[StaffNotice]:
    """Take up to `limit` notices away, each for one caller alone."""
    waiting = (
        select(col(StaffNotice.notice_id))
        .order_by(col(StaffNotice.notice_id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = delete(StaffNotice).where(col(StaffNotice.notice_id).in_(waiting))
    return (await session.execute(statement.returning(StaffNotice))).scalars().all()
