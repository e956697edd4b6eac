"""Requests to list a segment, and how far each answer has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.profile.tables import AudienceRow, SegmentRow

_ADD = text("""
    INSERT INTO audiences (audience_id, segment, next_page, listed_to, requested_at)
    VALUES (:audience_id, :segment, 0, :start, :requested_at) ON CONFLICT DO NOTHING
""")


async def add_audience(
    session: AsyncSession, audience_id: UUID, segment: str, requested_at: datetime
) -> None:
    """Note the request; a repeat of it changes nothing."""
    await session.execute(
        _ADD,
        {
            "audience_id": audience_id,
            "segment": segment,
            "start": UUID(int=0),
            "requested_at": requested_at,
        },
    )


OPEN = "SELECT FROM audiences WHERE listed_at IS NULL"
"""Whether an audience is still to be listed."""


async def lock_audience_open(session: AsyncSession) -> AudienceRow | None:
    """The longest-waiting open request, locked. A segment still being filled is waited for."""
    filling = select(col(SegmentRow.key)).where(col(SegmentRow.filled_to).is_not(None))
    statement = (
        select(AudienceRow)
        .where(col(AudienceRow.listed_at).is_(None), col(AudienceRow.segment).not_in(filling))
        .order_by(col(AudienceRow.requested_at), col(AudienceRow.audience_id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def set_listed(
    session: AsyncSession,
    audience_id: UUID,
    *,
    listed_to: UUID,
    next_page: int,
    listed_at: datetime | None,
) -> None:
    """Note how far the answer has come; `listed_at` when that was the last page."""
    await session.execute(
        update(AudienceRow)
        .where(col(AudienceRow.audience_id) == audience_id)
        .values(listed_to=listed_to, next_page=next_page, listed_at=listed_at)
    )
