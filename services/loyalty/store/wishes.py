"""What is looked at before wishes for rewards are decided. Their members' wallets are locked.

The SQL is put together from pieces of this package alone.
"""

# ruff: noqa: S608

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.audience import Person
from services.loyalty.rules.rewards import Past, Reward
from services.loyalty.rules.velocity import DeviceStanding, Limits
from services.loyalty.rules.wishes import Standing, Till, Wish
from services.loyalty.store.rewards import CODES_LEFT, reward_of
from services.loyalty.store.velocity import DEVICE, PACE, limits_of, pace_of

_REWARDS = text(f"""
    WITH counted AS (
        SELECT reward_id, stock FROM rewards
        WHERE reward_id = ANY(:reward_ids) AND active AND stock IS NOT NULL
        ORDER BY reward_id FOR NO KEY UPDATE
    )
    SELECT rewards.*, counted.stock AS left_now, {CODES_LEFT}
    FROM rewards LEFT JOIN counted USING (reward_id)
    WHERE rewards.reward_id = ANY(:reward_ids) AND active
        AND (valid_until IS NULL OR valid_until > :now)
""")
"""Where there is an end to a reward, everybody who wants it waits here."""

_STANDINGS = text(f"""
    WITH given AS (
        SELECT * FROM unnest(CAST(:member_ids AS uuid[]), CAST(:reward_ids AS uuid[]),
                CAST(:keys AS uuid[]), CAST(:sessions AS text[]))
            WITH ORDINALITY AS given (member_id, reward_id, key, session, place)
    )
    SELECT place, tier, stage, pace.*, velocity_limits.*, had.*, device.*, ARRAY(
            SELECT segment FROM member_segments AS own
            WHERE own.member_id = given.member_id AND inside) AS segments
    FROM given CROSS JOIN velocity_limits
    CROSS JOIN LATERAL (
        SELECT tier, stage FROM members WHERE members.member_id = given.member_id LIMIT 1
    ) AS wisher
    CROSS JOIN LATERAL ({PACE.format(member="given.member_id")}) AS pace
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE fulfilment <> 'cancelled') AS times,
            max(redeemed_at) FILTER (WHERE fulfilment <> 'cancelled') AS last_at,
            coalesce(bool_or(made.key = given.key), false) AS made
        FROM redemptions AS made
        WHERE made.member_id = given.member_id AND made.reward_id = given.reward_id
    ) AS had
    CROSS JOIN LATERAL (
        {DEVICE.format(member="given.member_id", session="given.session")}
    ) AS device
    ORDER BY place
""")


async def till(session: AsyncSession, wishes: Sequence[Wish], now: datetime) -> Till:
    """All that the wishes are decided by. The rest of the transaction holds the stock."""
    rewards = await _rewards(session, {wish.reward_id for wish in wishes}, now)
    given = {
        "member_ids": [wish.member_id for wish in wishes],
        "reward_ids": [wish.reward_id for wish in wishes],
        "keys": [wish.key for wish in wishes],
        "sessions": [wish.session_id or "" for wish in wishes],
        "hour_ago": now - timedelta(hours=1),
        "day_ago": now - timedelta(days=1),
    }
    rows = (await session.execute(_STANDINGS, given)).all()
    standings = {wishes[row.place - 1]: _standing(row) for row in rows}
    return Till(rewards, standings, limits_of(rows[0]) if rows else Limits(), now)


async def sell(session: AsyncSession, sold: dict[UUID, int]) -> None:
    """Take from the stock what has been granted of it."""
    if not sold:
        return
    statement = text("""
        UPDATE rewards SET stock = stock - given.sold
        FROM unnest(CAST(:reward_ids AS uuid[]), CAST(:sold AS bigint[]))
            AS given (reward_id, sold)
        WHERE rewards.reward_id = given.reward_id
    """)
    await session.execute(statement, {"reward_ids": list(sold), "sold": list(sold.values())})


async def _rewards(
    session: AsyncSession, reward_ids: Collection[UUID], now: datetime
) -> dict[UUID, Reward]:
    given = {"reward_ids": list(reward_ids), "now": now}
    rows = await session.execute(_REWARDS, given)
    return {row.reward_id: reward_of(row, stock=row.left_now) for row in rows}


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        person=Person(tier=row.tier, segments=frozenset(row.segments), stage=row.stage),
        past=Past(row.times, row.last_at),
        pace=pace_of(row),
        device=DeviceStanding(known_since=row.known_since, trusted=row.trusted),
        made=row.made,
    )
