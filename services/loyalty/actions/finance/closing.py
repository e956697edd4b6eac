"""Making the books of a month, and closing it for good."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound
from services.loyalty.actions.finance.declaring import point_prices, reward_prices
from services.loyalty.rules.finance.books import (
    Booked,
    Books,
    Closing,
    HandedOut,
    Line,
    Positions,
    Sold,
)
from services.loyalty.rules.finance.deferral import CohortKey, Volume
from services.loyalty.rules.finance.runoff import AS_OBSERVED, WhatIf
from services.loyalty.rules.finance.terms import Breakage, Month, Prices
from services.loyalty.rules.ledger import PointType
from services.loyalty.store import chain
from services.loyalty.store.finance import adding, closing, declaring, reading
from services.loyalty.tables import FinancePeriod, FinanceProposal, FinanceTerms


class NothingDeclared(Conflict):
    code = "loyalty.finance_undeclared"
    title = "No point has a value"


class NoSuchPeriod(NotFound):
    code = "loyalty.period_not_found"
    title = "No such period"


class NotClosable(Conflict):
    code = "loyalty.period_not_closable"
    title = "The period cannot be closed"


class ChangedMeanwhile(Conflict):
    code = "loyalty.journal_changed"
    title = "The journal is another by now"


@dataclass(frozen=True, slots=True)
class Journal:
    """A month's journal. `digest` names it: the same digest, the same lines.

    `closed` is the period where it is closed for good.
    """

    month: Month
    lines: Sequence[Line]
    digest: str
    closed: FinancePeriod | None = None


async def journal_of(session: AsyncSession, month: Month, now: datetime) -> Journal:
    """A month's journal as it stands. Raises NothingDeclared or NoSuchPeriod."""
    if found := await closing.find(session, month.begins_on):
        lines = [line async for line in closing.lines(session, month.begins_on)]
        return Journal(month, lines, found.digest, found)
    made = await close_in_mind(session, month, now)
    return Journal(month, made.lines, digest_of(made.lines))


async def close_in_mind(
    session: AsyncSession, month: Month, now: datetime, what_if: WhatIf = AS_OBSERVED
) -> Closing:
    """A month that is open, as it would be if it, and those before it, were closed as they stand.

    Raises NothingDeclared or NoSuchPeriod.
    """
    terms = await declaring.terms(session)
    today = today_of(terms, now)
    last = await closing.last(session)
    first = Month(last.begins_on).next if last else await _first(session, today)
    if not first.begins_on <= month.begins_on <= today:
        raise NoSuchPeriod(
            f"{month.name} is not one of the open periods {first.name} to {Month.of(today).name}."
        )
    books = await _books(session, terms, month, today, what_if)
    before = await closing.positions(session, last.begins_on) if last else {}
    return await asyncio.to_thread(_through, books, before, first, month)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody's wish to close a month as they looked at it, under `digest`."""

    month: Month
    digest: str
    reason: str
    actor: str


async def close_period(
    session: AsyncSession, wish: Wish, now: datetime
) -> FinancePeriod | FinanceProposal:
    """Close the month that comes next, or let it wait for a second person. Again: the same.

    Entries that have not been added up yet, whenever they were recorded, belong to later months
    from now on. Raises NothingDeclared, NoSuchPeriod, NotClosable or ChangedMeanwhile.
    """
    terms = await declaring.lock(session)
    mark = await chain.mark(session, adding.MARK)
    if closed := await closing.find(session, wish.month.begins_on):
        _expect(wish.digest, closed.digest)
        return closed
    await _refuse_early(session, terms, wish.month, now)
    made = await close_in_mind(session, wish.month, now)
    _expect(wish.digest, digest_of(made.lines))
    first = await _first_person(session, wish) if terms.closing_by_two else None
    if terms.closing_by_two and first is None:
        return await _propose(session, wish, now)
    period = _period(wish, made, mark.seq, first, now)
    await closing.close(session, period, made)
    await closing.forget_proposal(session, wish.month.begins_on)
    return period


async def _first_person(session: AsyncSession, wish: Wish) -> FinanceProposal | None:
    """The proposal of somebody else who looked at the same journal."""
    found = await closing.proposal(session, wish.month.begins_on)
    same = found is not None and found.digest == wish.digest and found.proposed_by != wish.actor
    return found if same else None


async def _propose(session: AsyncSession, wish: Wish, now: datetime) -> FinanceProposal:
    """Let the month wait; of a journal that has changed the proposals before are nothing."""
    known = await closing.proposal(session, wish.month.begins_on)
    if known is not None and (known.digest, known.proposed_by) == (wish.digest, wish.actor):
        return known
    proposal = FinanceProposal(
        begins_on=wish.month.begins_on,
        digest=wish.digest,
        reason=wish.reason,
        proposed_by=wish.actor,
        proposed_at=now,
    )
    await closing.propose(session, proposal)
    return proposal


def _period(
    wish: Wish, made: Closing, last_seq: int, first: FinanceProposal | None, now: datetime
) -> FinancePeriod:
    return FinancePeriod(
        begins_on=wish.month.begins_on,
        ends_on=wish.month.ends_on,
        last_seq=last_seq,
        digest=wish.digest,
        lines=len(made.lines),
        reason=wish.reason,
        closed_by=wish.actor,
        closed_at=now,
        proposed_by=first.proposed_by if first else None,
        proposed_at=first.proposed_at if first else None,
    )


def digest_of(lines: Iterable[Line]) -> str:
    """SHA-256 over the lines: what was closed is what was looked at."""
    made = hashlib.sha256()
    for line in lines:
        made.update(orjson.dumps(line) + b"\n")
    return made.hexdigest()


def today_of(terms: FinanceTerms, now: datetime) -> date:
    """The day it is where the books are kept."""
    return now.astimezone(ZoneInfo(terms.time_zone)).date()


def _through(books: Books, before: Positions, first: Month, last: Month) -> Closing:
    """Close months one after the other; the last of them."""
    month = first
    while True:
        made = books.close(month, before)
        if month == last:
            return made
        month, before = month.next, made.positions


async def _refuse_early(
    session: AsyncSession, terms: FinanceTerms, month: Month, now: datetime
) -> None:
    today = today_of(terms, now)
    last = await closing.last(session)
    following = Month(last.begins_on).next if last else await _first(session, today)
    if month != following:
        raise NotClosable(f"Periods are closed one after the other: {following.name} comes next.")
    if today <= month.ends_on:
        raise NotClosable(f"{month.name} is not over until {month.ends_on}.")
    if await closing.is_behind(session, month.ends_on):
        raise NotClosable(f"Entries of {month.name} are still being added up: try in a minute.")


async def _first(session: AsyncSession, today: date) -> Month:
    found = await reading.first_month(session)
    return Month.of(found or today)


async def _books(
    session: AsyncSession, terms: FinanceTerms, month: Month, today: date, what_if: WhatIf
) -> Books:
    prices = await point_prices(session)
    if not prices:
        raise NothingDeclared(
            "Declare what a point is worth first: POST /v1/loyalty/finance/point-values."
        )
    return Books(
        booked=await booked_until(session, month.ends_on),
        sold=[
            Sold(row.month, row.point_type, row.cohort, row.currency, row.amount_minor)
            for row in await reading.sales(session, month.ends_on)
        ],
        handed_out=await _handed_out(session, month, await reward_prices(session)),
        prices=prices,
        breakage=Breakage(terms.breakage),
        tail_rate=terms.tail_rate,
        codes=terms.accounts,
        complete=last_complete(today),
        what_if=what_if,
    )


async def booked_until(session: AsyncSession, day: date) -> dict[date, list[Booked]]:
    """What each month changed of each cohort, up to the end of a day."""
    booked: defaultdict[date, list[Booked]] = defaultdict(list)
    for item in await reading.by_month(session, day):
        key = CohortKey(item.point_type, item.cohort, item.origin)
        booked[item.month].append(Booked(key, Volume(item.issued, item.expired, item.outstanding)))
    return booked


def last_complete(today: date) -> Month:
    """The last month that is over."""
    return Month.of(today.replace(day=1) - timedelta(days=1))


async def _handed_out(
    session: AsyncSession, month: Month, costs: Mapping[str, Prices]
) -> list[HandedOut]:
    """What rewards of a month cost, each piece as on its day."""
    found: dict[str, HandedOut] = {}
    rows = await reading.of_rewards(session, PointType.POINTS, month.begins_on, month.ends_on)
    for row in rows:
        if row.source_type != "redemption" or row.item not in costs:
            continue
        prices, known = costs[row.item], found.get(row.item)
        found[row.item] = HandedOut(
            month=month.begins_on,
            point_type=PointType.POINTS,
            item=row.item,
            points=row.points + (known.points if known else 0),
            cost_minor=int(row.times * prices.on(row.booked_on))
            + (known.cost_minor if known else 0),
            currency=prices.currency,
        )
    return list(found.values())


def _expect(digest: str, found: str) -> None:
    if digest != found:
        raise ChangedMeanwhile(
            f"The journal's digest is {found}: look at it again before you close the period."
        )
