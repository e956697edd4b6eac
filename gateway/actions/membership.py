"""What members change of their own accounts: password, addresses, and the end of it all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import erasures, sessions
from gateway.actions.accounts import IdentifierTaken
from gateway.actions.arrivals import holder_by_proof, tell, tell_address
from gateway.actions.codes import CodeRefused, Proof, Seals
from gateway.actions.trail import record
from gateway.events import IdentifierChanged
from gateway.rules import Identifier, IdentifierKind, SessionEnd
from gateway.store import accounts, identifiers
from gateway.store.sessions import Owner
from gateway.tables import Account
from kit import outbox
from kit.problems import Conflict, NotFound


class NotRegistered(Conflict):
    code = "gateway.not_registered"
    title = "A guest has nothing to change here"


class AccountUnknown(NotFound):
    code = "gateway.account_unknown"
    title = "No such account"


async def _registered(session: AsyncSession, member_id: UUID) -> Account:
    account = await identifiers.lock_account(session, member_id)
    if account is None:
        raise AccountUnknown("It was closed.")
    if account.registered_at is None:
        raise NotRegistered("Register or sign in first; what the guest did follows.")
    return account


async def reset_password(
    session: AsyncSession, seals: Seals, proof: Proof, password_hash: str, now: datetime
) -> list[UUID]:
    """Set the password of whoever proved the address; all sessions end, their ids.

    Raises CodeRefused where the address is no account's.
    """
    holder = await holder_by_proof(session, proof.identifier, now)
    if holder is None:
        raise CodeRefused
    await identifiers.mark_verified(session, proof.identifier, now)
    return await _set_password(session, seals, holder.member_id, password_hash, now)


async def _set_password(
    session: AsyncSession, seals: Seals, member_id: UUID, password_hash: str, now: datetime
) -> list[UUID]:
    await accounts.set_password_hash(session, member_id, password_hash)
    await tell(session, seals, member_id, "password_changed", now)
    owner = Owner(member_id=member_id)
    return await sessions.revoke_all(session, owner, SessionEnd.PASSWORD_CHANGED, now)


async def change_password(
    session: AsyncSession,
    seals: Seals,
    member_id: UUID,
    password_hash: str,
    *,
    kept: UUID,
    now: datetime,
) -> list[UUID]:
    """Set the password; all sessions but `kept` end, their ids."""
    await _registered(session, member_id)
    await accounts.set_password_hash(session, member_id, password_hash)
    await tell(session, seals, member_id, "password_changed", now)
    owner = Owner(member_id=member_id)
    return await sessions.revoke_others(session, owner, kept, SessionEnd.PASSWORD_CHANGED, now)


async def check_registered(session: AsyncSession, member_id: UUID) -> None:
    """Raises NotRegistered for a guest."""
    await _registered(session, member_id)


async def confirm_identifier(
    session: AsyncSession, seals: Seals, member_id: UUID, proof: Proof, now: datetime
) -> None:
    """Make a proven address the member's, in place of the one of its kind there was.

    Raises CodeRefused for a code somebody else asked for, IdentifierTaken where another account
    has the address.
    """
    if proof.member_id != member_id:
        raise CodeRefused
    account = await _registered(session, member_id)
    identifier = proof.identifier
    holder = await holder_by_proof(session, identifier, now)
    if holder is not None and holder.member_id == member_id:
        await identifiers.mark_verified(session, identifier, now)
        return
    if holder is not None:
        raise IdentifierTaken(
            "Sign in to that account and close it, or give it another address first.",
            fields=[identifier.kind.value],
        )
    previous = await _replace(session, account, identifier, now)
    if previous is not None and identifier.kind is IdentifierKind.EMAIL:
        language = account.language
        await tell_address(session, seals, previous, "identifier_changed", language, now=now)


async def _replace(
    session: AsyncSession, account: Account, identifier: Identifier, now: datetime
) -> str | None:
    """Put `identifier` in the place of the one of its kind; which that was."""
    previous = await identifiers.remove_kind(session, account.member_id, identifier.kind)
    claimed = await accounts.claim_identifiers(
        session, account.member_id, [identifier], now=now, verified_at=now
    )
    if not claimed:
        raise IdentifierTaken("Somebody registered it just now.", fields=[identifier.kind.value])
    changed = IdentifierChanged(
        member_id=account.member_id,
        kind=identifier.kind.value,
        value=identifier.value,
        previous=previous,
        changed_at=now,
    )
    await outbox.publish(session, changed)
    return previous


async def close_for_member(
    session: AsyncSession, seals: Seals, actor: UUID, member_id: UUID, now: datetime
) -> list[UUID]:
    """Close the account of a member who asked the company to; the sessions that ended.

    Raises AccountUnknown.
    """
    ended = await close_account(session, seals, member_id, now)
    await record(session, actor, "member.erasure_asked", member_id, now)
    return ended


async def close_account(
    session: AsyncSession, seals: Seals, member_id: UUID, now: datetime
) -> list[UUID]:
    """Close a member's or guest's account for good; the sessions that ended.

    Nothing one could sign in by remains, so the address is free for a new account. Services erase
    what they know when they hear of it. Raises AccountUnknown when it was closed before.
    """
    account = await identifiers.lock_account(session, member_id)
    if account is None:
        raise AccountUnknown("It was closed.")
    await tell(session, seals, member_id, "account_closed", now)
    closed = await erasures.ask(session, seals, account, now)
    await identifiers.close_account(session, member_id, now)
    await identifiers.remove_all(session, member_id)
    if closed is not None:
        await outbox.publish(session, closed)
    owner = Owner(member_id=member_id)
    return await sessions.revoke_all(session, owner, SessionEnd.ACCOUNT_CLOSED, now)
