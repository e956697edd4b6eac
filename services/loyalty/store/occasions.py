"""Occasions, and what caps and budgets have counted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.loyalty import tables
from services.loyalty.rules.earning import Kept, Occasion
from services.loyalty.rules.ledger import Source
from services.loyalty.rules.programme.deciding import Count, CountKey, Counts
from services.loyalty.rules.programme.states import Period

_REPLAYED = (
    *("id", "member_id", "trigger", "source_type", "source_id"),
    *("at", "recorded_at", "event", "member"),
)

ADD = inserting(
    tables.Occasion,
    "id member_id trigger source_type source_id at recorded_at event"
    " version member outcomes points",
    rest="ON CONFLICT (source_type, source_id, trigger) DO NOTHING",
)

_COUNTED = text("""
    SELECT counts.* FROM unnest(
        CAST(:member_ids AS uuid[]), CAST(:counters AS text[]), CAST(:periods AS text[]),
        CAST(:begins AS date[])) AS given (member_id, counter, period, begins)
    JOIN earned_counts AS counts USING (member_id, counter, period, begins)
""")

_COUNT = inserting(
    tables.EarnedCount,
    "member_id counter period begins points times",
    rest="ON CONFLICT (member_id, counter, period, begins)"
    " DO UPDATE SET points = excluded.points, times = excluded.times",
)

_MERGE_COUNTS = text("""
    WITH gone AS (DELETE FROM earned_counts WHERE member_id = :absorbed RETURNING *)
    INSERT INTO earned_counts (member_id, counter, period, begins, points, times)
    SELECT :survivor, counter, period, begins, points, times FROM gone
    ON CONFLICT (member_id, counter, period, begins) DO UPDATE
        SET points = earned_counts.points + excluded.points,
            times = earned_counts.times + excluded.times
""")

_LOCK_BUDGETS = text("""
    SELECT budget, ceiling - used AS left FROM budgets WHERE budget = ANY(:budgets)
    ORDER BY budget FOR UPDATE
""")

_LEFT = text("SELECT budget, ceiling - used AS left FROM budgets WHERE budget = ANY(:budgets)")

_USE = text("""
    UPDATE budgets SET used = used + given.points
    FROM unnest(CAST(:budgets AS text[]), CAST(:points AS bigint[])) AS given (budget, points)
    WHERE budgets.budget = given.budget
""")

_FORGET_COUNTS = text("""
    DELETE FROM earned_counts WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM earned_counts
        WHERE period IN ('day', 'week', 'month') AND begins < :before LIMIT :limit
    )) AND begins < :before RETURNING member_id
""")

_FORGET = text("""
    DELETE FROM occasions WHERE id IN (
        SELECT id FROM occasions WHERE id < :before ORDER BY id LIMIT :limit
    ) RETURNING id
""")


_KNOWN_TOTAL = text("""
    SELECT reached, members, points FROM version_totals
    WHERE version = :version AND since = :since
""")

_KEEP_TOTAL = text("""
    INSERT INTO version_totals (version, since, reached, members, points)
    VALUES (:version, :since, :reached, :members, :points)
    ON CONFLICT (version) DO UPDATE SET since = excluded.since, reached = excluded.reached,
        members = excluded.members, points = excluded.points
""")

_EARNED = text("""
    SELECT count(*) FILTER (WHERE is_new) AS members, coalesce(sum(points), 0)::bigint AS points
    FROM (
        SELECT member_id, sum(points) AS points, NOT EXISTS (
            SELECT FROM occasions AS sooner
            WHERE sooner.member_id = lately.member_id AND sooner.version = :version
                AND sooner.id >= :first AND sooner.id < :after
        ) AS is_new
        FROM occasions AS lately WHERE id >= :after AND id < :until AND version = :version
        GROUP BY member_id
    ) AS paid
""")


async def add(session: AsyncSession, kept: Sequence[Kept], now: datetime) -> None:
    """Keep occasions; one that is known already stays as it was."""
    await ADD.execute(session, [row_of(item, now) for item in kept])


def row_of(kept: Kept, now: datetime) -> tuple[Any, ...]:
    """What `ADD` takes."""
    occasion = kept.occasion
    return (
        kept.id,
        occasion.member_id,
        occasion.trigger,
        *occasion.source,
        occasion.at,
        now,
        occasion.event,
        kept.version,
        kept.member,
        kept.outcomes,
        kept.points,
    )


async def counted(session: AsyncSession, keys: Collection[CountKey]) -> Counts:
    """What has been counted. The members' wallets must be locked."""
    if not keys:
        return {}
    names = ("member_ids", "counters", "periods", "begins")
    columns = dict(zip(names, map(list, zip(*keys, strict=True)), strict=True))
    rows = await session.execute(_COUNTED, columns)
    return {
        CountKey(row.member_id, row.counter, Period(row.period), row.begins): Count(
            row.points, row.times
        )
        for row in rows
    }


async def count(session: AsyncSession, counts: Counts) -> None:
    """Keep what has been counted."""
    await _COUNT.execute(session, [(*key, n.points, n.times) for key, n in counts.items()])


async def merge_counts(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Count what a merged member earned as earned by the one who goes on."""
    await session.execute(_MERGE_COUNTS, {"absorbed": absorbed, "survivor": survivor})


async def lock_budgets(session: AsyncSession, budgets: Collection[str]) -> dict[str, int]:
    """What is left of budgets, which are then this transaction's. Always in one order."""
    if not budgets:
        return {}
    rows = await session.execute(_LOCK_BUDGETS, {"budgets": list(budgets)})
    return {row.budget: row.left for row in rows}


async def left_of_budgets(session: AsyncSession, budgets: Collection[str]) -> dict[str, int]:
    """What is left of budgets at this moment; the next may have less."""
    if not budgets:
        return {}
    rows = await session.execute(_LEFT, {"budgets": list(budgets)})
    return {row.budget: row.left for row in rows}


async def use_budgets(session: AsyncSession, used: Mapping[str, int]) -> None:
    """Take points off budgets. The database refuses more than a budget has."""
    if spent := {budget: points for budget, points in used.items() if points}:
        given = {"budgets": list(spent), "points": list(spent.values())}
        await session.execute(_USE, given)


async def forget_counts(session: AsyncSession, before: date, limit: int) -> int:
    """Delete up to `limit` counts of days, weeks and months that began before one; how many."""
    given = {"before": before, "limit": limit}
    return len((await session.execute(_FORGET_COUNTS, given)).all())


async def forget(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` occasions recorded before a moment; how many."""
    return len((await session.execute(_FORGET, {"before": first_id(before), "limit": limit})).all())


async def with_id(session: AsyncSession, occasion_id: UUID) -> tables.Occasion | None:
    return await session.get(tables.Occasion, occasion_id)


async def of_source(
    session: AsyncSession, member_id: UUID, source: Source
) -> Sequence[tables.Occasion]:
    """The occasions behind a source, such as an order's being placed."""
    statement = select(tables.Occasion).where(
        col(tables.Occasion.member_id) == member_id,
        col(tables.Occasion.source_type) == source.type,
        col(tables.Occasion.source_id) == source.id,
    )
    return (await session.scalars(statement)).all()


async def of_member(
    session: AsyncSession, member_id: UUID, limit: int, before: UUID | None
) -> Sequence[tables.Occasion]:
    """What the programme decided on for a member, newest first."""
    statement = (
        select(tables.Occasion)
        .where(
            col(tables.Occasion.member_id) == member_id,
            col(tables.Occasion.version).is_not(None),
        )
        .order_by(col(tables.Occasion.id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(tables.Occasion.id) < before)
    return (await session.scalars(statement)).all()


def occasion_of(row: tables.Occasion | Row[Any]) -> Occasion:
    return Occasion(
        member_id=row.member_id,
        trigger=row.trigger,
        source=Source(row.source_type, row.source_id),
        at=row.at,
        event=row.event,
    )


class Earned(NamedTuple):
    """What a version has paid, and to how many members, before the occasion `reached`."""

    reached: UUID
    members: int = 0
    points: int = 0


async def earned(session: AsyncSession, version: int, since: datetime, settled: datetime) -> Earned:
    """What a version has paid for what was recorded since a moment.

    What was recorded before `settled` is counted once, and kept.
    """
    first, until = first_id(since), first_id(settled)
    row = (await session.execute(_KNOWN_TOTAL, {"version": version, "since": since})).one_or_none()
    known = Earned(*row) if row else Earned(first)
    if until > known.reached:
        known = await _with(session, version, first, known, until)
        total = {"version": version, "since": since, **known._asdict()}
        await session.execute(_KEEP_TOTAL, total)
    return await _with(session, version, first, known, UUID(int=2**128 - 1))


async def _with(
    session: AsyncSession, version: int, first: UUID, known: Earned, until: UUID
) -> Earned:
    """What is known, and what was recorded from there on. A member counts at the first time."""
    about = {"version": version, "first": first, "after": known.reached, "until": until}
    row = (await session.execute(_EARNED, about)).one()
    return Earned(until, known.members + row.members, known.points + row.points)


async def recorded_after(
    session: AsyncSession, after: UUID, triggers: Collection[str], limit: int
) -> Sequence[Row[Any]]:
    """The next occasions under triggers, in the sequence in which they were recorded."""
    columns = tables.Occasion.__table__.c  # type: ignore[attr-defined]
    statement = (
        select(*(columns[name] for name in _REPLAYED))
        .where(columns.id > after, columns.trigger.in_(triggers))
        .order_by(columns.id)
        .limit(limit)
    )
    return (await session.execute(statement)).all()


def first_id(moment: datetime) -> UUID:
    """The first UUIDv7 of a moment (RFC 9562 section 5.7)."""
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)
