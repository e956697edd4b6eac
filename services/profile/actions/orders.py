"""Orders of the company's shop, as its backend reports them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound, Unprocessable
from services.profile.actions.changes import save_people
from services.profile.actions.people import find
from services.profile.events import OrderChanged, OrderItem, OrderPlaced
from services.profile.rules.identities import Identity
from services.profile.rules.members import seen_active
from services.profile.rules.orders import (
    REFUNDS,
    NotAllowed,
    Order,
    Status,
    changed,
    same_as_placed,
)
from services.profile.store import orders as store


class UnknownMember(Unprocessable):
    code = "profile.unknown_member"
    passing = True
    title = "Unknown member"


class OrderExists(Conflict):
    code = "profile.order_exists"
    title = "Another order has this id"


class OrderNotFound(NotFound):
    code = "profile.order_not_found"
    title = "No such order"


class StatusNotAllowed(Conflict):
    code = "profile.order_status_not_allowed"
    title = "The order cannot change like this"


async def place_order(session: AsyncSession, order: Order, now: datetime) -> Order:
    """Take in an order; the order as it stands. Reporting the same order again changes nothing.

    Raises UnknownMember, or OrderExists when the id belongs to an order that differs.
    """
    people = await find(session, Identity.of_member(order.member_id))
    if people is None:
        raise UnknownMember(
            f"There is no member {order.member_id}. One who registered a moment ago is known "
            "within seconds: send the same again.",
            headers={"Retry-After": "1"},
        )
    member = people.behind(Identity.of_member(order.member_id))
    order = replace(order, member_id=member.id)
    if not await store.add_order(session, order):
        return await _known(session, order)
    people.put(seen_active(member, min(order.placed_at, now)))
    await save_people(session, people, now, judge={member.id})
    await people.say(session, _placed(order))
    return order


async def _known(session: AsyncSession, order: Order) -> Order:
    known = await _order(session, order.order_id)
    if not same_as_placed(known, order):
        raise OrderExists(f"Order {order.order_id} was reported before with another content.")
    return known


async def change_order(
    session: AsyncSession,
    order_id: str,
    status: Status,
    *,
    refunded_minor: int | None,
    changed_at: datetime,
    now: datetime,
) -> Order:
    """Change an order's status; the order as it stands. A change made before changes nothing.

    Raises OrderNotFound or StatusNotAllowed.
    """
    owner = Identity.of_member((await _order(session, order_id)).member_id)
    people = await find(session, owner)
    assert people is not None  # noqa: S101  (orders refer to members)
    order = await _order(session, order_id)
    total = _total(order, status, refunded_minor)
    if await store.change_made(session, order_id, status, total):
        return order
    after = _after(order, status, refunded_minor, changed_at)
    await store.add_change(session, after, total)
    await store.set_status(session, after)
    await save_people(session, people, now, judge={people.owners[owner]})
    await people.say(session, _changed(order, after))
    return after


async def _order(session: AsyncSession, order_id: str) -> Order:
    order = await store.order_with(session, order_id)
    if order is None:
        raise OrderNotFound(f"There is no order {order_id}; report it first.")
    return order


def _total(order: Order, status: Status, refunded_minor: int | None) -> int:
    """What tells two changes to the same status apart: the total refunded, of refunds."""
    if status not in REFUNDS:
        return 0
    return order.amount_minor if refunded_minor is None else refunded_minor


def _after(order: Order, status: Status, refunded_minor: int | None, changed_at: datetime) -> Order:
    try:
        return changed(order, status, refunded_minor, changed_at)
    except NotAllowed as refusal:
        raise StatusNotAllowed(
            str(refusal), order_status=order.status, allowed=sorted(refusal.allowed)
        ) from None


def _placed(order: Order) -> OrderPlaced:
    return OrderPlaced(
        order_id=order.order_id,
        member_id=order.member_id,
        amount_minor=order.amount_minor,
        discount_minor=order.discount_minor,
        tax_minor=order.tax_minor,
        shipping_minor=order.shipping_minor,
        currency=order.currency,
        items=[_item(item) for item in order.items],
        channel=order.channel,
        placed_at=order.placed_at,
    )


def _item(item: Any) -> OrderItem:
    return OrderItem.model_validate(item)


def _changed(before: Order, after: Order) -> OrderChanged:
    return OrderChanged(
        order_id=after.order_id,
        member_id=after.member_id,
        status=after.status,
        previous=before.status,
        amount_minor=after.amount_minor,
        refunded_minor=after.refunded_minor,
        currency=after.currency,
        changed_at=after.changed_at,
    )
