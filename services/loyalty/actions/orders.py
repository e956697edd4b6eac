"""Orders: making an order's points what is known of the order says they are."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import (
    ONE_CAUSE,
    Causes,
    close_book,
    lock_wallets,
    open_book,
    open_locked,
)
from services.loyalty.actions.earning import pay
from services.loyalty.actions.members import of_survivors
from services.loyalty.actions.paid_orders import (
    payments_of,
    return_payments,
    settle_payments,
    without_points,
)
from services.loyalty.actions.tiers import Lost
from services.loyalty.rules.book import Book
from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import Claim, Lot, Memo, WalletKey
from services.loyalty.rules.orders import Order, points_due_back
from services.loyalty.rules.programme.triggers import ORDER_PLACED
from services.loyalty.rules.settling import release
from services.loyalty.store import books, orders
from services.loyalty.store.payments import Made


async def settle_orders(
    session: AsyncSession,
    tellings: Sequence[Order],
    now: datetime,
    causes: Causes = ONE_CAUSE,
    others: Collection[UUID] = (),
) -> None:
    """Merge what is told into what is known, then pay, take back and release accordingly.

    What points pay of an order is spent once it is placed, and comes back as the order does.

    Telling the same again changes nothing, and the sequence of the tellings does not matter. The
    wallets of `others` are locked with those of the orders' members: for what is done afterwards.
    """
    tellings = await of_survivors(session, tellings)
    made = await payments_of(session, tellings)
    told_of: list[Order | Made] = [*tellings, *made.values()]
    locked = {one.member_id for one in told_of}.union(others)
    book = await lock_wallets(session, locked, now)
    known = await orders.merge(session, tellings)
    placed = [order for order in known if order.placed_at is not None]
    if not placed and not made:
        return
    concerned: list[Order | Made] = [*placed, *made.values()]
    member_ids, sources = {one.member_id for one in concerned}, {one.source for one in concerned}
    if member_ids == locked:
        await open_locked(session, book, sources)
    else:  # an order is of whom it was placed for, and not all are placed
        book = await open_book(session, member_ids, now, sources)
    told = [without_points(o, made.get(o.order_id), now) for o in placed if o.event is not None]
    await pay(session, book, [occasion_of(order) for order in told])
    await _take_back(session, book, placed)
    for order in placed:
        if order.delivered_at is not None:
            for lot in book.lots_from(order.source):
                release(book, lot)
    await settle_payments(session, book, known, made)
    causes = _causes(causes, known, made)
    await close_book(session, book, causes=causes, lost_by_orders=_lost(placed))
    await return_payments(session, known, made, now, causes)


def _causes(causes: Causes, known: Iterable[Order], made: Mapping[str, Made]) -> Causes:
    """What is behind an order is behind what becomes of its payment."""
    paid = {
        made[o.order_id].source: causes[o.source]
        for o in known
        if o.order_id in made and o.source in causes
    }
    return {**causes, **paid} if paid else causes


def _lost(placed: Iterable[Order]) -> dict[UUID, Lost]:
    """What has been taken back of each member's orders."""
    lost: dict[UUID, Lost] = {}
    for order in placed:
        before = lost.get(order.member_id, Lost())
        lost[order.member_id] = Lost(
            before.spend + order.lost_minor, before.orders + int(order.undone)
        )
    return lost


async def _take_back(session: AsyncSession, book: Book, placed: Iterable[Order]) -> None:
    weights = await orders.shares_of(session, [o.order_id for o in placed if o.returned])
    due = [
        (order, lot, points)
        for order in placed
        if order.has_shrunk
        for lot in book.lots_from(order.source)
        if (points := _due_back(order, lot, weights) - lot.reversed) > 0
    ]
    needed: Counter[WalletKey] = Counter()
    for _, lot, points in due:
        needed[lot.key] += points
    await books.bring_spendable(session, book, needed)
    for order, lot, points in due:
        book.claw_back(lot, points, _return_of(order, lot, points, book.now))


def _due_back(order: Order, lot: Lot, weights: Mapping[tuple[str, str], Sequence[int]]) -> int:
    return points_due_back(order, lot.original, weights.get((order.order_id, lot.rule)))


def _return_of(order: Order, lot: Lot, points: int, now: datetime) -> Memo:
    """The claim names the total taken back of the lot, which only grows."""
    claim = Claim(order.source, lot.rule, f"return:{lot.reversed + points}")
    reason = "order_undone" if order.undone else "order_refunded"
    return Memo(claim=claim, at=now, reason=reason)


def occasion_of(order: Order) -> Occasion:
    """The placing of an order, of which is being told just now."""
    assert order.placed_at is not None  # noqa: S101  (only placed orders earn)
    assert order.event is not None  # noqa: S101  (and only when that is told)
    return Occasion(
        member_id=order.member_id,
        trigger=ORDER_PLACED,
        source=order.source,
        at=order.placed_at,
        event=order.event,
    )
