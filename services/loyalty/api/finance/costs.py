"""What rules, campaigns and rewards cost, and how many members they reach."""

from decimal import Decimal

from pydantic import Field

from kit import clock
from kit.app import Router
from kit.bodies import Answer
from kit.db import Snapshot, Tx
from services.loyalty.actions.finance import reporting
from services.loyalty.api.finance.parameters import (
    READS,
    AsOfAnswer,
    From,
    OfType,
    Until,
    as_of,
)
from services.loyalty.rules.finance.terms import worth
from services.loyalty.rules.ledger import PointType

router = Router(tags=["Finance"])


class ActivityAnswer(Answer):
    earning: int = Field(description="Members who earned in these months.")
    redeeming: int
    active: int = Field(description="Members who earned or redeemed.")
    holding: int = Field(description="Wallets that have points now.")
    holding_active: int = Field(description="Of those, of members active in these months.")
    owing: int


class RuleCostAnswer(Answer):
    rule: str
    campaign: str | None
    issued: int
    issued_minor: int | None
    redeemed: int
    redeemed_minor: int | None
    expired: int
    versions: dict[int, int] = Field(
        description="Points earned by version of the programme; 0: unknown."
    )


class RewardCostAnswer(Answer):
    source_type: str = Field(description="`redemption`, `draw`, or `hold`: orders paid with it.")
    item: str = Field(
        description="The reward's or draw's id; the currency of orders; empty for other holds."
    )
    name: dict[str, str] | None
    points: int
    points_minor: int | None
    times: int
    cost_minor: int | None = Field(
        description="Null where no cost has been declared. Of orders: what the points took off."
    )


class BudgetAnswer(Answer):
    budget: str
    used: int
    ceiling: int


class CostsAnswer(Answer):
    as_of: AsOfAnswer
    price_minor: Decimal | None
    currency: str | None
    rules: list[RuleCostAnswer]
    rewards: list[RewardCostAnswer]
    budgets: list[BudgetAnswer] = Field(description="Of rules and campaigns, since they began.")


@router.get("/v1/loyalty/finance/activity", dependencies=[READS])
async def show_activity(
    tx: Tx, begins: From, until: Until, point_type: OfType = PointType.POINTS
) -> ActivityAnswer:
    """How many members earned and redeemed in the months of a time, and how many have points."""
    found = await reporting.activity(tx, point_type, begins, until)
    return ActivityAnswer.model_validate(found)


@router.get("/v1/loyalty/finance/costs", dependencies=[READS])
async def show_costs(
    tx: Snapshot, begins: From, until: Until, point_type: OfType = PointType.POINTS
) -> CostsAnswer:
    """What each rule, campaign and version issued, what became of it, and what rewards cost."""
    found = await reporting.costs(tx, point_type, begins, until, clock.now())
    price = found.price_minor
    return CostsAnswer(
        as_of=await as_of(tx),
        price_minor=price,
        currency=found.currency,
        rules=[_rule(each, price) for each in found.rules],
        rewards=[_reward(each, price) for each in found.rewards],
        budgets=[
            BudgetAnswer(budget=name, used=used, ceiling=ceiling)
            for name, (used, ceiling) in found.budgets.items()
        ],
    )


def _rule(cost: reporting.RuleCost, price: Decimal | None) -> RuleCostAnswer:
    return RuleCostAnswer(
        rule=cost.rule,
        campaign=cost.campaign,
        issued=cost.issued,
        issued_minor=None if price is None else worth(cost.issued, price),
        redeemed=cost.redeemed,
        redeemed_minor=None if price is None else worth(cost.redeemed, price),
        expired=cost.expired,
        versions=cost.versions,
    )


def _reward(cost: reporting.RewardCost, price: Decimal | None) -> RewardCostAnswer:
    return RewardCostAnswer(
        source_type=cost.source_type,
        item=cost.item,
        name=dict(cost.name) if cost.name else None,
        points=cost.points,
        points_minor=None if price is None else worth(cost.points, price),
        times=cost.times,
        cost_minor=cost.cost_minor,
    )
