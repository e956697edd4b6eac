"""Orders and the changes of their status."""

from collections.abc import Collection
from operator import attrgetter
from uuid import UUID

from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.profile.rules.orders import Order, Spending, Status
from services.profile.tables import OrderChangeRow, OrderRow

_orders = OrderRow.__table__  # type: ignore[attr-defined]
_names = [column.name for column in _orders.columns]
_ADD = inserting(OrderRow, " ".join(_names), "ON CONFLICT DO NOTHING RETURNING order_id")
_added = attrgetter(*_names)
_SPENDING = text("""
    SELECT member_id, currency, count(*), sum(amount_minor - refunded_minor) FROM orders
    WHERE member_id = ANY(:member_ids) AND progress <> :cancelled GROUP BY member_id, currency
""")
_MOVE = text("UPDATE orders SET member_id = :receiver WHERE member_id = :giver")


async def order_with(session: AsyncSession, order_id: str) -> Order | None:
    rows = await session.execute(select(_orders).where(col(OrderRow.order_id) == order_id))
    row = rows.mappings().one_or_none()
    return _order(row) if row else None


async def add_order(session: AsyncSession, order: Order) -> bool:
    """Write a new order; False when its id is taken."""
    return bool(await _ADD.execute(session, [_added(order)]))


async def add_change(session: AsyncSession, order: Order, refunded_minor: int) -> None:
    """Remember the change that led to `order`; `refunded_minor` is a refund's total, else 0."""
    await session.execute(
        insert(OrderChangeRow).values(
            order_id=order.order_id,
            status=order.status,
            refunded_minor=refunded_minor,
            changed_at=order.changed_at,
        )
    )


async def note_change(session: AsyncSession, order: Order) -> None:
    """Remember that an order came to be as it is, so that a report of the same adds nothing."""
    statement = insert(OrderChangeRow).values(
        order_id=order.order_id,
        status=order.status,
        refunded_minor=order.refunded_minor,
        changed_at=order.changed_at,
    )
    await session.execute(statement.on_conflict_do_nothing())


async def change_made(
    session: AsyncSession, order_id: str, status: Status, refunded_minor: int
) -> bool:
    """Whether this change was made before."""
    key = {"order_id": order_id, "status": status, "refunded_minor": refunded_minor}
    return await session.get(OrderChangeRow, key) is not None


async def set_status(session: AsyncSession, order: Order) -> None:
    await session.execute(
        update(OrderRow)
        .where(col(OrderRow.order_id) == order.order_id)
        .values(
            status=order.status,
            progress=order.progress,
            refunded_minor=order.refunded_minor,
            changed_at=order.changed_at,
        )
    )


async def move_orders(session: AsyncSession, *, giver: UUID, receiver: UUID) -> None:
    """Let one member's orders belong to another."""
    await session.execute(_MOVE, {"giver": giver, "receiver": receiver})


async def spending_of(session: AsyncSession, member_ids: Collection[UUID]) -> dict[UUID, Spending]:
    """What members ordered; those without orders are left out."""
    wanted = {"member_ids": list(member_ids), "cancelled": Status.CANCELLED}
    spending: dict[UUID, Spending] = {}
    for member_id, currency, count, amount in await session.execute(_SPENDING, wanted):
        known = spending.get(member_id, Spending())
        spending[member_id] = Spending(
            order_count=known.order_count + count,
            net_minor={**known.net_minor, currency: int(amount)},
        )
    return spending


def _order(row: RowMapping) -> Order:
    return Order(**{**row, "status": Status(row["status"]), "progress": Status(row["progress"])})
