"""Refunds: what a spend took, and how much of it has come back."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.ledger import PointType, Source, WalletKey
from services.loyalty.rules.refunds import Spend

_SPEND = """
    SELECT spent.id, spent.member_id, spent.by_member_id, spent.point_type, spent.source_type,
        spent.source_id, spent.rule, -spent.points AS points,
        coalesce(refunds.refunded, 0) AS refunded,
        (SELECT jsonb_agg(jsonb_build_array(
                (SELECT live.id FROM entries AS now JOIN lots AS live USING (id)
                WHERE now.source_type = credit.source_type AND now.source_id = credit.source_id
                    AND now.rule = credit.rule AND live.state <> 'moved'
                ORDER BY live.id = lot_id DESC LIMIT 1),
                - (lot_moves.points + lot_moves.held)) ORDER BY lot_id DESC)
            FROM lot_moves JOIN entries AS credit ON credit.id = lot_id
            WHERE entry_id = spent.id) AS took
    FROM entries AS spent LEFT JOIN refunds ON refunds.entry_id = spent.id
    WHERE spent.kind IN ('spend', 'capture')
"""

_ONE = text(f"{_SPEND} AND spent.id = :entry_id")

_FOR_SOURCE = text(f"""
    {_SPEND} AND spent.source_type = :source_type AND spent.source_id = :source_id
    ORDER BY spent.id
""")

_ADD = text("""
    INSERT INTO refunds (entry_id, points, refunded) VALUES (:entry_id, :points, :refunded)
    ON CONFLICT (entry_id) DO UPDATE SET refunded = refunds.refunded + excluded.refunded
""")


async def spend(session: AsyncSession, entry_id: UUID) -> Spend | None:
    """What an entry spent; None if there is no such entry, or it spent nothing.

    It is true for as long as the wallet is locked.
    """
    row = (await session.execute(_ONE, {"entry_id": entry_id})).one_or_none()
    return _spend(row) if row else None


async def spends_for(session: AsyncSession, source: Source) -> list[Spend]:
    """All that was spent for one thing, such as a redemption."""
    about = {"source_type": source.type, "source_id": source.id}
    return [_spend(row) for row in await session.execute(_FOR_SOURCE, about)]


async def add(session: AsyncSession, spend: Spend, points: int) -> None:
    """Remember that `points` more have come back."""
    await session.execute(
        _ADD, {"entry_id": spend.entry_id, "points": spend.points, "refunded": points}
    )


def _spend(row: Row[Any]) -> Spend:
    return Spend(
        entry_id=row.id,
        key=WalletKey(row.member_id, PointType(row.point_type)),
        source=Source(row.source_type, row.source_id),
        rule=row.rule,
        points=row.points,
        refunded=row.refunded,
        by=row.by_member_id,
        took=tuple((UUID(lot_id), taken) for lot_id, taken in row.took or ()),
    )
