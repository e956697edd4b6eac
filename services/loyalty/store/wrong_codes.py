"""Codes members try that are none, kept for an hour as hashes: of each code once.

Who looks at a member's tries and adds to them takes their turn first.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.claims import HOUR

_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended('wrong codes:' || :member_id, 0))")

_TRIED = text("""
    SELECT hourly_wrong_codes, tried_at FROM velocity_limits
    LEFT JOIN wrong_codes ON member_id = :member_id
""")

_NOTE = text("""
    INSERT INTO wrong_codes AS kept (member_id, tried_at, hashes)
    SELECT :member_id, array_agg(CAST(:now AS timestamptz)), array_agg(hashtextextended(code, 0))
    FROM unnest(CAST(:codes AS text[])) AS code
    ON CONFLICT (member_id) DO UPDATE SET (tried_at, hashes) = (
        SELECT array_agg(moment ORDER BY moment DESC, hash),
            array_agg(hash ORDER BY moment DESC, hash)
        FROM (
            SELECT hash, min(moment) AS moment FROM (
                SELECT * FROM unnest(kept.tried_at, kept.hashes)
                UNION ALL
                SELECT * FROM unnest(excluded.tried_at, excluded.hashes)
            ) AS tries (moment, hash)
            WHERE moment > :since GROUP BY hash
        ) AS codes
    )
    RETURNING tried_at, (SELECT hourly_wrong_codes FROM velocity_limits) AS hourly_wrong_codes
""")


class Tries(NamedTuple):
    """How many wrong codes an hour may have, None: any; and when each was first tried."""

    most: int | None
    tried_at: Sequence[datetime]


async def take_turn(session: AsyncSession, member_id: UUID) -> None:
    """Let a member's tries be counted one after the other, until the transaction's end."""
    await session.execute(_TURN, {"member_id": str(member_id)})


async def tried(session: AsyncSession, member_id: UUID) -> Tries:
    """A member's tries, at least those of the last hour."""
    row = (await session.execute(_TRIED, {"member_id": member_id})).one()
    return Tries(row.hourly_wrong_codes, row.tried_at or ())


async def note(
    session: AsyncSession, member_id: UUID, codes: Collection[str], now: datetime
) -> Tries:
    """Count wrong codes, each once an hour; the tries of the last hour with them."""
    given = {"member_id": member_id, "codes": list(codes), "now": now, "since": now - HOUR}
    row = (await session.execute(_NOTE, given)).one()
    return Tries(row.hourly_wrong_codes, row.tried_at)
