"""What the wallet screen shows beside balances, each block in one statement that stays cheap."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from kit.gathering import Ask, Rows
from services.loyalty.rules.checkins import Cards, CheckInKind

_MONTH = text("""
    SELECT coalesce(cards.freezes, 0) AS freezes, coalesce(cards.makeups, 0) AS makeups,
        coalesce(cards.best, 0) AS best, days.mask, days.frozen
    FROM (VALUES (1)) AS one
    LEFT JOIN checkin_cards AS cards ON cards.member_id = :member_id
    CROSS JOIN LATERAL (
        SELECT coalesce(bit_or(1 << CAST(extract(day FROM day) AS integer) - 1)
                FILTER (WHERE kind <> :frozen), 0) AS mask,
            coalesce(bit_or(1 << CAST(extract(day FROM day) AS integer) - 1)
                FILTER (WHERE kind = :frozen), 0) AS frozen
        FROM checkins WHERE checkins.member_id = :member_id AND day BETWEEN :first AND :last
    ) AS days
""")

_PENDING = text("""
    SELECT sum(remaining)::bigint AS points, due_at AS active_at FROM lots
    WHERE member_id = :member_id AND point_type = 'points' AND state = 'maturing'
        AND is_open
    GROUP BY due_at ORDER BY due_at LIMIT :limit
""")


class Month(NamedTuple):
    """A month of check-ins as masks, bit 0 for the 1st, and what keeps streaks whole."""

    cards: Cards
    present: int
    frozen: int


class Maturing(NamedTuple):
    """Points that become available at a moment."""

    points: int
    active_at: datetime


def month(member_id: UUID, first: date, last: date) -> Ask[Month]:
    given = {"member_id": member_id, "first": first, "last": last, "frozen": CheckInKind.FROZEN}
    return Ask(_MONTH, given, _month)


def _month(found: Rows) -> Month:
    row = found.one()
    cards = Cards(freezes=row.freezes, makeups=row.makeups, best=row.best)
    return Month(cards, row.mask, row.frozen)


def maturing(owner_id: UUID, limit: int) -> Ask[list[Maturing]]:
    """The next moments at which a wallet's pending points become available, and how many do."""
    return Ask(_PENDING, {"member_id": owner_id, "limit": limit}, _maturing)


def _maturing(rows: Rows) -> list[Maturing]:
    return [Maturing(*row) for row in rows]
