"""The audit trail: what staff did, in the transaction of its effect. It only grows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.store import staff
from gateway.tables import AuditEntry
from kit.ids import uuid7


async def record(
    session: AsyncSession,
    actor: UUID | None,
    action: str,
    target: object,
    now: datetime,
    **details: Any,
) -> None:
    """Add to the audit trail; without `actor` the system itself acted."""
    entry = AuditEntry(
        entry_id=uuid7(),
        actor_id=actor,
        action=action,
        target=str(target),
        details=details,
        occurred_at=now,
    )
    await staff.insert_audit_entry(session, entry)
