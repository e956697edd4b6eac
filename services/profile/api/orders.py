"""Orders, reported by the company's backend."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Path
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from kit import clock
from kit.app import Router
from kit.auth import requires
from kit.bodies import Answer, Body, Name, Time
from kit.db import Tx
from services.profile.actions.orders import Return, change_order, place_order, return_lines
from services.profile.rules.orders import CURRENCIES, LARGEST_AMOUNT, Order, Status
from services.profile.rules.returns import WishedLine

router = Router(tags=["Orders"], dependencies=[requires(scope="orders:write")])

CLOCK_TOLERANCE = timedelta(minutes=10)


def _in_use(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("must be an ISO 4217 code such as CNY")
    return code


def _not_ahead(moment: datetime) -> datetime:
    if moment > clock.now() + CLOCK_TOLERANCE:
        raise ValueError("must not be in the future")
    return moment


OrderId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:#-]{1,100}$")]
Money = Annotated[int, Field(strict=True, ge=0, le=LARGEST_AMOUNT)]
Currency = Annotated[str, AfterValidator(_in_use)]
Past = Annotated[Time, AfterValidator(_not_ahead)]


class ItemBody(Body):
    """A line of an order; `amount_minor` is the line's total."""

    sku: Name
    name: Name | None = None
    category: Name | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    amount_minor: Money


class OrderBody(Body):
    """A new order. `amount_minor` is what the member pays: after discounts, with tax and shipping.

    The parts tell loyalty what to give points for, where its rules say so.
    """

    order_id: OrderId
    member_id: UUID
    items: Annotated[list[ItemBody], Field(max_length=500)]
    amount_minor: Money
    discount_minor: Money = Field(0, description="Already taken off the amount.")
    tax_minor: Money = Field(0, description="In the amount.")
    shipping_minor: Money = Field(0, description="In the amount.", validate_default=True)
    currency: Currency
    channel: Name | None = None
    placed_at: Past

    @field_validator("shipping_minor")
    @classmethod
    def _parts_fit(cls, shipping_minor: int, known: ValidationInfo) -> int:
        parts = shipping_minor + known.data.get("tax_minor", 0)
        if parts > known.data.get("amount_minor", parts):
            raise ValueError("tax and shipping must not be more than amount_minor")
        return shipping_minor


class StatusBody(Body):
    """A change of status. A partial refund must name `refunded_minor`, the total so far."""

    status: Literal["paid", "shipped", "delivered", "cancelled", "refunded", "partially_refunded"]
    refunded_minor: Annotated[int, Field(strict=True, ge=1, le=LARGEST_AMOUNT)] | None = None
    changed_at: Past | None = None


class ReturnLineBody(Body):
    """Units of a line that came back: the line by its place from 0, or by its `sku`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"line": 0, "quantity": 1}]})

    line: Annotated[int, Field(strict=True, ge=0, lt=500)] | None = None
    sku: Name | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    amount_minor: Money | None = Field(
        None, description="What is paid back for them; if not given, what they cost."
    )

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if (self.line is None) == (self.sku is None):
            raise ValueError("name the line by either line or sku")
        return self


class ReturnBody(Body):
    """Lines that came back, or some units of them."""

    lines: Annotated[list[ReturnLineBody], Field(min_length=1, max_length=500)]
    returned_at: Past | None = None


class ItemAnswer(Answer):
    sku: str
    name: str | None
    category: str | None
    quantity: int
    amount_minor: int


class OrderAnswer(Answer):
    """An order as it stands."""

    order_id: str
    member_id: UUID
    items: list[ItemAnswer]
    amount_minor: int
    discount_minor: int
    tax_minor: int
    shipping_minor: int
    currency: str
    channel: str | None
    status: Status
    refunded_minor: int
    placed_at: datetime
    changed_at: datetime


class ReturnedAnswer(Answer):
    line: int
    quantity: int
    amount_minor: int


class ReturnAnswer(Answer):
    """A return, what has come back of the order in all, and the order as it stands."""

    return_id: str
    lines: list[ReturnedAnswer]
    returned: list[ReturnedAnswer]
    order: OrderAnswer


@router.post("/v1/orders", status_code=201)
async def report_order(body: OrderBody, tx: Tx) -> OrderAnswer:
    """Report an order. Reporting it again is harmless; the answer is the order as it stands."""
    order = Order(
        order_id=body.order_id,
        member_id=body.member_id,
        amount_minor=body.amount_minor,
        discount_minor=body.discount_minor,
        tax_minor=body.tax_minor,
        shipping_minor=body.shipping_minor,
        currency=body.currency,
        items=[item.model_dump() for item in body.items],
        channel=body.channel,
        placed_at=body.placed_at,
        changed_at=body.placed_at,
    )
    return _answer(await place_order(tx, order, clock.now()))


@router.put("/v1/orders/{order_id}/status")
async def report_status(
    order_id: Annotated[OrderId, Path()], body: StatusBody, tx: Tx
) -> OrderAnswer:
    """Report a change of an order's status. Reporting it again is harmless."""
    now = clock.now()
    order = await change_order(
        tx,
        order_id,
        Status(body.status),
        refunded_minor=body.refunded_minor,
        changed_at=body.changed_at or now,
        now=now,
    )
    return _answer(order)


@router.put("/v1/orders/{order_id}/returns/{return_id}")
async def report_return(
    order_id: Annotated[OrderId, Path()],
    return_id: Annotated[OrderId, Path()],
    body: ReturnBody,
    tx: Tx,
) -> ReturnAnswer:
    """Report lines that came back, under an id of the return's own. Repeating it is harmless.

    What exactly those lines earned is taken back, before the order is delivered or after.
    """
    now = clock.now()
    made = await return_lines(
        tx,
        order_id,
        return_id,
        [WishedLine(**line.model_dump()) for line in body.lines],
        returned_at=body.returned_at or now,
        now=now,
    )
    return _return_answer(made)


def _return_answer(made: Return) -> ReturnAnswer:
    return ReturnAnswer(
        return_id=made.return_id,
        lines=[ReturnedAnswer.model_validate(line) for line in made.lines],
        returned=[ReturnedAnswer.model_validate(made.returned[n]) for n in sorted(made.returned)],
        order=_answer(made.order),
    )


def _answer(order: Order) -> OrderAnswer:
    return OrderAnswer.model_validate(order)
