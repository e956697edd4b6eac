"""Members: a guest by device, registration (of a guest in place), and proving who one is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.events import AccountRegistered, GuestCreated
from gateway.rules import Device, Identifier, IdentifierKind
from gateway.store import accounts
from kit import outbox
from kit.ids import uuid7
from kit.problems import Conflict, TooMany, Unauthenticated


class IdentifierTaken(Conflict):
    code = "gateway.identifier_taken"
    title = "An account has this e-mail address or phone number"


class AlreadyRegistered(Conflict):
    code = "gateway.already_registered"
    title = "This member is registered"


class WrongCredentials(Unauthenticated):
    """One answer for an unknown account and a wrong password: it tells nobody which it was."""

    code = "gateway.wrong_credentials"
    title = "Wrong name or password"


class SignInBlocked(TooMany):
    code = "gateway.sign_in_blocked"
    title = "Too many failed sign-ins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a member registers with; the password is hashed already.

    Without a password the member signs in by what proved the identifiers at `verified_at`.
    """

    identifiers: Sequence[Identifier]
    language: str
    password_hash: str | None = field(default=None, repr=False)
    display_name: str | None = None
    channel: str | None = None
    referral_code: str | None = None
    anonymous_id: str | None = None
    verified_at: datetime | None = None

    def packed(self) -> bytes:
        """All but the identifiers and their proof, to wait for it."""
        kept = asdict(self)
        del kept["identifiers"], kept["verified_at"]
        return orjson.dumps(kept)

    @classmethod
    def unpacked(cls, packed: bytes, identifier: Identifier) -> "Registration":
        """A registration that waited, once its identifier is proven."""
        return cls(identifiers=[identifier], **orjson.loads(packed))

    def value_of(self, kind: IdentifierKind) -> str | None:
        return next((each.value for each in self.identifiers if each.kind is kind), None)


async def create_guest(session: AsyncSession, device: Device, language: str, now: datetime) -> UUID:
    """A new anonymous member on a device."""
    member_id = uuid7()
    await accounts.insert_guest(session, member_id, language, now)
    created = GuestCreated(
        member_id=member_id,
        device_id=device.device_id or "",
        platform=device.platform or "",
        app=device.app or "",
        language=language,
        created_at=now,
    )
    await outbox.publish(session, created)
    return member_id


async def register(
    session: AsyncSession, registration: Registration, guest_id: UUID | None, now: datetime
) -> UUID:
    """Register a member; a guest keeps their id, and with it all they did.

    Raises IdentifierTaken, or AlreadyRegistered when `guest_id` is no guest (any more).
    """
    member_id = guest_id or uuid7()
    registered = await accounts.insert_registered(
        session,
        member_id,
        password_hash=registration.password_hash,
        display_name=registration.display_name,
        language=registration.language,
        now=now,
    )
    if not registered:
        raise AlreadyRegistered("Sign out before you register another member.")
    await _claim(session, member_id, registration, now)
    await outbox.publish(session, _registered(member_id, registration, now))
    return member_id


async def _claim(
    session: AsyncSession, member_id: UUID, registration: Registration, now: datetime
) -> None:
    identifiers = registration.identifiers
    if not identifiers:
        return
    verified_at = registration.verified_at
    claimed = await accounts.claim_identifiers(
        session, member_id, identifiers, now=now, verified_at=verified_at
    )
    taken = [each.kind.value for each in identifiers if each.value not in claimed]
    if taken:
        raise IdentifierTaken(f"Sign in, or register another {' and '.join(taken)}.", fields=taken)


def _registered(member_id: UUID, registration: Registration, now: datetime) -> AccountRegistered:
    return AccountRegistered(
        member_id=member_id,
        email=registration.value_of(IdentifierKind.EMAIL),
        phone=registration.value_of(IdentifierKind.PHONE),
        display_name=registration.display_name,
        language=registration.language,
        channel=registration.channel,
        referral_code=registration.referral_code,
        anonymous_id=registration.anonymous_id,
        registered_at=now,
    )


async def admit_attempt(session: AsyncSession, name: str, now: datetime) -> None:
    """Let one attempt to sign in as `name` be judged. Raises SignInBlocked after too many failures.

    The attempt is charged as a failure at once and forgiven by `forgive_failures`; otherwise a
    hundred guesses made at the same time would all be judged before the first one counted.
    """
    name_hash = rules.fingerprint(name)
    failures = await accounts.charge_attempt(session, name_hash, now)
    if failures is None:
        until = await accounts.blocked_until(session, name_hash) or now
        wait_s = max(1, round((until - now).total_seconds()))
        raise SignInBlocked(f"Try again in {wait_s} s.", headers={"Retry-After": str(wait_s)})
    if delay := rules.delay_after(failures):
        await accounts.block_until(session, name_hash, now + delay)


async def forgive_failures(session: AsyncSession, name: str) -> None:
    await accounts.forget_failures(session, rules.fingerprint(name))
