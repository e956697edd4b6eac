"""Badges, and who has them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty.rules.rewards import Texts
from services.loyalty.tables import Badge


class Awarded(NamedTuple):
    """A badge as a member has it."""

    badge: str
    name: Texts
    description: Texts
    icon: str | None
    awarded_at: datetime


_OF_MEMBER = text("""
    SELECT badge, name, description, icon, awarded_at FROM member_badges JOIN badges USING (badge)
    WHERE member_id = :member_id ORDER BY awarded_at DESC, badge LIMIT :limit
""")

_AWARD = text("""
    INSERT INTO member_badges (member_id, badge, source, awarded_at)
    VALUES (:member_id, :badge, :source, :now) ON CONFLICT DO NOTHING RETURNING 1
""")


async def add(session: AsyncSession, badge: Badge) -> bool:
    """Make a badge; False if there is one of this name."""
    if await find(session, badge.badge):
        return False
    await session.execute(insert(Badge).values(badge.model_dump()))
    return True


async def find(session: AsyncSession, badge: str) -> Badge | None:
    return (await session.scalars(select(Badge).where(col(Badge.badge) == badge))).one_or_none()


async def listed(session: AsyncSession) -> list[Badge]:
    return list(await session.scalars(select(Badge).order_by(col(Badge.badge))))


async def award(
    session: AsyncSession, member_id: UUID, badge: str, source: str, now: datetime
) -> bool:
    """Give a member a badge; False if they have it."""
    given = {"member_id": member_id, "badge": badge, "source": source, "now": now}
    return (await session.execute(_AWARD, given)).first() is not None


async def of_member(session: AsyncSession, member_id: UUID, limit: int) -> list[Awarded]:
    """A member's badges, the newest first."""
    rows = await session.execute(_OF_MEMBER, {"member_id": member_id, "limit": limit})
    return [Awarded(*row) for row in rows]
