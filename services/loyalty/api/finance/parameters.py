"""What the routes of finance share: who may ask, and for what time."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from kit.auth import Role, requires
from kit.bodies import Answer
from kit.db import Tx
from kit.problems import Malformed
from services.loyalty.actions.finance import reporting
from services.loyalty.rules.finance.movements import Points
from services.loyalty.rules.finance.terms import Month
from services.loyalty.rules.ledger import PointType

READS = requires(Role.ANALYST, scope="finance:read")
WRITES = requires(Role.ADMIN)

EARLIEST = date(1970, 1, 1)
On = Annotated[
    date | None, Query(ge=EARLIEST, description="The end of this day; today, if left out.")
]
From = Annotated[date, Query(alias="from", ge=EARLIEST, description="The first day.")]
Until = Annotated[date, Query(ge=EARLIEST, description="The last day.")]
OfType = Annotated[PointType, Query()]
PeriodName = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2026-10"])]
PeriodQuery = Annotated[
    str, Query(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="A month such as `2026-10`.")
]


class AsOfAnswer(Answer):
    """Up to which entry the sums go."""

    seq: int
    recorded_at: datetime | None
    waiting: int = Field(description="Entries written since, up to 10,000.")


class PointsAnswer(Answer):
    available: int
    pending: int
    held: int
    outstanding: int = Field(description="Available, pending and held.")
    debt: int = Field(description="What members owe; not taken off what is outstanding.")
    net: int = Field(description="Outstanding less debt: what all entries add up to.")

    @classmethod
    def of(cls, points: Points) -> "PointsAnswer":
        return cls(
            available=points.available,
            pending=points.pending,
            held=points.held,
            outstanding=points.outstanding,
            debt=points.debt,
            net=points.net,
        )


def month_of(period: str) -> Month:
    """Raises Malformed of the year 0."""
    try:
        return Month.named(period)
    except ValueError:
        raise Malformed(f"{period} is no month such as 2026-10.") from None


async def as_of(tx: Tx) -> AsOfAnswer:
    """How far the sums go."""
    return AsOfAnswer.model_validate(await reporting.freshness(tx))
