"""Staff: signing in, accounts, roles and scopes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import AfterValidator, Field
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions import accounts, codes, factors, sessions, staff
from gateway.actions.factors import GivenFactor
from gateway.actions.staff import NewStaff, SignIn, StaffChange
from gateway.api.bodies import (
    Email,
    NeverStored,
    NewPassword,
    Password,
    ShortText,
    TheIdentity,
    Tokens,
    UserAgent,
)
from gateway.api.codes import PasswordResetBody
from gateway.api.proofs import (
    NewHash,
    TheProof,
    TheProven,
    body_of,
    hashing,
    in_turn,
    prove,
    weighing,
)
from gateway.rules import CodePurpose, Device, SessionEnd
from gateway.store import staff as stored
from gateway.store.accounts import Credentials
from gateway.store.sessions import Owner
from kit import clock, pages
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name
from kit.db import Tx
from kit.idempotency import beforehand
from kit.pages import CursorParameter, Limit, Page

router = Router(tags=["Staff"])


def _of_staff(role: Role) -> Role:
    if role not in STAFF:
        raise ValueError(f"must be one of {', '.join(sorted(STAFF))}")
    return role


def _well_formed(scopes: frozenset[str]) -> frozenset[str]:
    rules.check_staff_scopes(scopes)
    return scopes


StaffRole = Annotated[Role, AfterValidator(_of_staff)]
StaffScopes = Annotated[frozenset[str], Field(max_length=50), AfterValidator(_well_formed)]
"""What narrows a role, such as `tickets:read`; none: all the role may."""


class FactorBody(Body):
    """A second factor: the code an authenticator app shows, or a recovery code."""

    totp: ShortText | None = Field(None, examples=["428571"])
    recovery_code: ShortText | None = Field(None, examples=["7fk3d-wq2mx"])

    @property
    def factor(self) -> GivenFactor:
        return GivenFactor(self.totp or "", self.recovery_code or "")


class StaffSignInBody(FactorBody):
    email: Email
    password: Password


class NewStaffBody(Body):
    email: Email
    display_name: Name
    role: StaffRole
    scopes: StaffScopes = frozenset()
    password: NewPassword


class StaffChangeBody(Body):
    """What is left out stays as it is."""

    display_name: Name | None = None
    role: StaffRole | None = None
    scopes: StaffScopes | None = None
    disabled: bool | None = None


class StaffAnswer(Answer):
    staff_id: UUID
    email: str
    display_name: str
    role: Role
    scopes: list[str]
    second_factor: bool
    created_at: datetime
    last_used_at: datetime | None
    disabled_at: datetime | None


async def _prove(request: Request) -> None:
    body = await body_of(request, StaffSignInBody)
    if body is None:
        return

    async def find(session: AsyncSession) -> Credentials | None:
        return await stored.credentials_of(session, body.email)

    await prove(request, f"staff:{body.email}", find, body.password.get_secret_value())


@router.post("/v1/auth/staff/login", tags=["Sign-in"], dependencies=[NeverStored])
@beforehand(_prove)
async def sign_in(
    body: StaffSignInBody,
    proven: TheProven,
    identity: TheIdentity,
    tx: Tx,
    user_agent: UserAgent,
) -> Tokens:
    """Sign a staff member in: password, and second factor where there is one.

    Without the factor the answer is 401 `gateway.second_factor_required`; send all again with it.
    """
    now = clock.now()
    device = Device(platform=user_agent)
    given = SignIn(proven.owner_id, proven.proven_hash, proven.new_hash, body.factor, device)
    signed_in = await staff.sign_in(tx, identity.seals, given, identity.session_rules, now)
    await accounts.forgive_failures(tx, proven.name)
    return Tokens.of(identity, signed_in, now)


@router.post(
    "/v1/auth/staff/password/reset",
    status_code=204,
    response_class=Response,
    tags=["Sign-in"],
)
@beforehand(
    in_turn(
        weighing(PasswordResetBody, CodePurpose.RESET_STAFF_PASSWORD),
        hashing(PasswordResetBody, "new_password"),
    )
)
async def reset_password(
    _: PasswordResetBody, proof: TheProof, new_hash: NewHash, identity: TheIdentity, tx: Tx
) -> None:
    """Set a new password with a code. All sessions end; the second factor stays."""
    now = clock.now()
    used = await codes.use(tx, identity.seals, proof, now)
    ended = await staff.reset_password(tx, used, new_hash, now)
    await accounts.forgive_failures(tx, f"staff:{used.identifier.value}")
    identity.refuse(ended)


@router.post("/v1/staff", status_code=201, dependencies=[requires(Role.ADMIN)])
@beforehand(hashing(NewStaffBody))
async def add_staff(
    body: NewStaffBody, password_hash: NewHash, caller: CurrentCaller, tx: Tx
) -> StaffAnswer:
    """Add a staff member, who then signs in with this password."""
    new = NewStaff(body.email, body.display_name, body.role, password_hash, body.scopes)
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


@router.delete(
    "/v1/staff/{staff_id}/second-factor",
    status_code=204,
    response_class=Response,
    dependencies=[requires(Role.ADMIN)],
)
async def reset_second_factor(
    staff_id: UUID, caller: CurrentCaller, identity: TheIdentity, tx: Tx
) -> None:
    """Remove the second factor of somebody who lost phone and recovery codes; sessions end."""
    now = clock.now()
    await factors.reset(tx, UUID(caller.subject), staff_id, now)
    owner = Owner(staff_id=staff_id)
    identity.refuse(await sessions.revoke_all(tx, owner, SessionEnd.STAFF_CHANGED, now))
