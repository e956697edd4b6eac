"""Staff accounts, and the audit trail of what they did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.store.accounts import Credentials
from gateway.tables import AuditEntry, StaffMember


async def insert_staff(session: AsyncSession, values: Mapping[str, Any]) -> StaffMember | None:
    """The new staff member, None when the e-mail address is taken."""
    statement = (
        postgresql.insert(StaffMember)
        .values(values)
        .on_conflict_do_nothing(index_elements=[col(StaffMember.email)])
        .returning(StaffMember)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def credentials_of(session: AsyncSession, email: str) -> Credentials | None:
    statement = select(col(StaffMember.staff_id), col(StaffMember.password_hash)).where(
        col(StaffMember.email) == email
    )
    row = (await session.execute(statement)).one_or_none()
    return Credentials(row.staff_id, row.password_hash) if row else None


async def credentials_by_id(session: AsyncSession, staff_id: UUID) -> Credentials | None:
    statement = select(col(StaffMember.password_hash)).where(
        col(StaffMember.staff_id) == staff_id, col(StaffMember.disabled_at).is_(None)
    )
    row = (await session.execute(statement)).one_or_none()
    return Credentials(staff_id, row.password_hash) if row else None


async def staff_member(session: AsyncSession, staff_id: UUID) -> StaffMember | None:
    statement = select(StaffMember).where(col(StaffMember.staff_id) == staff_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def lock_staff(session: AsyncSession, staff_id: UUID) -> StaffMember | None:
    statement = (
        select(StaffMember)
        .where(col(StaffMember.staff_id) == staff_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def lock_active_admins(session: AsyncSession) -> list[UUID]:
    """The administrators who can sign in, locked: two cannot remove each other at once."""
    statement = (
        select(col(StaffMember.staff_id))
        .where(col(StaffMember.role) == "admin", col(StaffMember.disabled_at).is_(None))
        .order_by(col(StaffMember.staff_id))
        .with_for_update()
    )
    return list((await session.execute(statement)).scalars())


async def update_staff(
    session: AsyncSession, staff_id: UUID, changes: Mapping[str, Any]
) -> StaffMember:
    statement = (
        update(StaffMember)
        .where(col(StaffMember.staff_id) == staff_id)
        .values(changes)
        .returning(StaffMember)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one()


async def staff_after(
    session: AsyncSession, after: UUID | None, limit: int
) -> Sequence[StaffMember]:
    statement = select(StaffMember).order_by(col(StaffMember.staff_id)).limit(limit)
    if after is not None:
        statement = statement.where(col(StaffMember.staff_id) > after)
    return (await session.execute(statement)).scalars().all()


async def insert_audit_entry(session: AsyncSession, entry: AuditEntry) -> None:
    await session.execute(insert(AuditEntry).values(entry.model_dump()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which audit entries are asked for; what is None does not matter."""

    actor_id: UUID | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        named = {name: getattr(self, name) for name in ("actor_id", "action", "target")}
        found = [
            col(getattr(AuditEntry, name)) == value
            for name, value in named.items()
            if value is not None
        ]
        if self.since is not None:
            found.append(col(AuditEntry.occurred_at) >= self.since)
        if self.until is not None:
            found.append(col(AuditEntry.occurred_at) < self.until)
        return found


async def audit_before(
    session: AsyncSession, wanted: Wanted, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[AuditEntry]:
    """Audit entries, the newest first."""
    place = tuple_(col(AuditEntry.occurred_at), col(AuditEntry.entry_id))
    statement = (
        select(AuditEntry)
        .where(*wanted.conditions())
        .order_by(col(AuditEntry.occurred_at).desc(), col(AuditEntry.entry_id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(place < before)
    return (await session.execute(statement)).scalars().all()
