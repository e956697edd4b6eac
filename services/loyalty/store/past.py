"""What happened to members' points in the programme before."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting
from services.loyalty.tables import PastEntry

_ADD = inserting(PastEntry, "entry_id member_id point_type points description occurred_at")

_OF = text("""
    SELECT * FROM past_entries WHERE member_id = :member_id AND point_type = :point_type
        AND (CAST(:at AS timestamptz) IS NULL
            OR (occurred_at, entry_id) < (CAST(:at AS timestamptz), CAST(:entry_id AS uuid)))
    ORDER BY occurred_at DESC, entry_id DESC LIMIT :limit
""")


async def add(session: AsyncSession, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep past entries: id, member, point type, points, description, moment."""
    await _ADD.execute(session, rows)


async def remove(session: AsyncSession, entry_ids: Collection[UUID]) -> None:
    """Forget past entries whose import is undone."""
    statement = text("DELETE FROM past_entries WHERE entry_id = ANY(:entry_ids)")
    await session.execute(statement, {"entry_ids": list(entry_ids)})


async def of_member(
    session: AsyncSession,
    member_id: UUID,
    point_type: str,
    limit: int,
    before: tuple[datetime, UUID] | None,
) -> list[PastEntry]:
    """A member's past entries, newest first, from after one on."""
    at, entry_id = before or (None, None)
    given = {
        "member_id": member_id,
        "point_type": point_type,
        "at": at,
        "entry_id": entry_id,
        "limit": limit,
    }
    return [PastEntry(**row._asdict()) for row in await session.execute(_OF, given)]


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """What happened to a merged member happened to who goes on for them."""
    statement = text("UPDATE past_entries SET member_id = :survivor WHERE member_id = :absorbed")
    await session.execute(statement, {"absorbed": absorbed, "survivor": survivor})
