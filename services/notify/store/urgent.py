"""Messages somebody waits for: stored once, claimed one attempt at a time, emptied at their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.notify.rules import UrgentOutcome, UrgentState
from services.notify.tables import UrgentMessage


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message taken for the attempt `attempt`."""

    message_id: UUID
    channel: str
    sealed: str
    attempt: int
    issued_at: datetime
    expires_at: datetime


async def insert_new(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Store the messages that are new."""
    await session.execute(insert(UrgentMessage).values(list(rows)).on_conflict_do_nothing())


_CLAIM = text("""
    UPDATE urgent_messages SET attempt = attempt + 1, due_at = :leased_until
    WHERE message_id IN (
        SELECT message_id FROM urgent_messages
        WHERE state = 'queued' AND due_at <= :now AND expires_at > :now
        ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING message_id, channel, sealed, attempt, issued_at, expires_at
""")


async def claim(
    session: AsyncSession, *, now: datetime, leased_until: datetime, limit: int
) -> list[Claimed]:
    """Take up to `limit` due messages. Nobody else does while the lease lasts."""
    known = {"now": now, "leased_until": leased_until, "limit": limit}
    return [Claimed(*row) for row in await session.execute(_CLAIM, known)]


async def settle(
    session: AsyncSession, claimed: Claimed, outcome: UrgentOutcome, now: datetime
) -> None:
    """Write what became of an attempt, unless a later one was begun."""
    is_over = outcome.state is not UrgentState.QUEUED
    values: dict[str, Any] = {"state": outcome.state, "reason": outcome.reason}
    values |= {"sealed": None, "ended_at": now} if is_over else {"due_at": outcome.due_at}
    await session.execute(
        update(UrgentMessage)
        .where(
            col(UrgentMessage.message_id) == claimed.message_id,
            col(UrgentMessage.attempt) == claimed.attempt,
            col(UrgentMessage.state) == UrgentState.QUEUED,
        )
        .values(values)
    )


async def expire(session: AsyncSession, now: datetime, limit: int) -> int:
    """Give up to `limit` messages up that nobody can use any more; how many."""
    late = (
        select(col(UrgentMessage.message_id))
        .where(col(UrgentMessage.state) == UrgentState.QUEUED, col(UrgentMessage.expires_at) <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(UrgentMessage)
        .where(col(UrgentMessage.message_id).in_(late))
        .values(state=UrgentState.FAILED, reason="expired", sealed=None, ended_at=now)
        .returning(col(UrgentMessage.message_id))
    )
    return len((await session.execute(statement)).all())


async def delete_ended(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` messages that ended before; how many."""
    old = (
        select(col(UrgentMessage.message_id))
        .where(col(UrgentMessage.ended_at) < before)
        .limit(limit)
    )
    statement = delete(UrgentMessage).where(col(UrgentMessage.message_id).in_(old))
    return len((await session.execute(statement.returning(col(UrgentMessage.message_id)))).all())
