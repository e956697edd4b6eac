"""Members come in: as guests, by registering, by signing in.

Passwords are computed while no transaction waits for them.
"""

from typing import Self

from fastapi import Request, Response
from pydantic import model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions import accounts, arrivals, codes, sessions
from gateway.actions.accounts import Registration
from gateway.actions.codes import Wanted
from gateway.actions.sessions import Presented, SignedIn
from gateway.api.arrivals import DeviceBody, NewcomerBody, let_in
from gateway.api.bodies import (
    AdmitCode,
    CodeAdmission,
    Email,
    NeverStored,
    NewPassword,
    Password,
    Phone,
    ShortText,
    TheIdentity,
    Token,
    Tokens,
)
from gateway.api.codes import CodeSent, send_code
from gateway.api.proofs import (
    CodeBody,
    NewHash,
    TheProof,
    TheProven,
    body_of,
    hashing,
    prove,
    weighing,
)
from gateway.events import SessionRevoked
from gateway.identity import Identity
from gateway.rules import CodePurpose, Device, Identifier, IdentifierKind
from gateway.store import accounts as stored
from gateway.store.accounts import Credentials
from kit import clock
from kit.app import Router
from kit.auth import OptionalCaller
from kit.bodies import Body
from kit.db import Tx
from kit.idempotency import beforehand
from kit.languages import Language
from kit.problems import Unprocessable

router = Router(prefix="/v1/auth", tags=["Sign-in"], dependencies=[NeverStored])


class GuestBody(Body):
    device_id: ShortText
    platform: ShortText
    app: ShortText
    refresh_token: Token | None = None


class SignInBody(DeviceBody):
    """Exactly one of e-mail address and phone number says who signs in."""

    email: Email | None = None
    phone: Phone | None = None
    password: Password

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if len(self.identifiers) != 1:
            raise ValueError("send either email or phone")
        return self

    @property
    def identifiers(self) -> list[Identifier]:
        named = ((IdentifierKind.EMAIL, self.email), (IdentifierKind.PHONE, self.phone))
        return [Identifier(kind, value) for kind, value in named if value is not None]


class RegisterBody(SignInBody, NewcomerBody):
    """At least one of e-mail address and phone number; either then signs the member in."""

    password: NewPassword

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if not self.identifiers:
            raise ValueError("send email or phone")
        values = (identifier.value for identifier in self.identifiers)
        rules.check_password(self.password.get_secret_value(), *values)
        return self


@router.post("/guest", status_code=201)
async def come_as_guest(
    body: GuestBody, identity: TheIdentity, tx: Tx, language: Language, response: Response
) -> Tokens:
    """Tokens of an anonymous member.

    A device is the same guest again only if it shows its refresh token.
    """
    now = clock.now()
    signed_in = await _same_guest(tx, body, identity)
    if signed_in is not None:
        response.status_code = 200
        return Tokens.of(identity, signed_in, now)
    device = Device(body.device_id, body.platform, body.app)
    member_id = await accounts.create_guest(tx, device, language, now)
    signed_in = await sessions.start_for_member(tx, member_id, device, identity.session_rules, now)
    return Tokens.of(identity, signed_in, now)


async def _same_guest(tx: AsyncSession, body: GuestBody, identity: Identity) -> SignedIn | None:
    token = body.refresh_token.get_secret_value() if body.refresh_token else ""
    if not token or not await sessions.is_of_guest(tx, token, body.device_id):
        return None
    presented = Presented(token, body.device_id)
    outcome = await sessions.refresh(tx, presented, identity.session_rules, clock.now())
    if isinstance(outcome, SessionRevoked):
        identity.authenticator.revoke_session(outcome.session_id)
    return outcome if isinstance(outcome, SignedIn) else None


class OneAddress(Unprocessable):
    code = "gateway.one_address"
    title = "Register with one address"


async def _ask_to_confirm(
    registration: Registration, identity: Identity, admit: AdmitCode, tx: AsyncSession
) -> CodeSent:
    """Send a code for the registration to its address, or word that there is an account."""
    if len(registration.identifiers) != 1:
        raise OneAddress("Send email or phone, and add the other once you are signed in.")
    (identifier,) = registration.identifiers
    wanted = Wanted(
        CodePurpose.REGISTER,
        identifier,
        registration.language,
        registration=registration.packed(),
    )
    return await send_code(tx, identity, admit, wanted)


@router.post(
    "/register",
    status_code=201,
    responses={202: {"model": CodeSent, "description": "With REGISTRATION=confirmed."}},
)
@beforehand(hashing(RegisterBody))
async def register(  # noqa: PLR0913, PLR0917  (what it needs, each by name)
    body: RegisterBody,
    password_hash: NewHash,
    caller: OptionalCaller,
    identity: TheIdentity,
    admit: CodeAdmission,
    tx: Tx,
    language: Language,
    response: Response,
) -> Tokens | CodeSent:
    """Register a member.

    Sent with a guest's access token, the guest becomes the member and keeps their id. Where
    addresses must be proven first, the answer is 202 and a code is on its way; whether there is an
    account it does not tell.
    """
    now = clock.now()
    registration = body.registration(language, body.identifiers, password_hash)
    if not identity.registers_at_once:
        response.status_code = 202
        return await _ask_to_confirm(registration, identity, admit, tx)
    guest_id = caller.member_id if caller else None
    member_id = await accounts.register(tx, registration, guest_id, now)
    if caller is not None:
        signed_in = await sessions.issue_again(tx, caller, now)
    else:
        session_rules = identity.session_rules
        signed_in = await sessions.start_for_member(tx, member_id, body.device, session_rules, now)
    return Tokens.of(identity, signed_in, now)


class RegisterConfirmBody(CodeBody, DeviceBody):
    """The code, and the device."""


@router.post("/register/confirm", status_code=201)
@beforehand(weighing(RegisterConfirmBody, CodePurpose.REGISTER))
async def confirm_registration(
    body: RegisterConfirmBody,
    proof: TheProof,
    caller: OptionalCaller,
    identity: TheIdentity,
    tx: Tx,
    response: Response,
) -> Tokens:
    """Finish a registration with the code that was sent; signed in at once.

    Sent with a guest's access token, the guest becomes the member. Who got an account with the
    address meanwhile is signed in to it (200).
    """
    now = clock.now()
    used = await codes.use(tx, identity.seals, proof, now)
    registration = Registration.unpacked(used.registration or b"", used.identifier)
    arrived = await arrivals.arrive(tx, identity.seals, registration, caller, now)
    return await let_in(
        tx, identity, arrived, caller=caller, device=body.device, response=response, now=now
    )


async def _prove(request: Request) -> None:
    body = await body_of(request, SignInBody)
    if body is None:
        return
    (identifier,) = body.identifiers

    async def find(session: AsyncSession) -> Credentials | None:
        return await stored.credentials_of(session, identifier)

    await prove(request, f"member:{identifier.value}", find, body.password.get_secret_value())


@router.post("/login")
@beforehand(_prove)
async def sign_in(
    body: SignInBody, proven: TheProven, caller: OptionalCaller, identity: TheIdentity, tx: Tx
) -> Tokens:
    """Sign in with a password. An unknown account and a wrong password are answered alike.

    Sent with a guest's access token, what the guest did follows.
    """
    now = clock.now()
    member_id = proven.owner_id
    if await stored.hold_open(tx, member_id) != proven.proven_hash:
        raise accounts.WrongCredentials("Check the name and the password.")
    await accounts.forgive_failures(tx, proven.name)
    if proven.new_hash is not None:
        await stored.set_password_hash(tx, member_id, proven.new_hash)
    identity.refuse(await arrivals.adopt_guest(tx, caller, member_id, now))
    session_rules = identity.session_rules
    signed_in = await sessions.start_for_member(tx, member_id, body.device, session_rules, now)
    return Tokens.of(identity, signed_in, now)
