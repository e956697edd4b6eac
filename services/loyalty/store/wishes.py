"""What is looked at before wishes for rewards are decided. Their members' wallets are locked.

The SQL is put together from pieces of this package alone.
"""

# ruff: noqa: S608

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.audience import Person
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import PointType, WalletKey
from services.loyalty.rules.rewards import Past, Reward
from services.loyalty.rules.velocity import DeviceStanding, Limits
from services.loyalty.rules.wishes import Standing, Till, Wish
from services.loyalty.store.books import SOONEST, lot_of
from services.loyalty.store.rewards import CODES_LEFT, COLUMNS, reward_of
from services.loyalty.store.velocity import DEVICE, PACE, limits_of, pace_of

_REWARD = ", ".join(f"offered.{name}" for name in [*COLUMNS, "tiers", "segments", "codes_left"])
_REWARD = _REWARD.replace("offered.valid_until", "offered.valid_until AS offered_until")
"""A lot has a `valid_until`, too."""

_LOOK = text(f"""
    WITH given AS (
        SELECT * FROM unnest(CAST(:member_ids AS uuid[]), CAST(:reward_ids AS uuid[]),
                CAST(:keys AS uuid[]), CAST(:sessions AS text[]), CAST(:homes AS uuid[]),
                CAST(:shown AS uuid[]))
            WITH ORDINALITY AS given (member_id, reward_id, key, session, home, shown, place)
    ), counted AS (
        SELECT reward_id, stock FROM rewards
        WHERE reward_id = ANY(:shown) AND active AND stock IS NOT NULL
        ORDER BY reward_id FOR NO KEY UPDATE
    ), offered AS (
        SELECT rewards.*, counted.stock AS left_now, {CODES_LEFT}
        FROM rewards LEFT JOIN counted USING (reward_id)
        WHERE rewards.reward_id = ANY(:shown) AND active
            AND (valid_until IS NULL OR valid_until > :now)
    )
    SELECT place, tier, stage, pace.*, velocity_limits.*, had.*, device.*, ARRAY(
            SELECT segment FROM member_segments AS own
            WHERE own.member_id = given.member_id AND inside) AS own_segments,
        left_now, {_REWARD}, soonest.*
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
    LEFT JOIN offered ON offered.reward_id = given.shown
    LEFT JOIN LATERAL ({SOONEST.format(owner="given.home")}) AS soonest ON true
    ORDER BY place
""")
"""Where there is an end to a reward, everybody who wants it waits here: what else is looked at is
their own, and their wallets are locked. A reward is shown with the first wish for it."""


async def till(
    session: AsyncSession, book: Book, wishes: Sequence[Wish]
) -> tuple[Till, Mapping[WalletKey, int]]:
    """All that the wishes are decided by. The rest of the transaction holds the stock.

    To hand is also, of each wallet, the lot that is spent first; and it is said what that holds.
    """
    homes = [book.home(WalletKey(wish.member_id, PointType.POINTS)) for wish in wishes]
    first = {wish.reward_id: wish for wish in reversed(wishes)}
    given = {
        "member_ids": [wish.member_id for wish in wishes],
        "reward_ids": [wish.reward_id for wish in wishes],
        "keys": [wish.key for wish in wishes],
        "sessions": [wish.session_id or "" for wish in wishes],
        "homes": [home.member_id for home in homes],
        "shown": [wish.reward_id if first[wish.reward_id] is wish else None for wish in wishes],
        "now": book.now,
        "hour_ago": book.now - timedelta(hours=1),
        "day_ago": book.now - timedelta(days=1),
    }
    rows = (await session.execute(_LOOK, given)).all()
    lots = [lot_of(row) for row in rows if row.id is not None]
    book.bring(lots)
    till = Till(
        {row.reward_id: _reward(row) for row in rows if row.reward_id is not None},
        {wishes[row.place - 1]: _standing(row) for row in rows},
        limits_of(rows[0]) if rows else Limits(),
        book.now,
    )
    return till, {lot.key: lot.remaining for lot in lots}


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


def _reward(row: Row[Any]) -> Reward:
    return reward_of(row, stock=row.left_now, valid_until=row.offered_until)


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        person=Person(tier=row.tier, segments=frozenset(row.own_segments), stage=row.stage),
        past=Past(row.times, row.last_at),
        pace=pace_of(row),
        device=DeviceStanding(known_since=row.known_since, trusted=row.trusted),
        made=row.made,
    )
