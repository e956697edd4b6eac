"""Inviting somebody to join the staff, by e-mail; and accepting."""

from datetime import datetime
from uuid import UUID

from fastapi import Request, Response
from pydantic import SecretStr

from gateway.actions import invitations
from gateway.actions.invitations import NewInvitation
from gateway.api.bodies import (
    Email,
    NeverStored,
    NewPassword,
    TheIdentity,
    Token,
    admission_of,
    identity_of,
)
from gateway.api.proofs import NewHash, body_of, hashing, in_turn
from gateway.api.staff import StaffAnswer, StaffRole, StaffScopes
from gateway.store import invitations as stored
from kit import clock, languages, pages
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name
from kit.db import Tx, transaction
from kit.idempotency import beforehand
from kit.languages import Language
from kit.pages import CursorParameter, Limit, Page

router = Router(tags=["Staff"])


class InvitationBody(Body):
    email: Email
    display_name: Name
    role: StaffRole
    scopes: StaffScopes = frozenset()
    language: Name | None = None


class InvitationAnswer(Answer):
    """An open invitation; what opens it is in the e-mail alone."""

    invitation_id: UUID
    email: str
    display_name: str
    role: Role
    scopes: list[str]
    invited_by: UUID
    created_at: datetime
    expires_at: datetime


class AcceptanceBody(Body):
    """The token of the invitation's link, and the password to sign in with from now on."""

    token: Token
    password: NewPassword


@router.post("/v1/staff/invitations", status_code=201, dependencies=[requires(Role.ADMIN)])
async def invite(
    body: InvitationBody, caller: CurrentCaller, identity: TheIdentity, tx: Tx, language: Language
) -> InvitationAnswer:
    """Invite somebody. To invite the same address again withdraws the invitation before."""
    new = NewInvitation(
        email=body.email,
        display_name=body.display_name,
        role=body.role,
        scopes=tuple(body.scopes),
        language=languages.supported(body.language) or language,
    )
    row = await invitations.invite(
        tx, identity.seals, UUID(caller.subject), new, identity.invitation_life, now=clock.now()
    )
    return InvitationAnswer.model_validate(row)


@router.get("/v1/staff/invitations", dependencies=[requires(Role.ADMIN)])
async def list_invitations(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[InvitationAnswer]:
    """Open invitations, those that were sent first first."""
    after = pages.decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await stored.open_after(tx, after, limit + 1)
    return pages.page(
        rows, limit, InvitationAnswer.model_validate, lambda row: (row.invitation_id,)
    )


@router.delete(
    "/v1/staff/invitations/{invitation_id}",
    status_code=204,
    response_class=Response,
    dependencies=[requires(Role.ADMIN)],
)
async def withdraw(invitation_id: UUID, caller: CurrentCaller, tx: Tx) -> None:
    """Withdraw an open invitation: its link is no good any more."""
    await invitations.withdraw(tx, UUID(caller.subject), invitation_id, clock.now())


async def _look(request: Request) -> None:
    """Whether the token is worth a password's hash."""
    body = await body_of(request, AcceptanceBody)
    if body is None:
        return
    identity, admit = await identity_of(request), await admission_of(request)
    token: SecretStr = body.token
    await admit("invitation")
    token_hash = invitations.token_hash(identity.seals, token.get_secret_value())
    async with transaction(identity.sessions) as session:
        is_good = await stored.can_accept(session, token_hash, clock.now())
    request.state.proof = True if is_good else None


@router.post(
    "/v1/auth/staff/invitations/accept",
    status_code=201,
    tags=["Sign-in"],
    dependencies=[NeverStored],
)
@beforehand(in_turn(_look, hashing(AcceptanceBody)))
async def accept(
    body: AcceptanceBody, password_hash: NewHash, identity: TheIdentity, tx: Tx
) -> StaffAnswer:
    """Accept an invitation; then sign in with the password."""
    token = body.token.get_secret_value()
    added = await invitations.accept(tx, identity.seals, token, password_hash, clock.now())
    return StaffAnswer.model_validate(added)
