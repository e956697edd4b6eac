"""Offers, and who has taken them.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.gathering import Ask, Rows
from services.loyalty import tables
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.offers import Occasion, Offer, Standing
from services.loyalty.rules.prizes import Prize
from services.loyalty.store.persons import PERSON, SEGMENTS, person_of

_COLUMNS = (
    "offer_id",
    "name",
    "description",
    "priority",
    "before_first_order",
    "enrolled_days",
    "valid_from",
    "valid_until",
    "claim_limit",
    "claimed",
    "active",
)

Position = tuple[int, UUID]
"""Where an offer stands among those open: its priority and its id."""

_FIRST: Position = (-(2**63), UUID(int=0))

_OPEN = text(f"""
    SELECT * FROM offers WHERE active AND (valid_from IS NULL OR valid_from <= :now)
        AND (valid_until IS NULL OR valid_until > :now)
        AND (claim_limit IS NULL OR claimed < claim_limit)
        AND (segments = '{{}}' OR segments && {SEGMENTS})
        AND NOT EXISTS (SELECT FROM offer_claims
            WHERE offer_claims.offer_id = offers.offer_id AND member_id = :member_id)
        AND (priority, offer_id) > (CAST(:priority AS bigint), CAST(:offer_id AS uuid))
    ORDER BY priority, offer_id LIMIT :limit
""")

_STANDING = text(f"""
    SELECT person.*, (SELECT enrolled_at FROM members WHERE member_id = :member_id) AS enrolled_at,
        EXISTS (SELECT FROM orders WHERE member_id = :member_id AND placed_at IS NOT NULL
            AND NOT undone) AS has_ordered
    FROM ({PERSON}) AS person
""")

_CLAIM = text("""
    INSERT INTO offer_claims (offer_id, member_id, claimed_at)
    VALUES (:offer_id, :member_id, :now) ON CONFLICT DO NOTHING RETURNING 1
""")

_COUNT = text("""
    UPDATE offers SET claimed = claimed + 1
    WHERE offer_id = :offer_id AND (claim_limit IS NULL OR claimed < claim_limit) RETURNING 1
""")


def open_offers(
    member_id: UUID, now: datetime, limit: int, after: Position | None = None
) -> Ask[list[Offer]]:
    """Offers a member might take, by priority, beginning after a position.

    `rules.offers.is_open` says which they may.
    """
    priority, offer_id = after or _FIRST
    given = {"member_id": member_id, "now": now, "limit": limit}
    given |= {"priority": priority, "offer_id": offer_id}
    return Ask(_OPEN, given, _offers, is_common=True)


def _offers(rows: Rows) -> list[Offer]:
    return [_offer(row) for row in rows]


def standing(member_id: UUID) -> Ask[Standing]:
    return Ask(_STANDING, {"member_id": member_id}, _standing)


def _standing(found: Rows) -> Standing:
    row = found.one()
    return Standing(person_of(row), row.enrolled_at, row.has_ordered)


async def offer(session: AsyncSession, offer_id: UUID) -> Offer | None:
    statement = text("SELECT * FROM offers WHERE offer_id = :offer_id")
    row = (await session.execute(statement, {"offer_id": offer_id})).first()
    return _offer(row) if row else None


async def listed(session: AsyncSession, limit: int, before: UUID | None) -> list[Offer]:
    """All offers, newest first, beginning before one."""
    statement = text("""
        SELECT * FROM offers WHERE offer_id < :before ORDER BY offer_id DESC LIMIT :limit
    """)
    given = {"limit": limit, "before": before or UUID(int=2**128 - 1)}
    return [_offer(row) for row in await session.execute(statement, given)]


async def has_claimed(session: AsyncSession, offer_id: UUID, member_id: UUID) -> bool:
    statement = text("""
        SELECT 1 FROM offer_claims WHERE offer_id = :offer_id AND member_id = :member_id
    """)
    given = {"offer_id": offer_id, "member_id": member_id}
    return (await session.execute(statement, given)).first() is not None


async def claim(session: AsyncSession, offer_id: UUID, member_id: UUID, now: datetime) -> bool:
    """Write that a member takes an offer; False if they have."""
    given = {"offer_id": offer_id, "member_id": member_id, "now": now}
    return (await session.execute(_CLAIM, given)).first() is not None


async def count(session: AsyncSession, offer_id: UUID) -> bool:
    """Count a claim; False when all are gone. The rest of the transaction holds the offer."""
    return (await session.execute(_COUNT, {"offer_id": offer_id})).first() is not None


async def add(session: AsyncSession, offer: Offer, now: datetime) -> None:
    values = {name: getattr(offer, name) for name in _COLUMNS} | {
        "occasion": offer.occasion,
        "prize": offer.prize.kept(),
        "tiers": sorted(offer.audience.tiers),
        "segments": sorted(offer.audience.segments),
        "stages": sorted(offer.audience.stages),
    }
    await session.execute(insert(tables.Offer).values(**values, created_at=now, updated_at=now))


async def change(
    session: AsyncSession, offer_id: UUID, changes: Mapping[str, Any], now: datetime
) -> None:
    """Change columns of an offer."""
    statement = (
        update(tables.Offer)
        .where(col(tables.Offer.offer_id) == offer_id)
        .values(**changes, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Let a merged member's claims be those of the one who goes on."""
    statement = text("""
        INSERT INTO offer_claims (offer_id, member_id, claimed_at)
        SELECT offer_id, :survivor, claimed_at FROM offer_claims WHERE member_id = :absorbed
        ON CONFLICT DO NOTHING
    """)
    await session.execute(statement, {"absorbed": absorbed, "survivor": survivor})


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        **{name: getattr(row, name) for name in _COLUMNS},
        occasion=Occasion(row.occasion),
        prize=Prize.of(row.prize),
        audience=Audience.of(row),
    )
