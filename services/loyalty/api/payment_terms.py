"""What points are worth on an order, and how far they pay for it."""

from typing import Annotated

from pydantic import Field, field_validator

from kit.app import Router
from kit.auth import Role, requires
from kit.bodies import BIGGEST, Answer, Body
from kit.db import Tx
from services.loyalty.api.coupons import Currency
from services.loyalty.rules.paying import PayingTerms
from services.loyalty.store import payments

router = Router(tags=["Holds"])

DAY_S = 86_400
MOST_CURRENCIES = 50
_Positive = Annotated[int, Field(ge=1, le=BIGGEST // 1_000_000, strict=True)]


class CurrencyTermsBody(Body):
    """How orders in one currency are paid: `points` are worth `minor` minor units, exactly."""

    currency: Annotated[Currency, Field(examples=["CNY"])]
    points: Annotated[int, Field(ge=1, le=10**6, strict=True, examples=[100])]
    minor: Annotated[int, Field(ge=1, le=10**6, strict=True, examples=[100])]
    least_points: _Positive = Field(1, description="The fewest points that pay.")
    step: _Positive = Field(1, description="Points pay in multiples of this.")
    most_percent: int = Field(
        100, ge=1, le=100, strict=True, description="The greatest share of an order."
    )
    most_minor: _Positive | None = Field(None, description="The most of an order. Null: the share.")
    with_coupons: bool = Field(True, description="Whether on an order that has coupons.")
    lasts_s: int = Field(
        1_800,
        ge=60,
        le=30 * DAY_S,
        strict=True,
        description="The points go back if the order is not placed within this.",
    )


class PaymentTermsBody(Body):
    """All there are: a currency that is not among them cannot be paid in with points."""

    currencies: list[CurrencyTermsBody] = Field(max_length=MOST_CURRENCIES)

    @field_validator("currencies")
    @classmethod
    def _each_once(cls, given: list[CurrencyTermsBody]) -> list[CurrencyTermsBody]:
        if len({each.currency for each in given}) < len(given):
            raise ValueError("each currency must be given once")
        return given


class CurrencyTermsAnswer(Answer):
    currency: str
    points: int = Field(description="So many points are worth `minor` minor units.")
    minor: int
    least_points: int
    step: int
    most_percent: int
    most_minor: int | None
    with_coupons: bool
    lasts_s: int


class PaymentTermsAnswer(Answer):
    currencies: list[CurrencyTermsAnswer] = Field(max_length=MOST_CURRENCIES)


async def _shown(tx: Tx) -> PaymentTermsAnswer:
    found = await payments.terms(tx)
    return PaymentTermsAnswer(currencies=list(map(CurrencyTermsAnswer.model_validate, found)))


@router.get("/v1/loyalty/payment-terms", dependencies=[requires(Role.MARKETER, Role.ANALYST)])
async def show_payment_terms(tx: Tx) -> PaymentTermsAnswer:
    """What points are worth on orders, by currency. None: points pay for nothing."""
    return await _shown(tx)


@router.put("/v1/loyalty/payment-terms", dependencies=[requires(Role.ADMIN)])
async def set_payment_terms(body: PaymentTermsBody, tx: Tx) -> PaymentTermsAnswer:
    """Let points pay for orders in these currencies, from now on; none: no more.

    Payments that have been made stay worth what they were.
    """
    given = [PayingTerms(**each.model_dump()) for each in body.currencies]
    await payments.set_terms(tx, given)
    return await _shown(tx)
