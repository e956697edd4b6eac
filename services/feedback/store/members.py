"""What feedback knows of members: its copies of profile's and loyalty's word."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.feedback.events import MemberDescribed, TierChanged
from services.feedback.tables import Member


async def describe_members(session: AsyncSession, latest: Sequence[MemberDescribed]) -> None:
    """Keep each member's name and language unless a later word is kept. One entry a member."""
    rows = [
        {
            "member_id": member.member_id,
            "display_name": member.display_name,
            "language": member.language,
            "described_at": member.updated_at,
        }
        for member in sorted(latest, key=lambda member: member.member_id)
    ]
    statement = insert(Member).values(rows)
    new = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id"],
            set_={
                "display_name": new.display_name,
                "language": new.language,
                "described_at": new.described_at,
            },
            where=_newer(Member.described_at, new.described_at),
        )
    )


async def rank_members(session: AsyncSession, latest: Sequence[TierChanged]) -> set[UUID]:
    """Keep each member's tier unless a later one is kept already; the members whose tier this set.

    The rows stay locked, so that a ticket being opened either sees the new tier or is seen by the
    caller.
    """
    rows = [
        {
            "member_id": change.member_id,
            "tier": change.tier,
            "tier_changed_at": change.changed_at,
        }
        for change in sorted(latest, key=lambda change: change.member_id)
    ]
    statement = insert(Member).values(rows)
    new = statement.excluded
    kept = statement.on_conflict_do_update(
        index_elements=["member_id"],
        set_={"tier": new.tier, "tier_changed_at": new.tier_changed_at},
        where=_newer(Member.tier_changed_at, new.tier_changed_at),
    ).returning(col(Member.member_id))
    return set(await session.scalars(kept))


async def hold_tier(session: AsyncSession, member_id: UUID) -> str:
    """The member's tier, which cannot change before the transaction ends."""
    statement = (
        select(col(Member.tier))
        .where(col(Member.member_id) == member_id)
        .with_for_update(read=True)
    )
    if (tier := (await session.scalars(statement)).one_or_none()) is not None:
        return tier
    await session.execute(insert(Member).values(member_id=member_id).on_conflict_do_nothing())
    return (await session.scalars(statement)).one()


async def known_members(session: AsyncSession, member_ids: Sequence[UUID]) -> list[UUID]:
    """Those of `member_ids` that exist, in order."""
    statement = select(col(Member.member_id)).where(col(Member.member_id).in_(member_ids))
    return list(await session.scalars(statement.order_by(col(Member.member_id))))


async def members_of(session: AsyncSession, member_ids: Sequence[UUID]) -> Mapping[UUID, Member]:
    statement = select(Member).where(col(Member.member_id).in_(member_ids))
    return {member.member_id: member for member in await session.scalars(statement)}


def _newer(kept_at: Any, at: Any) -> ColumnElement[bool]:
    return or_(col(kept_at).is_(None), col(kept_at) < at)
