"""A member's own account: what it is signed in to by, and changing that.

What a thief of a session should not do asks for the password, or for a sign-in just now.
"""

from datetime import datetime
from uuid import UUID

from fastapi import Response
from pydantic import Field

from gateway.actions import approvals, codes, membership
from gateway.actions.codes import Wanted
from gateway.api.bodies import CodeAdmission, NeverStored, NewPassword, TheIdentity
from gateway.api.codes import AddressBody, CodeSent, send_code
from gateway.api.proofs import (
    CodeBody,
    NewHash,
    PresenceBody,
    TheProof,
    hashing,
    in_turn,
    presence,
    weighing,
)
from gateway.rules import CodePurpose, IdentifierKind
from gateway.store import identifiers as stored
from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, MemberId
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.idempotency import beforehand
from kit.languages import Language

router = Router(prefix="/v1/auth/account", tags=["Account"], dependencies=[NeverStored])


class AddressAnswer(Answer):
    """`verified_at` is when the member first proved to receive what is sent there."""

    value: str
    added_at: datetime
    verified_at: datetime | None


class IssuerAnswer(Answer):
    """Another issuer whose word signs the member in."""

    issuer: str
    email: str | None
    linked_at: datetime
    last_used_at: datetime


class AccountAnswer(Answer):
    """What a member signs in by. A guest has none of it."""

    member_id: UUID
    registered_at: datetime | None
    has_password: bool
    email: AddressAnswer | None
    phone: AddressAnswer | None
    issuers: list[IssuerAnswer]


class PasswordChangeBody(PresenceBody):
    new_password: NewPassword


class ApprovalBody(Body):
    kind: IdentifierKind | None = Field(
        None, description="Where the code is to go; the e-mail address if nothing is said."
    )


class ApprovalCodeBody(CodeBody):
    """The code as it was sent; there is no link with it."""


class NewAddressBody(AddressBody, PresenceBody):
    """The address that is to be the member's."""


@router.get("")
async def show_account(member_id: MemberId, tx: Tx) -> AccountAnswer:
    """What the member signs in by."""
    account = await stored.account_of(tx, member_id)
    if account is None:
        raise membership.AccountUnknown("It was closed.")
    addresses = {each.kind: each for each in await stored.of_member(tx, member_id)}
    email, phone = (addresses.get(kind) for kind in IdentifierKind)
    return AccountAnswer(
        member_id=member_id,
        registered_at=account.registered_at,
        has_password=account.password_hash is not None,
        email=AddressAnswer.model_validate(email) if email else None,
        phone=AddressAnswer.model_validate(phone) if phone else None,
        issuers=[
            IssuerAnswer.model_validate(each)
            for each in await stored.external_of_member(tx, member_id)
        ],
    )


@router.put("/password", status_code=204, response_class=Response)
@beforehand(in_turn(presence(PasswordChangeBody), hashing(PasswordChangeBody, "new_password")))
async def change_password(
    _: PasswordChangeBody,
    new_hash: NewHash,
    caller: CurrentCaller,
    identity: TheIdentity,
    tx: Tx,
) -> None:
    """Set a new password. All other sessions end."""
    kept = UUID(caller.session_id)
    ended = await membership.change_password(
        tx, identity.seals, caller.member_id, new_hash, kept=kept, now=clock.now()
    )
    identity.refuse(ended)


@router.post("/identifiers", status_code=202)
@beforehand(presence(NewAddressBody))
async def add_identifier(
    body: NewAddressBody,
    member_id: MemberId,
    identity: TheIdentity,
    admit: CodeAdmission,
    tx: Tx,
    language: Language,
) -> CodeSent:
    """Send a code to a new address, or to the present one that was never proven.

    Confirmed, it takes the place of the one of its kind. Whether another account has it the answer
    does not tell.
    """
    await membership.check_registered(tx, member_id)
    wanted = Wanted(CodePurpose.CONFIRM_IDENTIFIER, body.identifier, language, member_id)
    return await send_code(tx, identity, admit, wanted)


@router.post("/identifiers/confirm", status_code=204, response_class=Response)
@beforehand(weighing(CodeBody, CodePurpose.CONFIRM_IDENTIFIER))
async def confirm_identifier(
    _: CodeBody, proof: TheProof, member_id: MemberId, identity: TheIdentity, tx: Tx
) -> None:
    """Confirm a new address with its code. The one before is written to, so a theft is noticed."""
    now = clock.now()
    used = await codes.use(tx, identity.seals, proof, now)
    await membership.confirm_identifier(tx, identity.seals, member_id, used, now)


@router.post("/approvals", status_code=202)
async def ask_to_approve(
    body: ApprovalBody,
    member_id: MemberId,
    identity: TheIdentity,
    admit: CodeAdmission,
    tx: Tx,
    language: Language,
) -> CodeSent:
    """Send a code by which the member approves the device of this session.

    It goes to an address the account has had for a day. Points beyond what a new device may spend
    ask for it: 403 `loyalty.step_up_required`.
    """
    await membership.check_registered(tx, member_id)
    address = await approvals.settled_address(tx, member_id, body.kind, clock.now())
    wanted = Wanted(CodePurpose.APPROVE_DEVICE, address, language, member_id)
    return await send_code(tx, identity, admit, wanted)


@router.post("/approvals/confirm", status_code=204, response_class=Response)
@beforehand(weighing(ApprovalCodeBody, CodePurpose.APPROVE_DEVICE))
async def approve(
    _: ApprovalCodeBody,
    proof: TheProof,
    member_id: MemberId,
    caller: CurrentCaller,
    identity: TheIdentity,
    tx: Tx,
) -> None:
    """Approve the device of this session with its code. Services know a moment later."""
    now = clock.now()
    used = await codes.use(tx, identity.seals, proof, now)
    await approvals.approve(tx, member_id, UUID(caller.session_id), used, now)


@router.post("/closure", status_code=204, response_class=Response)
@beforehand(presence(PresenceBody))
async def close_account(
    _: PresenceBody, member_id: MemberId, identity: TheIdentity, tx: Tx
) -> None:
    """Close the account for good: sign-in, sessions and, in all services, what is known go."""
    ended = await membership.close_account(tx, identity.seals, member_id, clock.now())
    identity.refuse(ended)
