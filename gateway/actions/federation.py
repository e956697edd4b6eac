"""Members whom other issuers vouch for: linked by issuer and subject, never by a mere e-mail.

An e-mail address counts where the issuer says it is verified and the deployment trusts the issuer
on that; then it proves the address as a code of ours would. Otherwise it is noted and means
nothing, and nobody learns whether an account has it.
"""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions.accounts import Registration, register
from gateway.actions.arrivals import (
    Arrived,
    adopt_guest,
    guest_of,
    holder_by_proof,
    prove_first,
)
from gateway.actions.codes import Seals
from gateway.issuers import IdTokenRefused, Vouched
from gateway.rules import Identifier, IdentifierKind
from gateway.store import identifiers
from gateway.tables import ExternalIdentity
from kit.auth import Caller
from kit.problems import Conflict, NotFound


class LinkedElsewhere(Conflict):
    code = "gateway.linked_elsewhere"
    title = "This identity, or this account at that issuer, is linked to another"


class LastSignIn(Conflict):
    code = "gateway.last_sign_in"
    title = "There would be no way to sign in any more"


class NotLinked(NotFound):
    code = "gateway.not_linked"
    title = "No identity of this issuer is linked"


async def arrive_vouched(
    session: AsyncSession,
    seals: Seals,
    vouched: Vouched,
    registration: Registration,
    caller: Caller | None,
    *,
    now: datetime,
) -> Arrived:
    """Whomever an issuer vouches for; who is new is registered.

    Raises IdTokenRefused for a token that was used before, LinkedElsewhere where the account with
    the proven address is linked to somebody else of the same issuer.
    """
    await _use(session, vouched)
    member_id = await identifiers.linked_member(
        session, vouched.issuer, vouched.subject, vouched.email_said, now
    )
    if member_id is not None:
        return Arrived(member_id, ended=await adopt_guest(session, caller, member_id, now))
    identifier = _proven(vouched)
    holder = await holder_by_proof(session, identifier, now) if identifier else None
    if holder is None or identifier is None:
        return await _register(session, vouched, registration, caller, now=now)
    ended = []
    if holder.verified_at is None:
        ended = await prove_first(session, seals, holder, identifier, caller=caller, now=now)
    await link(session, holder.member_id, vouched, now)
    ended += await adopt_guest(session, caller, holder.member_id, now)
    return Arrived(holder.member_id, ended=ended)


async def _register(
    session: AsyncSession,
    vouched: Vouched,
    registration: Registration,
    caller: Caller | None,
    *,
    now: datetime,
) -> Arrived:
    identifier = _proven(vouched)
    new = replace(
        registration,
        identifiers=[identifier] if identifier else [],
        display_name=registration.display_name or vouched.display_name,
        verified_at=now if identifier else None,
    )
    guest_id = await guest_of(session, caller)
    member_id = await register(session, new, guest_id, now)
    await link(session, member_id, vouched, now)
    return Arrived(member_id, is_new=True, in_place=guest_id is not None)


def _proven(vouched: Vouched) -> Identifier | None:
    """The address the issuer's word proves, if any."""
    if vouched.email is None:
        return None
    try:
        return Identifier(IdentifierKind.EMAIL, rules.normal_email(vouched.email))
    except ValueError:
        return None


async def _use(session: AsyncSession, vouched: Vouched) -> None:
    expires_at = datetime.fromtimestamp(vouched.expires_at, UTC)
    if not await identifiers.use_id_token(session, vouched.token_hash, expires_at):
        raise IdTokenRefused("It was used before; sign in there again.")


async def link_vouched(
    session: AsyncSession, member_id: UUID, vouched: Vouched, now: datetime
) -> None:
    """Let an issuer's word sign the member in from now on. Linking the same twice is harmless."""
    await _use(session, vouched)
    linked = await identifiers.linked_member(
        session, vouched.issuer, vouched.subject, vouched.email_said, now
    )
    if linked != member_id:
        await link(session, member_id, vouched, now)


async def link(session: AsyncSession, member_id: UUID, vouched: Vouched, now: datetime) -> None:
    """Link an identity. Raises LinkedElsewhere."""
    identity = ExternalIdentity(
        issuer=vouched.issuer,
        subject=vouched.subject,
        member_id=member_id,
        email=vouched.email_said,
        linked_at=now,
        last_used_at=now,
    )
    if not await identifiers.link(session, identity):
        raise LinkedElsewhere("Sign in by it, or unlink the one there is.")


async def unlink(session: AsyncSession, member_id: UUID, issuer: str) -> None:
    """Let an issuer's word sign the member in no longer. Raises NotLinked or LastSignIn."""
    await identifiers.lock_account(session, member_id)
    if not await identifiers.unlink(session, member_id, issuer):
        raise NotLinked("The account shows which issuers are linked.")
    others = await identifiers.external_of_member(session, member_id)
    if not others and not await identifiers.of_member(session, member_id):
        raise LastSignIn("Add an e-mail address or phone number first.")
