"""What the answers of members amount to."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime, Field

from kit import clock
from kit.app import Router
from kit.auth import Role, requires
from kit.bodies import Answer
from kit.db import Tx
from kit.problems import Unprocessable
from services.feedback.rules.surveys import Kind, satisfaction
from services.feedback.store import surveys as store

USUAL_PERIOD = timedelta(days=30)

router = Router(prefix="/v1/reports", tags=["Reports"])


class PeriodBackwards(Unprocessable):
    code = "feedback.period_backwards"
    title = "The period ends before it begins"


class SatisfactionAnswer(Answer):
    """The answers given in [from, to). Means and shares are null where nobody answered."""

    kind: Kind
    begin: datetime = Field(serialization_alias="from")
    end: datetime = Field(serialization_alias="to")
    offered: int
    answers: int
    mean_score: float | None
    favourable_share: float | None
    net_promoter_score: float | None
    distribution: dict[int, int]


@router.get("/satisfaction", dependencies=[requires(Role.ANALYST)])
async def report_satisfaction(
    tx: Tx,
    kind: Kind = Kind.CSAT,
    begin: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
) -> SatisfactionAnswer:
    """Answers, mean and distribution of a kind of survey, over the last 30 days if not said."""
    end = end or clock.now()
    begin = begin or end - USUAL_PERIOD
    if begin >= end:
        raise PeriodBackwards("Let `from` be before `to`.")
    result = satisfaction(kind, await store.count_scores(tx, kind, begin, end))
    return SatisfactionAnswer(
        kind=kind,
        begin=begin,
        end=end,
        offered=await store.count_offered(tx, kind, begin, end),
        answers=result.answers,
        mean_score=result.mean_score,
        favourable_share=result.favourable_share,
        net_promoter_score=result.net_promoter_score,
        distribution=dict(result.distribution),
    )
