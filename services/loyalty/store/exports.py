"""What members have and owe, lot by lot: to go on elsewhere, or to be compared."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

FIRST = (UUID(int=0), "")
"""Before every wallet."""

_PORTION = text("""
    WITH these AS (
        SELECT member_id, point_type, debt FROM wallets
        WHERE (member_id, point_type) > (CAST(:after AS uuid), CAST(:after_type AS text))
            AND (member_id, point_type) <= (CAST(:last AS uuid), CAST(:last_type AS text))
            AND available + pending + held + debt > 0
    )
    SELECT these.member_id AS owner, these.point_type,
        coalesce(eldest.member_id, these.member_id) AS member_id, external_id, part.*
    FROM these
    LEFT JOIN LATERAL (
        SELECT stay.member_id FROM household_members AS stay
        WHERE stay.household_id = these.member_id AND left_at IS NULL
        ORDER BY joined_at, stay.member_id LIMIT 1
    ) AS eldest ON true
    LEFT JOIN LATERAL (
        SELECT external_id FROM external_ids
        WHERE external_ids.member_id = coalesce(eldest.member_id, these.member_id)
        ORDER BY external_id LIMIT 1
    ) AS named ON true
    CROSS JOIN LATERAL (
        SELECT own.lot_id, sum(own.points)::bigint AS points, entries.occurred_at AS earned_at,
            CASE state WHEN 'maturing' THEN lots.due_at END AS available_at,
            CASE state WHEN 'active' THEN lots.due_at
                ELSE coalesce(valid_until, lots.due_at + make_interval(days => valid_days))
                END AS expires_at
        FROM (
            SELECT id AS lot_id, remaining AS points FROM lots
            WHERE lots.member_id = these.member_id AND lots.point_type = these.point_type
                AND remaining > 0 AND state <> 'awaiting'
            UNION ALL
            SELECT held_lots.lot_id, held_lots.points FROM holds JOIN held_lots USING (hold_id)
            WHERE holds.member_id = these.member_id AND holds.point_type = these.point_type
                AND holds.state = 'open'
        ) AS own JOIN lots ON lots.id = own.lot_id JOIN entries ON entries.id = own.lot_id
        GROUP BY own.lot_id, lots.id, entries.id
        UNION ALL
        SELECT NULL, - these.debt, NULL, NULL, NULL WHERE these.debt > 0
    ) AS part
    ORDER BY owner, these.point_type, expires_at NULLS LAST, lot_id
""")


async def balances(
    session: AsyncSession, after: tuple[UUID, str], last: tuple[UUID, str]
) -> Sequence[Row[Any]]:
    """The lots of the wallets after one up to another, and what is owed, as of one moment.

    A household's are those of the member who has been in it for longest. What awaits a delivery
    is left out: nobody knows when it comes.
    """
    given = {"after": after[0], "after_type": after[1], "last": last[0], "last_type": last[1]}
    return (await session.execute(_PORTION, given)).all()


async def last_wallet(
    session: AsyncSession, after: tuple[UUID, str], limit: int
) -> tuple[UUID, str] | None:
    """The last of the next `limit` wallets with anything in them; None: there is none."""
    statement = text("""
        SELECT member_id, point_type FROM (
            SELECT member_id, point_type FROM wallets
            WHERE (member_id, point_type) > (CAST(:after AS uuid), CAST(:after_type AS text))
                AND available + pending + held + debt > 0
            ORDER BY member_id, point_type LIMIT :limit
        ) AS portion ORDER BY member_id DESC, point_type DESC LIMIT 1
    """)
    given = {"after": after[0], "after_type": after[1], "limit": limit}
    row = (await session.execute(statement, given)).one_or_none()
    return (row.member_id, row.point_type) if row else None
