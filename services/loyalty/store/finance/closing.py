"""Closed periods: where their cohorts stood, and their journals as they were exported."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.loyalty import tables
from services.loyalty.rules.finance.books import Closing, Line
from services.loyalty.rules.finance.deferral import (
    CohortKey,
    Event,
    Inception,
    Position,
    Volume,
)
from services.loyalty.rules.finance.movements import Origin
from services.loyalty.rules.finance.terms import AccountName
from services.loyalty.tables import FinanceCohort, FinancePeriod, FinanceProposal, JournalLine

PORTION = 1_000
"""Lines read at once."""

_COHORTS = inserting(
    tables.FinanceCohort,
    "period point_type cohort origin issued expired outstanding value_minor rate price_minor"
    " future_rate deferred_minor redeemed_minor breakage_minor",
)

_LINES = inserting(
    tables.JournalLine,
    "period number posting event account code debit_minor credit_minor currency point_type"
    " cohort origin item points",
)

_LATE = text("""
    SELECT EXISTS (
        SELECT FROM entries, (SELECT time_zone FROM finance_terms LIMIT 1) AS terms
        WHERE seq > (SELECT seq FROM ledger_marks WHERE name = 'finance')
            AND (recorded_at AT TIME ZONE time_zone)::date <= :ends
    )
""")


async def last(session: AsyncSession) -> FinancePeriod | None:
    """The period that was closed last."""
    statement = select(FinancePeriod).order_by(col(FinancePeriod.begins_on).desc()).limit(1)
    return (await session.scalars(statement)).one_or_none()


async def find(session: AsyncSession, begins_on: date) -> FinancePeriod | None:
    statement = select(FinancePeriod).where(col(FinancePeriod.begins_on) == begins_on)
    return (await session.scalars(statement)).one_or_none()


async def listed(session: AsyncSession, limit: int, before: date | None) -> Sequence[FinancePeriod]:
    """The closed periods, newest first."""
    statement = select(FinancePeriod).order_by(col(FinancePeriod.begins_on).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(FinancePeriod.begins_on) < before)
    return (await session.scalars(statement)).all()


async def proposal(session: AsyncSession, begins_on: date) -> FinanceProposal | None:
    """What somebody would close, and nobody else has yet."""
    statement = select(FinanceProposal).where(col(FinanceProposal.begins_on) == begins_on)
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return found.one_or_none()


async def proposals(session: AsyncSession) -> Sequence[FinanceProposal]:
    """The months that wait for a second person: at most the one that comes next."""
    statement = select(FinanceProposal).order_by(col(FinanceProposal.begins_on))
    return (await session.scalars(statement)).all()


async def propose(session: AsyncSession, proposal: FinanceProposal) -> None:
    """Keep a proposal in place of any before it for the month."""
    await forget_proposal(session, proposal.begins_on)
    await session.execute(insert(FinanceProposal).values(proposal.model_dump()))


async def forget_proposal(session: AsyncSession, begins_on: date) -> None:
    statement = text("DELETE FROM finance_proposals WHERE begins_on = :begins_on")
    await session.execute(statement, {"begins_on": begins_on})


async def positions(session: AsyncSession, begins_on: date) -> Mapping[CohortKey, Position]:
    """Where cohorts stood when a period was closed."""
    statement = select(FinanceCohort).where(col(FinanceCohort.period) == begins_on)
    return {
        CohortKey(row.point_type, row.cohort, Origin(row.origin)): Position(
            inception=Inception(row.value_minor, row.rate, row.price_minor),
            volume=Volume(row.issued, row.expired, row.outstanding),
            future_rate=row.future_rate,
            deferred_minor=row.deferred_minor,
            redeemed_minor=row.redeemed_minor,
            breakage_minor=row.breakage_minor,
        )
        for row in await session.scalars(statement)
    }


async def lines(session: AsyncSession, begins_on: date) -> AsyncIterator[Line]:
    """A closed period's journal, a portion at a time."""
    number, more = 0, True
    while more:
        statement = (
            select(JournalLine)
            .where(col(JournalLine.period) == begins_on, col(JournalLine.number) > number)
            .order_by(col(JournalLine.number))
            .limit(PORTION)
        )
        rows = (await session.scalars(statement)).all()
        for row in rows:
            yield _line(row)
        more = len(rows) == PORTION
        number = rows[-1].number if rows else number


async def is_behind(session: AsyncSession, ends: date) -> bool:
    """Whether entries recorded up to a day have not been added up yet."""
    return bool((await session.execute(_LATE, {"ends": ends})).scalar_one())


async def close(session: AsyncSession, period: FinancePeriod, closing: Closing) -> None:
    """Keep a period, where its cohorts stand, and its journal."""
    await session.execute(insert(FinancePeriod).values(period.model_dump()))
    begins = period.begins_on
    cohorts = [_cohort_row(begins, *item) for item in closing.positions.items()]
    await _COHORTS.execute(session, cohorts)
    numbered = [_line_row(begins, n, line) for n, line in enumerate(closing.lines, 1)]
    await _LINES.execute(session, numbered)


def _cohort_row(begins: date, key: CohortKey, position: Position) -> tuple[object, ...]:
    begun, volume = position.inception, position.volume
    return (
        begins,
        key.point_type,
        key.cohort,
        key.origin,
        volume.issued,
        volume.expired,
        volume.outstanding,
        begun.value_minor,
        begun.rate,
        begun.price_minor,
        position.future_rate,
        position.deferred_minor,
        position.redeemed_minor,
        position.breakage_minor,
    )


def _line_row(begins: date, number: int, line: Line) -> tuple[object, ...]:
    return (
        begins,
        number,
        line.posting,
        line.event,
        line.account,
        line.code,
        line.debit_minor,
        line.credit_minor,
        line.currency,
        line.point_type,
        line.cohort,
        line.origin,
        line.item,
        line.points,
    )


def _line(row: JournalLine) -> Line:
    return Line(
        posting=row.posting,
        event=Event(row.event),
        account=AccountName(row.account),
        code=row.code,
        debit_minor=row.debit_minor,
        credit_minor=row.credit_minor,
        currency=row.currency,
        point_type=row.point_type,
        cohort=row.cohort,
        origin=Origin(row.origin) if row.origin else None,
        item=row.item,
        points=row.points,
    )
