"""The coupons used on orders."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.loyalty.tables import CouponUse, OrderDiscount

_ADD_USES = inserting(CouponUse, "discount_id coupon_id discount_minor")

_ADD = text("""
    INSERT INTO order_discounts (discount_id, order_id, key, member_id, codes, amount_minor,
        currency, discount_minor, redeemed_at)
    VALUES (:discount_id, :order_id, :key, :member_id, :codes, :amount_minor, :currency,
        :discount_minor, :redeemed_at)
    ON CONFLICT DO NOTHING RETURNING 1
""")

_UNDO = text("""
    UPDATE order_discounts SET rolled_back_at = :now
    WHERE order_id = ANY(:order_ids) AND rolled_back_at IS NULL RETURNING *
""")

_USES = text("""
    SELECT discount_id, coupon_id, series_id, returns_with_order, discount_minor
    FROM coupon_uses JOIN coupons USING (coupon_id) JOIN coupon_series USING (series_id)
    WHERE discount_id = ANY(:discount_ids) ORDER BY discount_id, coupon_id
""")


async def add(session: AsyncSession, discount: OrderDiscount, uses: Mapping[UUID, int]) -> bool:
    """Write what an order's coupons take off; False if the order, or the key, has one already."""
    values = discount.model_dump(exclude={"rolled_back_at"})
    if (await session.execute(_ADD, values)).first() is None:
        return False
    rows = [(discount.discount_id, coupon_id, minor) for coupon_id, minor in uses.items()]
    await _ADD_USES.execute(session, rows)
    return True


async def of_key(session: AsyncSession, key: UUID) -> OrderDiscount | None:
    """What was asked for with this key, rolled back since or not."""
    return await _one(session, col(OrderDiscount.key) == key)


async def of_order(session: AsyncSession, order_id: str) -> OrderDiscount | None:
    """The coupons that are on an order now."""
    standing = col(OrderDiscount.rolled_back_at).is_(None)
    return await _one(session, (col(OrderDiscount.order_id) == order_id) & standing)


async def of_orders(session: AsyncSession, order_ids: Collection[str]) -> Sequence[OrderDiscount]:
    """The coupons that are on some orders now, by the orders' ids."""
    if not order_ids:
        return []
    statement = select(OrderDiscount).where(
        col(OrderDiscount.rolled_back_at).is_(None),
        col(OrderDiscount.order_id) == any_(literal(sorted(order_ids), ARRAY(Text))),
    )
    return (await session.scalars(statement.order_by(col(OrderDiscount.order_id)))).all()


async def last_of_order(session: AsyncSession, order_id: str) -> OrderDiscount | None:
    """The coupons that are on an order, or were last."""
    statement = (
        select(OrderDiscount)
        .where(col(OrderDiscount.order_id) == order_id)
        .order_by(col(OrderDiscount.discount_id).desc())
        .limit(1)
    )
    return (await session.scalars(statement)).one_or_none()


async def undo(
    session: AsyncSession, order_ids: Collection[str], now: datetime
) -> list[OrderDiscount]:
    """Take the coupons off orders; what they were, of those that had any."""
    given = {"order_ids": sorted(order_ids), "now": now}
    return [OrderDiscount(**row._asdict()) for row in await session.execute(_UNDO, given)]


class Use(NamedTuple):
    """A coupon on an order, its series, and whether a cancelled order gives it back."""

    discount_id: UUID
    coupon_id: UUID
    series_id: UUID
    returns_with_order: bool
    discount_minor: int


async def uses(session: AsyncSession, discount_ids: Collection[UUID]) -> list[Use]:
    """The coupons of discounts."""
    rows = await session.execute(_USES, {"discount_ids": list(discount_ids)})
    return [Use(*row) for row in rows]


async def _one(session: AsyncSession, condition: ColumnElement[bool]) -> OrderDiscount | None:
    statement = select(OrderDiscount).where(condition).execution_options(populate_existing=True)
    return (await session.scalars(statement)).one_or_none()
