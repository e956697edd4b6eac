"""Reading what was added up: by month, day, cohort, rule, reward; and the entries behind it."""

# ruff: noqa: S608

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.finance.movements import ISSUING, MOVEMENT_OF, Movement, Origin, Points
from services.loyalty.store.finance.adding import MARK

_SUMS = """
    sum(available)::bigint AS available, sum(pending)::bigint AS pending,
    sum(held)::bigint AS held, sum(debt)::bigint AS debt
"""

_AS_OF = text("""
    SELECT seq, coalesce((SELECT recorded_at FROM entries WHERE entries.seq = marks.seq),
        (SELECT max(recorded_at) FROM entries WHERE entries.seq > marks.seq - 10000
            AND entries.seq <= marks.seq)) AS recorded_at,
        (SELECT count(*) FROM (
            SELECT FROM entries WHERE entries.seq > marks.seq LIMIT 10000
        ) AS later) AS waiting
    FROM ledger_marks AS marks WHERE name = :mark
""")

_MOVED = "point_type, cohort, origin, movement, available, pending, held, debt"

_UNTIL = f"""
    SELECT month AS booked_on, {_MOVED} FROM finance_months
    WHERE month < date_trunc('month', CAST(:whole AS date))
    UNION ALL
    SELECT booked_on, {_MOVED} FROM finance_days
    WHERE booked_on >= date_trunc('month', CAST(:whole AS date)) AND booked_on <= :ends
"""
"""All up to the day `ends`: whole months before that of the day `whole`, then days."""

_BY_COHORT = text(f"""
    SELECT point_type, cohort, origin, {_SUMS} FROM ({_UNTIL}) AS booked
    GROUP BY point_type, cohort, origin ORDER BY point_type, cohort, origin
""")

_BY_MOVEMENT = text(f"""
    SELECT point_type, CASE WHEN booked_on >= :begins THEN movement END AS movement, {_SUMS}
    FROM ({_UNTIL}) AS booked GROUP BY 1, 2 ORDER BY 1, 2
""")

_ISSUED = ", ".join(f"'{movement}'" for movement in sorted(ISSUING))

_BY_MONTH = text(f"""
    SELECT point_type, date_trunc('month', booked_on)::date AS month, cohort, origin,
        coalesce(sum(available + pending + held - debt)
            FILTER (WHERE movement IN ({_ISSUED})), 0)::bigint AS issued,
        - coalesce(sum(available + pending + held - debt)
            FILTER (WHERE movement = '{Movement.EXPIRED}'), 0)::bigint AS expired,
        sum(available + pending + held)::bigint AS outstanding
    FROM ({_UNTIL}) AS booked GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")

_SALES = text("""
    SELECT point_type, date_trunc('month', booked_on)::date AS month, cohort, currency,
        sum(orders)::bigint AS orders, sum(amount_minor)::bigint AS amount_minor
    FROM finance_sales WHERE booked_on <= :ends GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")

_RULES = text("""
    SELECT rule, version, movement, sum(points)::bigint AS points FROM finance_rules
    WHERE point_type = :point_type AND booked_on BETWEEN :begins AND :ends
    GROUP BY rule, version, movement ORDER BY rule, version, movement
""")

_REWARDS = text("""
    SELECT booked_on, source_type, item, rewards.name,
        sum(finance_rewards.points)::bigint AS points, sum(times)::bigint AS times,
        sum(minor)::bigint AS minor
    FROM finance_rewards LEFT JOIN rewards
        ON reward_id = CASE source_type WHEN 'redemption' THEN CAST(nullif(item, '') AS uuid) END
    WHERE point_type = :point_type AND booked_on BETWEEN :begins AND :ends
    GROUP BY booked_on, source_type, item, name ORDER BY source_type, item, booked_on
""")

_MEMBERS = text("""
    SELECT count(*) FILTER (WHERE earned > 0) AS earning,
        count(*) FILTER (WHERE redeemed > 0) AS redeeming, count(*) AS active
    FROM (
        SELECT sum(earned) AS earned, sum(redeemed) AS redeemed
        FROM finance_members JOIN members USING (member_id)
        WHERE point_type = :point_type AND month BETWEEN :begins AND :ends
        GROUP BY coalesce(merged_into, member_id)
    ) AS members
""")

_HOLDERS = text("""
    WITH active AS (
        SELECT DISTINCT coalesce(household_id, wallets.member_id) AS member_id
        FROM finance_members JOIN members USING (member_id)
        JOIN wallets ON wallets.member_id = coalesce(merged_into, members.member_id)
            AND wallets.point_type = finance_members.point_type
        WHERE month BETWEEN :begins AND :ends AND finance_members.point_type = :point_type
    )
    SELECT count(*) FILTER (WHERE available + pending + held > 0) AS holding,
        count(*) FILTER (WHERE debt > 0) AS owing,
        count(active.member_id) FILTER (WHERE available + pending + held > 0) AS holding_active
    FROM wallets LEFT JOIN active USING (member_id) WHERE point_type = :point_type
""")

_SPANS = text("""
    SELECT min(first_seq) AS first_seq, max(last_seq) AS last_seq FROM finance_days
    WHERE booked_on BETWEEN :begins AND :ends AND point_type = :point_type
        AND movement = ANY(:movements) AND last_seq > :after
    GROUP BY booked_on ORDER BY first_seq
""")

_ENTRIES = text(f"""
    SELECT * FROM (
        SELECT entries.*, greatest((recorded_at AT TIME ZONE time_zone)::date, (
                SELECT max(ends_on) + 1 FROM finance_periods WHERE last_seq < entries.seq
            )) AS booked_on,
            {MOVEMENT_OF} AS movement
        FROM entries, (SELECT time_zone FROM finance_terms LIMIT 1) AS terms
        WHERE seq > :after AND seq <= :until
    ) AS booked
    WHERE booked_on BETWEEN :begins AND :ends AND point_type = :point_type
        AND movement = ANY(:movements) AND points <> 0
    ORDER BY seq LIMIT :limit
""")

_DRIFT = text(f"""
    WITH ledger AS (
        SELECT greatest((recorded_at AT TIME ZONE time_zone)::date, (
                SELECT max(ends_on) + 1 FROM finance_periods WHERE last_seq < entries.seq
            )) AS booked_on, point_type,
            {MOVEMENT_OF} AS movement,
            sum(amount) FILTER (WHERE account = 'available') AS available,
            sum(amount) FILTER (WHERE account = 'pending') AS pending,
            sum(amount) FILTER (WHERE account = 'held') AS held,
            - sum(amount) FILTER (WHERE account = 'debt') AS debt
        FROM entries JOIN postings ON entry_id = id,
            (SELECT time_zone FROM finance_terms LIMIT 1) AS terms
        WHERE seq <= (SELECT seq FROM ledger_marks WHERE name = '{MARK}')
        GROUP BY 1, 2, 3
    ),
    sums AS (
        SELECT booked_on, point_type, movement, {_SUMS} FROM finance_days GROUP BY 1, 2, 3
    )
    SELECT point_type, sum(
        abs(coalesce(ledger.available, 0) - coalesce(sums.available, 0))
        + abs(coalesce(ledger.pending, 0) - coalesce(sums.pending, 0))
        + abs(coalesce(ledger.held, 0) - coalesce(sums.held, 0))
        + abs(coalesce(ledger.debt, 0) - coalesce(sums.debt, 0)))::bigint AS drift
    FROM ledger FULL JOIN sums USING (booked_on, point_type, movement)
    GROUP BY point_type
""")


class AsOf(NamedTuple):
    """Up to which entry the sums go, when that was recorded, and how many wait to be added."""

    seq: int
    recorded_at: datetime | None
    waiting: int


class Standing(NamedTuple):
    """What is left of the points a month brought in."""

    point_type: str
    cohort: date
    origin: Origin
    points: Points


class Sum(NamedTuple):
    """What a month changed of the points of another. `issued` is what was not unmade."""

    point_type: str
    month: date
    cohort: date
    origin: Origin
    issued: int
    expired: int
    outstanding: int


async def as_of(session: AsyncSession) -> AsOf:
    row = (await session.execute(_AS_OF, {"mark": MARK})).one()
    return AsOf(row.seq, row.recorded_at, row.waiting)


async def standing_on(session: AsyncSession, day: date) -> list[Standing]:
    """The points outstanding at the end of a day, by the months that brought them in."""
    rows = await session.execute(_BY_COHORT, {"whole": day, "ends": day})
    return [Standing(r.point_type, r.cohort, Origin(r.origin), _points(r)) for r in rows]


async def rolled(
    session: AsyncSession, begins: date, ends: date
) -> Mapping[str, Mapping[Movement | None, Points]]:
    """By point type what each movement changed; under None what there was before."""
    found: dict[str, dict[Movement | None, Points]] = {}
    about = {"begins": begins, "whole": begins, "ends": ends}
    for row in await session.execute(_BY_MOVEMENT, about):
        movement = None if row.movement is None else Movement(row.movement)
        found.setdefault(row.point_type, {})[movement] = _points(row)
    return found


async def by_month(session: AsyncSession, ends: date) -> list[Sum]:
    """Everything up to a day, by months."""
    return [
        Sum(
            point_type=row.point_type,
            month=row.month,
            cohort=row.cohort,
            origin=Origin(row.origin),
            issued=row.issued,
            expired=row.expired,
            outstanding=row.outstanding,
        )
        for row in await session.execute(_BY_MONTH, {"whole": ends, "ends": ends})
    ]


async def sales(session: AsyncSession, ends: date) -> Sequence[Row[Any]]:
    """The orders that brought points in, by months and currency."""
    return (await session.execute(_SALES, {"ends": ends})).all()


async def of_rules(
    session: AsyncSession, point_type: str, begins: date, ends: date
) -> Sequence[Row[Any]]:
    about = {"point_type": point_type, "begins": begins, "ends": ends}
    return (await session.execute(_RULES, about)).all()


async def of_rewards(
    session: AsyncSession, point_type: str, begins: date, ends: date
) -> Sequence[Row[Any]]:
    about = {"point_type": point_type, "begins": begins, "ends": ends}
    return (await session.execute(_REWARDS, about)).all()


async def members(session: AsyncSession, point_type: str, begins: date, ends: date) -> Row[Any]:
    """How many members earned and redeemed in these months."""
    about = {"point_type": point_type, "begins": begins.replace(day=1), "ends": ends}
    return (await session.execute(_MEMBERS, about)).one()


async def holders(session: AsyncSession, point_type: str, begins: date, ends: date) -> Row[Any]:
    """How many wallets have points now, and of how many of them the member was active."""
    about = {"point_type": point_type, "begins": begins.replace(day=1), "ends": ends}
    return (await session.execute(_HOLDERS, about)).one()


class Behind(NamedTuple):
    """Whose entries are asked for: those behind movements of a point type in a time."""

    point_type: str
    movements: Sequence[Movement]
    begins: date
    ends: date


async def spans(session: AsyncSession, behind: Behind, after: int) -> Sequence[tuple[int, int]]:
    """From which number to which the entries of each day lie, of days with any after `after`."""
    rows = await session.execute(_SPANS, {**_about(behind), "after": after})
    return [(row.first_seq, row.last_seq) for row in rows]


async def entries(
    session: AsyncSession, behind: Behind, after: int, until: int, limit: int
) -> Sequence[Row[Any]]:
    """Those of the entries between two numbers, in the sequence of their numbers."""
    about = {**_about(behind), "after": after, "until": until, "limit": limit}
    return (await session.execute(_ENTRIES, about)).all()


def _about(behind: Behind) -> dict[str, Any]:
    return {**behind._asdict(), "movements": list(behind.movements)}


async def drift(session: AsyncSession) -> Mapping[str, int]:
    """By how many points the sums and the ledger differ, by point type."""
    return {row.point_type: row.drift for row in await session.execute(_DRIFT)}


async def first_month(session: AsyncSession) -> date | None:
    """The first month in which anything was booked."""
    statement = text("SELECT date_trunc('month', min(booked_on))::date FROM finance_days")
    found: date | None = (await session.execute(statement)).scalar_one()
    return found


def _points(row: Row[Any]) -> Points:
    return Points(row.available, row.pending, row.held, row.debt)
