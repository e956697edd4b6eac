"""Earning points: each occasion is decided on once, by the version that runs for its member."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import quick_uuid7
from services.loyalty.actions.bookkeeping import ONE_CAUSE, Causes, close_book, open_book
from services.loyalty.actions.members import of_survivors
from services.loyalty.actions.retiring import retire
from services.loyalty.actions.versions import Running, running
from services.loyalty.rules.book import Book
from services.loyalty.rules.earning import Kept, Occasion
from services.loyalty.rules.ledger import Claim, Entry, Memo, WalletKey
from services.loyalty.rules.programme.deciding import (
    Counts,
    Decision,
    Outcome,
    Verdict,
    budgets,
    counters,
    limited,
    matched,
)
from services.loyalty.rules.programme.triggers import ORDER_PLACED
from services.loyalty.rules.programme.weighing import line_weights
from services.loyalty.store import members, orders, versions
from services.loyalty.store import occasions as store
from services.loyalty.store.members import MemberFacts
from services.loyalty.store.orders import Share

MOST_RECORDED = 30
"""Rules that failed, of those kept with an occasion; the others can be decided again from it."""


async def earn_points(
    session: AsyncSession,
    occasions: Sequence[Occasion],
    now: datetime,
    causes: Causes = ONE_CAUSE,
) -> list[Entry]:
    """Pay each occasion what the programme says, and keep those it says nothing of; what it paid.

    What was decided keeps its first answer. What no rule speaks of yet is kept for the back-tests
    of rules that will.
    """
    if not occasions:
        return []
    programme = await running(session)
    occasions = await of_survivors(session, occasions)
    paying = [occasion for occasion in occasions if programme.speaks_of(occasion.trigger)]
    entries: list[Entry] = []
    if paying:
        member_ids = {occasion.member_id for occasion in paying}
        sources = {occasion.source for occasion in paying}
        book = await open_book(session, member_ids, now, sources)
        entries = await pay(session, book, paying, programme)
        await close_book(session, book, causes=causes)
    others = [o for o in occasions if not programme.speaks_of(o.trigger)]
    await store.add(session, [Kept(quick_uuid7(), occasion) for occasion in others], now)
    return entries


async def pays_some(session: AsyncSession, occasions: Sequence[Occasion]) -> bool:
    """Whether rules speak of some of the occasions, and not of the others."""
    programme = await running(session)
    return len({programme.speaks_of(occasion.trigger) for occasion in occasions}) > 1


async def pay(
    session: AsyncSession,
    book: Book,
    occasions: Sequence[Occasion],
    programme: Running | None = None,
) -> list[Entry]:
    """Decide on the occasions not decided on before, and write what they earn, into the book.

    The book must have been opened with the occasions' sources.
    """
    programme = programme or await running(session)
    new = {occasion.name: occasion for occasion in occasions if occasion.name not in book.decided}
    if not new:
        return []
    described = await members.facts(session, {occasion.member_id for occasion in new.values()})
    book.held |= {who: facts.held for who, facts in described.items() if facts.held}
    decided = await _decide(session, list(new.values()), described, programme, book)
    entries = [_write(book, decision) for decision in decided.decisions]
    await decided.settle(session)
    book.decided |= new.keys()
    book.kept += [
        _kept(decision, written, described[decision.occasion.member_id])
        for decision, written in zip(decided.decisions, entries, strict=True)
    ]
    await orders.add_shares(session, _shares(decided.decisions))
    return [entry for written in entries for entry in written.values()]


@dataclass(slots=True)
class Decided:
    """Decisions, with the counters as they leave them and what they use of budgets."""

    decisions: list[Decision]
    counts: Counts
    before: Mapping[str, int]
    left: dict[str, int] = field(default_factory=dict)

    async def settle(self, session: AsyncSession) -> None:
        await store.count(session, self.counts)
        used = {name: points - self.left[name] for name, points in self.before.items()}
        await store.use_budgets(session, used)


async def _decide(
    session: AsyncSession,
    occasions: Sequence[Occasion],
    described: Mapping[UUID, MemberFacts],
    programme: Running,
    book: Book,
) -> Decided:
    """What the members' versions decide, within caps and budgets.

    A trial that would exceed its ceiling ends here, and its members are paid by the live version.
    """
    decisions = [
        matched(programme.of(o.member_id), o, described[o.member_id].on(o)) for o in occasions
    ]
    needed = {key for decision in decisions for key in counters(decision)}
    names = {
        name
        for decision in decisions
        for name in budgets(decision, programme.of(decision.occasion.member_id))
    }
    before = await store.lock_budgets(session, sorted(names))
    decided = Decided(decisions, await store.counted(session, needed), before, dict(before))
    for decision in decisions:
        _forget_claimed(decision, book)
        version = programme.of(decision.occasion.member_id)
        limited(decision, version, decided.counts, decided.left)
    if programme.trial and not await _within_ceiling(session, programme, decisions, book.now):
        return await _decide(session, occasions, described, programme.without_trial, book)
    return decided


def _forget_claimed(decision: Decision, book: Book) -> None:
    """What a rule paid before, when this occasion was told another way, it does not pay again."""
    decision.outcomes = [
        outcome for outcome in decision.outcomes if _claim(decision, outcome) not in book.claims
    ]


def _claim(decision: Decision, outcome: Outcome) -> Claim:
    return Claim(decision.occasion.source, outcome.rule.key, "earn")


async def _within_ceiling(
    session: AsyncSession, programme: Running, decisions: Sequence[Decision], now: datetime
) -> bool:
    """Count what the trial issues. If that is over its ceiling, or it has ended: False."""
    assert programme.trial is not None  # noqa: S101  (the caller looked)
    version = programme.trial.version
    own = [decision for decision in decisions if decision.version == version]
    points = sum(decision.points() for decision in own)
    if not points:
        return True
    trial = await versions.lock_trial(session, version)
    if trial is None:
        return False
    issued, ceiling = trial
    if ceiling is not None and issued + points > ceiling:
        await retire(session, version, "budget", now)
        return False
    await versions.issue(session, version, points)
    return True


def _write(book: Book, decision: Decision) -> dict[str, Entry]:
    """Write what each rule pays. What held and came to nothing is an entry too, of no points."""
    occasion = decision.occasion
    entries = {}
    for outcome in decision.outcomes:
        if outcome.verdict in _WRITTEN:
            rule = outcome.rule
            memo = Memo(claim=_claim(decision, outcome), at=occasion.at)
            key = WalletKey(occasion.member_id, rule.rule.point_type)
            entries[rule.key] = book.earn(key, outcome.points, rule.terms, memo)
    return entries


def _shares(decisions: Sequence[Decision]) -> list[Share]:
    """Of orders: which lines the rules paid for that speak of some alone."""
    return [
        Share(decision.occasion.source.id, rule, weights)
        for decision in decisions
        if decision.occasion.trigger == ORDER_PLACED
        for rule, weights in line_weights(decision)
    ]


_WRITTEN = frozenset({Verdict.PAID, Verdict.NOTHING, Verdict.CAPPED, Verdict.EXHAUSTED})


def _kept(decision: Decision, entries: Mapping[str, Entry], member: MemberFacts) -> Kept:
    return Kept(
        quick_uuid7(),
        decision.occasion,
        decision.version,
        member.recorded,
        list(recorded(decision, entries)),
        decision.points(),
    )


def recorded(decision: Decision, entries: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """The outcomes as they are kept, each with the entry it wrote."""
    kept: list[dict[str, Any]] = []
    missed = Counter[Verdict]()
    for outcome in decision.outcomes:
        missed[outcome.verdict] += 1
        if outcome.verdict not in _WRITTEN and missed[outcome.verdict] > MOST_RECORDED:
            continue
        entry = entries.get(outcome.rule.key)
        kept.append(outcome.recorded() | ({"entry_id": str(entry.id)} if entry else {}))
    return kept
