"""What feedback knows of members: its copies of profile's and loyalty's word."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.languages import DEFAULT
from kit.rows import inserting
from services.feedback.events import MemberDescribed, TierChanged
from services.feedback.rules.tickets import FIRST_TIER
from services.feedback.tables import Member

_DESCRIBE = inserting(
    Member,
    "member_id display_name language described_at tier",
    """
    ON CONFLICT (member_id) DO UPDATE SET display_name = excluded.display_name,
        language = excluded.language, described_at = excluded.described_at,
        merged_into = CASE WHEN members.merged_at > excluded.described_at
            THEN members.merged_into END,
        merged_at = CASE WHEN members.merged_at > excluded.described_at THEN members.merged_at END
    WHERE members.described_at IS NULL OR members.described_at < excluded.described_at
    """,
)
_RANK = inserting(
    Member,
    "member_id tier tier_changed_at language",
    """
    ON CONFLICT (member_id) DO UPDATE SET tier = excluded.tier,
        tier_changed_at = excluded.tier_changed_at
    WHERE members.tier_changed_at IS NULL OR members.tier_changed_at < excluded.tier_changed_at
    RETURNING member_id
    """,
)


async def describe_members(session: AsyncSession, latest: Iterable[MemberDescribed]) -> None:
    """Keep each member's name and language unless a later word is kept. One entry a member.

    Profile says nothing more of a merged member, but of one who got an account after all.
    """
    rows = [
        (member.member_id, member.display_name, member.language, member.updated_at, FIRST_TIER)
        for member in sorted(latest, key=lambda member: member.member_id)
    ]
    await _DESCRIBE.execute(session, rows)


async def rank_members(session: AsyncSession, latest: Iterable[TierChanged]) -> set[UUID]:
    """Keep each member's tier unless a later one is kept already; the members whose tier this set.

    The rows stay locked, so that a ticket being opened either sees the new tier or is seen by the
    caller.
    """
    rows = [
        (change.member_id, change.tier, change.changed_at, DEFAULT)
        for change in sorted(latest, key=lambda change: change.member_id)
    ]
    return {row.member_id for row in await _RANK.execute(session, rows)}


async def hold_member(session: AsyncSession, member_id: UUID) -> Member:
    """The member, who can neither change nor be merged before the transaction ends."""
    statement = (
        select(Member)
        .where(col(Member.member_id) == member_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    if (member := (await session.scalars(statement)).one_or_none()) is not None:
        return member
    await session.execute(insert(Member).values(member_id=member_id).on_conflict_do_nothing())
    return (await session.scalars(statement)).one()


async def survivor_of(session: AsyncSession, member_id: UUID) -> UUID:
    """Who goes on for a member: another where the member was merged, else the member."""
    statement = select(col(Member.merged_into)).where(col(Member.member_id) == member_id)
    return (await session.scalars(statement)).one_or_none() or member_id


_LOCK = text("""
    INSERT INTO members (member_id, tier, language)
    SELECT member_id, :tier, :language FROM (
        SELECT unnest(CAST(:members AS uuid[])) AS member_id
        UNION SELECT member_id FROM members WHERE merged_into = ANY(CAST(:members AS uuid[]))
    ) AS changing
    ORDER BY member_id ON CONFLICT (member_id) DO UPDATE SET merged_at = members.merged_at
""")


async def lock_members(session: AsyncSession, member_ids: Collection[UUID]) -> None:
    """Lock members, and those who were merged into them, made where they are not there.

    In their order. Who locks a member and tickets locks the member first.
    """
    given = {"members": list(member_ids), "tier": FIRST_TIER, "language": DEFAULT}
    await session.execute(_LOCK, given)


async def merge(session: AsyncSession, merged: UUID, survivor: UUID, merged_at: datetime) -> None:
    """Remember that `merged`, and whoever was merged into them, is `survivor` now.

    A survivor who was merged into the merged member goes on by themselves.
    """
    pointer = {"merged_into": survivor, "merged_at": merged_at}
    statement = insert(Member).values(member_id=merged, **pointer)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["member_id"], set_=pointer)
    )
    others = col(Member.member_id) != survivor
    await session.execute(
        update(Member)
        .where(col(Member.merged_into) == merged)
        .values(merged_into=case((others, survivor)), merged_at=case((others, merged_at)))
        .execution_options(synchronize_session=False)
    )


async def known_members(session: AsyncSession, member_ids: Sequence[UUID]) -> list[UUID]:
    """Those of `member_ids` that exist and were not merged into others, in order."""
    statement = select(col(Member.member_id)).where(
        col(Member.member_id).in_(member_ids), col(Member.merged_into).is_(None)
    )
    return list(await session.scalars(statement.order_by(col(Member.member_id))))


async def members_of(session: AsyncSession, member_ids: Sequence[UUID]) -> Mapping[UUID, Member]:
    statement = select(Member).where(col(Member.member_id).in_(member_ids))
    return {member.member_id: member for member in await session.scalars(statement)}
