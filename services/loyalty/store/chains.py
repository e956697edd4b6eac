"""Chains: what loyalty's own events led to."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_LINKS = 5
"""Own events in a row, each led to by the one before, that rules may pay for."""


class Link(NamedTuple):
    """The rules that have paid on the way to an event, and how many own events lead to it."""

    rules: frozenset[str] = frozenset()
    depth: int = 0


async def link(session: AsyncSession, event_id: str | None) -> Link:
    """The link of an event; none where it was not loyalty's own, or long ago."""
    if event_id is None:
        return Link()
    statement = text("SELECT rules, depth FROM chains WHERE event_id = CAST(:event_id AS uuid)")
    row = (await session.execute(statement, {"event_id": UUID(event_id)})).first()
    return Link(frozenset(row.rules), row.depth) if row else Link()


async def add(session: AsyncSession, event_id: UUID, made: Link, now: datetime) -> None:
    statement = text("""
        INSERT INTO chains (event_id, rules, depth, recorded_at)
        VALUES (:event_id, :rules, :depth, :now) ON CONFLICT DO NOTHING
    """)
    given = {"event_id": event_id, "rules": sorted(made.rules), "depth": made.depth, "now": now}
    await session.execute(statement, given)


async def forget(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` links recorded before a moment; how many."""
    statement = text("""
        DELETE FROM chains WHERE event_id IN (
            SELECT event_id FROM chains WHERE recorded_at < :before
            ORDER BY recorded_at LIMIT :limit
        ) RETURNING event_id
    """)
    rows = await session.execute(statement, {"before": before, "limit": limit})
    return len(rows.all())
