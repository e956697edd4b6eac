"""Birthdays: whose they are, and when they were told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_HAVING = text("""
    SELECT id, traits ->> 'birthday' AS birthday, time_zone FROM members
    WHERE traits ? 'birthday' AND substr((traits ->> 'birthday'), 6, 5) = ANY(:month_days)
        AND merged_into IS NULL AND standing <> 'anonymous' AND id > :after
        AND NOT EXISTS (
            SELECT FROM birthdays_told WHERE member_id = members.id AND told_at > :told_after)
    ORDER BY id LIMIT :limit
""")

_TELL = text("""
    INSERT INTO birthdays_told AS known (member_id, told_at)
    SELECT member_id, :now FROM unnest(CAST(:ids AS uuid[])) AS given (member_id)
    ON CONFLICT (member_id) DO UPDATE SET told_at = excluded.told_at
        WHERE known.told_at <= :told_after
    RETURNING member_id
""")

_GIVE = text("""
    WITH gone AS (DELETE FROM birthdays_told WHERE member_id = :giver RETURNING told_at)
    INSERT INTO birthdays_told AS known (member_id, told_at) SELECT :receiver, told_at FROM gone
    ON CONFLICT (member_id) DO UPDATE SET told_at = greatest(known.told_at, excluded.told_at)
""")


class Celebrant(NamedTuple):
    """A member with an account who may have their birthday."""

    id: UUID
    birthday: str
    time_zone: str


async def having(
    session: AsyncSession,
    month_days: Collection[str],
    told_after: datetime,
    after: UUID,
    limit: int,
) -> Sequence[Celebrant]:
    """The next members with one of these birthdays, of which nothing was told after a moment."""
    given = {
        "month_days": list(month_days),
        "told_after": told_after,
        "after": after,
        "limit": limit,
    }
    return [Celebrant(*row) for row in await session.execute(_HAVING, given)]


async def tell(
    session: AsyncSession, ids: Collection[UUID], told_after: datetime, now: datetime
) -> set[UUID]:
    """Write that birthdays are told; whose nobody told after a moment, even at the same time."""
    given = {"ids": sorted(ids), "told_after": told_after, "now": now}
    return {row.member_id for row in await session.execute(_TELL, given)}


async def give(session: AsyncSession, *, giver: UUID, receiver: UUID) -> None:
    """Count what was told of one member as told of another."""
    await session.execute(_GIVE, {"giver": giver, "receiver": receiver})
