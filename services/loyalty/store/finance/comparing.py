"""What members bought in a time, by whether their lot is below a mark."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.finance.comparing import Group

_ARMS = text("""
    WITH arms AS (
        SELECT member_id, crc32(uuid_send(member_id) || :salt) % 100 < :share AS below
        FROM members
        WHERE merged_into IS NULL AND enrolled_at < :ends
            AND NOT EXISTS (SELECT FROM households WHERE household_id = member_id)
    ),
    bought AS (
        SELECT member_id, count(*) AS orders, sum(amount_minor - refunded_minor) AS spend
        FROM orders
        WHERE placed_at >= :begins AND placed_at < :ends AND currency = :currency AND NOT undone
        GROUP BY member_id
    )
    SELECT below, count(*) AS members, count(spend) AS buyers,
        coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(spend), 0)::bigint AS spend_minor,
        coalesce(sum(spend * spend), 0)::numeric AS squares
    FROM arms LEFT JOIN bought USING (member_id) GROUP BY below
""")

_ISSUED = text("""
    SELECT crc32(uuid_send(coalesce(by_member_id, member_id)) || :salt) % 100 < :share AS below,
        sum(points)::bigint AS points
    FROM entries
    WHERE recorded_at >= :begins AND occurred_at >= :begins AND occurred_at < :ends
        AND kind = 'earn'
        AND point_type = 'points' AND (CAST(:rules AS text[]) IS NULL OR rule = ANY(:rules))
    GROUP BY 1
""")


class Arms(NamedTuple):
    """Of those whose lot is below the mark, and of the others."""

    below: Group
    above: Group


async def arms(
    session: AsyncSession,
    salt: bytes,
    share: int,
    span: tuple[datetime, datetime],
    currency: str,
) -> Arms:
    """Everybody enrolled before the end, each in one of two groups."""
    about = {
        "salt": salt,
        "share": share,
        "begins": span[0],
        "ends": span[1],
        "currency": currency,
    }
    found = {row.below: row for row in await session.execute(_ARMS, about)}
    groups = [
        Group(r.members, r.buyers, r.orders, r.spend_minor, int(r.squares)) if r else Group()
        for r in (found.get(True), found.get(False))
    ]
    return Arms(*groups)


async def issued(
    session: AsyncSession,
    salt: bytes,
    share: int,
    span: tuple[datetime, datetime],
    rules: list[str] | None,
) -> tuple[int, int]:
    """The points earned by what happened in a time, by rules or by all, of either group."""
    about = {
        "salt": salt,
        "share": share,
        "begins": span[0],
        "ends": span[1],
        "rules": rules,
    }
    found = {row.below: row.points for row in await session.execute(_ISSUED, about)}
    return found.get(True, 0), found.get(False, 0)
