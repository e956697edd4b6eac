"""Orders of the company's shop, as its backend reports them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound, Unprocessable
from services.profile.actions.changes import save_people
from services.profile.actions.people import People, find
from services.profile.events import OrderChanged, OrderItem, OrderPlaced, ReturnedItem
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
from services.profile.rules.returns import (
    NotReturnable,
    Returned,
    ReturnedLine,
    WishedLine,
    added,
    after_return,
    returning,
)
from services.profile.store import members as store_members
from services.profile.store import orders as store
from services.profile.store import returns as store_returns


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


class ReturnExists(Conflict):
    code = "profile.return_exists"
    title = "Another return of this order has this id"


class OverReturned(Conflict):
    code = "profile.over_returned"
    title = "The order has no more of that to come back"


@dataclass(frozen=True, slots=True)
class Return:
    """A return, and the order as it stands with it and all others."""

    return_id: str
    order: Order
    lines: Sequence[ReturnedLine]
    returned: Returned


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
    await save_people(session, people, now, judge={member.id}, then=[_placed(order)])
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
    people = await _owners(session, owner)
    order = await _order(session, order_id)
    total = _total(order, status, refunded_minor)
    if await store.change_made(session, order_id, status, total):
        return order
    after = _after(order, status, refunded_minor, changed_at)
    await store.add_change(session, after, total)
    await store.set_status(session, after)
    await save_people(session, people, now, judge={people.owners[owner]})
    returned = await store_returns.returned_of(session, order_id)
    await people.say(session, _changed(order, after, returned))
    return after


async def return_lines(
    session: AsyncSession,
    order_id: str,
    return_id: str,
    wished: Sequence[WishedLine],
    *,
    returned_at: datetime,
    now: datetime,
) -> Return:
    """Take back units of an order's lines, once for each `return_id`.

    Raises OrderNotFound, ReturnExists when the id belongs to a return that differs, or
    OverReturned, which names the line and what is left of it.
    """
    owner = Identity.of_member((await _order(session, order_id)).member_id)
    people = await _owners(session, owner)
    order = await _order(session, order_id)
    so_far = await store_returns.returned_of(session, order_id)
    known = await store_returns.return_with(session, order_id, return_id)
    if known is not None:
        if known.wished != list(wished):
            raise ReturnExists(
                f"Return {return_id} of order {order_id} was reported before with other lines."
            )
        return Return(return_id, order, known.lines, so_far)
    lines = _returning(order, so_far, wished)
    total = added(so_far, lines)
    after = after_return(order, total, lines, returned_at)
    await store_returns.add(session, after, return_id, wished, lines)
    await store.note_change(session, after)
    await store.set_status(session, after)
    await save_people(session, people, now, judge={people.owners[owner]})
    await people.say(session, _changed(order, after, total, return_id))
    return Return(return_id, after, lines, total)


def _returning(order: Order, so_far: Returned, wished: Sequence[WishedLine]) -> list[ReturnedLine]:
    try:
        return returning(order, so_far, wished)
    except NotReturnable as refusal:
        error = {"field": refusal.field, "code": OverReturned.code, "detail": str(refusal)}
        raise OverReturned(str(refusal), errors=[error]) from None


async def _owners(session: AsyncSession, owner: Identity) -> People:
    """The member an order refers to, locked; of one who was erased, what is left of them."""
    people = await find(session, owner)
    if people is None:
        member_id = UUID(owner.value)
        locked = await store_members.lock_members(session, {member_id})
        people = People({owner: member_id}, locked, dict(locked))
    return people


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


def _changed(
    before: Order, after: Order, returned: Returned, return_id: str | None = None
) -> OrderChanged:
    return OrderChanged(
        order_id=after.order_id,
        member_id=after.member_id,
        status=after.status,
        previous=before.status,
        amount_minor=after.amount_minor,
        refunded_minor=after.refunded_minor,
        currency=after.currency,
        changed_at=after.changed_at,
        return_id=return_id,
        returned=[_returned(after, returned[line]) for line in sorted(returned)],
    )


def _returned(order: Order, line: ReturnedLine) -> ReturnedItem:
    return ReturnedItem(
        line=line.line,
        sku=order.items[line.line]["sku"],
        quantity=line.quantity,
        amount_minor=line.amount_minor,
    )
