"""Sessions and their refresh tokens. A session is locked before its tokens are read or changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, case, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.rules import Device
from gateway.tables import AuthSession, RefreshToken, StaffMember


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose session it is: exactly one of the two is set."""

    member_id: UUID | None = None
    staff_id: UUID | None = None


async def insert_session(
    session: AsyncSession,
    session_id: UUID,
    owner: Owner,
    device: Device,
    *,
    now: datetime,
    expires_at: datetime,
    ends_at: datetime | None,
) -> None:
    statement = insert(AuthSession).values(
        session_id=session_id,
        member_id=owner.member_id,
        staff_id=owner.staff_id,
        device_id=device.device_id,
        platform=device.platform,
        app=device.app,
        started_at=now,
        refreshed_at=now,
        expires_at=expires_at,
        ends_at=ends_at,
    )
    await session.execute(statement)


async def insert_token(
    session: AsyncSession, token_hash: bytes, session_id: UUID, now: datetime
) -> None:
    values = {"token_hash": token_hash, "session_id": session_id, "issued_at": now}
    await session.execute(insert(RefreshToken).values(values))


async def lock_session_of(session: AsyncSession, token_hash: bytes) -> Row[Any] | None:
    """The session of a refresh token, locked, with what its staff member may, if it is one's."""
    owner = select(col(RefreshToken.session_id)).where(col(RefreshToken.token_hash) == token_hash)
    statement = (
        select(
            AuthSession.__table__,  # type: ignore[attr-defined]
            col(StaffMember.role),
            col(StaffMember.scopes),
            col(StaffMember.totp_confirmed_at),
        )
        .join(StaffMember, col(StaffMember.staff_id) == col(AuthSession.staff_id), isouter=True)
        .where(col(AuthSession.session_id) == owner.scalar_subquery())
        .with_for_update(of=AuthSession)
    )
    found: Row[Any] | None = (await session.execute(statement)).one_or_none()
    return found


async def token(session: AsyncSession, token_hash: bytes) -> Row[Any]:
    """A refresh token's row. Lock its session first, or the row may change before it is used."""
    statement = select(RefreshToken.__table__).where(  # type: ignore[attr-defined]
        col(RefreshToken.token_hash) == token_hash
    )
    found: Row[Any] = (await session.execute(statement)).one()
    return found


async def spend_tokens(
    session: AsyncSession,
    session_id: UUID,
    presented: bytes,
    *,
    device: str,
    salt: bytes,
    now: datetime,
) -> None:
    """Mark all unused tokens of the session used; only the presented one's answer is repeated."""
    is_presented = col(RefreshToken.token_hash) == presented
    await session.execute(
        update(RefreshToken)
        .where(col(RefreshToken.session_id) == session_id, col(RefreshToken.used_at).is_(None))
        .values(
            used_at=now,
            used_by=case((is_presented, device)),
            salt=case((is_presented, salt)),
        )
    )


async def prolong(
    session: AsyncSession, session_id: UUID, now: datetime, expires_at: datetime
) -> None:
    await session.execute(
        update(AuthSession)
        .where(col(AuthSession.session_id) == session_id)
        .values(refreshed_at=now, expires_at=expires_at)
    )


async def revoke(
    session: AsyncSession, *which: ColumnElement[bool], reason: str, now: datetime
) -> Sequence[Row[UUID, UUID | None]]:
    """Revoke the living sessions that match; the `session_id` and `member_id` of each."""
    statement = (
        update(AuthSession)
        .where(*which, col(AuthSession.revoked_at).is_(None), col(AuthSession.expires_at) > now)
        .values(revoked_at=now, revoked_because=reason)
        .returning(col(AuthSession.session_id), col(AuthSession.member_id))
    )
    return (await session.execute(statement)).all()


def is_session(session_id: UUID) -> ColumnElement[bool]:
    return col(AuthSession.session_id) == session_id


def belongs_to(owner: Owner) -> ColumnElement[bool]:
    if owner.member_id is not None:
        return col(AuthSession.member_id) == owner.member_id
    return col(AuthSession.staff_id) == owner.staff_id


async def living(
    session: AsyncSession, owner: Owner, before: UUID | None, *, now: datetime, limit: int
) -> Sequence[AuthSession]:
    """The owner's sessions that can still be used, the last started first."""
    statement = (
        select(AuthSession)
        .where(
            belongs_to(owner),
            col(AuthSession.revoked_at).is_(None),
            col(AuthSession.expires_at) > now,
        )
        .order_by(col(AuthSession.session_id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(AuthSession.session_id) < before)
    return (await session.execute(statement)).scalars().all()


async def begin_again(session: AsyncSession, session_id: UUID, now: datetime) -> None:
    """Let a session count as started now: somebody has just proven who they are in it."""
    await session.execute(
        update(AuthSession).where(is_session(session_id)).values(started_at=now, refreshed_at=now)
    )


async def started_at(session: AsyncSession, session_id: UUID) -> datetime | None:
    statement = select(col(AuthSession.started_at)).where(is_session(session_id))
    return (await session.execute(statement)).scalar_one_or_none()


async def device_of(session: AsyncSession, session_id: UUID) -> str | None:
    """The device a session began on, where its app told."""
    statement = select(col(AuthSession.device_id)).where(is_session(session_id))
    return (await session.execute(statement)).scalar_one_or_none()


async def revoked_since(session: AsyncSession, since: datetime) -> list[UUID]:
    statement = select(col(AuthSession.session_id)).where(col(AuthSession.revoked_at) > since)
    return list((await session.execute(statement)).scalars())


async def delete_ended(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` sessions, with their tokens, that expired before; the number deleted."""
    ended = (
        select(col(AuthSession.session_id))
        .where(col(AuthSession.expires_at) < before)
        .order_by(col(AuthSession.expires_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = delete(AuthSession).where(col(AuthSession.session_id).in_(ended))
    return len((await session.execute(statement.returning(col(AuthSession.session_id)))).all())


async def delete_used_tokens(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` tokens used before, then merely unknown; the number deleted."""
    used = (
        select(col(RefreshToken.token_hash)).where(col(RefreshToken.used_at) < before).limit(limit)
    )
    statement = delete(RefreshToken).where(col(RefreshToken.token_hash).in_(used))
    return len((await session.execute(statement.returning(col(RefreshToken.session_id)))).all())
