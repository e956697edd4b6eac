"""What finance declares: the terms of the books, the value of points, the cost of rewards."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller
from kit.bodies import BIGGEST, Answer, Body, Name
from kit.db import Tx
from kit.idempotency import RequiresKey
from kit.pages import CursorParameter, Limit, Page, page_of
from services.loyalty.actions.finance.declaring import (
    Declared,
    change_terms,
    declare_point_value,
    declare_reward_cost,
)
from services.loyalty.api.finance.parameters import READS, WRITES
from services.loyalty.api.gates import UNCHANGED
from services.loyalty.rules.finance.terms import AccountName, Breakage
from services.loyalty.rules.ledger import PointType
from services.loyalty.store.finance import declaring
from services.loyalty.tables.finance import PointValue, RewardCost

router = Router(tags=["Finance"])

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217.", examples=["CNY"])]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$")]


class TermsAnswer(Answer):
    time_zone: str = Field(description="Where days and months begin.")
    breakage: Breakage = Field(
        description="`proportional`: recognised as the other points are redeemed, as far as it has "
        "been observed; `remote`: only once points have expired."
    )
    tail_rate: Decimal = Field(
        description="The share redeemed of points older than any observed; 1 is the prudent one."
    )
    accounts: dict[AccountName, str] = Field(
        description="The codes of the accounts in the company's general ledger."
    )
    closing_by_two: bool = Field(description="Whether it takes two admins to close a month.")


class TermsChanges(Body):
    """What is left out stays as it is. Periods that are closed stay as they are."""

    time_zone: Annotated[str, StringConstraints(max_length=64)] = UNCHANGED
    breakage: Breakage = UNCHANGED
    tail_rate: Annotated[Decimal, Field(ge=0, le=1, max_digits=9, decimal_places=8)] = UNCHANGED
    accounts: dict[AccountName, Code] = UNCHANGED
    closing_by_two: Annotated[bool, Field(strict=True)] = UNCHANGED


class PointValueBody(Body):
    point_type: PointType = PointType.POINTS
    valid_from: date
    value_minor: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=8)] = Field(
        description="What one point buys, in minor units: exact, such as 0.5.", examples=["1.25"]
    )
    currency: Currency
    reason: Name


class PointValueAnswer(Answer):
    point_type: PointType
    valid_from: date
    value_minor: Decimal
    currency: str
    reason: str
    actor: str
    declared_at: datetime


class RewardCostBody(Body):
    reward_id: UUID
    valid_from: date
    cost_minor: int = Field(
        ge=0, le=BIGGEST, strict=True, description="What a piece costs the company."
    )
    currency: Currency


class RewardCostAnswer(Answer):
    reward_id: UUID
    valid_from: date
    cost_minor: int
    currency: str
    actor: str
    declared_at: datetime


@router.get("/v1/loyalty/finance/terms", dependencies=[READS])
async def show_terms(tx: Tx) -> TermsAnswer:
    """How the books are kept."""
    return TermsAnswer.model_validate(await declaring.terms(tx))


@router.patch("/v1/loyalty/finance/terms", dependencies=[WRITES])
async def change(body: TermsChanges, tx: Tx) -> TermsAnswer:
    """Change how the books are kept, from the first open period on.

    The time zone cannot change once a period is closed: 409 `loyalty.period_closed`.
    """
    changes = body.model_dump(exclude_unset=True, mode="python")
    given = {name: value for name, value in changes.items() if value is not None}
    return TermsAnswer.model_validate(await change_terms(tx, given))


@router.get("/v1/loyalty/finance/point-values", dependencies=[READS])
async def list_point_values(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[PointValueAnswer]:
    """Every value of a point that was ever declared."""
    rows = await declaring.point_values(tx)
    item = PointValueAnswer.model_validate
    return page_of(rows, limit, cursor, item, _place_of_value, str, str, str)


@router.post(
    "/v1/loyalty/finance/point-values", status_code=201, dependencies=[WRITES, RequiresKey]
)
async def declare_value(body: PointValueBody, caller: CurrentCaller, tx: Tx) -> PointValueAnswer:
    """Declare what a point is worth from a day on. It stays; a later day may have another value.

    A day in a closed period is refused: 409 `loyalty.period_closed`.
    """
    declared = Declared(
        valid_from=body.valid_from,
        minor=body.value_minor,
        currency=body.currency,
        actor=caller.subject,
        reason=body.reason,
    )
    row = await declare_point_value(tx, body.point_type, declared, clock.now())
    return PointValueAnswer.model_validate(row)


@router.get("/v1/loyalty/finance/reward-costs", dependencies=[READS])
async def list_reward_costs(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[RewardCostAnswer]:
    """Every cost of a reward that was ever declared."""
    rows = await declaring.reward_costs(tx)
    item = RewardCostAnswer.model_validate
    return page_of(rows, limit, cursor, item, _place_of_cost, str, str, str)


@router.post(
    "/v1/loyalty/finance/reward-costs", status_code=201, dependencies=[WRITES, RequiresKey]
)
async def declare_cost(body: RewardCostBody, caller: CurrentCaller, tx: Tx) -> RewardCostAnswer:
    """Declare what one piece of a reward costs the company from a day on."""
    declared = Declared(
        valid_from=body.valid_from,
        minor=Decimal(body.cost_minor),
        currency=body.currency,
        actor=caller.subject,
    )
    row = await declare_reward_cost(tx, body.reward_id, declared, clock.now())
    return RewardCostAnswer.model_validate(row)


def _place_of_value(value: PointValue) -> tuple[str, str, str]:
    return str(value.point_type), value.valid_from.isoformat(), value.declared_at.isoformat()


def _place_of_cost(cost: RewardCost) -> tuple[str, str, str]:
    return str(cost.reward_id), cost.valid_from.isoformat(), cost.declared_at.isoformat()
