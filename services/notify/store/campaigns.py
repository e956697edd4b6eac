"""Campaigns and the pages of their audiences."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.notify.tables import AudiencePage, Campaign


def add(session: AsyncSession, campaign: Campaign) -> None:
    session.add(campaign)


async def campaign_of(session: AsyncSession, campaign_id: UUID) -> Campaign | None:
    return await session.get(Campaign, campaign_id)


async def lock(session: AsyncSession, campaign_id: UUID) -> Campaign | None:
    """The campaign, which nobody else changes until the transaction ends."""
    return await session.get(Campaign, campaign_id, with_for_update=True, populate_existing=True)


async def newest(session: AsyncSession, before: UUID | None, limit: int) -> Sequence[Campaign]:
    """Up to `limit` campaigns, newest first, those older than `before` if it is given."""
    statement = select(Campaign).order_by(col(Campaign.campaign_id).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(Campaign.campaign_id) < before)
    return (await session.execute(statement)).scalars().all()


async def add_page(session: AsyncSession, campaign_id: UUID, page: int) -> bool:
    """Note that a page of the audience is in; False when it was already."""
    statement = (
        insert(AudiencePage)
        .values(campaign_id=campaign_id, page=page)
        .on_conflict_do_nothing()
        .returning(col(AudiencePage.page))
    )
    return (await session.execute(statement)).first() is not None


RUNNING = "SELECT FROM campaigns WHERE state = 'running'"
"""Whether a campaign is running."""


async def lock_finished(session: AsyncSession, limit: int) -> Sequence[Campaign]:
    """Lock up to `limit` running campaigns that are all listed and have nothing left to send."""
    statement = text("""
        SELECT campaign_id FROM campaigns WHERE state = 'running' AND last_page IS NOT NULL
            AND last_page + 1 = (SELECT count(*) FROM audience_pages
                WHERE audience_pages.campaign_id = campaigns.campaign_id AND page <= last_page)
            AND NOT EXISTS (SELECT 1 FROM deliveries
                WHERE deliveries.campaign_id = campaigns.campaign_id AND state = 'queued')
            AND NOT EXISTS (SELECT 1 FROM deliveries
                WHERE deliveries.campaign_id = campaigns.campaign_id AND state = 'in_flight')
        LIMIT :limit FOR UPDATE SKIP LOCKED
    """)
    ids = (await session.execute(statement, {"limit": limit})).scalars().all()
    found = await session.execute(select(Campaign).where(col(Campaign.campaign_id).in_(ids)))
    return found.scalars().all()


async def contents(
    session: AsyncSession, campaign_ids: Collection[UUID]
) -> dict[UUID, dict[str, dict[str, Any]]]:
    """The campaigns' contents, by language."""
    statement = select(col(Campaign.campaign_id), col(Campaign.content)).where(
        col(Campaign.campaign_id).in_(campaign_ids)
    )
    return {row.campaign_id: row.content for row in await session.execute(statement)}
