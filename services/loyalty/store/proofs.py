"""Proofs of the ledger: queries that find where it contradicts itself. A sound one yields nothing.

Each reads one snapshot, so writers never make it err and it never holds them up. The SQL is put
together from pieces of this file alone.
"""

# ruff: noqa: S608

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


_POSTED = """
    SELECT {by}, coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS to_available,
        coalesce(sum(amount) FILTER (WHERE account = 'pending'), 0) AS to_pending,
        coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS to_held,
        coalesce(sum(amount) FILTER (WHERE account = 'debt'), 0) AS to_debt
    FROM entries LEFT JOIN postings ON entry_id = id GROUP BY {by}
"""
_POSTED_TO_WALLETS = _POSTED.format(by="member_id, point_type")
_POSTED_BY_ENTRIES = _POSTED.format(by="id")

PROOFS: Sequence[Proof] = (
    Proof(
        "the postings of each entry sum to zero",
        """
        SELECT point_type, abs(sum(amount)) AS drift
        FROM entries JOIN postings ON entry_id = id GROUP BY id
        """,
    ),
    Proof(
        "a wallet's balances are what its postings sum to",
        f"""
        SELECT point_type, abs(available - coalesce(to_available, 0))
            + abs(pending - coalesce(to_pending, 0)) + abs(held - coalesce(to_held, 0))
            + abs(debt + coalesce(to_debt, 0)) AS drift
        FROM wallets LEFT JOIN ({_POSTED_TO_WALLETS}) AS posted USING (member_id, point_type)
        """,
    ),
    Proof(
        "a wallet's balances are what its lots hold",
        """
        SELECT point_type, abs(available - coalesce(active, 0))
            + abs(pending - coalesce(waiting, 0)) + abs(held - coalesce(aside, 0)) AS drift
        FROM wallets LEFT JOIN (
            SELECT member_id, point_type,
                sum(remaining) FILTER (WHERE state = 'active') AS active,
                sum(remaining) FILTER (WHERE state <> 'active') AS waiting,
                sum(lots.held) AS aside
            FROM lots WHERE remaining > 0 OR lots.held > 0 GROUP BY member_id, point_type
        ) AS holding USING (member_id, point_type)
        """,
    ),
    Proof(
        "what a lot holds is what it began with less what was taken out of it",
        """
        SELECT point_type, abs(original + coalesce(taken, 0) - remaining)
            + abs(coalesce(aside, 0) - held) AS drift
        FROM lots LEFT JOIN (
            SELECT lot_id, sum(points) AS taken, sum(held) AS aside FROM lot_moves GROUP BY lot_id
        ) AS moved ON lot_id = id
        """,
    ),
    Proof(
        "what an entry puts on balances it puts into lots, and what it takes it takes from lots",
        f"""
        SELECT entries.point_type,
            abs(to_available + to_pending + to_held - coalesce(original, 0) - coalesce(taken, 0))
                AS drift
        FROM entries JOIN ({_POSTED_BY_ENTRIES}) AS posted USING (id) LEFT JOIN lots USING (id)
        LEFT JOIN (
            SELECT entry_id, sum(points + held) AS taken FROM lot_moves GROUP BY entry_id
        ) AS moved ON entry_id = id
        """,
    ),
    Proof(
        "each entry's balances follow from those of the entry before it",
        f"""
        SELECT point_type, abs(available - lag(available, 1, 0::bigint) OVER history - to_available)
            + abs(pending - lag(pending, 1, 0::bigint) OVER history - to_pending)
            + abs(held - lag(held, 1, 0::bigint) OVER history - to_held)
            + abs(debt - lag(debt, 1, 0::bigint) OVER history + to_debt) AS drift
        FROM entries JOIN ({_POSTED_BY_ENTRIES}) AS posted USING (id)
        WINDOW history AS (PARTITION BY member_id, point_type ORDER BY version)
        """,
    ),
    Proof(
        "a wallet's version counts its entries",
        """
        SELECT point_type, abs(version - coalesce(written, 0)) AS drift
        FROM wallets LEFT JOIN (
            SELECT member_id, point_type, count(*) AS written FROM entries
            GROUP BY member_id, point_type
        ) AS counted USING (member_id, point_type)
        """,
    ),
    Proof(
        "what is held is what open holds hold, of each lot",
        """
        SELECT point_type, abs(held - coalesce(aside, 0)) AS drift
        FROM lots LEFT JOIN (
            SELECT lot_id, sum(points) AS aside FROM held_lots GROUP BY lot_id
        ) AS kept ON lot_id = id
        UNION ALL
        SELECT point_type, abs(points - captured - released - coalesce(aside, 0)) AS drift
        FROM holds LEFT JOIN (
            SELECT hold_id, sum(points) AS aside FROM held_lots GROUP BY hold_id
        ) AS kept USING (hold_id)
        """,
    ),
    Proof(
        "nothing changes by itself before its wallet says so",
        """
        SELECT point_type, points AS drift FROM wallets JOIN (
            SELECT member_id, point_type, remaining AS points, lots.due_at AS at
            FROM lots WHERE remaining > 0 AND lots.due_at IS NOT NULL
            UNION ALL
            SELECT member_id, point_type, points, expires_at FROM holds WHERE state = 'open'
        ) AS changing USING (member_id, point_type)
        WHERE due_at > at OR due_at IS NULL
        """,
    ),
    Proof(
        "what has come back of a spend is what its refunds say, and at most what it took",
        """
        SELECT point_type, abs(coalesce(refunded, 0) - coalesce(returned, 0))
            + greatest(0, coalesce(returned, 0) + spent.points) AS drift
        FROM entries AS spent
        LEFT JOIN refunds ON refunds.entry_id = spent.id
        LEFT JOIN (
            SELECT reverses, sum(points) AS returned FROM entries
            WHERE kind = 'refund' GROUP BY reverses
        ) AS back ON back.reverses = spent.id
        WHERE spent.kind IN ('spend', 'capture')
        """,
    ),
    Proof(
        "a member's tier is the highest their growth points reach",
        """
        SELECT point_type, 1 AS drift FROM members JOIN wallets USING (member_id), (
            SELECT body -> 'tiers' AS tiers FROM programme_versions WHERE state = 'live'
        ) AS live
        WHERE point_type = 'growth' AND NOT tiers
                ?| ARRAY['basis', 'window_months', 'period_months']
            AND tier <> (
                SELECT level ->> 'key' FROM jsonb_array_elements(tiers -> 'levels') AS level
                WHERE (level ->> 'threshold')::bigint <= available
                ORDER BY (level ->> 'threshold')::bigint DESC LIMIT 1
            )
        """,
    ),
)


async def take_time(session: AsyncSession) -> None:
    """Let the rest of the transaction run longer than a request may: a proof reads everything."""
    await session.execute(text("SET LOCAL statement_timeout = '10min'"))


async def findings(session: AsyncSession, proof: Proof) -> list[Finding]:
    """Where `proof` fails, by point type; nothing in a sound ledger."""
    statement = text(f"""
        SELECT point_type, count(*) AS contradictions, sum(drift)::bigint AS drift
        FROM ({proof.query}) AS found WHERE drift <> 0 GROUP BY point_type
    """)
    rows = await session.execute(statement)
    return [Finding(row.point_type, row.contradictions, row.drift) for row in rows]
