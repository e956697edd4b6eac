"""Orders: all that has been said of each, merged."""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty import tables
from services.loyalty.rules.orders import Order, merged
from services.loyalty.store.batches import inserting, updating

_FIELDS = [field.name for field in fields(Order)]
_row = attrgetter(*_FIELDS)
_INSERT = inserting(tables.Order, " ".join(_FIELDS), conflict="ON CONFLICT DO NOTHING")
_UPDATE = updating(tables.Order, "placed_at delivered_at undone refunded_minor")


async def merge(session: AsyncSession, tellings: Sequence[Order]) -> list[Order]:
    """Add `tellings` to what is known; the orders as they are known now, locked."""
    told: dict[str, Order] = {}
    for telling in sorted(tellings, key=lambda order: order.order_id):
        known = told.get(telling.order_id)
        told[telling.order_id] = merged(known, telling) if known else telling
    await _INSERT.execute(session, [_row(order) for order in told.values()])
    before = await _locked(session, list(told))
    after = [merged(order, told[order.order_id]) for order in before]
    changed = [new for old, new in zip(before, after, strict=True) if new != old]
    await _UPDATE.execute(
        session,
        [(o.order_id, o.placed_at, o.delivered_at, o.undone, o.refunded_minor) for o in changed],
    )
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
    statement = (
        select(tables.Order)
        .where(col(tables.Order.order_id).in_(order_ids))
        .order_by(col(tables.Order.order_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    rows = await session.scalars(statement)
    return [Order(**dict(zip(_FIELDS, _row(row), strict=True))) for row in rows]
