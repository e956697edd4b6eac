"""Lots that will expire: making that later, and whom to remind."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.ledger import PointType

_FOUND = text("""
    SELECT lots.id, lots.due_at, lots.member_id FROM lots
    WHERE is_open AND state = 'active' AND due_at IS NOT NULL AND point_type = :point_type
        AND (due_at, id) > (:due_at, CAST(:lot_id AS uuid)) AND due_at <= :until
    ORDER BY due_at, id LIMIT :limit
""")

_REMIND = text("""
    WITH told AS (
        INSERT INTO reminders (member_id, point_type, expires_on, days_before, reminded_at)
        SELECT DISTINCT member_id, CAST(:point_type AS text), expires_on,
            CAST(:days_before AS integer), CAST(:now AS timestamptz)
        FROM unnest(CAST(:member_ids AS uuid[]), CAST(:days AS date[])) AS given
            (member_id, expires_on)
        ON CONFLICT DO NOTHING RETURNING member_id, expires_on
    )
    SELECT told.member_id, available, sum(remaining)::bigint AS points,
        min(lots.due_at) AS expires_at
    FROM told JOIN wallets ON wallets.member_id = told.member_id
        AND wallets.point_type = :point_type
    JOIN lots ON lots.member_id = told.member_id AND lots.point_type = :point_type
        AND is_open AND state = 'active'
        AND (lots.due_at AT TIME ZONE 'UTC')::date = expires_on AND lots.due_at > :now
    GROUP BY told.member_id, expires_on, available ORDER BY expires_on, told.member_id
""")

_MARK = text("""
    SELECT due_at, lot_id FROM reminder_marks
    WHERE point_type = :point_type AND days_before = :days_before
""")

_SET_MARK = text("""
    INSERT INTO reminder_marks (point_type, days_before, due_at, lot_id)
    VALUES (:point_type, :days_before, :due_at, :lot_id)
    ON CONFLICT (point_type, days_before)
        DO UPDATE SET due_at = excluded.due_at, lot_id = excluded.lot_id
""")

_MEMBERS = text("""
    SELECT household_id, member_id FROM household_members
    WHERE household_id = ANY(:owners) AND left_at IS NULL ORDER BY member_id
""")


class Mark(NamedTuple):
    """A lot's place in the order in which lots expire."""

    due_at: datetime
    lot_id: UUID


class Expiring(NamedTuple):
    """Points of one wallet that expire on one day."""

    member_id: UUID
    points: int
    available: int
    expires_at: datetime


class Lot(NamedTuple):
    mark: Mark
    member_id: UUID

    @property
    def day(self) -> date:
        return self.mark.due_at.date()


async def mark(session: AsyncSession, point_type: PointType, days_before: int) -> Mark | None:
    """The lot up to which reminders have been given, so many days before."""
    about = {"point_type": point_type, "days_before": days_before}
    row = (await session.execute(_MARK, about)).one_or_none()
    return Mark(row.due_at, row.lot_id) if row else None


async def set_mark(
    session: AsyncSession, point_type: PointType, days_before: int, reached: Mark
) -> None:
    about = {"point_type": point_type, "days_before": days_before}
    await session.execute(_SET_MARK, {**about, **reached._asdict()})


async def following(
    session: AsyncSession, point_type: PointType, after: Mark, until: datetime, limit: int
) -> list[Lot]:
    """The next lots that expire after a mark, until a moment."""
    about = {"point_type": point_type, **after._asdict(), "until": until, "limit": limit}
    rows = await session.execute(_FOUND, about)
    return [Lot(Mark(row.due_at, row.id), row.member_id) for row in rows]


async def remind(
    session: AsyncSession,
    point_type: PointType,
    days_before: int,
    lots: Sequence[Lot],
    now: datetime,
) -> list[Expiring]:
    """Note that the members of `lots` are told, once a day of expiry; what is to be told."""
    about = {
        "point_type": point_type,
        "days_before": days_before,
        "member_ids": [lot.member_id for lot in lots],
        "days": [lot.day for lot in lots],
        "now": now,
    }
    rows = await session.execute(_REMIND, about)
    return [Expiring(row.member_id, row.points, row.available, row.expires_at) for row in rows]


async def members_of(session: AsyncSession, owners: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The members of those owners of wallets that are households."""
    found: dict[UUID, list[UUID]] = {}
    for row in await session.execute(_MEMBERS, {"owners": list(owners)}):
        found.setdefault(row.household_id, []).append(row.member_id)
    return found


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete reminders of days long past."""
    statement = text("DELETE FROM reminders WHERE expires_on < :day")
    await session.execute(statement, {"day": (now - timedelta(days=30)).date()})
