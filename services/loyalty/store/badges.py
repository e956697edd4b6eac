"""Badges, and who has them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.gathering import Ask, Rows
from services.loyalty.rules.rewards import Texts
from services.loyalty.tables import Badge


class Awarded(NamedTuple):
    """A badge as a member has it."""

    badge: str
    name: Texts
    description: Texts
    icon: str | None
    awarded_at: datetime


Position = tuple[datetime, str]
"""Where a badge stands among a member's: when it was awarded, and its key."""

_OF_MEMBER = text("""
    SELECT badge, name, description, icon, awarded_at FROM member_badges JOIN badges USING (badge)
    WHERE member_id = :member_id AND (CAST(:at AS timestamptz) IS NULL OR awarded_at < :at
        OR (awarded_at = :at AND badge > :badge))
    ORDER BY awarded_at DESC, badge LIMIT :limit
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


async def listed(session: AsyncSession, limit: int, after: str) -> Sequence[Badge]:
    """Badges by their key, beginning after one."""
    key = col(Badge.badge)
    statement = select(Badge).where(key > after).order_by(key).limit(limit)
    return (await session.scalars(statement)).all()


async def award(
    session: AsyncSession, member_id: UUID, badge: str, source: str, now: datetime
) -> bool:
    """Give a member a badge; False if they have it."""
    given = {"member_id": member_id, "badge": badge, "source": source, "now": now}
    return (await session.execute(_AWARD, given)).first() is not None


def of_member(member_id: UUID, limit: int, after: Position | None = None) -> Ask[list[Awarded]]:
    """A member's badges, the newest first, beginning after a position."""
    at, badge = after or (None, "")
    given = {"member_id": member_id, "limit": limit, "at": at, "badge": badge}
    return Ask(_OF_MEMBER, given, _awarded)


def _awarded(rows: Rows) -> list[Awarded]:
    return [Awarded(*row) for row in rows]
