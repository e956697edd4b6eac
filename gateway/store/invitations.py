"""Invitations to join the staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, text, update
from sqlalchemy import insert as inserted
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import Invitation


def _is_open() -> ColumnElement[bool]:
    return and_(col(Invitation.accepted_at).is_(None), col(Invitation.withdrawn_at).is_(None))


async def insert(session: AsyncSession, values: Mapping[str, Any]) -> Invitation:
    statement = inserted(Invitation).values(values).returning(Invitation)
    return (await session.execute(statement)).scalar_one()


_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('invitation of ' || :email, 0))")


async def withdraw_open(session: AsyncSession, email: str, now: datetime) -> None:
    """Withdraw the open invitation of an address, if there is one.

    Until the transaction ends nobody else invites the address: there is to be one invitation.
    """
    await session.execute(_LOCK, {"email": email})
    await session.execute(
        update(Invitation)
        .where(col(Invitation.email) == email, _is_open())
        .values(withdrawn_at=now)
    )


async def withdraw(session: AsyncSession, invitation_id: UUID, now: datetime) -> bool:
    """False when there is no such open invitation."""
    statement = (
        update(Invitation)
        .where(col(Invitation.invitation_id) == invitation_id, _is_open())
        .values(withdrawn_at=now)
        .returning(col(Invitation.invitation_id))
    )
    return (await session.execute(statement)).first() is not None


async def withdraw_of(session: AsyncSession, staff_id: UUID, now: datetime) -> list[UUID]:
    """Withdraw what a staff member has invited to; the ids of what was open."""
    statement = (
        update(Invitation)
        .where(col(Invitation.invited_by) == staff_id, _is_open())
        .values(withdrawn_at=now)
        .returning(col(Invitation.invitation_id))
    )
    return list((await session.execute(statement)).scalars())


async def can_accept(session: AsyncSession, token_hash: bytes, now: datetime) -> bool:
    statement = select(col(Invitation.invitation_id)).where(
        col(Invitation.token_hash) == token_hash, _is_open(), col(Invitation.expires_at) > now
    )
    return (await session.execute(statement)).first() is not None


async def accept(session: AsyncSession, token_hash: bytes, now: datetime) -> Invitation | None:
    """Note an invitation as accepted; None when it is not open, or too old."""
    statement = (
        update(Invitation)
        .where(
            col(Invitation.token_hash) == token_hash, _is_open(), col(Invitation.expires_at) > now
        )
        .values(accepted_at=now)
        .returning(Invitation)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def open_after(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[Invitation]:
    """Open invitations, those that were sent first first; those too old among them."""
    statement = select(Invitation).where(_is_open()).order_by(col(Invitation.invitation_id))
    if after is not None:
        statement = statement.where(col(Invitation.invitation_id) > after)
    return (await session.execute(statement.limit(limit))).scalars().all()
