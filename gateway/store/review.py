"""Who has access, staff and keys alike, and since when nobody used it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import AuditEntry, StaffMember

_ACCESS = """
    SELECT 'staff' AS kind, staff_id AS id, email AS name, role, scopes,
        totp_confirmed_at IS NOT NULL AS second_factor, created_at, last_used_at,
        NULL::timestamptz AS expires_at
    FROM staff_members WHERE disabled_at IS NULL
    UNION ALL
    SELECT kind || '_key', key_id, name || ' (' || shown || ')', 'service', scopes,
        NULL, created_at, last_used_at, expires_at
    FROM api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
"""
_LISTED = text(f"""
    SELECT *, GREATEST(created_at, last_used_at) < :unused_since AS unused
    FROM ({_ACCESS}) AS access
    WHERE CAST(:after AS uuid) IS NULL OR id > CAST(:after AS uuid) ORDER BY id LIMIT :limit
""")  # noqa: S608  (the text is above)
_COUNTED = text(f"""
    SELECT count(*), count(*) FILTER (WHERE GREATEST(created_at, last_used_at) < :unused_since)
    FROM ({_ACCESS}) AS access
""")  # noqa: S608


async def access_after(
    session: AsyncSession, after: UUID | None, *, unused_since: datetime, now: datetime, limit: int
) -> Sequence[Row[Any]]:
    """Everybody and everything that has access, the oldest first."""
    known = {"after": after, "unused_since": unused_since, "now": now, "limit": limit}
    return (await session.execute(_LISTED, known)).all()


async def counts(session: AsyncSession, unused_since: datetime, now: datetime) -> tuple[int, int]:
    """How many have access, and how many of them have not used it."""
    row = (await session.execute(_COUNTED, {"unused_since": unused_since, "now": now})).one()
    return row[0], row[1]


async def lock(session: AsyncSession) -> None:
    """Until the transaction ends, nobody else decides whether a review is due."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('gateway.access_review'))"))


async def last(session: AsyncSession, action: str) -> datetime | None:
    """When something was last done, as the audit trail has it."""
    statement = (
        select(col(AuditEntry.occurred_at))
        .where(col(AuditEntry.action) == action)
        .order_by(col(AuditEntry.occurred_at).desc())
        .limit(1)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def first_staff_at(session: AsyncSession) -> datetime | None:
    return (await session.execute(select(func.min(col(StaffMember.created_at))))).scalar_one()


async def administrators(session: AsyncSession) -> Sequence[str]:
    statement = (
        select(col(StaffMember.email))
        .where(col(StaffMember.role) == "admin", col(StaffMember.disabled_at).is_(None))
        .order_by(col(StaffMember.email))
    )
    return (await session.execute(statement)).scalars().all()
