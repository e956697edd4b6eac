"""Codes that prove an address: sent to it, tried at most five times, used once.

Whether an account has the address changes nothing that could be seen or measured from outside: the
same rows are read and written, and a message goes out in any case.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions.messages import Message, MessageTemplate, issue
from gateway.rules import CodePurpose, Identifier, IdentifierKind
from gateway.store import accounts, codes, staff
from gateway.tables import IssuedCode
from kit.ids import uuid7
from kit.problems import TooMany, Unauthenticated
from kit.vault import Vault

_TEMPLATES: dict[CodePurpose, MessageTemplate] = {
    CodePurpose.SIGN_IN: "code_sign_in",
    CodePurpose.RESET_PASSWORD: "code_reset_password",
    CodePurpose.RESET_STAFF_PASSWORD: "code_reset_password",
    CodePurpose.CONFIRM_IDENTIFIER: "code_confirm",
    CodePurpose.REGISTER: "code_register",
    CodePurpose.APPROVE_DEVICE: "code_approve_device",
}
_OTHERWISE: dict[CodePurpose, MessageTemplate] = {CodePurpose.REGISTER: "account_exists"}
_ACTIONS = {
    CodePurpose.SIGN_IN: "/sign-in",
    CodePurpose.RESET_PASSWORD: "/reset-password",
    CodePurpose.RESET_STAFF_PASSWORD: "/staff-password",
    CodePurpose.CONFIRM_IDENTIFIER: "/confirm",
    CodePurpose.REGISTER: "/register",
}


class TooManyCodes(TooMany):
    code = "gateway.too_many_codes"
    title = "This address was sent codes enough"


class CodeRefused(Unauthenticated):
    """One answer for whatever is wrong with a code: it tells a guesser nothing."""

    code = "gateway.code_refused"
    title = "This code is not good"

    def __init__(self) -> None:
        super().__init__("It is wrong, too old, used, or was tried too often. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Seals:
    """What the secrets of identity are hashed and sealed under."""

    key: bytes = field(repr=False)
    own: Vault = field(repr=False)
    messages: Vault = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A code somebody wants sent; `member_id` wants to have the address as theirs.

    `registration` is what somebody wants to register with, once the address is proven.
    """

    purpose: CodePurpose
    identifier: Identifier
    language: str
    member_id: UUID | None = None
    registration: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Presented:
    """A code as it comes back: with the id of its request, or as the secret of its link alone."""

    purpose: CodePurpose
    code_id: UUID | None = None
    code: str = field(default="", repr=False)
    link: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """An address proven by a code that is not used up yet."""

    code_id: UUID
    identifier: Identifier
    member_id: UUID | None
    registration: bytes | None = field(default=None, repr=False)


async def issue_code(session: AsyncSession, seals: Seals, wanted: Wanted, now: datetime) -> UUID:
    """Send a code; its id. Raises TooManyCodes."""
    destination_hash = _destination_hash(seals, wanted.identifier)
    await codes.lock_destination(session, destination_hash)
    await _check_pace(session, destination_hash, now)
    code_id = uuid7()
    code = rules.as_code(secrets.randbelow(10**rules.CODE_DIGITS))
    link = rules.as_link(secrets.token_bytes(32))
    values = {
        "code_id": code_id,
        "purpose": wanted.purpose,
        "destination_hash": destination_hash,
        "sealed_destination": seals.own.seal(sealed_as(code_id), _packed(wanted.identifier)),
        "member_id": wanted.member_id,
        "sealed_registration": _sealed(seals, code_id, wanted.registration),
        "code_hash": rules.keyed_hash(seals.key, "code", str(code_id), code),
        "link_hash": rules.keyed_hash(seals.key, "link", link),
        "tries_left": rules.CODE_TRIES,
        "issued_at": now,
        "expires_at": now + rules.CODE_LIFE,
    }
    await codes.insert_code(session, values)
    message = await _message(session, wanted, code, link, now)
    await issue(session, seals.messages, message, now)
    return code_id


async def _check_pace(session: AsyncSession, destination_hash: bytes, now: datetime) -> None:
    longest = max(window for _, window in rules.CODE_PACE)
    issued = await codes.issued_since(session, destination_hash, now - longest)
    now = max([now, *issued])  # who waited for the lock began before the other
    if at := rules.next_code_at(issued, now):
        wait_s = max(1, -(-(at - now) // timedelta(seconds=1)))
        raise TooManyCodes(f"Try again in {wait_s} s.", headers={"Retry-After": str(wait_s)})


async def _message(
    session: AsyncSession, wanted: Wanted, code: str, link: str, now: datetime
) -> Message:
    """The letter with the code; who has no account to reset is told just that."""
    is_known = await _is_known(session, wanted)
    minutes = rules.CODE_LIFE // timedelta(minutes=1)
    is_email = wanted.identifier.kind is IdentifierKind.EMAIL
    return Message(
        channel="email" if is_email else "sms",
        to=wanted.identifier.value,
        template=_TEMPLATES[wanted.purpose]
        if is_known
        else _OTHERWISE.get(wanted.purpose, "code_no_account"),
        language=wanted.language,
        expires_at=now + rules.CODE_LIFE,
        facts={"code": code, "minutes": minutes} if is_known else {},
        action=_action(wanted.purpose, link if is_known else None),
        for_staff=wanted.purpose is CodePurpose.RESET_STAFF_PASSWORD,
    )


def _action(purpose: CodePurpose, link: str | None) -> str | None:
    if link is not None:
        page = _ACTIONS.get(purpose)  # a device is approved on it, by its code alone
        return f"{page}#{link}" if page else None
    return _ACTIONS[CodePurpose.SIGN_IN] if purpose in _OTHERWISE else None


async def _is_known(session: AsyncSession, wanted: Wanted) -> bool:
    """Whether there is something the code could be for. It is looked up for any purpose alike."""
    if wanted.purpose is CodePurpose.RESET_STAFF_PASSWORD:
        return await staff.credentials_of(session, wanted.identifier.value) is not None
    owner = await accounts.credentials_of(session, wanted.identifier)
    if wanted.purpose is CodePurpose.REGISTER:
        return owner is None
    return owner is not None or wanted.purpose is not CodePurpose.RESET_PASSWORD


async def weigh(
    session: AsyncSession, seals: Seals, presented: Presented, now: datetime
) -> Proof | None:
    """What the presented code proves, None when it is not good. It costs a try in any case.

    To be committed whatever comes of it: a try that is rolled back was none.
    """
    if presented.link:
        which = codes.has_link(rules.keyed_hash(seals.key, "link", presented.link))
    elif presented.code_id is not None:
        which = codes.is_code(presented.code_id)
    else:
        return None
    issued = await codes.charge_try(session, which, presented.purpose, now)
    if issued is None or not (presented.link or _is_right(seals, issued, presented.code)):
        return None
    packed = seals.own.open(sealed_as(issued.code_id), issued.sealed_destination)
    return Proof(
        issued.code_id, _unpacked(packed), issued.member_id, _registration_in(seals, issued)
    )


def _is_right(seals: Seals, issued: IssuedCode, code: str) -> bool:
    guess = rules.keyed_hash(seals.key, "code", str(issued.code_id), code)
    return hmac.compare_digest(guess, issued.code_hash)


async def use(session: AsyncSession, seals: Seals, proof: Proof | None, now: datetime) -> Proof:
    """Use the proving code up. Raises CodeRefused when there is no proof, or somebody was faster.

    The address stays locked: of two proofs of it at once, the second finds what the first did.
    """
    if proof is None:
        raise CodeRefused
    await codes.lock_destination(session, _destination_hash(seals, proof.identifier))
    if not await codes.use(session, proof.code_id, now):
        raise CodeRefused
    return proof


def _destination_hash(seals: Seals, identifier: Identifier) -> bytes:
    return rules.keyed_hash(seals.key, "destination", identifier.kind, identifier.value)


def _sealed(seals: Seals, code_id: UUID, registration: bytes | None) -> bytes | None:
    return seals.own.seal(registration_as(code_id), registration) if registration else None


def _registration_in(seals: Seals, issued: IssuedCode) -> bytes | None:
    sealed = issued.sealed_registration
    return seals.own.open(registration_as(issued.code_id), sealed) if sealed else None


def registration_as(code_id: UUID) -> str:
    return f"the registration of {code_id}"


def sealed_as(code_id: UUID) -> str:
    return f"the destination of {code_id}"


def _packed(identifier: Identifier) -> bytes:
    return f"{identifier.kind} {identifier.value}".encode()


def _unpacked(packed: bytes) -> Identifier:
    kind, _, value = packed.decode().partition(" ")
    return Identifier(IdentifierKind(kind), value)
