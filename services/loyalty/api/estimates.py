"""What an order would earn: for the page of an article, and for the cart."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import BIGGEST, Answer, Body, Name
from kit.db import Tx
from kit.languages import Language
from kit.problems import Forbidden
from services.loyalty.actions.estimating import estimate
from services.loyalty.actions.simulating import imagined
from services.loyalty.api.explanations import ReasonAnswer
from services.loyalty.rules.programme.triggers import ORDER_PLACED

router = Router(tags=["Wallet"])

Minor = Annotated[int, Field(strict=True, ge=0, le=BIGGEST // 100)]


class LineBody(Body):
    """A line of the order; `amount_minor` is the line's total."""

    sku: Name
    name: Name | None = None
    category: Name | None = None
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    amount_minor: Minor


class EstimateBody(Body):
    """An order as it would be reported: see POST /v1/orders."""

    member_id: UUID | None = Field(None, description="For backends; a member's own is their own.")
    items: Annotated[list[LineBody], Field(max_length=500)] = Field(default_factory=list)
    amount_minor: Annotated[Minor, Field(examples=[12900])]
    discount_minor: Minor = 0
    tax_minor: Minor = 0
    shipping_minor: Minor = 0
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["CNY"])]
    channel: Name | None = None

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.tax_minor + self.shipping_minor > self.amount_minor:
            raise ValueError("tax and shipping must not be more than amount_minor")
        return self


class EstimateAnswer(Answer):
    """What the order would earn if it were placed now, with nothing in between."""

    points: int
    pending_points: int = Field(description="Of the points: available only later.")
    growth_points: int
    version: int = Field(description="The version of the programme that decided.")
    reasons: list[ReasonAnswer] = Field(
        description="What each rule says, also those that would pay nothing."
    )


@router.post(
    "/v1/points/estimates",
    dependencies=[requires(Role.MEMBER, scope="points:read")],
)
async def estimate_order(
    body: EstimateBody, caller: CurrentCaller, language: Language, tx: Tx
) -> EstimateAnswer:
    """What an order would earn the member, and why. Nothing is written or held.

    The tier, caps and budgets count as they stand. An order in a currency a rule is not for earns
    nothing by that rule, and its reason says so.
    """
    member_id = caller.member_id if caller.role is Role.MEMBER else body.member_id
    if body.member_id not in (None, member_id):
        raise Forbidden("A member can ask only about an order of their own.")
    if member_id is None:
        raise Forbidden("Say for which member: `member_id`.")
    now = clock.now()
    order = body.model_dump(mode="json") | {
        "order_id": "",
        "member_id": str(member_id),
        "placed_at": now.isoformat(),
    }
    found = await estimate(tx, imagined(member_id, ORDER_PLACED, order, now), language)
    return EstimateAnswer(
        points=found.points,
        pending_points=found.pending,
        growth_points=found.growth_points,
        version=found.version,
        reasons=[ReasonAnswer.model_validate(reason) for reason in found.reasons],
    )
