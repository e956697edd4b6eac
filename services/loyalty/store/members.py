"""Members as loyalty knows them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty.store.batches import updating
from services.loyalty.tables import Member

UNKNOWN_ZONE = "UTC"
"""Where a member lives of whom profile has said nothing yet."""

_SET_TIERS = updating(Member, "tier tier_since")

_DESCRIBE = text("""
    UPDATE members SET time_zone = given.time_zone, described_at = given.described_at,
        merged_into = CASE WHEN merged_at > given.described_at THEN merged_into END,
        merged_at = CASE WHEN merged_at > given.described_at THEN merged_at END
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:time_zones AS text[]),
                CAST(:described_at AS timestamptz[])) AS given (member_id, time_zone, described_at)
    WHERE members.member_id = given.member_id
      AND (members.described_at IS NULL OR members.described_at < given.described_at)
""")


class Description(NamedTuple):
    """What profile says of a member, and when that was true."""

    member_id: UUID
    time_zone: str
    described_at: datetime


async def is_known(session: AsyncSession, member_id: UUID) -> bool:
    return await session.get(Member, member_id) is not None


async def time_zones(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, str]:
    statement = select(col(Member.member_id), col(Member.time_zone)).where(_among(member_ids))
    return dict((await session.execute(statement)).all())


async def tiers(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, str]:
    statement = select(col(Member.member_id), col(Member.tier)).where(_among(member_ids))
    return dict((await session.execute(statement)).all())


async def set_tiers(session: AsyncSession, changes: Sequence[tuple[UUID, str, datetime]]) -> None:
    """Give each member a tier, held since a moment."""
    await _SET_TIERS.execute(session, changes)


async def survivors(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Of those members who have been merged into another: into whom."""
    statement = select(col(Member.member_id), col(Member.merged_into)).where(
        _among(member_ids), col(Member.merged_into).is_not(None)
    )
    return {
        absorbed: survivor for absorbed, survivor in await session.execute(statement) if survivor
    }


async def part(session: AsyncSession, member_id: UUID) -> None:
    """Let a merged member go on by themselves."""
    statement = (
        update(Member)
        .where(col(Member.member_id) == member_id)
        .values(merged_into=None, merged_at=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def merge(session: AsyncSession, absorbed: UUID, survivor: UUID, at: datetime) -> None:
    """Remember that `absorbed`, and whoever was merged into them, is `survivor` since `at`."""
    statement = (
        update(Member)
        .where(or_(col(Member.member_id) == absorbed, col(Member.merged_into) == absorbed))
        .values(merged_into=survivor, merged_at=at)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def strays(session: AsyncSession, limit: int) -> list[tuple[UUID, UUID]]:
    """Merged members who have got something since, each with who goes on for them."""
    statement = text("""
        SELECT DISTINCT member_id, merged_into FROM members JOIN wallets USING (member_id)
        WHERE merged_into IS NOT NULL AND available + pending + debt > 0 LIMIT :limit
    """)
    rows = await session.execute(statement, {"limit": limit})
    return [(row.member_id, row.merged_into) for row in rows]


async def describe(session: AsyncSession, descriptions: Sequence[Description]) -> None:
    """Keep what profile says of members, unless something newer is known. One row for each.

    Profile says nothing more of a merged member, but of one who got an account after all.
    """
    member_ids, time_zones, described_at = zip(*descriptions, strict=True)
    given = {"member_ids": member_ids, "time_zones": time_zones, "described_at": described_at}
    await session.execute(_DESCRIBE, {name: list(values) for name, values in given.items()})


def _among(member_ids: Collection[UUID]) -> ColumnElement[bool]:
    return col(Member.member_id) == any_(literal(list(member_ids), ARRAY(Uuid)))
