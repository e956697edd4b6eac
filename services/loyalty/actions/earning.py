"""Earning points."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import ONE_CAUSE, Causes, close_book, open_book
from services.loyalty.actions.members import of_survivors
from services.loyalty.rules.book import Book
from services.loyalty.rules.earning import EarningRule, Occasion, local_day, points_earned
from services.loyalty.rules.ledger import Entry
from services.loyalty.store import members, programme
from services.loyalty.store.programme import CapDay

RulesByTrigger = Mapping[str, Sequence[EarningRule]]


async def earn_points(
    session: AsyncSession,
    occasions: Sequence[Occasion],
    now: datetime,
    causes: Causes = ONE_CAUSE,
) -> None:
    """Pay each occasion once under each rule it triggers; what was paid keeps its first answer."""
    rules = await programme.earning_rules(session)
    paying = [occasion for occasion in occasions if occasion.trigger in rules]
    if not paying:
        return
    paying = await of_survivors(session, paying)
    member_ids = {occasion.member_id for occasion in paying}
    book = await open_book(session, member_ids, now, {occasion.source for occasion in paying})
    await pay(session, book, paying, rules)
    await close_book(session, book, causes=causes)


async def pay(
    session: AsyncSession, book: Book, occasions: Sequence[Occasion], rules: RulesByTrigger
) -> list[Entry]:
    """Write what the occasions earn, within what each capped rule has left on the member's day.

    The book must have been opened with the occasions' sources.
    """
    days = await _cap_days(session, occasions, rules)
    earned = await programme.earned_on(session, set(days.values()))
    entries = []
    for occasion in occasions:
        for rule in rules.get(occasion.trigger, ()):
            key, memo = occasion.earns(rule)
            if memo.claim in book.claims:
                continue
            day = days.get((occasion, rule.key))
            points = points_earned(occasion, rule, earned.get(day, 0) if day else 0)
            entries.append(book.earn(key, points, rule.terms, memo))
            if day:
                earned[day] = earned.get(day, 0) + points
    await programme.set_earned(session, earned)
    return entries


async def _cap_days(
    session: AsyncSession, occasions: Sequence[Occasion], rules: RulesByTrigger
) -> Mapping[tuple[Occasion, str], CapDay]:
    """The day against which each capped rule counts an occasion: the member's own."""
    capped = [
        (occasion, rule)
        for occasion in occasions
        for rule in rules.get(occasion.trigger, ())
        if rule.daily_cap is not None
    ]
    if not capped:
        return {}
    zones = await members.time_zones(session, {occasion.member_id for occasion, _ in capped})
    return {
        (occasion, rule.key): CapDay(
            occasion.member_id, rule.key, local_day(occasion.at, zones[occasion.member_id])
        )
        for occasion, rule in capped
    }
