"""Proofs of the ledger: queries that find where it contradicts itself. A sound one yields nothing.

Each reads one snapshot, so writers never make it err and it never holds them up. A proof is about
all that there is, or about what entries after a given one have touched: names of tables then stand
for those of their rows (`_TOUCHED`). What a proof says of an entry follows from the entry before
it, and of a wallet from its last, so what was proved once need not be read again. The SQL is put
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


_ALL = """
    WITH entry_moves AS NOT MATERIALIZED (SELECT * FROM public.lot_moves),
    spends AS NOT MATERIALIZED (
        SELECT * FROM public.entries WHERE kind IN ('spend', 'capture')
    )
"""

_TOUCHED = """
    WITH entries AS MATERIALIZED (SELECT * FROM public.entries WHERE seq > :since),
    postings AS (SELECT postings.* FROM public.postings JOIN entries ON id = entry_id),
    entry_moves AS (SELECT moves.* FROM public.lot_moves AS moves JOIN entries ON id = entry_id),
    wallets AS (
        SELECT * FROM public.wallets
        WHERE (member_id, point_type) IN (SELECT member_id, point_type FROM entries)
    ),
    holds AS (
        SELECT * FROM public.holds
        WHERE state = 'open'
            AND (member_id, point_type) IN (SELECT member_id, point_type FROM wallets)
        UNION
        SELECT * FROM public.holds WHERE hold_id IN (
            SELECT CAST(source_id AS uuid) FROM entries WHERE source_type = 'hold'
        )
    ),
    lots AS (
        SELECT * FROM public.lots WHERE id IN (
            SELECT lot_id FROM entry_moves UNION SELECT id FROM entries
            UNION SELECT lot_id FROM public.held_lots JOIN holds USING (hold_id)
        )
        UNION
        SELECT * FROM public.lots
        WHERE is_open
            AND (member_id, point_type) IN (SELECT member_id, point_type FROM wallets)
    ),
    lot_moves AS (SELECT * FROM public.lot_moves WHERE lot_id IN (SELECT id FROM lots)),
    held_lots AS (
        SELECT * FROM public.held_lots
        WHERE lot_id IN (SELECT id FROM lots) OR hold_id IN (SELECT hold_id FROM holds)
    ),
    spends AS (
        SELECT * FROM public.entries
        WHERE kind IN ('spend', 'capture')
            AND id IN (SELECT id FROM entries UNION SELECT reverses FROM entries)
    ),
    members AS (
        SELECT * FROM public.members WHERE member_id IN (SELECT member_id FROM wallets)
    )
"""

_POSTED = """
    SELECT id, coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS to_available,
        coalesce(sum(amount) FILTER (WHERE account = 'pending'), 0) AS to_pending,
        coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS to_held,
        coalesce(sum(amount) FILTER (WHERE account = 'debt'), 0) AS to_debt
    FROM entries LEFT JOIN postings ON entry_id = id GROUP BY id
"""

PROOFS: Sequence[Proof] = (
    Proof(
        "the postings of each entry sum to zero",
        """
        SELECT point_type, abs(sum(amount)) AS drift
        FROM entries JOIN postings ON entry_id = id GROUP BY id, point_type
        """,
    ),
    Proof(
        "a wallet's balances are those its last entry left",
        """
        SELECT wallets.point_type, abs(wallets.available - coalesce(last.available, 0))
            + abs(wallets.pending - coalesce(last.pending, 0))
            + abs(wallets.held - coalesce(last.held, 0))
            + abs(wallets.debt - coalesce(last.debt, 0)) AS drift
        FROM wallets LEFT JOIN public.entries AS last USING (member_id, point_type, version)
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
        FROM entries JOIN ({_POSTED}) AS posted USING (id)
        LEFT JOIN public.lots AS made ON made.id = entries.id
        LEFT JOIN (
            SELECT entry_id, sum(points + held) AS taken FROM entry_moves GROUP BY entry_id
        ) AS moved ON entry_id = entries.id
        """,
    ),
    Proof(
        "each entry's balances follow from those of the entry before it",
        f"""
        SELECT entries.point_type,
            abs(entries.available - coalesce(previous.available, 0) - to_available)
            + abs(entries.pending - coalesce(previous.pending, 0) - to_pending)
            + abs(entries.held - coalesce(previous.held, 0) - to_held)
            + abs(entries.debt - coalesce(previous.debt, 0) + to_debt) AS drift
        FROM entries JOIN ({_POSTED}) AS posted USING (id)
        LEFT JOIN public.entries AS previous ON previous.member_id = entries.member_id
            AND previous.point_type = entries.point_type
            AND previous.version = entries.version - 1
        """,
    ),
    Proof(
        "a wallet's version counts its entries, and none is left out",
        """
        SELECT point_type, abs(version - coalesce((
            SELECT max(written.version) FROM public.entries AS written
            WHERE written.member_id = wallets.member_id
                AND written.point_type = wallets.point_type
        ), 0)) AS drift FROM wallets
        UNION ALL
        SELECT point_type, 1 AS drift FROM entries
        WHERE version > 1 AND NOT EXISTS (
            SELECT FROM public.entries AS previous
            WHERE previous.member_id = entries.member_id
                AND previous.point_type = entries.point_type
                AND previous.version = entries.version - 1
        )
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
            UNION ALL
            SELECT member_id, point_type, 1 AS points, idle_at FROM wallets
            WHERE idle_at IS NOT NULL
        ) AS changing USING (member_id, point_type)
        WHERE due_at > at OR due_at IS NULL
        """,
    ),
    Proof(
        "what has come back of a spend is what its refunds say, and at most what it took",
        """
        SELECT point_type, abs(coalesce(refunded, 0) - coalesce(returned, 0))
            + greatest(0, coalesce(returned, 0) + spent.points) AS drift
        FROM spends AS spent
        LEFT JOIN refunds ON refunds.entry_id = spent.id
        LEFT JOIN (
            SELECT reverses, sum(points) AS returned FROM public.entries
            WHERE kind = 'refund' AND reverses IN (SELECT id FROM spends) GROUP BY reverses
        ) AS back ON back.reverses = spent.id
        """,
    ),
    Proof(
        "a member of a household has no points of their own",
        """
        SELECT point_type, available + pending + held + debt + 1 AS drift FROM wallets
        WHERE household_id IS NOT NULL AND (available + pending + held + debt > 0
            OR point_type <> 'points' OR NOT EXISTS (
                SELECT FROM household_members AS stay
                WHERE stay.household_id = wallets.household_id
                    AND stay.member_id = wallets.member_id AND left_at IS NULL
            ))
        """,
    ),
    Proof(
        "what somebody wrote about an entry is what they wrote",
        """
        SELECT point_type, 1 AS drift FROM entries JOIN remarks ON entry_id = id
        WHERE reason IS DISTINCT FROM
            'sha256=' || encode(sha256(salt || convert_to(said, 'UTF8')), 'hex')
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


async def findings(session: AsyncSession, proof: Proof, since: int | None) -> list[Finding]:
    """Where `proof` fails, by point type; nothing in a sound ledger.

    It is about what entries numbered above `since` have touched; None: about all there is.
    """
    scope = _ALL if since is None else _TOUCHED
    statement = text(f"""
        {scope}
        SELECT point_type, count(*) AS contradictions, sum(drift)::bigint AS drift
        FROM ({proof.query}) AS found WHERE drift <> 0 GROUP BY point_type
    """)
    rows = await session.execute(statement, {} if since is None else {"since": since})
    return [Finding(row.point_type, row.contradictions, row.drift) for row in rows]
