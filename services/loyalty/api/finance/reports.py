"""Reports: the liability, what changed it and the entries behind that, breakage, the sums."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.bodies import Answer
from kit.db import Snapshot, Tx
from kit.pages import CursorParameter, Limit, Page, decode_cursor, encode_cursor
from services.loyalty.actions.finance import reporting, tracing
from services.loyalty.actions.finance.adding import add_up_anew, compare_sums
from services.loyalty.api.finance.parameters import (
    READS,
    WRITES,
    AsOfAnswer,
    From,
    OfType,
    On,
    PointsAnswer,
    Until,
    as_of,
)
from services.loyalty.rules.finance.movements import Movement, Origin
from services.loyalty.rules.finance.runoff import Step, WhatIf
from services.loyalty.rules.ledger import PointType
from services.loyalty.store.finance import reading

router = Router(tags=["Finance"])

Times = Annotated[Decimal, Query(ge=0, le=100, max_digits=6, decimal_places=4)]


class CohortLiabilityAnswer(Answer):
    cohort: date = Field(description="The month in which the points were earned.")
    age_months: int
    origin: Origin
    points: PointsAnswer
    future_rate: Decimal = Field(description="The share of these expected to be redeemed yet.")
    value_minor: int | None
    expected_minor: int | None


class LiabilityAnswer(Answer):
    """Money is null while nobody has declared what a point is worth."""

    point_type: PointType
    points: PointsAnswer
    price_minor: Decimal | None = Field(description="What a point is worth.")
    currency: str | None
    value_minor: int | None = Field(description="If every point outstanding were redeemed.")
    expected_minor: int | None = Field(description="Less what will not be: see /breakage.")
    cohorts: list[CohortLiabilityAnswer]


class LiabilitiesAnswer(Answer):
    as_of: AsOfAnswer
    items: list[LiabilityAnswer]


class BurnAnswer(Answer):
    """Ratios are null where there is nothing to compare with."""

    days: int
    earned: int = Field(description="And adjusted, less what was reversed.")
    redeemed: int = Field(description="Less what was refunded.")
    expired: int
    burn_to_earn: Decimal | None = Field(description="Points redeemed for each point earned.")
    redemption_rate: Decimal | None = Field(description="Of the points that were there.")
    expiry_rate: Decimal | None
    daily_burn: Decimal | None = Field(description="Points redeemed in a day.")
    days_of_supply: Decimal | None = Field(description="How long what is outstanding lasts so.")


class RollForwardAnswer(Answer):
    point_type: PointType
    opening: PointsAnswer
    movements: dict[Movement, int] = Field(
        description="They change `net`; the entries of each are at /v1/loyalty/finance/entries."
    )
    closing: PointsAnswer
    burn: BurnAnswer


class RollForwardsAnswer(Answer):
    as_of: AsOfAnswer
    items: list[RollForwardAnswer]


class FinanceEntryAnswer(Answer):
    entry_id: UUID
    seq: int
    member_id: UUID
    movement: Movement
    booked_on: date
    points: int
    source_type: str
    source_id: str
    rule: str
    leg: str
    actor: str | None
    reason: str | None
    occurred_at: datetime
    recorded_at: datetime


class StepAnswer(Answer):
    """An age in months: of the points there in it, how many were redeemed, how many expired."""

    age: int
    cohorts: int
    exposed: int
    redeemed: int
    expired: int
    redeeming: Decimal
    expiring: Decimal
    future_rate: Decimal = Field(description="What will be redeemed of those there as it begins.")


class CohortBreakageAnswer(Answer):
    cohort: date
    age_months: int
    issued: int
    redeemed: int
    expired: int
    outstanding: int
    redeemed_by_age: list[int]
    expired_by_age: list[int]
    ultimate_redeemed: int
    ultimate_rate: Decimal | None


class BreakageAnswer(Answer):
    point_type: PointType
    observed_until: date
    ultimate_redemption_rate: Decimal = Field(description="Of points earned now.")
    breakage_rate: Decimal
    tail_rate: Decimal
    steps: list[StepAnswer]
    cohorts: list[CohortBreakageAnswer]


class ComparisonAnswer(Answer):
    sound: bool
    drift_points: dict[str, int]
    as_of: AsOfAnswer


@router.get("/v1/loyalty/finance/liability", dependencies=[READS])
async def show_liability(tx: Snapshot, on: On = None) -> LiabilitiesAnswer:
    """What members could redeem at the end of a day: by point type, month of earning and origin.

    By the time entries were recorded; what was booked late counts from the day it was booked on.
    """
    found = await reporting.liabilities(tx, on, clock.now())
    return LiabilitiesAnswer(as_of=await as_of(tx), items=list(map(_liability, found)))


@router.get("/v1/loyalty/finance/roll-forward", dependencies=[READS])
async def show_roll_forward(tx: Snapshot, begins: From, until: Until) -> RollForwardsAnswer:
    """Opening, every movement, closing: to the point what the ledger says."""
    found = await reporting.roll_forward(tx, begins, until, clock.now())
    items = [
        RollForwardAnswer(
            point_type=PointType(each.point_type),
            opening=PointsAnswer.of(each.roll.opening),
            movements=dict(each.roll.net),
            closing=PointsAnswer.of(each.roll.closing),
            burn=BurnAnswer.model_validate(each.burn),
        )
        for each in found
    ]
    return RollForwardsAnswer(as_of=await as_of(tx), items=items)


@router.get("/v1/loyalty/finance/entries", dependencies=[READS])
async def list_entries(
    tx: Tx,
    begins: From,
    until: Until,
    movement: Annotated[Movement | None, Query()] = None,
    point_type: OfType = PointType.POINTS,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[FinanceEntryAnswer]:
    """The entries behind a roll-forward, in the sequence in which they were written.

    Where few of many are asked for, a page may hold less than `limit` although there are more.
    """
    after = decode_cursor(cursor, int)[0] if cursor else 0
    wanted = [movement] if movement else list(Movement)
    behind = reading.Behind(point_type, wanted, begins, until)
    found = await tracing.entries_behind(tx, behind, after, limit)
    return Page(
        items=list(map(_entry, found.entries)),
        next_cursor=None if found.reached is None else encode_cursor(found.reached),
    )


@router.get("/v1/loyalty/finance/breakage", dependencies=[READS])
async def show_breakage(
    tx: Snapshot,
    point_type: OfType = PointType.POINTS,
    on: On = None,
    redeeming: Annotated[Times, Query(description="What if redemption were so many times?")] = (
        Decimal(1)
    ),
    expiring: Annotated[Times, Query(description="What if expiry were so many times?")] = (
        Decimal(1)
    ),
    tail_rate: Annotated[Decimal | None, Query(ge=0, le=1, max_digits=9, decimal_places=8)] = None,
) -> BreakageAnswer:
    """What became of the points of each month, and how many will ever be redeemed.

    A chain ladder with two ways out, over months that are over; docs/finance.md has the method.
    """
    what_if = WhatIf(redeeming, expiring, tail_rate)
    found = await reporting.breakage(tx, point_type, on, clock.now(), what_if)
    ultimate = found.ladder.ultimate
    return BreakageAnswer(
        point_type=point_type,
        observed_until=found.until.ends_on,
        ultimate_redemption_rate=ultimate,
        breakage_rate=1 - ultimate,
        tail_rate=found.ladder.tail_rate,
        steps=[_step(step, found.ladder.after(step.age - 1)) for step in found.ladder.steps],
        cohorts=list(map(_cohort, found.cohorts)),
    )


@router.get("/v1/loyalty/finance/verify", dependencies=[READS])
async def verify_sums(tx: Tx) -> ComparisonAnswer:
    """Compare finance's sums with the ledger, each day and movement by itself. Reads all of it."""
    found = await compare_sums(tx)
    return ComparisonAnswer(
        sound=found.sound,
        drift_points=dict(found.drift_points),
        as_of=AsOfAnswer.model_validate(found.as_of),
    )


@router.post("/v1/loyalty/finance/rebuilds", status_code=202, dependencies=[WRITES])
async def rebuild_sums(tx: Tx) -> AsOfAnswer:
    """Forget all sums: a job adds the ledger up anew, and comes to the same.

    Closed periods stay as they are. Until it is done, reports are of a part: see `as_of`.
    """
    await add_up_anew(tx)
    return await as_of(tx)


def _liability(found: reporting.Liability) -> LiabilityAnswer:
    cohorts = [
        CohortLiabilityAnswer(
            cohort=each.cohort,
            age_months=each.age_months,
            origin=each.origin,
            points=PointsAnswer.of(each.points),
            future_rate=each.future_rate,
            value_minor=each.value_minor,
            expected_minor=each.expected_minor,
        )
        for each in found.cohorts
    ]
    return LiabilityAnswer(
        point_type=PointType(found.point_type),
        points=PointsAnswer.of(found.points),
        price_minor=found.price_minor,
        currency=found.currency,
        value_minor=found.value_minor,
        expected_minor=found.expected_minor,
        cohorts=cohorts,
    )


def _entry(row: object) -> FinanceEntryAnswer:
    fields = {**row._mapping}  # type: ignore[attr-defined]  # noqa: SLF001  (SQLAlchemy's name)
    return FinanceEntryAnswer.model_validate({**fields, "entry_id": fields["id"]})


def _step(step: Step, future: Decimal) -> StepAnswer:
    return StepAnswer(
        age=step.age,
        cohorts=step.cohorts,
        exposed=step.exposed,
        redeemed=step.redeemed,
        expired=step.expired,
        redeeming=round(step.redeeming, 6),
        expiring=round(step.expiring, 6),
        future_rate=future,
    )


def _cohort(found: reporting.CohortBreakage) -> CohortBreakageAnswer:
    ages = range(found.age_months + 1)
    return CohortBreakageAnswer(
        cohort=found.cohort,
        age_months=found.age_months,
        issued=found.total.issued,
        redeemed=found.total.redeemed,
        expired=found.total.expired,
        outstanding=found.total.outstanding,
        redeemed_by_age=[found.by_age[age].redeemed if age in found.by_age else 0 for age in ages],
        expired_by_age=[found.by_age[age].expired if age in found.by_age else 0 for age in ages],
        ultimate_redeemed=found.ultimate_redeemed,
        ultimate_rate=found.ultimate_rate,
    )
