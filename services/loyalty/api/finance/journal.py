"""The journal for the company's general ledger, the calculation behind it, and closed periods."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import orjson
from fastapi import Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller
from kit.bodies import Answer, Body, Name
from kit.db import Snapshot, Tx
from kit.idempotency import RequiresKey
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page, page_of
from services.loyalty.actions.finance.closing import (
    Journal,
    Wish,
    close_in_mind,
    close_period,
    journal_of,
)
from services.loyalty.api.finance.parameters import (
    READS,
    WRITES,
    PeriodName,
    PeriodQuery,
    month_of,
)
from services.loyalty.rules.finance.books import Line
from services.loyalty.rules.finance.movements import Origin
from services.loyalty.rules.finance.terms import Month
from services.loyalty.store.finance import closing
from services.loyalty.tables import FinancePeriod, FinanceProposal

router = Router(tags=["Finance"])

CSV = "text/csv"
JSONL = "application/jsonl"
PORTION = 500
"""Lines sent at once."""
COLUMNS = (
    "period",
    "date",
    "posting",
    "event",
    "account",
    "account_code",
    "debit_minor",
    "credit_minor",
    "currency",
    "point_type",
    "cohort",
    "origin",
    "item",
    "points",
)
CSV_EXAMPLE = (
    ",".join(COLUMNS) + "\r\n"
    "2026-10,2026-10-31,1,deferred,revenue,4000,191,0,CNY,points,2026-10-01,order,,129\r\n"
    "2026-10,2026-10-31,1,deferred,contract_liability,2410,0,191,CNY,points,2026-10-01,order,,129\r\n"
)
JSONL_EXAMPLE = (
    '{"period":"2026-10","date":"2026-10-31","posting":1,"event":"deferred","account":"revenue",'
    '"account_code":"4000","debit_minor":191,"credit_minor":0,"currency":"CNY",'
    '"point_type":"points","cohort":"2026-10-01","origin":"order","item":null,"points":129}\n'
)


class PeriodAnswer(Answer):
    period: str
    begins_on: date
    ends_on: date
    last_seq: int = Field(description="The last entry in it; later ones are in later periods.")
    digest: str = Field(description="SHA-256 over its journal.")
    lines: int
    reason: str
    closed_by: str
    closed_at: datetime
    proposed_by: str | None = Field(description="Where two people close: the first.")
    proposed_at: datetime | None

    @classmethod
    def of(cls, period: FinancePeriod) -> "PeriodAnswer":
        return cls.model_validate({**period.model_dump(), "period": Month(period.begins_on).name})


class ProposalAnswer(Answer):
    """A month that waits for a second person, who closes it by the same digest."""

    period: str
    digest: str
    reason: str
    proposed_by: str
    proposed_at: datetime

    @classmethod
    def of(cls, proposal: FinanceProposal) -> "ProposalAnswer":
        named = {**proposal.model_dump(), "period": Month(proposal.begins_on).name}
        return cls.model_validate(named)


class ClosingBody(Body):
    period: PeriodName
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] = Field(
        description="That of the journal you looked at: `ETag` of /v1/loyalty/finance/journal.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    reason: Name


class DeferralAnswer(Answer):
    """A cohort at the end of a period. Of points given for nothing: accrued, used, remeasured."""

    point_type: str
    cohort: date
    origin: Origin
    issued: int
    redeemed: int
    expired: int
    outstanding: int
    value_minor: Decimal = Field(description="Of a point, when the cohort was first booked.")
    rate: Decimal = Field(description="Expected to be redeemed, when it was first booked.")
    price_minor: Decimal = Field(description="Of a point: its share of what was paid.")
    future_rate: Decimal = Field(description="Expected to be redeemed of what is outstanding.")
    deferred_minor: int
    redeemed_minor: int
    breakage_minor: int
    liability_minor: int


class DeferralsAnswer(Answer):
    period: str
    closed: bool
    liability_minor: int
    items: list[DeferralAnswer]


@router.get("/v1/loyalty/finance/deferrals", dependencies=[READS])
async def show_deferrals(tx: Snapshot, period: PeriodQuery) -> DeferralsAnswer:
    """The calculation behind a journal, cohort by cohort: what an auditor asks for."""
    month = month_of(period)
    closed = await closing.find(tx, month.begins_on)
    positions = (
        await closing.positions(tx, month.begins_on)
        if closed
        else (await close_in_mind(tx, month, clock.now())).positions
    )
    items = [
        DeferralAnswer(
            point_type=key.point_type,
            cohort=key.cohort,
            origin=key.origin,
            issued=each.volume.issued,
            redeemed=each.volume.redeemed,
            expired=each.volume.expired,
            outstanding=each.volume.outstanding,
            value_minor=each.inception.value_minor,
            rate=each.inception.rate,
            price_minor=each.inception.price_minor,
            future_rate=each.future_rate,
            deferred_minor=each.deferred_minor,
            redeemed_minor=each.redeemed_minor,
            breakage_minor=each.breakage_minor,
            liability_minor=each.liability_minor,
        )
        for key, each in positions.items()
    ]
    return DeferralsAnswer(
        period=period,
        closed=closed is not None,
        liability_minor=sum(item.liability_minor for item in items),
        items=sorted(items, key=lambda item: (item.point_type, item.cohort, item.origin)),
    )


@router.get(
    "/v1/loyalty/finance/journal",
    dependencies=[READS],
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {
                CSV: {"schema": {"type": "string"}, "example": CSV_EXAMPLE},
                JSONL: {"schema": {"type": "string"}, "example": JSONL_EXAMPLE},
            }
        }
    },
)
async def export_journal(
    tx: Snapshot,
    period: PeriodQuery,
    wanted: Annotated[Literal["csv", "jsonl"] | None, Query(alias="format")] = None,
    accept: Annotated[str, Header()] = "",
) -> StreamingResponse:
    """A month as balanced double entries, one side a line: CSV, or JSON lines if so accepted.

    Of a closed period always the same bytes. `ETag` is the journal's digest; the last month that is
    open may still change.
    """
    journal = await journal_of(tx, month_of(period), clock.now())
    as_lines = wanted == "jsonl" or (wanted is None and JSONL in accept)
    body = _jsonl(journal) if as_lines else _csv(journal)
    name = f"journal-{period}.{'jsonl' if as_lines else 'csv'}"
    headers = {
        "ETag": f'"{journal.digest}"',
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    media_type = JSONL if as_lines else f"{CSV}; charset=utf-8; header=present"
    return StreamingResponse(_portions(body), media_type=media_type, headers=headers)


@router.get("/v1/loyalty/finance/periods", dependencies=[READS])
async def list_periods(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[PeriodAnswer]:
    """The periods that are closed, newest first."""
    before = decode_cursor(cursor, date.fromisoformat)[0] if cursor else None
    found = await closing.listed(tx, limit + 1, before)
    return page(found, limit, PeriodAnswer.of, lambda row: (str(row.begins_on),))


@router.get("/v1/loyalty/finance/proposals", dependencies=[READS])
async def list_proposals(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[ProposalAnswer]:
    """The month that waits for a second person to close it, if one does."""
    rows = await closing.proposals(tx)
    return page_of(rows, limit, cursor, ProposalAnswer.of, lambda row: (str(row.begins_on),), str)


@router.post(
    "/v1/loyalty/finance/periods",
    status_code=201,
    responses={202: {"model": ProposalAnswer, "description": "It waits for a second person."}},
    dependencies=[WRITES, RequiresKey],
)
async def close(
    body: ClosingBody, caller: CurrentCaller, tx: Tx, response: Response
) -> PeriodAnswer | ProposalAnswer:
    """Close the next month for good, as you looked at it. Nothing reopens it.

    Where the terms say `closing_by_two`, it waits until another admin closes it by the same digest:
    202. What is recorded for it later, or corrects it, belongs to the next open period.
    """
    wish = Wish(
        month=month_of(body.period),
        digest=body.digest,
        reason=body.reason,
        actor=caller.subject,
    )
    made = await close_period(tx, wish, clock.now())
    if isinstance(made, FinanceProposal):
        response.status_code = 202
        return ProposalAnswer.of(made)
    return PeriodAnswer.of(made)


def _values(month: Month, line: Line) -> tuple[object, ...]:
    return (
        month.name,
        str(month.ends_on),
        line.posting,
        line.event,
        line.account,
        line.code,
        line.debit_minor,
        line.credit_minor,
        line.currency,
        line.point_type,
        None if line.cohort is None else str(line.cohort),
        line.origin,
        line.item,
        line.points,
    )


def _csv(journal: Journal) -> Iterator[str]:
    """RFC 4180. No value here ever needs quotes: codes and names are checked when declared."""
    yield ",".join(COLUMNS) + "\r\n"
    for line in journal.lines:
        shown = ("" if value is None else str(value) for value in _values(journal.month, line))
        yield ",".join(shown) + "\r\n"


def _jsonl(journal: Journal) -> Iterator[str]:
    for line in journal.lines:
        values = dict(zip(COLUMNS, _values(journal.month, line), strict=True))
        yield orjson.dumps(values).decode() + "\n"


async def _portions(lines: Iterable[str]) -> AsyncIterator[str]:
    portion: list[str] = []
    for line in lines:
        portion.append(line)
        if len(portion) == PORTION:
            yield "".join(portion)
            portion.clear()
    yield "".join(portion)
