"""What becomes of the points that pay for orders, as the orders go on.

What an order's payment should be follows from what is known of the order, as the order's own points
do: so late, repeated and reordered events end in the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import Causes, close_book, open_book, settle
from services.loyalty.actions.holds import HoldMoving
from services.loyalty.actions.members import of_survivors
from services.loyalty.actions.refunds import refund_spend
from services.loyalty.rules.book import Book
from services.loyalty.rules.holds import capture, claim_of, void
from services.loyalty.rules.ledger import Claim, Hold, HoldState, Memo
from services.loyalty.rules.orders import Order, points_due_back
from services.loyalty.store import holds, locking, payments
from services.loyalty.store.payments import Made


async def payments_of(session: AsyncSession, orders: Sequence[Order]) -> dict[str, Made]:
    """What pays for some orders now, by their ids, each as its surviving member's."""
    found = await payments.of_orders(session, {order.order_id for order in orders})
    return {made.order_id: made for made in await of_survivors(session, found)}


def without_points(order: Order, made: Made | None, now: datetime) -> Order:
    """The order as rules are to see it: what points pay is no discount that can earn points."""
    told = order.event.get("discount_minor") if order.event else None
    if made is None or not made.stands(now) or order.event is None or not isinstance(told, int):
        return order
    left = max(0, told - made.discount_minor)
    return replace(order, event={**order.event, "discount_minor": left})


async def settle_payments(
    session: AsyncSession, book: Book, orders: Sequence[Order], made: Mapping[str, Made]
) -> None:
    """Spend what pays for orders that are placed; give back that of orders that are undone.

    The book holds the wallets of those who pay. What has been spent and is to come back is left to
    `return_payments`, once the book is closed.
    """
    if not made:
        return
    await _lock_holders(session, book, made.values())
    for order in orders:
        if paying := made.get(order.order_id):
            await holds.bring_one(session, book, paying.payment_id)
            hold = book.holds[paying.payment_id]
            if hold.key not in book.wallets:
                raise HoldMoving("The member is just being merged with another; try again.")
            if hold.state is HoldState.OPEN:
                _settle(book, order, hold, paying)
    await settle(session, book)


async def return_payments(
    session: AsyncSession,
    orders: Sequence[Order],
    made: Mapping[str, Made],
    now: datetime,
    causes: Causes,
) -> None:
    """Give back what returned orders were paid with, as much as came back of each."""
    shrunk = {order.order_id: order for order in orders if order.has_shrunk}
    known = await payments.of_orders(session, made.keys() & shrunk.keys()) if made else []
    back = []
    for each in await of_survivors(session, known):
        order = shrunk[each.order_id]
        reason = "order_undone" if order.undone else "order_refunded"
        if points_due_back(order, each.paid) > each.returned:
            back.append((each, points_due_back(order, each.paid), reason))
    await give_back(session, back, now, causes=causes)


async def give_back(
    session: AsyncSession,
    back: Sequence[tuple[Made, int, str]],
    now: datetime,
    *,
    actor: str | None = None,
    causes: Causes | None = None,
) -> None:
    """Give back points of payments, until so many of each have come back in all."""
    if not back:
        return
    sources = {made.source for made, _, _ in back}
    book = await open_book(session, {made.member_id for made, _, _ in back}, now, sources)
    for made, total, reason in back:
        claim = Claim(made.source, "hold", f"return:{total}")
        memo = Memo(claim=claim, at=now, actor=actor, reason=reason or None)
        await refund_spend(session, book, made.source, memo, total)
    await close_book(session, book, causes=causes or {})


def _settle(book: Book, order: Order, hold: Hold, paying: Made) -> None:
    if order.undone:
        memo = Memo(claim=claim_of(hold, "void"), at=book.now, reason="order_undone")
        void(book, hold, memo)
    elif order.placed_at is not None:
        claim = claim_of(hold, f"capture:{paying.key}")
        capture(book, hold, hold.remaining, Memo(claim=claim, at=book.now))


async def _lock_holders(session: AsyncSession, book: Book, made: Iterable[Made]) -> None:
    """Lock the wallets of households that hold points of members who have left them."""
    here = {key.member_id for key in book.wallets}
    if strangers := {each.holder_id for each in made} - here:
        await locking.lock_too(session, book, sorted(strangers))
        await settle(session, book)
