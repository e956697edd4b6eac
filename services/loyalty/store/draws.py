"""Draws and their entries. Wallets are locked before a draw is.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting
from services.loyalty import tables
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.draws import Draw, DrawPrize
from services.loyalty.rules.prizes import Prize
from services.loyalty.tables import DrawEntry, DrawStock

_COLUMNS = (
    "draw_id",
    "name",
    "description",
    "commitment",
    "entry_points",
    "daily_entries",
    "opens_at",
    "closes_at",
    "active",
)

Position = tuple[datetime, UUID]
"""Where a draw stands among those going on: when it closes, and its id."""

_ADD_STOCKS = inserting(DrawStock, "draw_id prize remaining")

_OWN_IDS = """
    WITH own_ids AS (
        SELECT CAST(:member_id AS uuid) AS id
        UNION SELECT member_id FROM members WHERE merged_into = :member_id
    )
"""
"""Entries never change: those of who was merged into a member count as the member's."""

_OPEN = text(f"""
    {_OWN_IDS}
    SELECT draws.*, (SELECT count(*) FROM draw_entries AS own WHERE own.draw_id = draws.draw_id
            AND own.member_id IN (SELECT id FROM own_ids) AND own.day = :day) AS used
    FROM draws WHERE active AND (closes_at, draw_id) > (:closes_at, :draw_id)
        AND closes_at > :now AND (opens_at IS NULL OR opens_at <= :now)
    ORDER BY closes_at, draw_id LIMIT :limit
""")

_NUMBER = text("""
    UPDATE draws SET entries = entries + 1 WHERE draw_id = :draw_id RETURNING entries, seed
""")

_TAKE = text("""
    UPDATE draw_stocks SET remaining = remaining - 1
    WHERE draw_id = :draw_id AND prize = :prize AND remaining > 0 RETURNING 1
""")

_AUDIT = text("""
    SELECT number, key, ticket, prize, drawn_at FROM draw_entries
    WHERE draw_id = :draw_id AND number > :after ORDER BY number LIMIT :limit
""")


class Available(NamedTuple):
    """A draw going on, and how many entries a member has used today."""

    draw: Draw
    used: int


class Audited(NamedTuple):
    """An entry as everybody may see it."""

    number: int
    key: UUID
    ticket: int
    prize: str | None
    drawn_at: datetime


async def add(session: AsyncSession, draw: Draw, seed: bytes, now: datetime) -> None:
    """Write a draw with its secret, and what there is to win."""
    values = {name: getattr(draw, name) for name in _COLUMNS} | {
        "prizes": [_kept(prize) for prize in draw.prizes],
        "seed": seed,
        "tiers": sorted(draw.audience.tiers),
        "segments": sorted(draw.audience.segments),
    }
    await session.execute(insert(tables.Draw).values(**values, created_at=now))
    stocks = [(draw.draw_id, p.key, p.stock) for p in draw.prizes if p.stock is not None]
    await _ADD_STOCKS.execute(session, stocks)


async def draw(session: AsyncSession, draw_id: UUID) -> Draw | None:
    statement = text("SELECT * FROM draws WHERE draw_id = :draw_id")
    row = (await session.execute(statement, {"draw_id": draw_id})).first()
    return _draw(row) if row else None


async def seed_of(session: AsyncSession, draw_id: UUID) -> bytes:
    """A draw's secret: only for drawing, and once the draw has closed."""
    statement = text("SELECT seed FROM draws WHERE draw_id = :draw_id")
    return bytes((await session.execute(statement, {"draw_id": draw_id})).scalar_one())


async def available(
    session: AsyncSession,
    member_id: UUID,
    day: date,
    now: datetime,
    limit: int,
    after: Position | None,
) -> list[Available]:
    """The draws going on, those that close soonest first, beginning after a position."""
    closes_at, draw_id = after or (now, UUID(int=0))
    given = {"member_id": member_id, "day": day, "now": now, "limit": limit}
    given |= {"closes_at": closes_at, "draw_id": draw_id}
    return [Available(_draw(row), row.used) for row in await session.execute(_OPEN, given)]


async def listed(session: AsyncSession, limit: int, before: UUID | None) -> list[Draw]:
    """All draws, newest first, beginning before one."""
    statement = text("""
        SELECT * FROM draws WHERE draw_id < :before ORDER BY draw_id DESC LIMIT :limit
    """)
    given = {"limit": limit, "before": before or UUID(int=2**128 - 1)}
    return [_draw(row) for row in await session.execute(statement, given)]


async def stop(session: AsyncSession, draw_id: UUID) -> None:
    statement = text("UPDATE draws SET active = false WHERE draw_id = :draw_id")
    await session.execute(statement, {"draw_id": draw_id})


async def entries_on(session: AsyncSession, draw_id: UUID, member_id: UUID, day: date) -> int:
    statement = text(f"""
        {_OWN_IDS}
        SELECT count(*) FROM draw_entries
        WHERE draw_id = :draw_id AND member_id IN (SELECT id FROM own_ids) AND day = :day
    """)
    given = {"draw_id": draw_id, "member_id": member_id, "day": day}
    return int((await session.execute(statement, given)).scalar_one())


async def entry(
    session: AsyncSession, draw_id: UUID, member_id: UUID, key: UUID
) -> DrawEntry | None:
    """The entry that was made with this key."""
    statement = text(f"""
        {_OWN_IDS}
        SELECT * FROM draw_entries
        WHERE draw_id = :draw_id AND member_id IN (SELECT id FROM own_ids) AND key = :key
    """)
    given = {"draw_id": draw_id, "member_id": member_id, "key": key}
    row = (await session.execute(statement, given)).first()
    return DrawEntry(**row._asdict()) if row else None


async def next_number(session: AsyncSession, draw_id: UUID) -> tuple[int, bytes]:
    """The next entry's number, and the seed. The rest of the transaction holds the draw."""
    row = (await session.execute(_NUMBER, {"draw_id": draw_id})).one()
    return row.entries, bytes(row.seed)


async def take_prize(session: AsyncSession, draw_id: UUID, prize: DrawPrize) -> bool:
    """Take one of a prize; False when all are won."""
    if prize.stock is None:
        return True
    given = {"draw_id": draw_id, "prize": prize.key}
    return (await session.execute(_TAKE, given)).first() is not None


async def add_entry(session: AsyncSession, made: DrawEntry) -> None:
    await session.execute(insert(DrawEntry).values(made.model_dump()))


async def audit(session: AsyncSession, draw_id: UUID, limit: int, after: int) -> Sequence[Audited]:
    """The entries after a number, in order, with nobody's name."""
    given = {"draw_id": draw_id, "limit": limit, "after": after}
    return [Audited(*row) for row in await session.execute(_AUDIT, given)]


def _kept(prize: DrawPrize) -> dict[str, Any]:
    return {
        "key": prize.key,
        "name": dict(prize.name),
        "odds": prize.odds,
        "stock": prize.stock,
        "prize": prize.prize.kept(),
    }


def _draw(row: Row[Any]) -> Draw:
    prizes = [DrawPrize(**{**kept, "prize": Prize.of(kept["prize"])}) for kept in row.prizes]
    return Draw(
        **{name: getattr(row, name) for name in _COLUMNS},
        prizes=prizes,
        audience=Audience.of(row),
    )
