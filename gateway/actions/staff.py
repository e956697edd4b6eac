"""Staff accounts. Every action is written to the audit trail, in the transaction of its effect."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import sessions
from gateway.actions.accounts import WrongCredentials
from gateway.actions.sessions import Lifetimes, SignedIn
from gateway.rules import SessionEnd
from gateway.store import staff
from gateway.store.sessions import Owner
from gateway.tables import AuditEntry, StaffMember
from kit.auth import Role
from kit.ids import uuid7
from kit.problems import Conflict, NotFound


class StaffExists(Conflict):
    code = "gateway.staff_exists"
    title = "A staff member has this e-mail address"


class StaffUnknown(NotFound):
    code = "gateway.staff_unknown"
    title = "No such staff member"


class LastAdministrator(Conflict):
    code = "gateway.last_administrator"
    title = "Somebody must remain administrator"


@dataclass(frozen=True, slots=True)
class NewStaff:
    email: str
    display_name: str
    role: Role
    password_hash: str


@dataclass(frozen=True, slots=True)
class StaffChange:
    """What to change; None leaves a thing as it is."""

    display_name: str | None = None
    role: Role | None = None
    disabled: bool | None = None


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


async def sign_in(
    session: AsyncSession, staff_id: UUID, new_hash: str | None, lifetimes: Lifetimes, now: datetime
) -> SignedIn:
    """Start a session for somebody whose password proved right; `new_hash` replaces its hash."""
    present = await staff.lock_staff(session, staff_id)
    if present is None or present.disabled_at is not None:
        raise WrongCredentials("Check the name and the password.")
    if new_hash is not None:
        await staff.update_staff(session, staff_id, {"password_hash": new_hash})
    await record(session, staff_id, "staff.signed_in", staff_id, now)
    return await sessions.start_for_staff(session, staff_id, Role(present.role), lifetimes, now)


async def add_staff(
    session: AsyncSession, actor: UUID | None, new: NewStaff, now: datetime
) -> StaffMember:
    """Raises StaffExists when the e-mail address is taken."""
    added = await staff.insert_staff(
        session, asdict(new) | {"staff_id": uuid7(), "created_at": now}
    )
    if added is None:
        raise StaffExists("Change the staff member who has it instead.")
    await record(session, actor, "staff.added", added.staff_id, now, email=new.email, role=new.role)
    return added


async def change_staff(
    session: AsyncSession, actor: UUID, staff_id: UUID, change: StaffChange, now: datetime
) -> tuple[StaffMember, list[UUID]]:
    """The staff member as changed, and the sessions that ended because their rights did.

    Raises StaffUnknown, or LastAdministrator when nobody could administer any more.
    """
    admins = await staff.lock_active_admins(session)
    present = await staff.lock_staff(session, staff_id)
    if present is None:
        raise StaffUnknown("The list of staff shows whom there is.")
    changes = _columns(present, change, now)
    if admins == [staff_id] and ("disabled_at" in changes or "role" in changes):
        raise LastAdministrator("Make somebody else administrator first.")
    if not changes:
        return present, []
    await record(session, actor, "staff.changed", staff_id, now, **_details(change))
    changed = await staff.update_staff(session, staff_id, changes)
    if changes.keys() == {"display_name"}:
        return changed, []
    owner = Owner(staff_id=staff_id)
    return changed, await sessions.revoke_all(session, owner, SessionEnd.STAFF_CHANGED, now)


def _columns(present: StaffMember, change: StaffChange, now: datetime) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if change.display_name is not None and change.display_name != present.display_name:
        columns["display_name"] = change.display_name
    if change.role is not None and change.role != present.role:
        columns["role"] = change.role
    if change.disabled is not None and change.disabled != (present.disabled_at is not None):
        columns["disabled_at"] = now if change.disabled else None
    return columns


def _details(change: StaffChange) -> dict[str, Any]:
    return {name: value for name, value in asdict(change).items() if value is not None}
