"""How fast members redeem, and the standing of their devices.

The SQL is put together from pieces of this file alone.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.velocity import DeviceStanding, Limits, Pace

_DEVICES = text("""
    SELECT device, first_seen_at, last_seen_at, session = :session AS is_this,
        trusted_at IS NOT NULL OR first_seen_at <= :settled
            OR first_seen_at = min(first_seen_at) OVER () AS trusted
    FROM devices WHERE member_id = :member_id ORDER BY last_seen_at DESC, device LIMIT 100
""")


PACE = """
    SELECT count(*) FILTER (WHERE left_at > :hour_ago) AS in_hour,
        count(*) AS in_day, coalesce(sum(points), 0)::bigint AS points_in_day,
        min(left_at) FILTER (WHERE left_at > :hour_ago) AS oldest_in_hour,
        min(left_at) AS oldest_in_day
    FROM (
        SELECT redeemed_at AS left_at, points FROM redemptions AS made
        WHERE made.member_id = {member} AND redeemed_at > :day_ago AND fulfilment <> 'cancelled'
        UNION ALL
        SELECT made_at, payments.points FROM payments JOIN holds ON hold_id = payment_id
        WHERE payments.member_id = {member} AND made_at > :day_ago AND ended_at IS NULL
            AND holds.state IN ('open', 'captured')
    ) AS made
"""
"""How much of a member's points has left lately: for rewards, and for orders that stand."""

DEVICE = """
    SELECT own.first_seen_at AS known_since, own.trusted_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM devices AS other WHERE other.member_id = {member}
                AND (other.first_seen_at, other.device)
                    < (coalesce(own.first_seen_at, 'infinity'), coalesce(own.device, ''))
        ) AS trusted
    FROM (VALUES (1)) AS one
    LEFT JOIN devices AS own ON own.member_id = {member} AND own.session = {session}
    LIMIT 1
"""
"""The standing of the device of a member's session."""

_DEVICE = text(DEVICE.format(member=":member_id", session=":session"))


class KnownDevice(NamedTuple):
    """A device of a member's, by a digest; whether it may spend as any other."""

    device: str
    first_seen_at: datetime
    last_seen_at: datetime
    is_this: bool
    trusted: bool


async def limits(session: AsyncSession) -> Limits:
    return limits_of((await session.execute(text("SELECT * FROM velocity_limits"))).one())


async def set_limits(session: AsyncSession, limits: Limits) -> None:
    statement = text("""
        UPDATE velocity_limits SET hourly_redemptions = :hourly_redemptions,
            daily_redemptions = :daily_redemptions, daily_points = :daily_points,
            new_device_hours = :new_device_hours, new_device_points = :new_device_points,
            hourly_wrong_codes = :hourly_wrong_codes
    """)
    given = {
        "hourly_redemptions": limits.hourly_redemptions,
        "daily_redemptions": limits.daily_redemptions,
        "daily_points": limits.daily_points,
        "new_device_hours": limits.new_device_hours,
        "new_device_points": limits.new_device_points,
        "hourly_wrong_codes": limits.hourly_wrong_codes,
    }
    await session.execute(statement, given)


async def devices(
    session: AsyncSession, member_id: UUID, session_id: str | None, settled: datetime
) -> list[KnownDevice]:
    """A member's devices, the latest first; those known since before `settled` are trusted."""
    given = {"member_id": member_id, "session": session_id or "", "settled": settled}
    return [KnownDevice(*row) for row in await session.execute(_DEVICES, given)]


async def device(session: AsyncSession, member_id: UUID, session_id: str | None) -> DeviceStanding:
    """The device of a member's session."""
    given = {"member_id": member_id, "session": session_id or ""}
    row = (await session.execute(_DEVICE, given)).one()
    return DeviceStanding(known_since=row.known_since, trusted=row.trusted)


async def trust(session: AsyncSession, member_id: UUID, device: str, now: datetime) -> bool:
    """Approve a device; False if the member has none of this name."""
    statement = text("""
        UPDATE devices SET trusted_at = coalesce(trusted_at, :now)
        WHERE member_id = :member_id AND device = :device RETURNING 1
    """)
    given = {"member_id": member_id, "device": device, "now": now}
    return (await session.execute(statement, given)).first() is not None


def limits_of(row: Row[Any]) -> Limits:
    return Limits(
        hourly_redemptions=row.hourly_redemptions,
        daily_redemptions=row.daily_redemptions,
        daily_points=row.daily_points,
        new_device_hours=row.new_device_hours,
        new_device_points=row.new_device_points,
        hourly_wrong_codes=row.hourly_wrong_codes,
    )


def pace_of(row: Row[Any]) -> Pace:
    return Pace(
        in_hour=row.in_hour,
        in_day=row.in_day,
        points_in_day=row.points_in_day,
        oldest_in_hour=row.oldest_in_hour,
        oldest_in_day=row.oldest_in_day,
    )
