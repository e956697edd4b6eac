"""Codes on their way into pools and series, and codes going out to members."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.ids import uuid7
from kit.rows import updating
from services.loyalty.rules.codes import BadLine
from services.loyalty.tables import CodeChunk, CodeLoad, RewardCode

SHOWN_ERRORS = 100

_RESERVE = """
    SELECT code FROM reward_codes WHERE reward_id = :reward_id AND redemption_id IS NULL
    ORDER BY code LIMIT :count FOR UPDATE {wait}
"""
_RESERVE_FREE = text(_RESERVE.format(wait="SKIP LOCKED"))
_RESERVE_WAITING = text(_RESERVE.format(wait=""))

_ASSIGN = updating(RewardCode, "redemption_id")

_OF_SERIES = text("""
    SELECT coupon_id, code, member_id, uses, most_uses, valid_until, revoked_at IS NOT NULL
    FROM coupons WHERE series_id = :series_id AND coupon_id > :after
    ORDER BY coupon_id LIMIT :limit
""")

_TO_POOL = text("""
    WITH added AS (
        INSERT INTO reward_codes (reward_id, code)
        SELECT :target, code FROM unnest(CAST(:codes AS text[])) AS code
        ORDER BY code ON CONFLICT DO NOTHING RETURNING 1
    ) SELECT count(*) FROM added
""")

_TO_SERIES = text("""
    WITH added AS (
        INSERT INTO coupons (coupon_id, series_id, code, most_uses, issued_at)
        SELECT given.coupon_id, series_id, given.code, coupon_uses, :now
        FROM unnest(CAST(:ids AS uuid[]), CAST(:codes AS text[])) AS given (coupon_id, code)
        JOIN coupon_series ON series_id = :target
        ORDER BY given.code ON CONFLICT DO NOTHING RETURNING 1
    ) SELECT count(*) FROM added
""")

LOADING = "SELECT FROM code_loads WHERE finished_at IS NULL"
"""Whether codes are on their way into a pool or series."""

_NEXT = text("""
    SELECT * FROM code_loads WHERE finished_at IS NULL ORDER BY load_id LIMIT 1
    FOR UPDATE SKIP LOCKED
""")

_NEXT_CHUNK = text("""
    DELETE FROM code_chunks WHERE (load_id, number) = (
        SELECT load_id, number FROM code_chunks WHERE load_id = :load_id ORDER BY number LIMIT 1
    ) RETURNING first_line, lines
""")

_COUNT = text("""
    UPDATE code_loads SET added = added + :added, duplicates = duplicates + :duplicates,
        invalid = invalid + :invalid, wanted = wanted - :made,
        errors = CASE WHEN jsonb_array_length(errors) < :most
            THEN errors || CAST(:errors AS jsonb) ELSE errors END
    WHERE load_id = :load_id
""")


class Listed(NamedTuple):
    """A code of a series as a file tells it."""

    coupon_id: UUID
    code: str
    member_id: UUID | None
    uses: int
    most_uses: int | None
    valid_until: datetime | None
    revoked: bool

    def line(self) -> tuple[object, ...]:
        """The columns of its line, without the id."""
        until = self.valid_until.isoformat() if self.valid_until else ""
        return (
            self.code,
            self.member_id or "",
            self.uses,
            self.most_uses or "",
            until,
            str(self.revoked).lower(),
        )


async def of_series(
    session: AsyncSession, series_id: UUID, after: UUID | None, limit: int
) -> list[Listed]:
    """The codes of a series, the oldest first, beginning after one."""
    given = {"series_id": series_id, "after": after or UUID(int=0), "limit": limit}
    return [Listed(*row) for row in await session.execute(_OF_SERIES, given)]


async def reserve(session: AsyncSession, reward_id: UUID, count: int) -> list[str]:
    """Up to `count` codes of the reward's pool that nobody else gets in this transaction.

    Only when too few are free is it waited for whether others give theirs back.
    """
    given = {"reward_id": reward_id, "count": count}
    for statement in (_RESERVE_FREE, _RESERVE_WAITING):
        found = [str(row.code) for row in await session.execute(statement, given)]
        if len(found) == count:
            break
    return found


async def assign(session: AsyncSession, taken: Sequence[tuple[UUID, str, UUID]]) -> None:
    """Let codes, named by their reward and themselves, be those of redemptions, for ever."""
    await _ASSIGN.write(session, taken)


async def begin(session: AsyncSession, load: CodeLoad) -> None:
    await session.execute(insert(CodeLoad).values(load.model_dump()))


async def keep_chunk(
    session: AsyncSession, load_id: UUID, number: int, first_line: int, lines: str
) -> None:
    """Keep some whole lines of a file, to be read later."""
    statement = insert(CodeChunk).values(
        load_id=load_id, number=number, first_line=first_line, lines=lines
    )
    await session.execute(statement)


async def load(session: AsyncSession, load_id: UUID) -> CodeLoad | None:
    statement = select(CodeLoad).where(col(CodeLoad.load_id) == load_id)
    return (await session.scalars(statement)).one_or_none()


async def next_load(session: AsyncSession) -> CodeLoad | None:
    """A load with work left that nobody else is doing."""
    row = (await session.execute(_NEXT)).first()
    return CodeLoad(**row._asdict()) if row else None


async def next_chunk(session: AsyncSession, load_id: UUID) -> tuple[int, str] | None:
    """Take the next lines of a load's file: the first one's number, and the text."""
    row = (await session.execute(_NEXT_CHUNK, {"load_id": load_id})).first()
    return (row.first_line, row.lines) if row else None


async def put(session: AsyncSession, load: CodeLoad, codes: Sequence[str], now: datetime) -> int:
    """Put codes where the load wants them, in their order; how many were new there."""
    given: dict[str, Any] = {"target": load.reward_id or load.series_id, "codes": list(codes)}
    if load.series_id is not None:
        given |= {"ids": [uuid7() for _ in codes], "now": now}
    added = await session.execute(_TO_POOL if load.reward_id else _TO_SERIES, given)
    return int(added.scalar_one())


async def count(
    session: AsyncSession,
    load: CodeLoad,
    *,
    added: int,
    duplicates: int,
    made: int,
    errors: Sequence[BadLine] = (),
) -> None:
    """Add what a step of the load did to what it has done."""
    room = max(0, SHOWN_ERRORS - len(load.errors))
    shown = [{"line": error.line, "detail": error.detail} for error in errors[:room]]
    await session.execute(
        _COUNT,
        {
            "load_id": load.load_id,
            "added": added,
            "duplicates": duplicates,
            "invalid": len(errors),
            "made": made,
            "most": SHOWN_ERRORS,
            "errors": orjson.dumps(shown).decode(),
        },
    )


async def finish(session: AsyncSession, load_id: UUID, now: datetime) -> None:
    statement = text("UPDATE code_loads SET finished_at = :now WHERE load_id = :load_id")
    await session.execute(statement, {"load_id": load_id, "now": now})
