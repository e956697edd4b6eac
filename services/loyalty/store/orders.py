"""Orders: all that has been said of each, merged."""

from collections.abc import Collection, Sequence
from operator import attrgetter
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty import tables
from services.loyalty.rules.orders import Order, merged
from services.loyalty.store.batches import inserting, updating

_LOCK = text("SELECT * FROM orders WHERE order_id = ANY(:order_ids) ORDER BY order_id FOR UPDATE")
_INSERT = inserting(
    tables.Order,
    "order_id member_id amount_minor currency placed_at delivered_at undone refunded_minor",
    conflict="ON CONFLICT DO NOTHING",
)
_UPDATE = updating(tables.Order, "placed_at delivered_at undone refunded_minor")

_inserted = attrgetter(*_INSERT.columns)
_updated = attrgetter(*_UPDATE.columns)


async def merge(session: AsyncSession, tellings: Sequence[Order]) -> list[Order]:
    """Add `tellings` to what is known; the orders as they are known now, locked."""
    told: dict[str, Order] = {}
    for telling in sorted(tellings, key=lambda order: order.order_id):
        known = told.get(telling.order_id)
        told[telling.order_id] = merged(known, telling) if known else telling
    await _INSERT.execute(session, list(map(_inserted, told.values())))
    before = await _locked(session, list(told))
    after = [merged(order, told[order.order_id]) for order in before]
    changed = [new for old, new in zip(before, after, strict=True) if new != old]
    await _UPDATE.execute(session, list(map(_updated, changed)))
    return after


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Give a merged member's orders to the one who goes on."""
    statement = (
        update(tables.Order)
        .where(col(tables.Order.member_id) == absorbed)
        .values(member_id=survivor)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def _locked(session: AsyncSession, order_ids: Sequence[str]) -> list[Order]:
    rows = await session.execute(_LOCK, {"order_ids": order_ids})
    return [Order(**row) for row in rows.mappings()]


async def undone(session: AsyncSession, order_ids: Collection[str]) -> set[str]:
    """Those of some orders that were cancelled, or refunded whole."""
    statement = text("SELECT order_id FROM orders WHERE order_id = ANY(:order_ids) AND undone")
    rows = await session.execute(statement, {"order_ids": list(order_ids)})
    return {row.order_id for row in rows}
