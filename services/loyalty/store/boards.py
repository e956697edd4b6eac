"""Leaderboards: as they stand, and as they were when their period ended.

Prizes are given to members whose wallets are locked before.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.boards import MOST_WINNERS, last_place
from services.loyalty.rules.missions import Mission
from services.loyalty.store.missions import mission_of

_RANKING = text("""
    SELECT member_id, score, rank() OVER (ORDER BY score DESC) AS rank FROM (
        SELECT member_id, score FROM mission_progress
        WHERE mission_id = :mission_id AND begins = :begins
        ORDER BY score DESC, member_id LIMIT :limit
    ) AS best ORDER BY rank, member_id
""")

_BETTER = text("""
    SELECT count(*) AS better FROM (
        SELECT FROM mission_progress
        WHERE mission_id = :mission_id AND begins = :begins AND score > :score LIMIT :most
    ) AS ahead
""")


_WITH_PRIZES = text("""
    SELECT * FROM missions WHERE active AND rank_prizes <> '[]' ORDER BY mission_id
""")

_SETTLED = text("SELECT begins FROM boards WHERE mission_id = :mission_id")

_SETTLE = text("""
    INSERT INTO boards (mission_id, begins, settled_at) VALUES (:mission_id, :begins, :now)
    ON CONFLICT DO NOTHING RETURNING 1
""")

_FREEZE = text("""
    INSERT INTO board_places (mission_id, begins, member_id, rank, score)
    SELECT mission_id, begins, member_id, rank, score FROM (
        SELECT mission_id, begins, member_id, score, rank() OVER (ORDER BY score DESC) AS rank
        FROM (
            SELECT * FROM mission_progress
            WHERE mission_id = :mission_id AND begins = :begins AND score > 0
            ORDER BY score DESC, member_id LIMIT :most
        ) AS best
    ) AS ranked
    WHERE rank <= :last
""")

_OPEN = text("""
    SELECT member_id, rank, score FROM board_places
    WHERE mission_id = :mission_id AND begins = :begins AND awarded_at IS NULL
    ORDER BY rank, member_id LIMIT :limit
""")

_AWARD = text("""
    UPDATE board_places SET awarded_at = :now
    WHERE mission_id = :mission_id AND begins = :begins AND awarded_at IS NULL
        AND member_id = ANY(:member_ids)
    RETURNING member_id, rank, score
""")

_FINAL = text("""
    SELECT member_id, score, rank FROM board_places
    WHERE mission_id = :mission_id AND begins = :begins ORDER BY rank, member_id LIMIT :limit
""")

_UNFINISHED = text("""
    SELECT missions.*, open.begins FROM (
        SELECT DISTINCT mission_id, begins FROM board_places WHERE awarded_at IS NULL
    ) AS open JOIN missions USING (mission_id) ORDER BY open.begins, mission_id LIMIT 1
""")

_GIVE = text("""
    UPDATE board_places AS place SET member_id = :survivor WHERE member_id = :absorbed
        AND NOT EXISTS (SELECT FROM board_places AS own WHERE own.member_id = :survivor
            AND own.mission_id = place.mission_id AND own.begins = place.begins)
""")

_GIVE_UP = text("""
    DELETE FROM board_places WHERE member_id = :absorbed AND awarded_at IS NULL
""")


class Place(NamedTuple):
    member_id: UUID
    score: int
    rank: int


async def ranking(session: AsyncSession, mission_id: UUID, begins: date, limit: int) -> list[Place]:
    """The members who have come farthest."""
    given = {"mission_id": mission_id, "begins": begins, "limit": limit}
    return [Place(*row) for row in await session.execute(_RANKING, given)]


async def ahead_of(
    session: AsyncSession, mission_id: UUID, begins: date, score: int, most: int
) -> int:
    """How many have come farther than `score`, counted up to `most`."""
    given = {"mission_id": mission_id, "begins": begins, "score": score, "most": most}
    return int((await session.execute(_BETTER, given)).scalar_one())


async def with_prizes(session: AsyncSession) -> list[tuple[Mission, datetime]]:
    """The missions whose places bring something, with when they were made."""
    rows = await session.execute(_WITH_PRIZES)
    return [(mission_of(row), row.created_at) for row in rows]


async def settled(session: AsyncSession, mission_id: UUID) -> set[date]:
    """The periods of a mission whose boards are final."""
    rows = await session.execute(_SETTLED, {"mission_id": mission_id})
    return {row.begins for row in rows}


async def settle(session: AsyncSession, mission: Mission, begins: date, now: datetime) -> None:
    """Make a board final, once: who has a place with a prize keeps it."""
    given = {"mission_id": mission.mission_id, "begins": begins}
    if (await session.execute(_SETTLE, {**given, "now": now})).first():
        limits = {"last": last_place(mission), "most": MOST_WINNERS}
        await session.execute(_FREEZE, {**given, **limits})


async def unfinished(session: AsyncSession) -> tuple[Mission, date] | None:
    """A board with prizes not given yet."""
    row = (await session.execute(_UNFINISHED)).first()
    return (mission_of(row), row.begins) if row else None


async def to_award(session: AsyncSession, mission_id: UUID, begins: date, limit: int) -> list[UUID]:
    """The next who have not got their prizes, not locked."""
    given = {"mission_id": mission_id, "begins": begins, "limit": limit}
    return [row.member_id for row in await session.execute(_OPEN, given)]


async def award(
    session: AsyncSession,
    mission_id: UUID,
    begins: date,
    member_ids: Collection[UUID],
    now: datetime,
) -> list[Place]:
    """Write that prizes are given; the places of those who had not got theirs."""
    given = {"mission_id": mission_id, "begins": begins, "now": now}
    rows = await session.execute(_AWARD, {**given, "member_ids": sorted(member_ids)})
    return sorted((Place(r.member_id, r.score, r.rank) for r in rows), key=lambda p: p.member_id)


async def final(
    session: AsyncSession, mission_id: UUID, begins: date, limit: int
) -> Sequence[Place]:
    """The places of a board that is final."""
    given = {"mission_id": mission_id, "begins": begins, "limit": limit}
    return [Place(*row) for row in await session.execute(_FINAL, given)]


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Give a merged member's places to the one who goes on; of two on one board their own."""
    await session.execute(_GIVE, {"absorbed": absorbed, "survivor": survivor})
    await session.execute(_GIVE_UP, {"absorbed": absorbed})
