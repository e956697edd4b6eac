"""Sessions: starting, exchanging refresh tokens, ending. Every end is said by event."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.events import SessionRevoked, SessionStarted
from gateway.rules import Device, RefreshState, RefreshVerdict, SessionEnd
from gateway.store import accounts, sessions, staff
from gateway.store.sessions import Owner
from gateway.tables import StaffMember
from kit import outbox
from kit.auth import Caller, Role
from kit.ids import uuid7
from kit.problems import NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and the token that prolongs it."""

    caller: Caller
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionRules:
    """A member's session lasts as long as the app is used; a staff session ends in any case.

    Without a refresh it ends after `member` or `staff_idle`. With `second_factor`, staff without
    one may do nothing but set one up.
    """

    member: timedelta
    staff: timedelta
    staff_idle: timedelta
    second_factor: bool = False

    def narrowed(self, scopes: Collection[str], *, second_factor: bool) -> frozenset[str]:
        """What a staff member's session is narrowed to, if at all."""
        required = self.second_factor
        return rules.staff_scopes(scopes, second_factor=second_factor, required=required)


class AccountClosedMeanwhile(Unauthenticated):
    code = "gateway.account_closed"
    title = "This account was closed"


class SessionUnknown(NotFound):
    code = "gateway.session_unknown"
    title = "No such session"


async def start_for_member(
    session: AsyncSession,
    member_id: UUID,
    device: Device,
    session_rules: SessionRules,
    now: datetime,
) -> SignedIn:
    if await accounts.hold_open(session, member_id) is None:
        raise AccountClosedMeanwhile("Register again, or sign in to another account.")
    owner = Owner(member_id=member_id)
    expires_at = now + session_rules.member
    signed_in = await _start(session, owner, Role.MEMBER, device, now=now, expires_at=expires_at)
    started = SessionStarted(
        member_id=member_id,
        session_id=UUID(signed_in.caller.session_id),
        device_id=device.device_id,
        platform=device.platform,
        started_at=now,
    )
    await outbox.publish(session, started)
    return signed_in


async def start_for_staff(
    session: AsyncSession,
    member: StaffMember,
    device: Device,
    session_rules: SessionRules,
    now: datetime,
) -> SignedIn:
    owner = Owner(staff_id=member.staff_id)
    ends_at = now + session_rules.staff
    scopes = session_rules.narrowed(member.scopes, second_factor=member.second_factor)
    return await _start(
        session,
        owner,
        Role(member.role),
        device,
        now=now,
        expires_at=min(now + session_rules.staff_idle, ends_at),
        ends_at=ends_at,
        scopes=scopes,
    )


async def _start(  # noqa: PLR0913  (what a session consists of)
    session: AsyncSession,
    owner: Owner,
    role: Role,
    device: Device,
    *,
    now: datetime,
    expires_at: datetime,
    ends_at: datetime | None = None,
    scopes: frozenset[str] = frozenset(),
) -> SignedIn:
    session_id = uuid7()
    await sessions.insert_session(
        session, session_id, owner, device, now=now, expires_at=expires_at, ends_at=ends_at
    )
    return await _issue(session, _caller(owner, role, session_id, scopes), now)


async def issue_again(session: AsyncSession, caller: Caller, now: datetime) -> SignedIn:
    """A further refresh token in the caller's session, as after a guest's registration.

    The tokens issued before stay good until one of the session is used: if the answer with this one
    is lost, the app still holds another.
    """
    await sessions.begin_again(session, UUID(caller.session_id), now)
    return await _issue(session, caller, now)


async def _issue(session: AsyncSession, caller: Caller, now: datetime) -> SignedIn:
    token = rules.as_refresh_token(secrets.token_bytes(32))
    session_id = UUID(caller.session_id)
    await sessions.insert_token(session, rules.fingerprint(token), session_id, now)
    return SignedIn(caller, token)


def _caller(
    owner: Owner, role: Role, session_id: UUID, scopes: frozenset[str] = frozenset()
) -> Caller:
    return Caller(
        subject=str(owner.member_id or owner.staff_id),
        role=role,
        scopes=scopes,
        session_id=str(session_id),
    )


async def is_of_guest(session: AsyncSession, token: str, device_id: str) -> bool:
    """Whether a refresh token belongs to a guest on this very device."""
    found = await sessions.lock_session_of(session, rules.fingerprint(token))
    if found is None or found.member_id is None or found.device_id != device_id:
        return False
    return await accounts.is_guest(session, found.member_id)


@dataclass(frozen=True, slots=True)
class Presented:
    """A refresh token, and the device that presents it."""

    token: str = field(repr=False)
    device: str

    @property
    def token_hash(self) -> bytes:
        return rules.fingerprint(self.token)


async def refresh(
    session: AsyncSession, presented: Presented, session_rules: SessionRules, now: datetime
) -> SignedIn | SessionRevoked | None:
    """Exchange a refresh token for its successor; None when it is not good.

    When it was used before, its whole session is revoked, and that is the answer: of the two who
    presented it, one is a thief.
    """
    found = await sessions.lock_session_of(session, presented.token_hash)
    if found is None:
        return None
    token = await sessions.token(session, presented.token_hash)
    match rules.judge_refresh(_state_of(found, token), presented.device, now):
        case RefreshVerdict.ROTATE:
            return await _rotate(session, found, presented, session_rules, now)
        case RefreshVerdict.REPEAT:
            successor = rules.successor_of(presented.token, token.salt)
            return SignedIn(_caller_of(found, session_rules), successor)
        case RefreshVerdict.REUSED:
            which = sessions.is_session(found.session_id)
            return (await _revoke(session, which, SessionEnd.TOKEN_REUSED, now))[0]
        case RefreshVerdict.ENDED:
            return None


def _state_of(found: Row[Any], token: Row[Any]) -> RefreshState:
    return RefreshState(
        expires_at=found.expires_at,
        used_at=token.used_at,
        used_by=token.used_by,
        has_successor=token.salt is not None,
        session_revoked=found.revoked_at is not None,
    )


async def _rotate(
    session: AsyncSession,
    found: Row[Any],
    presented: Presented,
    session_rules: SessionRules,
    now: datetime,
) -> SignedIn:
    salt = secrets.token_bytes(32)
    successor = rules.successor_of(presented.token, salt)
    await sessions.spend_tokens(
        session,
        found.session_id,
        presented.token_hash,
        device=presented.device,
        salt=salt,
        now=now,
    )
    await sessions.insert_token(session, rules.fingerprint(successor), found.session_id, now)
    if found.staff_id is None:
        expires_at = now + session_rules.member
    else:
        expires_at = min(now + session_rules.staff_idle, found.ends_at)
        await staff.update_staff(session, found.staff_id, {"last_used_at": now})
    await sessions.prolong(session, found.session_id, now, expires_at)
    return SignedIn(_caller_of(found, session_rules), successor)


def _caller_of(found: Row[Any], session_rules: SessionRules) -> Caller:
    owner = Owner(found.member_id, found.staff_id)
    if found.staff_id is None:
        return _caller(owner, Role.MEMBER, found.session_id)
    has_factor = found.totp_confirmed_at is not None
    scopes = session_rules.narrowed(found.scopes, second_factor=has_factor)
    return _caller(owner, Role(found.role), found.session_id, scopes)


async def sign_out(session: AsyncSession, token: str, now: datetime) -> UUID | None:
    """End the session of a refresh token, used or not; None when there is none alive."""
    found = await sessions.lock_session_of(session, rules.fingerprint(token))
    if found is None:
        return None
    which = sessions.is_session(found.session_id)
    ended = await _revoke(session, which, SessionEnd.SIGNED_OUT, now)
    return ended[0].session_id if ended else None


async def revoke_session(
    session: AsyncSession, owner: Owner, session_id: UUID, now: datetime
) -> None:
    """End one of the owner's sessions.

    Raises SessionUnknown when there is no such living session, or it is somebody else's.
    """
    which = sessions.is_session(session_id) & sessions.belongs_to(owner)
    if not await _revoke(session, which, SessionEnd.REVOKED, now):
        raise SessionUnknown("It is not among your sessions, or has ended.")


async def revoke_all(
    session: AsyncSession, owner: Owner, reason: SessionEnd, now: datetime
) -> list[UUID]:
    """End all sessions of the owner; their ids."""
    ended = await _revoke(session, sessions.belongs_to(owner), reason, now)
    return [each.session_id for each in ended]


async def revoke_others(
    session: AsyncSession, owner: Owner, kept: UUID, reason: SessionEnd, now: datetime
) -> list[UUID]:
    """End all sessions of the owner but one; their ids."""
    which = sessions.belongs_to(owner) & ~sessions.is_session(kept)
    return [each.session_id for each in await _revoke(session, which, reason, now)]


async def _revoke(
    session: AsyncSession, which: ColumnElement[bool], reason: SessionEnd, now: datetime
) -> list[SessionRevoked]:
    rows = await sessions.revoke(session, which, reason=reason, now=now)
    ended = [
        SessionRevoked(
            member_id=row.member_id, session_id=row.session_id, reason=reason, revoked_at=now
        )
        for row in rows
    ]
    await outbox.publish(session, *ended)
    return ended
