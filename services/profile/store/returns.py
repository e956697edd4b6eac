"""Returns of orders' lines. The order's member is locked before."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.profile.rules.orders import Order
from services.profile.rules.returns import ReturnedLine, WishedLine
from services.profile.tables import OrderReturnRow, ReturnedLineRow

_ADD_LINES = inserting(
    ReturnedLineRow,
    "order_id line ordered quantity amount_minor",
    "ON CONFLICT (order_id, line) DO UPDATE"
    " SET quantity = returned_lines.quantity + excluded.quantity,"
    " amount_minor = returned_lines.amount_minor + excluded.amount_minor",
)


class KnownReturn(NamedTuple):
    """A return as it was asked for, and what it came to."""

    wished: list[WishedLine]
    lines: list[ReturnedLine]


async def return_with(session: AsyncSession, order_id: str, return_id: str) -> KnownReturn | None:
    row = await session.get(OrderReturnRow, {"order_id": order_id, "return_id": return_id})
    if row is None:
        return None
    return KnownReturn(
        [WishedLine(**line) for line in row.wished], [ReturnedLine(**line) for line in row.lines]
    )


async def returned_of(session: AsyncSession, order_id: str) -> dict[int, ReturnedLine]:
    """What has come back of an order so far, by line."""
    statement = select(
        col(ReturnedLineRow.line), col(ReturnedLineRow.quantity), col(ReturnedLineRow.amount_minor)
    ).where(col(ReturnedLineRow.order_id) == order_id)
    return {
        line: ReturnedLine(line=line, quantity=quantity, amount_minor=amount)
        for line, quantity, amount in await session.execute(statement)
    }


async def add(
    session: AsyncSession,
    order: Order,
    return_id: str,
    wished: Sequence[WishedLine],
    lines: Sequence[ReturnedLine],
) -> None:
    """Write a return. The database refuses more of a line than was ordered."""
    await session.execute(
        insert(OrderReturnRow).values(
            order_id=order.order_id,
            return_id=return_id,
            lines=[asdict(line) for line in lines],
            wished=[asdict(line) for line in wished],
            returned_at=order.changed_at,
        )
    )
    rows = [
        (order.order_id, r.line, order.items[r.line]["quantity"], r.quantity, r.amount_minor)
        for r in lines
    ]
    await _ADD_LINES.execute(session, rows)
