"""Codes: sent to an e-mail address or phone number, and what they are good for once they are back.

An answer never tells whether an account has the address.
"""

from typing import Literal, Self
from uuid import UUID

from fastapi import Response
from pydantic import model_validator

from gateway.actions import arrivals, codes, membership
from gateway.actions.accounts import forgive_failures
from gateway.actions.codes import Wanted
from gateway.api.arrivals import NewcomerBody, let_in
from gateway.api.bodies import (
    CodeAdmission,
    Email,
    NeverStored,
    NewPassword,
    Phone,
    ShortText,
    TheIdentity,
    Tokens,
)
from gateway.api.proofs import CodeBody, NewHash, TheProof, hashing, in_turn, weighing
from gateway.identity import Identity
from gateway.rules import CODE_LIFE, CODE_PACE, CodePurpose, Identifier, IdentifierKind
from kit import clock, languages
from kit.app import Router
from kit.auth import OptionalCaller
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.idempotency import beforehand
from kit.languages import Language
from kit.problems import Unprocessable

router = Router(prefix="/v1/auth", tags=["Sign-in"], dependencies=[NeverStored])


class PhoneNotServed(Unprocessable):
    code = "gateway.phone_not_served"
    title = "No codes are sent to numbers of this country"


class AddressBody(Body):
    """Exactly one of e-mail address and phone number."""

    email: Email | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _one_address(self) -> Self:
        if (self.email is None) == (self.phone is None):
            raise ValueError("send either email or phone")
        return self

    @property
    def identifier(self) -> Identifier:
        if self.email is not None:
            return Identifier(IdentifierKind.EMAIL, self.email)
        return Identifier(IdentifierKind.PHONE, self.phone or "")


class CodeRequestBody(AddressBody):
    """What a code is wanted for; it will be good for nothing else."""

    purpose: Literal["sign_in", "reset_password", "reset_staff_password"] = "sign_in"
    language: ShortText | None = None

    @model_validator(mode="after")
    def _staff_has_email(self) -> Self:
        if self.purpose == "reset_staff_password" and self.email is None:
            raise ValueError("staff have e-mail addresses; send email")
        return self


class CodeSent(Answer):
    """A code is on its way. With `code_id` and the code, or with the link alone, go on.

    A further one can be had in `next_in_s`.
    """

    code_id: UUID
    expires_in_s: int = int(CODE_LIFE.total_seconds())
    next_in_s: int = int(CODE_PACE[0][1].total_seconds())


class CodeSignInBody(CodeBody, NewcomerBody):
    """The code, the device and, for who is new, how they came."""


class PasswordResetBody(CodeBody):
    new_password: NewPassword


async def send_code(tx: Tx, identity: Identity, admit: CodeAdmission, wanted: Wanted) -> CodeSent:
    """Send a wanted code, as far as limits and settings let it."""
    prefixes = identity.phone_prefixes
    value = wanted.identifier.value
    if wanted.identifier.kind is IdentifierKind.PHONE and not value.startswith(prefixes):
        raise PhoneNotServed(f"Numbers begin with {' or '.join(prefixes)}; or use e-mail.")
    await admit(wanted.identifier.kind)
    return CodeSent(code_id=await codes.issue_code(tx, identity.seals, wanted, clock.now()))


@router.post("/codes", status_code=202)
async def request_code(
    body: CodeRequestBody, identity: TheIdentity, admit: CodeAdmission, tx: Tx, language: Language
) -> CodeSent:
    """Send a code, with a link that does the same, to sign in, register or reset a password.

    It is good once, for ten minutes, and can be tried five times. Whether there is an account the
    answer does not tell; the message does.
    """
    spoken = languages.supported(body.language) or language
    wanted = Wanted(CodePurpose(body.purpose), body.identifier, spoken)
    return await send_code(tx, identity, admit, wanted)


@router.post("/login/code")
@beforehand(weighing(CodeSignInBody, CodePurpose.SIGN_IN))
async def sign_in_by_code(
    body: CodeSignInBody,
    proof: TheProof,
    caller: OptionalCaller,
    identity: TheIdentity,
    tx: Tx,
    language: Language,
    response: Response,
) -> Tokens:
    """Sign in with a code; who is new is registered (201).

    Sent with a guest's access token, what the guest did follows.
    """
    now = clock.now()
    used = await codes.use(tx, identity.seals, proof, now)
    registration = body.registration(language, [used.identifier])
    arrived = await arrivals.arrive(tx, identity.seals, registration, caller, now)
    await forgive_failures(tx, f"member:{used.identifier.value}")
    return await let_in(
        tx, identity, arrived, caller=caller, device=body.device, response=response, now=now
    )


@router.post("/password/reset", status_code=204, response_class=Response)
@beforehand(
    in_turn(
        weighing(PasswordResetBody, CodePurpose.RESET_PASSWORD),
        hashing(PasswordResetBody, "new_password"),
    )
)
async def reset_password(
    _: PasswordResetBody, proof: TheProof, new_hash: NewHash, identity: TheIdentity, tx: Tx
) -> None:
    """Set a new password with a code. All sessions end; sign in with it."""
    now = clock.now()
    used = await codes.use(tx, identity.seals, proof, now)
    ended = await membership.reset_password(tx, identity.seals, used, new_hash, now)
    await forgive_failures(tx, f"member:{used.identifier.value}")
    identity.refuse(ended)
