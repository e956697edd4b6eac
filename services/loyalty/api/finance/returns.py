"""What campaigns and trials have brought, beside those held out of them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Query
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.bodies import Answer
from kit.db import Snapshot
from kit.problems import Malformed
from services.loyalty.actions.finance import returning
from services.loyalty.actions.finance.returning import Outcome
from services.loyalty.api.finance.parameters import READS
from services.loyalty.rules.finance.comparing import Finding, Group

router = Router(tags=["Finance"])


class GroupAnswer(Answer):
    members: int
    buyers: int
    orders: int
    spend_minor: int = Field(description="Of their orders, less what was refunded.")
    spend_per_member_minor: Decimal

    @classmethod
    def of(cls, group: Group) -> "GroupAnswer":
        return cls(
            members=group.members,
            buyers=group.buyers,
            orders=group.orders,
            spend_minor=group.spend_minor,
            spend_per_member_minor=_cents(group.mean),
        )


class ReturnsAnswer(Answer):
    treatment: str
    begins_at: datetime
    ends_at: datetime
    currency: str
    treated: GroupAnswer
    held_out: GroupAnswer
    finding: Finding = Field(
        description="`too_small`: below 100 members or 30 buyers in a group nothing is claimed; "
        "`no_difference_shown`: there may be one below `least_detectable_minor`."
    )
    uplift_per_member_minor: Decimal
    low_minor: Decimal = Field(description="The interval's lower end, for a member.")
    high_minor: Decimal
    confidence: Decimal
    least_detectable_minor: Decimal = Field(
        description="The difference for a member that so many would show in four of five cases."
    )
    incremental_minor: int = Field(description="The uplift of all the treated, times the margin.")
    incremental_low_minor: int
    incremental_high_minor: int
    cost_points: int = Field(description="What the treated were paid more than the others.")
    cost_minor: int
    net_minor: int
    return_ratio: Decimal | None = Field(description="Net for each unit of cost.")


@router.get("/v1/loyalty/finance/returns", dependencies=[READS])
async def show_returns(
    tx: Snapshot,
    campaign: Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")] = None,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    currency: Annotated[str | None, Query(pattern="^[A-Z]{3}$")] = None,
    confidence: Annotated[Decimal, Query(ge=Decimal("0.5"), le=Decimal("0.999"))] = (
        Decimal("0.95")
    ),
    margin: Annotated[
        Decimal, Query(ge=0, le=1, description="What of an order is the company's.")
    ] = Decimal(1),
) -> ReturnsAnswer:
    """A campaign beside its hold-out, or a version on trial beside the one that is live.

    Everybody counts in the group a hash put them in, buyers or not; the interval is Welch's.
    """
    now = clock.now()
    if (campaign is None) == (version is None):
        raise Malformed("Name either `campaign` or `version`.")
    if campaign is not None:
        treatment = await returning.of_campaign(tx, campaign, now)
    else:
        treatment = await returning.of_trial(tx, version or 0, now)
    found = await returning.outcome(tx, treatment, currency, float(confidence), float(margin))
    return _answer(found, confidence)


def _answer(found: Outcome, confidence: Decimal) -> ReturnsAnswer:
    compared, result = found.comparison, found.result
    return ReturnsAnswer(
        treatment=found.treatment.name,
        begins_at=found.treatment.begins,
        ends_at=found.treatment.ends,
        currency=found.currency,
        treated=GroupAnswer.of(found.treated),
        held_out=GroupAnswer.of(found.held_out),
        finding=compared.finding,
        uplift_per_member_minor=_cents(compared.difference),
        low_minor=_cents(compared.low),
        high_minor=_cents(compared.high),
        confidence=confidence,
        least_detectable_minor=_cents(compared.least_detectable),
        incremental_minor=result.incremental_minor,
        incremental_low_minor=result.low_minor,
        incremental_high_minor=result.high_minor,
        cost_points=found.cost_points,
        cost_minor=result.cost_minor,
        net_minor=result.net_minor,
        return_ratio=None if result.ratio is None else _cents(result.ratio),
    )


def _cents(number: float) -> Decimal:
    return Decimal(f"{number:.2f}")
