"""Proofs of the ledger: queries that find where it contradicts itself. A sound one yields nothing.

Each reads one snapshot, so writers never make it err and it never holds them up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class Proof(NamedTuple):
    """`claim` is what must hold; `query` gives `point_type` and `drift` of each contradiction."""

    claim: str
    query: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a claim is contradicted in a point type, and by how many points in all."""

    point_type: str
    contradictions: int
    drift: int


PROOFS: Sequence[Proof] = (
    Proof(
        "the postings of each entry sum to zero",
        """
        SELECT point_type, abs(sum(amount)) AS drift FROM postings JOIN entries ON id = entry_id
        GROUP BY entry_id, point_type HAVING sum(amount) <> 0
        """,
    ),
    Proof(
        "a wallet's balances are what its postings sum to",
        """ SELECT point_type, abs(available - coalesce(posted.available, 0)) + abs(pending -
        coalesce(posted.pending, 0)) + abs(debt + coalesce(posted.debt, 0)) AS drift FROM wallets
        LEFT JOIN ( SELECT member_id, point_type, sum(amount) FILTER (WHERE account = 'available')
        AS available, sum(amount) FILTER (WHERE account = 'pending') AS pending, sum(amount) FILTER
        (WHERE account = 'debt') AS debt FROM postings JOIN entries ON id = entry_id GROUP BY
        member_id, point_type ) AS posted USING (member_id, point_type) """,
    ),
    Proof(
        "a wallet's balances are what its lots hold",
        """ SELECT point_type, abs(available - coalesce(active, 0)) + abs(pending -
        coalesce(waiting, 0)) AS drift FROM wallets LEFT JOIN ( SELECT member_id, point_type,
        sum(remaining) FILTER (WHERE state = 'active') AS active, sum(remaining) FILTER (WHERE state
        <> 'active') AS waiting FROM lots WHERE remaining > 0 GROUP BY member_id, point_type ) AS
        held USING (member_id, point_type) """,
    ),
    Proof(
        "what a lot holds is what it began with and what was taken out of it",
        """
        SELECT point_type, abs(original + coalesce(taken, 0) - remaining) AS drift
        FROM lots LEFT JOIN (
            SELECT lot_id, sum(points) AS taken FROM lot_moves GROUP BY lot_id
        ) AS moved ON lot_id = id
        """,
    ),
    Proof(
        "an entry takes out of lots exactly what it takes from balances",
        """
        SELECT point_type, abs(coalesce(moved.points, 0) - least(posted.points, 0)) AS drift
        FROM entries JOIN (
            SELECT entry_id, sum(amount) AS points FROM postings
            WHERE account IN ('available', 'pending') GROUP BY entry_id
        ) AS posted ON posted.entry_id = id
        LEFT JOIN (
            SELECT entry_id, sum(points) AS points FROM lot_moves GROUP BY entry_id
        ) AS moved ON moved.entry_id = id
        WHERE kind IN ('spend', 'reverse', 'expire')
        """,
    ),
    Proof(
        "each entry's balances follow from those before it",
        """
        SELECT point_type, abs(available - before_available - coalesce(posted.available, 0))
            + abs(pending - before_pending - coalesce(posted.pending, 0))
            + abs(debt - before_debt + coalesce(posted.debt, 0)) AS drift
        FROM (
            SELECT id, point_type, available, pending, debt,
                   lag(available, 1, 0::bigint) OVER history AS before_available,
                   lag(pending, 1, 0::bigint) OVER history AS before_pending,
                   lag(debt, 1, 0::bigint) OVER history AS before_debt
            FROM entries WINDOW history AS (PARTITION BY member_id, point_type ORDER BY version)
        ) AS entry LEFT JOIN (
            SELECT entry_id,
                   sum(amount) FILTER (WHERE account = 'available') AS available,
                   sum(amount) FILTER (WHERE account = 'pending') AS pending,
                   sum(amount) FILTER (WHERE account = 'debt') AS debt
            FROM postings GROUP BY entry_id
        ) AS posted ON entry_id = id
        """,
    ),
    Proof(
        "a wallet's version counts its entries",
        """
        SELECT point_type, abs(version - coalesce(entries, 0)) AS drift
        FROM wallets LEFT JOIN (
            SELECT member_id, point_type, count(*) AS entries FROM entries
            GROUP BY member_id, point_type
        ) AS written USING (member_id, point_type)
        """,
    ),
    Proof(
        "a member's tier is the highest their growth points reach",
        """ SELECT point_type, 1 AS drift FROM members JOIN wallets USING (member_id) WHERE
        point_type = 'growth' AND tier <> ( SELECT key FROM tiers WHERE growth_points <= available
        ORDER BY growth_points DESC LIMIT 1 ) """,
    ),
)


async def findings(session: AsyncSession, proof: Proof) -> list[Finding]:
    """Where `proof` fails, by point type; nothing in a sound ledger."""
    statement = text(f"""
        SELECT point_type, count(*) AS contradictions, sum(drift)::bigint AS drift
        FROM ({proof.query}) AS found WHERE drift <> 0 GROUP BY point_type
    """)  # noqa: S608  (a query from above)
    rows = await session.execute(statement)
    return [Finding(row.point_type, row.contradictions, row.drift) for row in rows]
