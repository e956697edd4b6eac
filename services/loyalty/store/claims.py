"""Codes claimed.

A code's row is locked last: whoever wants the same waits for it.

The SQL is put together from pieces of this file alone.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.coupons import Series
from services.loyalty.store.coupons import LAST, series_of


class Made(NamedTuple):
    """A claim: of which code, by whom, with which Idempotency-Key, and what it earned."""

    claim_id: UUID
    code: str
    member_id: UUID
    key: UUID
    points: int
    pending_points: int
    growth_points: int
    claimed_at: datetime
    undone_at: datetime | None
    series: Series


_MADE = """
    SELECT claim_id, coupons.code, claims.member_id, claims.key AS asked_with, points,
        pending_points, growth_points, claimed_at, undone_at, series.*
    FROM code_claims AS claims JOIN coupons USING (coupon_id)
    JOIN coupon_series AS series ON series.series_id = claims.series_id
"""

_OF_KEY = text(f"{_MADE} WHERE claims.key = :key")

_OF_MEMBER = text(f"""
    {_MADE} WHERE claims.member_id = :member_id AND claim_id < :before
    ORDER BY claim_id DESC LIMIT :limit
""")

_IN_SERIES = text(f"""
    {_MADE} WHERE claims.series_id = :series_id AND claim_id < :before
        AND (CAST(:code AS text) IS NULL OR coupons.code = :code)
    ORDER BY claim_id DESC LIMIT :limit
""")

_ADD = text("""
    WITH used AS (
        UPDATE coupons SET uses = uses + 1
        WHERE coupon_id = :coupon_id AND revoked_at IS NULL
            AND (most_uses IS NULL OR uses < most_uses)
        RETURNING coupon_id, series_id, uses
    )
    INSERT INTO code_claims (claim_id, coupon_id, number, series_id, member_id, key, points,
        pending_points, growth_points, claimed_at)
    SELECT :claim_id, coupon_id, uses, series_id, :member_id, :key, :points, :pending_points,
        :growth_points, :claimed_at
    FROM used ON CONFLICT DO NOTHING RETURNING 1
""")

_UNDO_EXCESS = text("""
    WITH of_both AS (
        SELECT claim_id, series_id,
            row_number() OVER (PARTITION BY series_id ORDER BY claimed_at, claim_id) AS place,
            count(*) FILTER (WHERE member_id = :absorbed) OVER by_series AS theirs,
            count(*) FILTER (WHERE member_id = :survivor) OVER by_series AS own
        FROM code_claims
        WHERE member_id IN (:absorbed, :survivor) AND undone_at IS NULL
        WINDOW by_series AS (PARTITION BY series_id)
    )
    UPDATE code_claims SET undone_at = :now
    FROM of_both JOIN coupon_series USING (series_id)
    WHERE code_claims.claim_id = of_both.claim_id AND theirs > 0 AND own > 0
        AND member_uses IS NOT NULL AND place > greatest(member_uses, theirs, own)
    RETURNING code_claims.claim_id
""")


async def of_key(session: AsyncSession, key: UUID) -> Made | None:
    """The claim made with an Idempotency-Key, whosever it is."""
    row = (await session.execute(_OF_KEY, {"key": key})).first()
    return _made(row) if row else None


async def has_claimed(session: AsyncSession, coupon_id: UUID, member_id: UUID) -> bool:
    statement = text("""
        SELECT 1 FROM code_claims WHERE coupon_id = :coupon_id AND member_id = :member_id LIMIT 1
    """)
    given = {"coupon_id": coupon_id, "member_id": member_id}
    return (await session.execute(statement, given)).first() is not None


async def of_member(
    session: AsyncSession, member_id: UUID, limit: int, before: UUID | None
) -> list[Made]:
    """A member's claims, newest first, beginning before one."""
    given = {"member_id": member_id, "limit": limit, "before": before or LAST}
    return [_made(row) for row in await session.execute(_OF_MEMBER, given)]


async def in_series(
    session: AsyncSession, series_id: UUID, code: str | None, limit: int, before: UUID | None
) -> list[Made]:
    """The claims of a series' codes, or of one, newest first, beginning before one."""
    given = {"series_id": series_id, "code": code, "limit": limit, "before": before or LAST}
    return [_made(row) for row in await session.execute(_IN_SERIES, given)]


async def add(session: AsyncSession, made: Made, coupon_id: UUID) -> bool:
    """Use a code once more, and write the claim; False if others were faster.

    The rest of the transaction holds the code.
    """
    given = {name: value for name, value in made._asdict().items() if name in _WRITTEN}
    row = await session.execute(_ADD, {**given, "coupon_id": coupon_id})
    return row.first() is not None


_WRITTEN = frozenset(Made._fields) - {"code", "undone_at", "series"}


async def undo_excess(
    session: AsyncSession, absorbed: UUID, survivor: UUID, now: datetime
) -> list[UUID]:
    """Of two members who are one, let the latest claims beyond a series' limit not have been.

    Nobody loses by it what they had by themselves.
    """
    given = {"absorbed": absorbed, "survivor": survivor, "now": now}
    return [row.claim_id for row in await session.execute(_UNDO_EXCESS, given)]


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Let a merged member's claims be those of the one who goes on."""
    statement = text("UPDATE code_claims SET member_id = :survivor WHERE member_id = :absorbed")
    await session.execute(statement, {"absorbed": absorbed, "survivor": survivor})


def _made(row: Row[Any]) -> Made:
    return Made(
        claim_id=row.claim_id,
        code=row.code,
        member_id=row.member_id,
        key=row.asked_with,
        points=row.points,
        pending_points=row.pending_points,
        growth_points=row.growth_points,
        claimed_at=row.claimed_at,
        undone_at=row.undone_at,
        series=series_of(row),
    )
