"""Quotas of API keys, and how much of them is used. For administrators."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import Field

from gateway.actions import quotas as actions
from gateway.quotas import Quotas, Span, spans_of
from gateway.store import quotas as stored
from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import BIGGEST, Answer, Body
from kit.db import Tx

router = Router(
    prefix="/v1/api-keys/{key_id}", tags=["API keys"], dependencies=[requires(Role.ADMIN)]
)

DAYS_SHOWN = timedelta(days=31)
MONTHS_SHOWN = timedelta(days=366)

Calls = Annotated[int, Field(ge=1, le=BIGGEST, strict=True)]


async def _quotas_of(request: Request) -> Quotas:
    quotas: Quotas = request.app.state.quotas
    return quotas


TheQuotas = Annotated[Quotas, Depends(_quotas_of)]


class QuotaBody(Body):
    """How many calls a key may make; null is any number."""

    per_day: Calls | None = None
    per_month: Calls | None = None


class SpanAnswer(Answer):
    """Calls in one day or month (UTC); portions that the gateway holds ready count as used."""

    starts_on: date
    ends_at: datetime
    calls: int


class UsageAnswer(Answer):
    """A key's quota and what was used of it, newest first. Keys without a quota are not counted."""

    per_day: int | None
    per_month: int | None
    days: list[SpanAnswer]
    months: list[SpanAnswer]


@router.put("/quota")
async def set_quota(
    key_id: UUID, body: QuotaBody, caller: CurrentCaller, quotas: TheQuotas, tx: Tx
) -> QuotaBody:
    """Limit the calls of a key in a day and a month; everywhere within half a minute."""
    actor, now = UUID(caller.subject), clock.now()
    per_day, per_month = body.per_day, body.per_month
    await actions.set_quota(tx, actor, key_id, per_day=per_day, per_month=per_month, now=now)
    quotas.learn(key_id, spans_of(per_day, per_month))
    return body


@router.get("/usage")
async def show_usage(key_id: UUID, tx: Tx) -> UsageAnswer:
    """The quota of a key, and its calls on the last 31 days and in the last 12 months."""
    quota = await actions.quota_of(tx, key_id)
    today = clock.now().date()
    days = await stored.usage_of(tx, key_id, today - DAYS_SHOWN, Span.DAY)
    months = await stored.usage_of(tx, key_id, today - MONTHS_SHOWN, Span.MONTH)
    return UsageAnswer(
        per_day=quota.per_day if quota else None,
        per_month=quota.per_month if quota else None,
        days=[_span(row.starts_on, Span.DAY, row.taken) for row in days],
        months=[_span(row.starts_on, Span.MONTH, row.taken) for row in months],
    )


def _span(starts_on: date, span: Span, calls: int) -> SpanAnswer:
    return SpanAnswer(starts_on=starts_on, ends_at=span.end(starts_on), calls=calls)
