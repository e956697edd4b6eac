"""Segments and who is in them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting, over
from services.profile.rules.segments import Segment
from services.profile.tables import SegmentMemberRow, SegmentRow

Membership = tuple[str, UUID]
"""A segment's key and a member in it."""

_HELD = text("SELECT key, rule FROM segments_held()")
_MEMBERSHIPS = text("""
    SELECT segment, member_id FROM segment_members WHERE member_id = ANY(:member_ids)
""")
_EXCLUDE = text("SELECT pg_advisory_xact_lock(hashtext('profile.segments'))")
_ENTER = inserting(
    SegmentMemberRow,
    "segment member_id since",
    "ON CONFLICT DO NOTHING RETURNING segment, member_id",
)
_EXIT = over(
    SegmentMemberRow,
    "segment member_id",
    """
    DELETE FROM segment_members USING {given}
    WHERE segment_members.segment = given.segment AND segment_members.member_id = given.member_id
    """,
)


async def rules_held(session: AsyncSession) -> dict[str, str]:
    """The rules of the staff's segments, as JSON; until the transaction ends none is added.

    So whoever judges members judges them by all segments there are.
    """
    return {row.key: row.rule for row in await session.execute(_HELD)}


async def segments(session: AsyncSession) -> list[SegmentRow]:
    return list((await session.scalars(select(SegmentRow).order_by(col(SegmentRow.key)))).all())


async def segment_with(session: AsyncSession, key: str) -> SegmentRow | None:
    return await session.get(SegmentRow, key)


async def add_segment(session: AsyncSession, segment: Segment, now: datetime) -> bool:
    """Write a segment that nobody is in yet; False when its key is taken.

    Waits until every judgement in flight, which does not know the segment, is committed and can be
    seen.
    """
    await session.execute(_EXCLUDE)
    statement = insert(SegmentRow).values(
        key=segment.key,
        name=segment.name,
        rule=dict(segment.rule),
        filled_to=UUID(int=0),
        created_at=now,
    )
    once = statement.on_conflict_do_nothing().returning(col(SegmentRow.key))
    return (await session.execute(once)).first() is not None


FILLING = "SELECT FROM segments WHERE filled_to IS NOT NULL"
"""Whether a segment's first filling is not done."""


async def lock_segment_filling(session: AsyncSession) -> SegmentRow | None:
    """A segment whose first filling is not done, locked."""
    statement = (
        select(SegmentRow)
        .where(col(SegmentRow.filled_to).is_not(None))
        .order_by(col(SegmentRow.key))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).one_or_none()


async def set_filled_to(session: AsyncSession, key: str, filled_to: UUID | None) -> None:
    """Note how far the filling has come; None when it is done."""
    await session.execute(
        update(SegmentRow).where(col(SegmentRow.key) == key).values(filled_to=filled_to)
    )


async def sizes(session: AsyncSession) -> dict[str, int]:
    """How many members each segment has; empty ones are left out."""
    statement = select(col(SegmentMemberRow.segment), func.count()).group_by(
        col(SegmentMemberRow.segment)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def memberships_of(session: AsyncSession, member_ids: Collection[UUID]) -> set[Membership]:
    rows = await session.execute(_MEMBERSHIPS, {"member_ids": list(member_ids)})
    return {(row.segment, row.member_id) for row in rows}


async def enter(
    session: AsyncSession, entering: Sequence[Membership], since: datetime
) -> list[Membership]:
    """Put members into segments; those that were not in."""
    rows = await _ENTER.execute(session, [(*membership, since) for membership in entering])
    return sorted((row.segment, row.member_id) for row in rows)


async def leave(session: AsyncSession, leaving: Sequence[Membership]) -> None:
    await _EXIT.execute(session, leaving)


async def ids_after(session: AsyncSession, segment: str, after: UUID, limit: int) -> list[UUID]:
    """The next members of a segment by id."""
    statement = (
        select(col(SegmentMemberRow.member_id))
        .where(col(SegmentMemberRow.segment) == segment, col(SegmentMemberRow.member_id) > after)
        .order_by(col(SegmentMemberRow.member_id))
        .limit(limit)
    )
    return list((await session.scalars(statement)).all())
