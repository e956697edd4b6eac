"""Missions and how far members have come. Wallets are locked before progress is.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.gathering import Ask, Rows
from services.loyalty import tables
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.missions import (
    Goal,
    Measure,
    Mission,
    RankPrize,
    Recurrence,
)
from services.loyalty.rules.prizes import Prize
from services.loyalty.store.persons import SEGMENTS

_COLUMNS = (
    "mission_id",
    "name",
    "description",
    "starts_at",
    "ends_at",
    "claimed_by_itself",
    "ranked",
    "active",
)

_TRIGGERED = text("""
    SELECT * FROM missions WHERE active AND EXISTS (
        SELECT FROM jsonb_array_elements(goals) AS goal WHERE goal ->> 'trigger' = ANY(:triggers)
    )
    ORDER BY mission_id
""")

_ADVANCE = text("""
    INSERT INTO mission_progress AS kept (mission_id, member_id, begins, counts)
    SELECT mission_id, member_id, begins, counts
    FROM unnest(CAST(:mission_ids AS uuid[]), CAST(:member_ids AS uuid[]),
        CAST(:begins AS date[]), CAST(:goals AS integer[]), CAST(:amounts AS bigint[]),
        CAST(:sizes AS integer[])) AS given (mission_id, member_id, begins, goal, amount, size)
    CROSS JOIN LATERAL (
        SELECT array_agg(CASE WHEN n = goal THEN amount ELSE 0 END ORDER BY n) AS counts
        FROM generate_series(0, size - 1) AS n
    ) AS spread
    ON CONFLICT (mission_id, begins, member_id) DO UPDATE SET counts = ARRAY(
        SELECT had + more FROM unnest(kept.counts, excluded.counts)
            WITH ORDINALITY AS sums (had, more, n) ORDER BY n)
    RETURNING mission_id, member_id, begins, counts, completed_at
""")

_COMPLETE = text("""
    UPDATE mission_progress SET completed_at = :now
    WHERE mission_id = :mission_id AND member_id = :member_id AND begins = :begins
        AND completed_at IS NULL
    RETURNING 1
""")

_CLAIM = text("""
    UPDATE mission_progress SET claimed_at = :now
    WHERE mission_id = :mission_id AND member_id = :member_id AND begins = :begins
        AND completed_at IS NOT NULL AND claimed_at IS NULL
    RETURNING 1
""")

_GOING = text(f"""
    SELECT missions.*, period.begins, counts, completed_at, claimed_at
    FROM missions
    JOIN unnest(CAST(:recurrences AS text[]), CAST(:periods AS date[]))
        AS period (recurrence, begins) USING (recurrence)
    LEFT JOIN mission_progress AS kept ON kept.mission_id = missions.mission_id
        AND kept.begins = period.begins AND kept.member_id = :member_id
    CROSS JOIN LATERAL (SELECT
        CASE WHEN completed_at IS NULL THEN 1 WHEN claimed_at IS NULL THEN 0 ELSE 2 END AS turn,
        coalesce(ends_at, 'infinity') AS until) AS place
    WHERE active AND (starts_at IS NULL OR starts_at <= :now)
        AND (ends_at IS NULL OR ends_at > :now)
        AND (segments = '{{}}' OR segments && {SEGMENTS})
        AND (turn, until, missions.mission_id) > (CAST(:turn AS bigint),
            coalesce(CAST(:until AS timestamptz), 'infinity'), CAST(:mission_id AS uuid))
    ORDER BY turn, until, missions.mission_id LIMIT :limit
""")

_ADD_UP = text("""
    UPDATE mission_progress AS kept
    SET completed_at = least(kept.completed_at, gone.completed_at),
        claimed_at = least(kept.claimed_at, gone.claimed_at),
        counts = ARRAY(
            SELECT coalesce((
                SELECT sum(amount) FROM mission_marks AS mark
                WHERE mark.mission_id = kept.mission_id AND mark.begins = kept.begins
                    AND mark.member_id = :survivor AND mark.goal = number
            ), 0)::bigint
            FROM generate_series(0, cardinality(kept.counts) - 1) AS number ORDER BY number)
    FROM mission_progress AS gone
    WHERE gone.member_id = :absorbed AND kept.member_id = :survivor
        AND kept.mission_id = gone.mission_id AND kept.begins = gone.begins
""")

_OF_MEMBER = text("""
    SELECT kept.* FROM unnest(CAST(:mission_ids AS uuid[]), CAST(:begins AS date[]))
        AS given (mission_id, begins)
    JOIN mission_progress AS kept USING (mission_id, begins)
    WHERE kept.member_id = :member_id
""")

_CLAIMABLE = text("""
    SELECT * FROM mission_progress WHERE member_id = :member_id AND mission_id = :mission_id
        AND completed_at IS NOT NULL ORDER BY claimed_at IS NOT NULL, begins DESC LIMIT 1
""")

Position = tuple[int, datetime | None, UUID]
"""Where a mission stands among a member's: its turn, when it ends if it does, and its id."""

_FIRST: Position = (-1, None, UUID(int=0))


class Progress(NamedTuple):
    """How far a member has come in one period of a mission; no counts: nowhere yet."""

    mission_id: UUID
    member_id: UUID
    begins: date
    counts: Sequence[int]
    completed_at: datetime | None = None
    claimed_at: datetime | None = None


class Course(NamedTuple):
    """How far somebody has come in a mission's present period."""

    begins: date
    counts: Sequence[int]
    completed_at: datetime | None
    claimed_at: datetime | None


async def triggered(session: AsyncSession, triggers: Collection[str]) -> list[Mission]:
    """The active missions with a goal that one of the triggers may bring nearer."""
    rows = await session.execute(_TRIGGERED, {"triggers": list(triggers)})
    return [mission_of(row) for row in rows]


async def mission(session: AsyncSession, mission_id: UUID) -> Mission | None:
    statement = text("SELECT * FROM missions WHERE mission_id = :mission_id")
    row = (await session.execute(statement, {"mission_id": mission_id})).first()
    return mission_of(row) if row else None


def going_on(
    member_id: UUID,
    periods: Mapping[Recurrence, date],
    now: datetime,
    *,
    limit: int,
    after: Position | None = None,
) -> Ask[list[tuple[Mission, Course]]]:
    """The missions a member may see and how far they have come, beginning after a position.

    `periods` says when the present one of each recurrence begins. Those to claim come first, then
    those that end soonest, those claimed last.
    """
    turn, until, mission_id = after or _FIRST
    given = {"member_id": member_id, "now": now, "limit": limit}
    given |= {"recurrences": list(periods), "periods": list(periods.values())}
    given |= {"turn": turn, "until": until, "mission_id": mission_id}
    return Ask(_GOING, given, _going, is_common=True)


def _going(rows: Rows) -> list[tuple[Mission, Course]]:
    return [
        (
            mission_of(row),
            Course(row.begins, row.counts or (), row.completed_at, row.claimed_at),
        )
        for row in rows
    ]


async def listed(session: AsyncSession, limit: int, before: UUID | None) -> list[Mission]:
    """All missions, newest first, beginning before one."""
    statement = text("""
        SELECT * FROM missions WHERE mission_id < :before ORDER BY mission_id DESC LIMIT :limit
    """)
    given = {"limit": limit, "before": before or UUID(int=2**128 - 1)}
    return [mission_of(row) for row in await session.execute(statement, given)]


async def advance(
    session: AsyncSession,
    sums: Mapping[tuple[UUID, UUID, date, int], int],
    sizes: Mapping[UUID, int],
) -> list[Progress]:
    """Add to goals, named by mission, member, beginning and number; the progress it makes.

    One statement for each number of a goal, so that none meets a row twice.
    """
    made: dict[tuple[UUID, UUID, date], Progress] = {}
    for number in sorted({key[3] for key in sums}):
        keys = sorted(key for key in sums if key[3] == number)
        given = {
            "mission_ids": [key[0] for key in keys],
            "member_ids": [key[1] for key in keys],
            "begins": [key[2] for key in keys],
            "goals": [number for _ in keys],
            "amounts": [sums[key] for key in keys],
            "sizes": [sizes[key[0]] for key in keys],
        }
        for row in await session.execute(_ADVANCE, given):
            made[row.mission_id, row.member_id, row.begins] = Progress(*row)
    return list(made.values())


async def uncompleted(session: AsyncSession, member_id: UUID) -> list[tuple[Mission, Progress]]:
    """What a member has come some way in, of active missions, and not completed."""
    statement = text("""
        SELECT missions.*, kept.member_id, kept.begins, kept.counts, kept.completed_at,
            kept.claimed_at
        FROM mission_progress AS kept JOIN missions USING (mission_id)
        WHERE kept.member_id = :member_id AND active AND kept.completed_at IS NULL
        ORDER BY mission_id, kept.begins
    """)
    rows = await session.execute(statement, {"member_id": member_id})
    return [(mission_of(row), _progress(row, member_id)) for row in rows]


async def complete(session: AsyncSession, progress: Progress, now: datetime) -> bool:
    """Write that a mission is completed; False if it was before."""
    return (await session.execute(_COMPLETE, _key(progress, now))).first() is not None


async def claim(session: AsyncSession, progress: Progress, now: datetime) -> bool:
    """Write that the prize is taken; False if it was before, or there is none."""
    return (await session.execute(_CLAIM, _key(progress, now))).first() is not None


async def claimable(session: AsyncSession, mission_id: UUID, member_id: UUID) -> Progress | None:
    """The completed progress of a member: one not claimed if there is, else the newest."""
    given = {"mission_id": mission_id, "member_id": member_id}
    row = (await session.execute(_CLAIMABLE, given)).first()
    return _progress(row, member_id) if row else None


async def progress_of(
    session: AsyncSession, member_id: UUID, periods: Sequence[tuple[UUID, date]]
) -> dict[UUID, Progress]:
    """How far a member has come, by mission."""
    if not periods:
        return {}
    mission_ids, begins = map(list, zip(*periods, strict=True))
    given = {"member_id": member_id, "mission_ids": mission_ids, "begins": begins}
    rows = await session.execute(_OF_MEMBER, given)
    return {row.mission_id: _progress(row, member_id) for row in rows}


async def add(session: AsyncSession, mission: Mission, now: datetime) -> None:
    values = {name: getattr(mission, name) for name in _COLUMNS} | {
        "goals": [_kept(goal) for goal in mission.goals],
        "rank_prizes": [
            {"up_to": won.up_to, "prize": won.prize.kept()} for won in mission.rank_prizes
        ],
        "prize": mission.prize.kept(),
        "recurrence": mission.recurrence,
        "tiers": sorted(mission.audience.tiers),
        "segments": sorted(mission.audience.segments),
    }
    statement = insert(tables.Mission).values(**values, created_at=now, updated_at=now)
    await session.execute(statement)


async def change(
    session: AsyncSession, mission_id: UUID, changes: Mapping[str, Any], now: datetime
) -> None:
    """Change columns of a mission."""
    statement = (
        update(tables.Mission)
        .where(col(tables.Mission.mission_id) == mission_id)
        .values(**changes, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Let what a merged member has completed and marked count for the one who goes on.

    Where both have come some way in a period, what they did is added up, each thing once, and the
    first completion counts.
    """
    given = {"absorbed": absorbed, "survivor": survivor}
    for table, key in (
        ("mission_marks", "mission_id, begins, goal, source_type, source_id"),
        ("mission_progress", "mission_id, begins"),
        ("member_badges", "badge"),
    ):
        statement = text(f"""
            UPDATE {table} SET member_id = :survivor WHERE member_id = :absorbed
                AND ({key}) NOT IN (SELECT {key} FROM {table} WHERE member_id = :survivor)
        """)
        await session.execute(statement, given)
    await session.execute(_ADD_UP, given)
    for table in ("mission_progress", "mission_marks", "member_badges"):
        gone = text(f"DELETE FROM {table} WHERE member_id = :absorbed")
        await session.execute(gone, {"absorbed": absorbed})


def _key(progress: Progress, now: datetime) -> dict[str, Any]:
    return {
        "mission_id": progress.mission_id,
        "member_id": progress.member_id,
        "begins": progress.begins,
        "now": now,
    }


def _kept(goal: Goal) -> dict[str, Any]:
    kept = {
        "trigger": goal.trigger,
        "target": goal.target,
        "measure": goal.measure,
        "field": goal.field,
        "where": goal.where,
    }
    return {name: value for name, value in kept.items() if value is not None}


def _progress(row: Row[Any], member_id: UUID) -> Progress:
    return Progress(
        row.mission_id,
        member_id,
        row.begins,
        row.counts or (),
        row.completed_at,
        row.claimed_at,
    )


def mission_of(row: Row[Any]) -> Mission:
    goals = [Goal(**{**kept, "measure": Measure(kept["measure"])}) for kept in row.goals]
    return Mission(
        **{name: getattr(row, name) for name in _COLUMNS},
        goals=goals,
        prize=Prize.of(row.prize),
        rank_prizes=tuple(
            RankPrize(up_to=kept["up_to"], prize=Prize.of(kept["prize"]))
            for kept in row.rank_prizes
        ),
        recurrence=Recurrence(row.recurrence),
        audience=Audience.of(row),
    )
