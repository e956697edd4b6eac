"""Paying for orders with points: setting them aside, spending them, giving them back.

A payment is a hold with an order: until the order is placed, or the payment confirmed, its points
are set aside, and go back by themselves when its time is out.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.idempotency import KeyReused
from kit.ids import uuid7
from kit.problems import Conflict, NotFound, Problem
from services.loyalty.actions.bookkeeping import close_book, lock_wallets, open_book
from services.loyalty.actions.holds import HoldEnded, HoldMoving, capture_hold, void_hold
from services.loyalty.actions.members import known_member
from services.loyalty.actions.paid_orders import give_back
from services.loyalty.actions.spending import InsufficientPoints
from services.loyalty.actions.velocity import step_up, too_fast
from services.loyalty.rules.book import Book
from services.loyalty.rules.holds import authorize, claim_of
from services.loyalty.rules.ledger import Hold, Memo, PointType, WalletKey
from services.loyalty.rules.paying import (
    Offer,
    PayingTerms,
    PaymentRefusal,
    PaymentState,
    hindrance,
    misfit,
    offer,
)
from services.loyalty.rules.velocity import needs_approval, too_fast_until
from services.loyalty.store import books, members, payments
from services.loyalty.store.payments import Deciding, Made
from services.loyalty.tables import Payment


class PaymentRefused(Conflict):
    code = "loyalty.payment_refused"
    title = "Points do not pay for this order"


class OrderHasPayment(Conflict):
    code = "loyalty.order_has_payment"
    title = "This order has another payment with points"


class PaymentEnded(Conflict):
    code = "loyalty.payment_ended"
    title = "The payment has ended"


class NoPaymentOnOrder(NotFound):
    code = "loyalty.no_payment_on_order"
    title = "This order is not paid with points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """An order to be paid; what `amount_minor` is left of it after coupons.

    `session_id` is the session its member checks out in; without one, as from a new device.
    """

    member_id: UUID
    amount_minor: int
    currency: str
    order_id: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentWish:
    """A wish to pay for an order with so many points, which comes true once for each `key`."""

    checkout: Checkout
    order_id: str
    points: int
    key: UUID
    actor: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What of an order a member's points can pay, by which terms, and what they have."""

    offer: Offer
    terms: PayingTerms | None
    available: int


async def quote_payment(session: AsyncSession, checkout: Checkout, now: datetime) -> Quote:
    """What of an order the member's points can pay. Nothing is held."""
    heir = await members.heir(session, checkout.member_id)
    checkout = replace(checkout, member_id=heir or checkout.member_id)
    available = await _available(session, checkout, now) if heir else 0
    found = await _deciding(session, checkout, now)
    refusal = hindrance(found.terms, checkout.amount_minor, has_coupons=found.has_coupons)
    if refusal or found.terms is None:
        return Quote(Offer(refusal=refusal), found.terms, available)
    purse = replace(found.purse, available=available)
    return Quote(offer(found.terms, checkout.amount_minor, purse, now), found.terms, available)


async def pay_with_points(session: AsyncSession, wish: PaymentWish, now: datetime) -> Made:
    """Set a member's points aside for an order: once for each key, and for each order.

    Asking again, for the same order or with the same key, gives the first payment as it stands.
    Raises MemberNotFound, PaymentRefused, InsufficientPoints, TooFast, StepUpRequired, KeyReused
    or OrderHasPayment.
    """
    checkout = replace(
        wish.checkout, member_id=await known_member(session, wish.checkout.member_id)
    )
    wish = replace(wish, checkout=checkout)
    book = await open_book(session, {checkout.member_id}, now, point_types=(PointType.POINTS,))
    await payments.lock_order(session, wish.order_id)
    if earlier := await _earlier(session, wish, now):
        await close_book(session, book)
        return earlier
    found = await _deciding(session, checkout, now)
    available = book.wallet(_purse(checkout)).available
    terms, refusal = _decide(wish, found, available, now)
    if refusal or terms is None:
        raise refusal or AssertionError("without terms paying is off")
    return await _pay(session, book, wish, terms)


async def confirm_payment(session: AsyncSession, order_id: str, actor: str, now: datetime) -> Made:
    """Spend the points of an order's payment; again, the same answer.

    Raises NoPaymentOnOrder, or PaymentEnded when they have gone back.
    """
    made = await _of_order(session, order_id)
    if made.ended_at is not None:
        raise _ended(made)
    if not made.paid:
        try:
            await capture_hold(
                session,
                made.payment_id,
                points=None,
                final=True,
                key=made.key,
                actor=actor,
                now=now,
            )
        except HoldEnded as error:
            raise _ended(await _of_order(session, order_id)) from error
    return await _of_order(session, order_id)


async def cancel_payment(session: AsyncSession, order_id: str, actor: str, now: datetime) -> Made:
    """Give back all that pays for an order, which can then be paid anew; again, the same answer.

    Raises NoPaymentOnOrder or HoldMoving.
    """
    made = await _locked(session, order_id, now)
    if made.ended_at is None:
        try:
            await void_hold(session, made.payment_id, actor, now)
        except HoldEnded:
            await give_back(session, [(made, made.paid or made.points, "")], now, actor=actor)
        await payments.end(session, made.payment_id, now)
    return await _of_order(session, order_id)


async def _locked(session: AsyncSession, order_id: str, now: datetime) -> Made:
    """An order's payment, its member's wallets locked before those of households it may be in.

    Raises NoPaymentOnOrder, or HoldMoving while its member is being merged with another.
    """
    found = await _of_order(session, order_id)
    await lock_wallets(session, {found.member_id}, now)
    made = await _of_order(session, order_id)
    if made.member_id != found.member_id:
        raise HoldMoving("The member is just being merged with another; try again in a moment.")
    return made


async def check_coupons(session: AsyncSession, order_id: str, now: datetime) -> None:
    """Raise OrderHasPayment if points pay for the order that do not go with coupons.

    Nobody can put points on the order before the transaction ends.
    """
    await payments.lock_order(session, order_id)
    made = await payments.of_order(session, order_id)
    if made and made.ended_at is None and made.stands(now) and not made.with_coupons:
        raise OrderHasPayment(
            f"{made.points} points pay for the order {order_id}, which do not go with coupons;"
            " cancel that payment first."
        )


async def _available(session: AsyncSession, checkout: Checkout, now: datetime) -> int:
    """What the member has to spend, once what is due has happened."""
    book = await open_book(session, {checkout.member_id}, now, point_types=(PointType.POINTS,))
    await close_book(session, book)
    return book.wallet(_purse(checkout)).available


async def _earlier(session: AsyncSession, wish: PaymentWish, now: datetime) -> Made | None:
    """What was answered before to this key, or pays for this order now.

    One that has ended by itself makes way for another. Raises KeyReused or OrderHasPayment.
    """
    if known := await payments.of_key(session, wish.key):
        if _asked(wish) != _had(known):
            raise KeyReused("Another order was paid with this Idempotency-Key; make a new one.")
        return known
    known = await payments.of_order(session, wish.order_id)
    if known is None or known.ended_at is not None:
        return None
    if not known.stands(now):
        await payments.end(session, known.payment_id, now)
        return None
    if _asked(wish) == _had(known):
        return known
    raise OrderHasPayment(
        f"{known.points} points pay for the order {known.order_id} of {known.amount_minor};"
        " cancel that payment before making another."
    )


def _asked(wish: PaymentWish) -> tuple[object, ...]:
    asked = wish.checkout
    return wish.order_id, asked.member_id, asked.amount_minor, asked.currency, wish.points


def _had(made: Made) -> tuple[object, ...]:
    return made.order_id, made.member_id, made.amount_minor, made.currency, made.points


def _decide(
    wish: PaymentWish, found: Deciding, available: int, now: datetime
) -> tuple[PayingTerms | None, Problem | None]:
    """The terms by which the points pay, or why they do not."""
    amount, terms, purse = wish.checkout.amount_minor, found.terms, found.purse
    refusal = hindrance(terms, amount, has_coupons=found.has_coupons)
    if terms is None or refusal:
        return terms, _refused(refusal or PaymentRefusal.OFF, wish, terms)
    if refusal := misfit(terms, amount, wish.points):
        return terms, _refused(refusal, wish, terms)
    if wish.points > available:
        return terms, InsufficientPoints.of(wish.points, available)
    if until := too_fast_until(purse.pace, wish.points, purse.limits):
        return terms, too_fast(until, now)
    if needs_approval(purse.device, wish.points, now, purse.limits):
        return terms, step_up(purse.limits)
    return terms, None


def _refused(
    refusal: PaymentRefusal, wish: PaymentWish, terms: PayingTerms | None
) -> PaymentRefused:
    checkout = wish.checkout
    if terms is None:
        return PaymentRefused(
            f"Orders in {checkout.currency} are not paid with points.", reason=refusal
        )
    fits: dict[str, Any] = {
        "least_points": terms.least,
        "step": terms.step,
        "most_points": terms.most_for(checkout.amount_minor),
    }
    return PaymentRefused(_WHY[refusal].format(**fits), reason=refusal, **fits)


_WHY = {
    PaymentRefusal.COUPONS: "The order has coupons; points do not go with them.",
    PaymentRefusal.ORDER_TOO_SMALL: "The order is too small: it takes {least_points} points.",
    PaymentRefusal.TOO_FEW_POINTS: "Pay with {least_points} points at least.",
    PaymentRefusal.NOT_A_STEP: "Pay with a multiple of {step} points.",
    PaymentRefusal.TOO_MANY_POINTS: "The order takes {most_points} points at most.",
}


async def _pay(session: AsyncSession, book: Book, wish: PaymentWish, terms: PayingTerms) -> Made:
    checkout, purse = wish.checkout, _purse(wish.checkout)
    home = book.home(purse)
    await books.bring_spendable(session, book, {home: wish.points})
    payment_id = uuid7()
    hold = Hold(
        id=payment_id,
        key=home,
        by=book.by(purse),
        idempotency_key=payment_id,
        reference=wish.order_id,
        points=wish.points,
        authorized_at=book.now,
        expires_at=book.now + timedelta(seconds=terms.lasts_s),
    )
    authorize(book, hold, Memo(claim=claim_of(hold, "authorize"), at=book.now, actor=wish.actor))
    await close_book(session, book)
    added = await payments.add(session, _payment(wish, checkout, hold, terms))
    made = await payments.with_id(session, hold.id)
    if not added or made is None:
        raise KeyReused("Something else was done with this Idempotency-Key; make a new one.")
    return made


def _payment(wish: PaymentWish, checkout: Checkout, hold: Hold, terms: PayingTerms) -> Payment:
    return Payment(
        payment_id=hold.id,
        order_id=wish.order_id,
        key=wish.key,
        member_id=checkout.member_id,
        amount_minor=checkout.amount_minor,
        currency=checkout.currency,
        points=wish.points,
        discount_minor=terms.worth(wish.points),
        worth_points=terms.points,
        worth_minor=terms.minor,
        with_coupons=terms.with_coupons,
        made_at=hold.authorized_at,
        ended_at=None,
    )


async def _deciding(session: AsyncSession, checkout: Checkout, now: datetime) -> Deciding:
    return await payments.deciding(
        session,
        member_id=checkout.member_id,
        session_id=checkout.session_id,
        order_id=checkout.order_id,
        currency=checkout.currency,
        now=now,
    )


async def _of_order(session: AsyncSession, order_id: str) -> Made:
    made = await payments.of_order(session, order_id)
    if made is None:
        raise NoPaymentOnOrder(f"No points pay for the order {order_id}.")
    return made


def _ended(made: Made) -> PaymentEnded:
    over = PaymentState.TIMED_OUT if made.state is PaymentState.HELD else made.state
    return PaymentEnded(
        f"The payment is over ({over}), and its points are the member's again; make another.",
        state=over,
    )


def _purse(checkout: Checkout) -> WalletKey:
    return WalletKey(checkout.member_id, PointType.POINTS)
