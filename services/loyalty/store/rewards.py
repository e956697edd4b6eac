"""The catalogue of rewards. Wallets are locked before a reward is.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.gathering import Ask, Rows
from services.loyalty import tables
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.rewards import Past, Reward, RewardKind
from services.loyalty.store.persons import SEGMENTS

Position = tuple[int, UUID]
"""A reward's points and id: its place in a list."""

START: Position = (0, UUID(int=0))

COLUMNS = [
    "reward_id",
    "name",
    "description",
    "points",
    "stock",
    "member_limit",
    "active",
    "kind",
    "cooldown_s",
    "valid_from",
    "valid_until",
    "series_id",
]

CODES_LEFT = """
    (kind <> 'code' OR EXISTS (SELECT FROM reward_codes AS pool
        WHERE pool.reward_id = rewards.reward_id AND pool.redemption_id IS NULL)) AS codes_left
"""

_LISTED = text(f"""
    SELECT *, {CODES_LEFT} FROM rewards WHERE (points, reward_id) > (:points, :reward_id)
    ORDER BY points, reward_id LIMIT :limit
""")

_ONE = text(f"SELECT *, {CODES_LEFT} FROM rewards WHERE reward_id = :reward_id")

_HAD = """
    SELECT count(*) AS times, max(redeemed_at) AS last_at FROM redemptions
    WHERE redemptions.member_id = :member_id AND redemptions.reward_id = rewards.reward_id
        AND fulfilment <> 'cancelled'
"""

_OFFERED = f"""
    active AND (valid_until IS NULL OR valid_until > :now) AND (rewards.segments = '{{}}'
        OR rewards.segments && {SEGMENTS})
"""

_OFFERED_LIST = text(f"""
    SELECT rewards.*, {CODES_LEFT}, had.times, had.last_at
    FROM rewards CROSS JOIN LATERAL ({_HAD}) AS had
    WHERE {_OFFERED} AND (rewards.points, rewards.reward_id) > (:points, :reward_id)
    ORDER BY rewards.points, rewards.reward_id LIMIT :limit
""")


class Had(NamedTuple):
    """A reward, and how often one member has had it."""

    reward: Reward
    past: Past


async def reward(session: AsyncSession, reward_id: UUID) -> Reward | None:
    row = (await session.execute(_ONE, {"reward_id": reward_id})).first()
    return reward_of(row) if row else None


async def listed(session: AsyncSession, limit: int, after: Position | None) -> list[Reward]:
    """All rewards from the cheapest, beginning after a position."""
    rows = await session.execute(_LISTED, {"limit": limit, **_position(after)})
    return [reward_of(row) for row in rows]


def offered(
    member_id: UUID, now: datetime, limit: int, after: Position | None = None
) -> Ask[list[Had]]:
    """The active rewards a member may see, from the cheapest, beginning after a position."""
    given = {"member_id": member_id, "now": now, "limit": limit, **_position(after)}
    return Ask(_OFFERED_LIST, given, _all_had, is_common=True)


async def put_back(session: AsyncSession, reward_id: UUID) -> None:
    """Put one back on the shelf."""
    statement = text("UPDATE rewards SET stock = stock + 1 WHERE reward_id = :reward_id")
    await session.execute(statement, {"reward_id": reward_id})


async def add(session: AsyncSession, reward: Reward, now: datetime) -> None:
    values = {name: getattr(reward, name) for name in COLUMNS}
    gates = {
        "tiers": sorted(reward.audience.tiers),
        "segments": sorted(reward.audience.segments),
    }
    statement = insert(tables.Reward).values(**values, **gates, created_at=now, updated_at=now)
    await session.execute(statement)


async def change(
    session: AsyncSession, reward_id: UUID, changes: Mapping[str, Any], now: datetime
) -> None:
    """Change columns of a reward."""
    statement = (
        update(tables.Reward)
        .where(col(tables.Reward.reward_id) == reward_id)
        .values(**changes, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


def _position(after: Position | None) -> dict[str, Any]:
    points, reward_id = after or START
    return {"points": points, "reward_id": reward_id}


def _all_had(rows: Rows) -> list[Had]:
    return [Had(reward_of(row), Past(row.times, row.last_at)) for row in rows]


def reward_of(row: Row[Any], **known: Any) -> Reward:
    """A reward as it is stored; what is `known` better replaces its columns."""
    given = {name: getattr(row, name) for name in COLUMNS} | known
    audience = Audience.of(row)
    given["kind"] = RewardKind(row.kind)
    return Reward(**given, audience=audience, codes_left=row.codes_left)
