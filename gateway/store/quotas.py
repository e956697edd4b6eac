"""Quotas of API keys, and how much of each was taken in its day or month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import KeyQuota, KeyUsage
from kit.rows import inserting, over

Place = tuple[UUID, str, date]
"""A key, a span, and the day it began on."""


async def quotas(session: AsyncSession) -> Sequence[KeyQuota]:
    """Those of keys that have any."""
    return (await session.execute(select(KeyQuota))).scalars().all()


async def quota_of(session: AsyncSession, key_id: UUID) -> KeyQuota | None:
    return await session.get(KeyQuota, key_id)


async def set_quota(session: AsyncSession, values: Mapping[str, Any]) -> None:
    statement = insert(KeyQuota).values(values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=[col(KeyQuota.key_id)], set_=values)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A portion of a quota of `most`, and `owed` calls that have passed already."""

    span: str
    starts_on: date
    most: int
    portion: int
    owed: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What was given of it, and how much of the quota is taken now, by all."""

    given: int
    taken: int


_OPEN = text("""
    INSERT INTO key_usage (key_id, span, starts_on, taken)
    VALUES (:key_id, :span, :starts_on, 0) ON CONFLICT DO NOTHING
""")
_LOCK = text("""
    SELECT taken FROM key_usage
    WHERE key_id = :key_id AND span = :span AND starts_on = :starts_on FOR UPDATE
""")
_ADD = text("""
    UPDATE key_usage SET taken = taken + :calls
    WHERE key_id = :key_id AND span = :span AND starts_on = :starts_on
""")


async def take(session: AsyncSession, key_id: UUID, wanted: Sequence[Wanted]) -> list[Taken]:
    """Take portions, as far as the quotas reach; what is owed is charged in any case.

    The rows are locked in the order of `wanted`, which is the same everywhere.
    """
    return [await _take(session, key_id, one) for one in wanted]


async def _take(session: AsyncSession, key_id: UUID, wanted: Wanted) -> Taken:
    row = {"key_id": key_id, "span": wanted.span, "starts_on": wanted.starts_on}
    await session.execute(_OPEN, row)
    taken = int((await session.execute(_LOCK, row)).scalar_one()) + wanted.owed
    given = max(0, min(wanted.portion, wanted.most - taken))
    if wanted.owed + given:
        await session.execute(_ADD, {**row, "calls": wanted.owed + given})
    return Taken(given, taken + given)


_OPEN_ALL = inserting(KeyUsage, "key_id span starts_on taken", "ON CONFLICT DO NOTHING")
_ADD_ALL = over(
    KeyUsage,
    "key_id span starts_on taken",
    """
    WITH given AS (SELECT * FROM {given}), locked AS (
        SELECT key_id, span, starts_on FROM key_usage JOIN given USING (key_id, span, starts_on)
        ORDER BY key_id, span, starts_on FOR UPDATE OF key_usage
    )
    UPDATE key_usage SET taken = key_usage.taken + given.taken
    FROM given JOIN locked USING (key_id, span, starts_on)
    WHERE (key_usage.key_id, key_usage.span, key_usage.starts_on)
        = (given.key_id, given.span, given.starts_on)
    """,
)


async def add(session: AsyncSession, charges: Mapping[Place, int]) -> None:
    """Charge calls that have passed, or, with less than none, give back what was not spent."""
    places = sorted(charges)
    await _OPEN_ALL.execute(session, [(*place, 0) for place in places])
    await _ADD_ALL.execute(session, [(*place, charges[place]) for place in places])


async def usage_of(
    session: AsyncSession, key_id: UUID, since: date, span: str
) -> Sequence[KeyUsage]:
    """What was taken in each day, or month, that began on `since` or later; newest first."""
    statement = (
        select(KeyUsage)
        .where(
            col(KeyUsage.key_id) == key_id,
            col(KeyUsage.span) == span,
            col(KeyUsage.starts_on) >= since,
        )
        .order_by(col(KeyUsage.starts_on).desc())
    )
    return (await session.execute(statement)).scalars().all()


async def delete_older(session: AsyncSession, before: date, limit: int) -> int:
    """Delete up to `limit` rows of days and months before `before`; the number deleted."""
    statement = text("""
        DELETE FROM key_usage WHERE (key_id, span, starts_on) IN
            (SELECT key_id, span, starts_on FROM key_usage WHERE starts_on < :before LIMIT :limit)
        RETURNING key_id
    """)
    return len((await session.execute(statement, {"before": before, "limit": limit})).all())
