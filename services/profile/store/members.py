"""Members: found, locked, written, listed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting, updating
from services.profile.rules.identities import Identity, Standing
from services.profile.rules.lifecycle import Stage
from services.profile.rules.members import Member
from services.profile.tables import MemberRow, SegmentMemberRow

_members = MemberRow.__table__  # type: ignore[attr-defined]  # SQLModel adds it to table classes
_columns = [column.name for column in _members.columns]

_listed = ", ".join(f"members.{name}" for name in _columns)
_LOCK = text(
    f"SELECT {_listed} FROM members WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608
)
_behind = f"""
    SELECT {_listed} FROM identities JOIN members ON members.id = identities.member_id
    WHERE namespace = :namespace AND value = :value
"""  # noqa: S608
_BEHIND = text(_behind)
_LOCK_BEHIND = text(f"{_behind} FOR NO KEY UPDATE OF members")
_changes = ", ".join(f"{name} = excluded.{name}" for name in _columns if name != "id")
_SAVE = inserting(MemberRow, " ".join(_columns), f"ON CONFLICT (id) DO UPDATE SET {_changes}")
_TOUCH = updating(MemberRow, "last_active_at")


async def lock_members(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Member]:
    """The members as they are, locked in the order of their ids."""
    rows = await session.execute(_LOCK, {"ids": sorted(ids)})
    return {row["id"]: _member(row) for row in rows.mappings()}


async def lock_behind(session: AsyncSession, identity: Identity) -> Member | None:
    """The member an id belongs to, locked, or merged away meanwhile; None if it is nobody's."""
    known = {"namespace": identity.namespace, "value": identity.value}
    row = (await session.execute(_LOCK_BEHIND, known)).mappings().first()
    return _member(row) if row else None


async def member_behind(session: AsyncSession, identity: Identity) -> Member | None:
    """The member an id belongs to, not locked; None if it is nobody's."""
    known = {"namespace": identity.namespace, "value": identity.value}
    row = (await session.execute(_BEHIND, known)).mappings().first()
    return _member(row) if row else None


async def save_members(session: AsyncSession, members: Sequence[Member]) -> None:
    """Write members, new or locked, whole."""
    rows = [tuple(getattr(member, name) for name in _columns) for member in members]
    await _SAVE.execute(session, rows)


async def touch_members(session: AsyncSession, last_active_at: Mapping[UUID, datetime]) -> None:
    """Write the last activity of locked members alone: no index is touched."""
    await _TOUCH.execute(session, list(last_active_at.items()))


async def lock_members_due(session: AsyncSession, now: datetime, limit: int) -> list[Member]:
    """Members whose stage may have ended, locked; those being changed are left for later."""
    statement = (
        select(_members)
        .where(col(MemberRow.next_stage_at) <= now)
        .order_by(col(MemberRow.next_stage_at), col(MemberRow.id))
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return [_member(row) for row in (await session.execute(statement)).mappings()]


async def lock_members_after(session: AsyncSession, after: UUID, limit: int) -> list[Member]:
    """The next members by id, locked."""
    statement = _listing(after, limit).with_for_update(key_share=True)
    return [_member(row) for row in (await session.execute(statement)).mappings()]


async def members_after(
    session: AsyncSession, after: UUID, limit: int, segment: str | None = None
) -> list[Member]:
    """The next members by id, of one segment or all."""
    statement = _listing(after, limit) if segment is None else _listing_of(segment, after, limit)
    return [_member(row) for row in (await session.execute(statement)).mappings()]


def _listing(after: UUID, limit: int) -> Select[Any]:
    return (
        select(_members)
        .where(
            col(MemberRow.id) > after,
            col(MemberRow.merged_into).is_(None),
            col(MemberRow.erased_at).is_(None),
        )
        .order_by(col(MemberRow.id))
        .limit(limit)
    )


def _listing_of(segment: str, after: UUID, limit: int) -> Select[Any]:
    """In the order of the segment's own index, so that a page costs a page."""
    member_id = col(SegmentMemberRow.member_id)
    return (
        select(_members)
        .join(SegmentMemberRow, member_id == col(MemberRow.id))
        .where(col(SegmentMemberRow.segment) == segment, member_id > after)
        .order_by(member_id)
        .limit(limit)
    )


def _member(row: RowMapping) -> Member:
    return Member(
        **{
            **row,
            "standing": Standing(row["standing"]),
            "stage": Stage(row["stage"]),
            "tags": tuple(row["tags"]),
        }
    )
