"""Orders: all that has been said of each, merged."""

from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting, updating
from services.loyalty import tables
from services.loyalty.rules.orders import Order, Units, merged

_LOCK = text("SELECT * FROM orders WHERE order_id = ANY(:order_ids) ORDER BY order_id FOR UPDATE")
_INSERT = inserting(
    tables.Order,
    "order_id member_id amount_minor currency placed_at delivered_at undone refunded_minor"
    " lines returned",
    rest="ON CONFLICT DO NOTHING RETURNING order_id",
)
_UPDATE = updating(tables.Order, "placed_at delivered_at undone refunded_minor lines returned")
_ADD_SHARES = inserting(
    tables.LineShare, "order_id rule weights", rest="ON CONFLICT (order_id, rule) DO NOTHING"
)
_SHARES = text("SELECT * FROM line_shares WHERE order_id = ANY(:order_ids)")

_inserted = attrgetter(*_INSERT.columns[:-2])
_updated = attrgetter(*_UPDATE.columns[:-2])


class Share(NamedTuple):
    """How much of what a rule paid for an order is for which of its lines."""

    order_id: str
    rule: str
    weights: Sequence[int]


async def merge(session: AsyncSession, tellings: Sequence[Order]) -> list[Order]:
    """Add `tellings` to what is known; the orders as they are known now, locked.

    They are locked by their ids, and come back in the order they were first told of: rules that
    count (a first order, a day's cap) are to pay as it happened.
    """
    told: dict[str, Order] = {}
    for telling in sorted(tellings, key=lambda order: order.order_id):
        known = told.get(telling.order_id)
        told[telling.order_id] = merged(known, telling) if known else telling
    rows = await _INSERT.execute(session, [(*_inserted(o), *_by_line(o)) for o in told.values()])
    first_told = {row.order_id: told[row.order_id] for row in rows}
    before = await _locked(session, [name for name in told if name not in first_told])
    after = [merged(order, told[order.order_id]) for order in before]
    changed = [new for old, new in zip(before, after, strict=True) if new != old]
    await _UPDATE.execute(session, [(*_updated(o), *_by_line(o)) for o in changed])
    known_now = first_told | {order.order_id: order for order in after}
    return [known_now[order_id] for order_id in dict.fromkeys(o.order_id for o in tellings)]


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
    if not order_ids:
        return []
    rows = await session.execute(_LOCK, {"order_ids": order_ids})
    return [_order(row) for row in rows.mappings()]


async def add_shares(session: AsyncSession, shares: Sequence[Share]) -> None:
    """Keep which lines rules paid for."""
    await _ADD_SHARES.execute(session, shares)


async def shares_of(
    session: AsyncSession, order_ids: Sequence[str]
) -> dict[tuple[str, str], Sequence[int]]:
    """The weights of orders' lines, by order and rule, of rules that paid for some alone."""
    if not order_ids:
        return {}
    rows = await session.execute(_SHARES, {"order_ids": order_ids})
    return {(row.order_id, row.rule): row.weights for row in rows}


def _by_line(order: Order) -> tuple[list[Any], dict[str, Any]]:
    """Its lines and what came back of them, as JSON has them."""
    returned = {str(line): list(units) for line, units in order.returned.items()}
    return [list(line) for line in order.lines], returned


def _order(row: RowMapping) -> Order:
    lines = tuple(Units(*line) for line in row["lines"])
    returned = {int(line): Units(*units) for line, units in row["returned"].items()}
    return Order(**{**row, "lines": lines, "returned": returned})


async def undone(session: AsyncSession, order_ids: Collection[str]) -> set[str]:
    """Those of some orders that were cancelled, or refunded whole."""
    statement = text("SELECT order_id FROM orders WHERE order_id = ANY(:order_ids) AND undone")
    rows = await session.execute(statement, {"order_ids": list(order_ids)})
    return {row.order_id for row in rows}
