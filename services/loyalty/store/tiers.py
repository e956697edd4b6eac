"""Members' tiers, and the measures that decide them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask, Rows
from kit.rows import updating
from services.loyalty.rules.programme.document import Tiers
from services.loyalty.rules.tiers import Held
from services.loyalty.store.occasions import first_id
from services.loyalty.tables import Member

_HELD = text("""
    SELECT member_id, tier, tier_since, tier_until, tier_review_at, tier_warned
    FROM members WHERE member_id = ANY(:member_ids)
""")

_SET = updating(Member, "tier tier_since tier_until tier_review_at tier_warned")

_GROWTH = text("""
    SELECT given.member_id, coalesce(sum(lots.remaining), 0)::bigint AS value
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:since AS uuid[]), CAST(:until AS uuid[]))
        AS given (member_id, since, until)
    LEFT JOIN lots ON lots.member_id = given.member_id AND lots.point_type = 'growth'
        AND lots.is_open AND lots.state = 'active'
        AND lots.id >= given.since AND lots.id < given.until
    GROUP BY given.member_id
""")

_ORDERS = text("""
    SELECT given.member_id, count(orders.order_id) AS orders,
        coalesce(sum(greatest(0, amount_minor - refunded_minor)), 0)::bigint AS spend
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:since AS timestamptz[]),
                CAST(:until AS timestamptz[])) AS given (member_id, since, until)
    LEFT JOIN orders ON orders.member_id = given.member_id AND NOT orders.undone
        AND orders.placed_at >= given.since AND orders.placed_at <= given.until
        AND (CAST(:currency AS text) IS NULL OR orders.currency = :currency)
    GROUP BY given.member_id
""")

_DUE = text("""
    SELECT member_id FROM members WHERE tier_review_at <= :now ORDER BY tier_review_at LIMIT :limit
""")

_AFTER = text("""
    SELECT member_id FROM members
    WHERE member_id > :after AND merged_into IS NULL AND erased_at IS NULL AND NOT EXISTS (
        SELECT FROM households WHERE household_id = members.member_id)
    ORDER BY member_id LIMIT :limit
""")

BEGINNING = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


class Window(NamedTuple):
    """What counts of a member: from a moment, up to another."""

    member_id: UUID
    since: datetime | None
    until: datetime


async def held(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, Held]:
    rows = await session.execute(_HELD, {"member_ids": list(member_ids)})
    return {row.member_id: held_of(row) for row in rows}


def held_of(row: Row[Any]) -> Held:
    return Held(
        tier=row.tier,
        since=row.tier_since,
        until=row.tier_until,
        review_at=row.tier_review_at,
        warned=row.tier_warned,
    )


async def set_held(session: AsyncSession, changes: Sequence[tuple[UUID, Held]]) -> None:
    """Give each member a tier."""
    rows = [(who, h.tier, h.since, h.until, h.review_at, h.warned) for who, h in changes]
    await _SET.execute(session, rows)


async def measures(
    session: AsyncSession, windows: Sequence[Window], tiers: Tiers
) -> dict[UUID, int]:
    """What each member has gathered within their window, by the tiers' basis."""
    if not windows:
        return {}
    column = _column(tiers)
    rows = await session.execute(*_question(windows, tiers))
    return {row.member_id: getattr(row, column) for row in rows}


def measure(window: Window, tiers: Tiers) -> Ask[int]:
    """What one member has gathered within a window, by the tiers' basis."""
    return Ask(*_question([window], tiers), partial(_measure, _column(tiers)))


def _measure(column: str, found: Rows) -> int:
    return int(getattr(found.one(), column))


def _column(tiers: Tiers) -> str:
    return "value" if tiers.basis == "growth_points" else tiers.basis


def _question(windows: Sequence[Window], tiers: Tiers) -> tuple[TextClause, dict[str, Any]]:
    """What is asked of the windows, and with which arguments."""
    member_ids = [window.member_id for window in windows]
    if tiers.basis == "growth_points":
        since = [first_id(window.since) if window.since else UUID(int=0) for window in windows]
        until = [first_id(window.until) for window in windows]
        return _GROWTH, {"member_ids": member_ids, "since": since, "until": until}
    times = {
        "since": [window.since or BEGINNING for window in windows],
        "until": [window.until for window in windows],
    }
    return _ORDERS, {"member_ids": member_ids, **times, "currency": tiers.currency}


async def due(session: AsyncSession, now: datetime, limit: int) -> list[UUID]:
    """Members whose tier is to be looked at."""
    rows = await session.execute(_DUE, {"now": now, "limit": limit})
    return [row.member_id for row in rows]


async def after(session: AsyncSession, member_id: UUID, limit: int) -> list[UUID]:
    """The next members in the order of their ids: neither households nor who is no more."""
    rows = await session.execute(_AFTER, {"after": member_id, "limit": limit})
    return [row.member_id for row in rows]
