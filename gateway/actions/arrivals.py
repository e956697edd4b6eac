"""Members arrive by something proven: an address, or another issuer's word for who they are.

Whoever is met for the first time is registered. A guest of this device keeps everything: registered
in place, or merged into the account that was there before. The first proof of an address ends what
somebody else may have prepared under it: a password, open sessions (Sudhodanan and Paverd,
"Pre-hijacked accounts", USENIX Security 2022).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import sessions
from gateway.actions.accounts import Registration, register
from gateway.actions.codes import Seals
from gateway.actions.messages import Message, MessageTemplate, issue
from gateway.events import GuestMerged, IdentifierChanged
from gateway.rules import Identifier, IdentifierKind, SessionEnd
from gateway.store import accounts, identifiers
from gateway.store.identifiers import Holder
from gateway.store.sessions import Owner
from kit import outbox
from kit.auth import Caller, Role

NOTICE_LIFE = timedelta(days=1)
NO_FACTS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who it is, whether they are new, and the sessions that ended because of it.

    `in_place`: the calling guest became the member, and goes on in the guest's session.
    """

    member_id: UUID
    is_new: bool = False
    in_place: bool = False
    ended: list[UUID] = field(default_factory=list)


async def arrive(
    session: AsyncSession,
    seals: Seals,
    registration: Registration,
    caller: Caller | None,
    now: datetime,
) -> Arrived:
    """Whoever proved the one identifier of `registration`; who is new is registered with it."""
    (identifier,) = registration.identifiers
    holder = await holder_by_proof(session, identifier, now)
    if holder is None:
        proven = replace(registration, verified_at=now)
        guest_id = await guest_of(session, caller)
        member_id = await register(session, proven, guest_id, now)
        return Arrived(member_id, is_new=True, in_place=guest_id is not None)
    ended = []
    if holder.verified_at is None:
        ended = await prove_first(session, seals, holder, identifier, caller=caller, now=now)
    ended += await adopt_guest(session, caller, holder.member_id, now)
    return Arrived(holder.member_id, ended=ended)


async def holder_by_proof(
    session: AsyncSession, identifier: Identifier, now: datetime
) -> Holder | None:
    """Whose the proven identifier is. Who never proved it, but something else, loses it."""
    holder = await identifiers.holder_of(session, identifier)
    if holder is None or holder.yields_to_proof:
        return holder
    await identifiers.take_away(session, identifier)
    lost = IdentifierChanged(
        member_id=holder.member_id,
        kind=identifier.kind.value,
        previous=identifier.value,
        changed_at=now,
    )
    await outbox.publish(session, lost)
    return None


async def prove_first(
    session: AsyncSession,
    seals: Seals,
    holder: Holder,
    identifier: Identifier,
    *,
    caller: Caller | None,
    now: datetime,
) -> list[UUID]:
    """The first proof of an address: what was set up without one ends, but for the caller's own."""
    await identifiers.mark_verified(session, identifier, now)
    if caller is not None and caller.subject == str(holder.member_id):
        return []
    credentials = await accounts.credentials_by_id(session, holder.member_id)
    if credentials is not None and credentials.password_hash is not None:
        await accounts.set_password_hash(session, holder.member_id, None)
        await tell(session, seals, holder.member_id, "password_removed", now)
    owner = Owner(member_id=holder.member_id)
    return await sessions.revoke_all(session, owner, SessionEnd.ADDRESS_PROVEN, now)


async def guest_of(session: AsyncSession, caller: Caller | None) -> UUID | None:
    """The id a registration goes on with: the caller's, if the caller is a guest."""
    if caller is None or caller.role is not Role.MEMBER:
        return None
    return caller.member_id if await accounts.is_guest(session, caller.member_id) else None


async def adopt_guest(
    session: AsyncSession, caller: Caller | None, member_id: UUID, now: datetime
) -> list[UUID]:
    """If the caller is a guest, the guest's history follows to `member_id`; the ended sessions."""
    if caller is None or caller.role is not Role.MEMBER:
        return []
    guest_id = caller.member_id
    await accounts.hold_open(session, member_id)  # the account first, then its guest
    if not await identifiers.close_guest(session, guest_id, member_id, now):
        return []
    merged = GuestMerged(member_id=member_id, guest_id=guest_id, merged_at=now)
    await outbox.publish(session, merged)
    return await sessions.revoke_all(session, Owner(member_id=guest_id), SessionEnd.MERGED, now)


async def tell(
    session: AsyncSession, seals: Seals, member_id: UUID, template: MessageTemplate, now: datetime
) -> None:
    """Write to the e-mail address of the member's account, if there is one."""
    account = await identifiers.lock_account(session, member_id)
    for each in await identifiers.of_member(session, member_id):
        if account is not None and each.kind == IdentifierKind.EMAIL:
            await tell_address(session, seals, each.value, template, account.language, now=now)


async def tell_address(
    session: AsyncSession,
    seals: Seals,
    email: str,
    template: MessageTemplate,
    language: str,
    *,
    now: datetime,
    facts: Mapping[str, Any] = NO_FACTS,
) -> None:
    message = Message(
        channel="email",
        to=email,
        template=template,
        language=language,
        expires_at=now + NOTICE_LIFE,
        facts=facts,
    )
    await issue(session, seals.messages, message, now)
