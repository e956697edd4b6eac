"""Staff: signing in, accounts and roles, and the audit trail."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import accounts, staff
from gateway.actions.staff import NewStaff, StaffChange
from gateway.api.bodies import (
    Admission,
    Email,
    NeverStored,
    NewPassword,
    Password,
    TheIdentity,
    Tokens,
)
from gateway.api.proofs import NewHash, hashing
from gateway.store import staff as stored
from gateway.store.accounts import Credentials
from kit import clock, pages
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name
from kit.db import Tx, transaction
from kit.idempotency import beforehand
from kit.pages import CursorParameter, Limit, Page

router = Router(tags=["Staff"])


def _of_staff(role: Role) -> Role:
    if role not in STAFF:
        raise ValueError(f"must be one of {', '.join(sorted(STAFF))}")
    return role


StaffRole = Annotated[Role, AfterValidator(_of_staff)]


class StaffSignInBody(Body):
    email: Email
    password: Password


class NewStaffBody(Body):
    email: Email
    display_name: Name
    role: StaffRole
    password: NewPassword


class StaffChangeBody(Body):
    """What is left out stays as it is."""

    display_name: Name | None = None
    role: StaffRole | None = None
    disabled: bool | None = None


class StaffAnswer(Answer):
    staff_id: UUID
    email: str
    display_name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None


class AuditAnswer(Answer):
    """`actor_id` is null where the system itself acted."""

    entry_id: UUID
    actor_id: UUID | None
    action: str
    target: str
    details: dict[str, Any]
    occurred_at: datetime


@router.post("/v1/auth/staff/login", tags=["Sign-in"], dependencies=[NeverStored])
async def sign_in(body: StaffSignInBody, identity: TheIdentity, admit: Admission) -> Tokens:
    """Sign a staff member in, for as many hours as the settings say."""
    name = f"staff:{body.email}"
    password = body.password.get_secret_value()

    async def find(session: AsyncSession) -> Credentials | None:
        return await stored.credentials_of(session, body.email)

    await admit(name)
    proven = await identity.prove(name, find, password)
    new_hash = await identity.rehashed(proven, password)
    now = clock.now()
    async with transaction(identity.sessions) as session:
        await accounts.forgive_failures(session, name)
        signed_in = await staff.sign_in(session, proven.owner_id, new_hash, identity.lifetimes, now)
    return Tokens.of(identity, signed_in, now)


@router.post("/v1/staff", status_code=201, dependencies=[requires(Role.ADMIN)])
@beforehand(hashing(NewStaffBody))
async def add_staff(
    body: NewStaffBody, password_hash: NewHash, caller: CurrentCaller, tx: Tx
) -> StaffAnswer:
    """Add a staff member, who then signs in with this password."""
    new = NewStaff(body.email, body.display_name, body.role, password_hash)
    added = await staff.add_staff(tx, UUID(caller.subject), new, clock.now())
    return StaffAnswer.model_validate(added)


@router.get("/v1/staff", dependencies=[requires(Role.ADMIN)])
async def list_staff(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[StaffAnswer]:
    """All staff members, those who were added first first."""
    after = pages.decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await stored.staff_after(tx, after, limit + 1)
    return pages.page(rows, limit, StaffAnswer.model_validate, lambda row: (row.staff_id,))


@router.patch("/v1/staff/{staff_id}", dependencies=[requires(Role.ADMIN)])
async def change_staff(
    staff_id: UUID, body: StaffChangeBody, caller: CurrentCaller, identity: TheIdentity, tx: Tx
) -> StaffAnswer:
    """Change a role, or bar somebody from signing in. Their sessions end with it."""
    change = StaffChange(**body.model_dump())
    actor = UUID(caller.subject)
    changed, ended = await staff.change_staff(tx, actor, staff_id, change, clock.now())
    for session_id in ended:
        identity.authenticator.revoke_session(session_id)
    return StaffAnswer.model_validate(changed)


@router.get("/v1/audit", dependencies=[requires(Role.ADMIN)])
async def list_audit(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[AuditAnswer]:
    """What staff did, the newest first."""
    before = pages.decode_cursor(cursor, datetime.fromisoformat, UUID) if cursor else None
    rows = await stored.audit_before(tx, before, limit + 1)
    return pages.page(
        rows, limit, AuditAnswer.model_validate, lambda row: (row.occurred_at, row.entry_id)
    )
