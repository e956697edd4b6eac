"""Announcements: few at a time, read by everybody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.notify.tables import Announcement


def add(session: AsyncSession, announcement: Announcement) -> None:
    session.add(announcement)


async def lock(session: AsyncSession, announcement_id: UUID) -> Announcement | None:
    """The announcement, which nobody else changes until the transaction ends."""
    return await session.get(Announcement, announcement_id, with_for_update=True)


async def shown_at(
    session: AsyncSession, now: datetime, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Announcement]:
    """What is announced now, the latest first, beginning before a place if it is given."""
    statement = (
        select(Announcement)
        .where(
            col(Announcement.withdrawn_at).is_(None),
            col(Announcement.starts_at) <= now,
            col(Announcement.ends_at) > now,
        )
        .order_by(col(Announcement.starts_at).desc(), col(Announcement.announcement_id).desc())
        .limit(limit)
    )
    if before is not None:
        place = tuple_(col(Announcement.starts_at), col(Announcement.announcement_id))
        statement = statement.where(place < tuple_(*before))
    return (await session.execute(statement)).scalars().all()


async def newest(session: AsyncSession, before: UUID | None, limit: int) -> Sequence[Announcement]:
    """Up to `limit` announcements, newest first, those older than `before` if it is given."""
    statement = select(Announcement).order_by(col(Announcement.announcement_id).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(Announcement.announcement_id) < before)
    return (await session.execute(statement)).scalars().all()
