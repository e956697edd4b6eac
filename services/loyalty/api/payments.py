"""Orders paid with points: what they would pay, and the shop's calls."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, Caller, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Name, Points
from kit.db import Tx
from kit.idempotency import RequiredKey, RequiresKey
from kit.languages import Language
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from kit.problems import Forbidden
from services.loyalty.actions.paying import (
    Checkout,
    NoPaymentOnOrder,
    PaymentWish,
    Quote,
    cancel_payment,
    confirm_payment,
    pay_with_points,
    quote_payment,
)
from services.loyalty.api.coupons import Currency, Minor, OrderId
from services.loyalty.rules.paying import PaymentRefusal, PaymentState
from services.loyalty.rules.programme import words
from services.loyalty.rules.programme.explaining import said
from services.loyalty.store import payments
from services.loyalty.store.payments import Made

router = Router(tags=["Holds"])

_SHOP = requires(scope="orders:write")
_SESSION = Field(
    None,
    description="The `sid` of the access token the member checks out with; without it, as from a"
    " device that is new to them.",
)


class QuoteBody(Body):
    """An order about to be paid, after its coupons."""

    member_id: UUID | None = Field(None, description="For backends; a member's own is their own.")
    order_id: OrderId | None = Field(None, description="To look whether it has coupons.")
    amount_minor: Annotated[Minor, Field(examples=[12900])]
    currency: Annotated[Currency, Field(examples=["CNY"])]
    session_id: Name | None = _SESSION


class QuoteAnswer(Answer):
    """The most points the order can be paid with now, what they take off, or why none can."""

    points: int
    discount_minor: int
    to_pay_minor: int = Field(description="With all of those points.")
    currency: str
    available: int = Field(description="What the member has to spend.")
    least_points: int | None = Field(description="Null where points pay for nothing.")
    step: int | None
    worth_points: int | None = Field(description="So many points are worth `worth_minor`.")
    worth_minor: int | None
    reason: PaymentRefusal | None
    summary: str = Field(description="The reason in the caller's language; else empty.")

    @classmethod
    def of(cls, quote: Quote, checkout: Checkout, language: str) -> "QuoteAnswer":
        offer, terms = quote.offer, quote.terms
        return cls(
            points=offer.points,
            discount_minor=offer.discount_minor,
            to_pay_minor=checkout.amount_minor - offer.discount_minor,
            currency=checkout.currency,
            available=quote.available,
            least_points=terms.least if terms else None,
            step=terms.step if terms else None,
            worth_points=terms.points if terms else None,
            worth_minor=terms.minor if terms else None,
            reason=offer.refusal,
            summary=_summary(quote, checkout.currency, language),
        )


class PaymentBody(Body):
    """So many points for an order of `amount_minor`: what is left of it after coupons."""

    order_id: OrderId
    member_id: UUID
    amount_minor: Annotated[Minor, Field(examples=[12900])]
    currency: Annotated[Currency, Field(examples=["CNY"])]
    points: Points
    session_id: Name | None = _SESSION


class OrderBody(Body):
    order_id: OrderId


class PaymentAnswer(Answer):
    """Points that pay for an order."""

    payment_id: UUID = Field(description="Of the hold its points are in, too.")
    order_id: str
    member_id: UUID
    state: PaymentState
    points: int
    returned_points: int = Field(description="Of those spent, what has come back.")
    amount_minor: int
    discount_minor: int
    to_pay_minor: int
    currency: str
    made_at: datetime
    expires_at: datetime = Field(description="When held points go back by themselves.")

    @classmethod
    def of(cls, made: Made) -> "PaymentAnswer":
        return cls(
            payment_id=made.payment_id,
            order_id=made.order_id,
            member_id=made.member_id,
            state=made.state,
            points=made.points,
            returned_points=made.returned,
            amount_minor=made.amount_minor,
            discount_minor=made.discount_minor,
            to_pay_minor=made.to_pay_minor,
            currency=made.currency,
            made_at=made.made_at,
            expires_at=made.expires_at,
        )


@router.post(
    "/v1/points/payments/quotes", dependencies=[requires(Role.MEMBER, scope="orders:write")]
)
async def quote(body: QuoteBody, caller: CurrentCaller, language: Language, tx: Tx) -> QuoteAnswer:
    """How much of an order the member's points can pay now. Nothing is set aside."""
    checkout = _checkout(body, caller)
    return QuoteAnswer.of(await quote_payment(tx, checkout, clock.now()), checkout, language)


@router.post("/v1/points/payments", status_code=201, dependencies=[_SHOP])
async def pay(body: PaymentBody, caller: CurrentCaller, key: RequiredKey, tx: Tx) -> PaymentAnswer:
    """Set points aside for an order, once for each order however often it is sent.

    They are spent when the order is reported, or confirmed; they go back when it is cancelled, or
    when their time is out. 409 `loyalty.payment_refused` says by its `reason` what does not fit.
    """
    checkout = Checkout(
        member_id=body.member_id,
        amount_minor=body.amount_minor,
        currency=body.currency,
        order_id=body.order_id,
        session_id=body.session_id,
    )
    wish = PaymentWish(
        checkout=checkout,
        order_id=body.order_id,
        points=body.points,
        key=key,
        actor=caller.subject,
    )
    return PaymentAnswer.of(await pay_with_points(tx, wish, clock.now()))


@router.post("/v1/points/payments/confirmations", dependencies=[_SHOP, RequiresKey])
async def confirm(body: OrderBody, caller: CurrentCaller, tx: Tx) -> PaymentAnswer:
    """Spend the points of an order's payment, before the order is reported. Again: the same.

    409 `loyalty.payment_ended` when they have gone back.
    """
    return PaymentAnswer.of(await confirm_payment(tx, body.order_id, caller.subject, clock.now()))


@router.post("/v1/points/payments/cancellations", dependencies=[_SHOP, RequiresKey])
async def cancel(body: OrderBody, caller: CurrentCaller, tx: Tx) -> PaymentAnswer:
    """Give back all that pays for an order, spent or not; it can be paid anew. Again: the same."""
    return PaymentAnswer.of(await cancel_payment(tx, body.order_id, caller.subject, clock.now()))


@router.get("/v1/points/payments", response_model=Page[PaymentAnswer])
async def list_own_payments(
    member_id: MemberId, tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[PaymentAnswer]:
    """The orders the caller paid for with points, newest first."""
    return await _listed(tx, member_id, limit, cursor)


@router.get(
    "/v1/members/{member_id}/points/payments",
    dependencies=[requires(*STAFF, scope="points:read")],
)
async def list_members_payments(
    member_id: Annotated[UUID, Path(description="The member's id.")],
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[PaymentAnswer]:
    """The orders a member paid for with points, newest first."""
    return await _listed(tx, member_id, limit, cursor)


@router.get("/v1/points/payments/lookup", dependencies=[requires(*STAFF, scope="points:read")])
async def find_payment(order_id: Annotated[OrderId, Query()], tx: Tx) -> PaymentAnswer:
    """What pays for an order, or else did last."""
    made = await payments.of_order(tx, order_id)
    if made is None:
        raise NoPaymentOnOrder(f"No points pay for the order {order_id}.")
    return PaymentAnswer.of(made)


async def _listed(tx: Tx, member_id: UUID, limit: int, cursor: str | None) -> Page[PaymentAnswer]:
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await payments.of_member(tx, member_id, limit + 1, before)
    return page(found, limit, PaymentAnswer.of, lambda made: (made.payment_id,))


def _checkout(body: QuoteBody, caller: Caller) -> Checkout:
    member_id, session_id = body.member_id, body.session_id
    if caller.role is Role.MEMBER:
        if member_id not in (None, caller.member_id):
            raise Forbidden("A member can ask only about an order of their own.")
        member_id, session_id = caller.member_id, caller.session_id
    if member_id is None:
        raise Forbidden("Say for which member: `member_id`.")
    return Checkout(
        member_id=member_id,
        amount_minor=body.amount_minor,
        currency=body.currency,
        order_id=body.order_id,
        session_id=session_id,
    )


def _summary(quote: Quote, currency: str, language: str) -> str:
    refusal = quote.offer.refusal
    if refusal is None:
        return ""
    about = {
        "currency": currency,
        "least": quote.terms.least if quote.terms else 0,
        "missing": quote.offer.missing_points,
    }
    return said(words.UNPAYABLE[refusal], language, **about)
