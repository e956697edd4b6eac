"""Staff accounts. Every action is written to the audit trail, in the transaction of its effect."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import factors, sessions
from gateway.actions.accounts import WrongCredentials
from gateway.actions.codes import CodeRefused, Proof, Seals
from gateway.actions.factors import GivenFactor
from gateway.actions.sessions import SessionRules, SignedIn
from gateway.actions.trail import record
from gateway.rules import Device, SessionEnd
from gateway.store import invitations, staff
from gateway.store.sessions import Owner
from gateway.tables import StaffMember
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
    password_hash: str = field(repr=False)
    scopes: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class StaffChange:
    """What to change; None leaves a thing as it is."""

    display_name: str | None = None
    role: Role | None = None
    scopes: Collection[str] | None = None
    disabled: bool | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody whose password proved right, with what came along; `new_hash` replaces its hash."""

    staff_id: UUID
    proven_hash: str = field(repr=False)
    new_hash: str | None = field(repr=False)
    factor: GivenFactor
    device: Device


async def sign_in(
    session: AsyncSession, seals: Seals, given: SignIn, session_rules: SessionRules, now: datetime
) -> SignedIn:
    """Start a session.

    Raises WrongCredentials for somebody disabled, SecondFactorRequired, or SecondFactorWrong.
    """
    present = await staff.lock_staff(session, given.staff_id)
    if present is None or present.disabled_at is not None:
        raise WrongCredentials("Check the name and the password.")
    if present.password_hash != given.proven_hash:  # it was changed after it had been compared
        raise WrongCredentials("Check the name and the password.")
    factor = await factors.check(session, seals, present, given.factor, now)
    changes: dict[str, Any] = {"last_used_at": now}
    if given.new_hash is not None:
        changes["password_hash"] = given.new_hash
    await staff.update_staff(session, present.staff_id, changes)
    await record(
        session, present.staff_id, "staff.signed_in", present.staff_id, now, second_factor=factor
    )
    return await sessions.start_for_staff(session, present, given.device, session_rules, now)


async def add_staff(
    session: AsyncSession, actor: UUID | None, new: NewStaff, now: datetime
) -> StaffMember:
    """Raises StaffExists when the e-mail address is taken."""
    values = asdict(new) | {"scopes": sorted(new.scopes)}
    added = await staff.insert_staff(session, values | {"staff_id": uuid7(), "created_at": now})
    if added is None:
        raise StaffExists("Change the staff member who has it instead.")
    details = {"email": new.email, "role": new.role, "scopes": added.scopes}
    await record(session, actor, "staff.added", added.staff_id, now, **details)
    return added


async def change_staff(
    session: AsyncSession, actor: UUID, staff_id: UUID, change: StaffChange, now: datetime
) -> tuple[StaffMember, list[UUID]]:
    """The staff member as changed, and the sessions that ended because their rights did.

    Invitations of who is no administrator any more are withdrawn.

    Raises StaffUnknown, or LastAdministrator when nobody could administer any more.
    """
    admins = await staff.lock_active_admins(session)
    present = await staff.lock_staff(session, staff_id)
    if present is None:
        raise StaffUnknown("The list of staff shows whom there is.")
    changes = _columns(present, change, now)
    if admins == [staff_id] and changes.keys() & {"disabled_at", "role", "scopes"}:
        raise LastAdministrator("Make somebody else administrator first.")
    if not changes:
        return present, []
    await record(session, actor, "staff.changed", staff_id, now, **_details(change))
    changed = await staff.update_staff(session, staff_id, changes)
    if changes.keys() == {"display_name"}:
        return changed, []
    if changed.disabled_at is not None or changed.role != Role.ADMIN:
        await _withdraw_invitations(session, actor, staff_id, now)
    owner = Owner(staff_id=staff_id)
    return changed, await sessions.revoke_all(session, owner, SessionEnd.STAFF_CHANGED, now)


async def _withdraw_invitations(
    session: AsyncSession, actor: UUID, staff_id: UUID, now: datetime
) -> None:
    """Who may invite nobody any more has left no door open, for a friend or for themselves."""
    for invitation_id in await invitations.withdraw_of(session, staff_id, now):
        await record(session, actor, "staff.invitation_withdrawn", invitation_id, now)


def _columns(present: StaffMember, change: StaffChange, now: datetime) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if change.display_name is not None and change.display_name != present.display_name:
        columns["display_name"] = change.display_name
    if change.role is not None and change.role != present.role:
        columns["role"] = change.role
    if change.scopes is not None and sorted(change.scopes) != present.scopes:
        columns["scopes"] = sorted(change.scopes)
    if change.disabled is not None and change.disabled != (present.disabled_at is not None):
        columns["disabled_at"] = now if change.disabled else None
    return columns


def _details(change: StaffChange) -> dict[str, Any]:
    details = {name: value for name, value in asdict(change).items() if value is not None}
    return details | ({"scopes": sorted(change.scopes)} if change.scopes is not None else {})


async def set_password(
    session: AsyncSession, staff_id: UUID, password_hash: str, kept: UUID | None, now: datetime
) -> list[UUID]:
    """Set the password; all sessions but `kept` end, their ids."""
    await staff.update_staff(session, staff_id, {"password_hash": password_hash})
    await record(session, staff_id, "staff.password_changed", staff_id, now)
    owner, reason = Owner(staff_id=staff_id), SessionEnd.PASSWORD_CHANGED
    if kept is None:
        return await sessions.revoke_all(session, owner, reason, now)
    return await sessions.revoke_others(session, owner, kept, reason, now)


async def reset_password(
    session: AsyncSession, proof: Proof, password_hash: str, now: datetime
) -> list[UUID]:
    """Set the password of the staff member who proved the address; their sessions end.

    The second factor stays: a mailbox alone does not open the console. Raises CodeRefused.
    """
    found = await staff.credentials_of(session, proof.identifier.value)
    if found is None:
        raise CodeRefused
    return await set_password(session, found.owner_id, password_hash, None, now)
