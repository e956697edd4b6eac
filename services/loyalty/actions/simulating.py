"""Trying a version out: on one occasion, by the real path rolled back; or on the past."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import NotFound, Unprocessable
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.earning import pay
from services.loyalty.actions.members import known_member
from services.loyalty.actions.publishing import known_version, live_version
from services.loyalty.actions.tiers import measured_at
from services.loyalty.actions.versions import Running, ready
from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import (
    PointsOverflowError,
    PointType,
    Source,
    Wallet,
    WalletKey,
)
from services.loyalty.rules.programme.backtesting import BacktestRun
from services.loyalty.rules.programme.states import BacktestState
from services.loyalty.rules.tiers import recomputed
from services.loyalty.store import backtests, members, occasions, tiers, versions
from services.loyalty.store.members import MemberFacts
from services.loyalty.tables import Backtest, ProgrammeVersion
from services.loyalty.tables import Occasion as OccasionRow

CHUNK = 200
"""Occasions a back-test decides on, or members it looks at, before others have the processor."""
MOST_PREVIEWED = 20_000
"""Members of whom a request can wait for the preview."""


class OccasionNotFound(NotFound):
    code = "loyalty.occasion_not_found"
    title = "No such occasion"


class NotToBeDecided(Unprocessable):
    code = "loyalty.not_to_be_decided"
    title = "No version can decide on this"


class BacktestNotFound(NotFound):
    code = "loyalty.backtest_not_found"
    title = "No such back-test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What a version would have done, and how the member's wallets would stand."""

    occasion: OccasionRow
    points: Wallet
    growth: Wallet
    tier: str


async def simulate(
    session: AsyncSession, version: int, occasion: Occasion, now: datetime
) -> Simulated:
    """Let a version decide as if it were live, and undo everything.

    Raises VersionNotFound, MemberNotFound or NotToBeDecided.
    """
    found = await known_version(session, version)
    occasion = replace(occasion, member_id=await known_member(session, occasion.member_id))
    tried = await session.begin_nested()
    try:
        return await _simulate(session, found, occasion, now)
    except (OverflowError, PointsOverflowError) as error:
        raise NotToBeDecided(f"No such occasion can happen: {error}.") from None
    finally:
        await tried.rollback()


async def _simulate(
    session: AsyncSession, found: ProgrammeVersion, occasion: Occasion, now: datetime
) -> Simulated:
    made = await ready(session, found.version, found.digest)
    book = await open_book(session, {occasion.member_id}, now, {occasion.source})
    await versions.set_budgets(session, dict(made.budgets))
    await pay(session, book, [occasion], Running(made))
    await close_book(session, book)
    [row] = await occasions.of_source(session, occasion.member_id, occasion.source)
    session.expunge(row)
    after = await members.facts(session, {occasion.member_id})
    return Simulated(
        occasion=row,
        points=book.wallet(WalletKey(occasion.member_id, PointType.POINTS)),
        growth=book.wallets[WalletKey(occasion.member_id, PointType.GROWTH)],
        tier=after[occasion.member_id].known["tier"],
    )


def imagined(member_id: UUID, trigger: str, event: Mapping[str, Any], at: datetime) -> Occasion:
    """An occasion that has not happened."""
    source = Source("simulation", str(uuid7()))
    return Occasion(member_id=member_id, trigger=trigger, source=source, at=at, event=event)


async def remembered(session: AsyncSession, occasion_id: UUID) -> Occasion:
    """An occasion that has happened, to be decided on once more. Raises OccasionNotFound."""
    row = await occasions.with_id(session, occasion_id)
    if row is None:
        raise OccasionNotFound(f"There is no occasion {occasion_id}; they are kept for a time.")
    return imagined(row.member_id, row.trigger, row.event, row.at)


async def ask_for_backtest(
    session: AsyncSession, version: int, days: int, author: str, now: datetime
) -> Backtest:
    """Queue a back-test against the live version. Raises VersionNotFound."""
    await known_version(session, version)
    live = await live_version(session)
    asked = Backtest(
        backtest_id=uuid7(),
        version=version,
        baseline=live.version,
        days=days,
        state=BacktestState.QUEUED,
        author=author,
        created_at=now,
        finished_at=None,
        report=None,
        error=None,
    )
    await backtests.add(session, asked)
    return asked


async def known_backtest(session: AsyncSession, backtest_id: UUID) -> Backtest:
    """Raises BacktestNotFound."""
    found = await backtests.find(session, backtest_id)
    if found is None:
        raise BacktestNotFound(f"There is no back-test {backtest_id}.")
    return found


async def run_next_backtest(session: AsyncSession, now: datetime) -> bool:
    """Run the back-test that has waited longest; whether there was one."""
    asked = await backtests.take(session)
    if asked is None:
        return False
    attempt = await session.begin_nested()
    try:
        report = await _replay(session, asked)
    except Exception as error:  # noqa: BLE001  (told to whoever asked, and not tried again)
        await attempt.rollback()
        await backtests.fail(session, asked.backtest_id, f"{type(error).__name__}: {error}", now)
    else:
        await attempt.commit()
        await backtests.finish(session, asked.backtest_id, report, now)
    return True


async def _replay(session: AsyncSession, asked: Backtest) -> dict[str, Any]:
    await backtests.take_time(session)
    pair = [await known_version(session, number) for number in (asked.baseline, asked.version)]
    baseline, candidate = [await ready(session, v.version, v.digest) for v in pair]
    run = BacktestRun(baseline, candidate)
    after = occasions.first_id(asked.created_at - timedelta(days=asked.days))
    triggers = {*baseline.by_trigger, *candidate.by_trigger}
    while rows := await occasions.recorded_after(session, after, triggers, CHUNK):
        facts = await _facts(session, rows)
        for row, about in zip(rows, facts, strict=True):
            occasion = occasions.occasion_of(row)
            run.take(occasion, about.on(occasion))
        after = rows[-1].id
    preview = await preview_tiers(session, asked.version, asked.created_at)
    return {**run.report(), "tiers": [asdict(move) for move in preview.moves]}


@dataclass(frozen=True, slots=True)
class TierMove:
    """How many members would have one tier after another."""

    before: str
    after: str
    members: int


@dataclass(frozen=True, slots=True)
class TierPreview:
    members: int
    complete: bool
    moves: list[TierMove]


async def preview_tiers(
    session: AsyncSession, version: int, now: datetime, most: int | None = None
) -> TierPreview:
    """Where members would be under a version's tiers. Raises VersionNotFound."""
    found = await known_version(session, version)
    levels = (await ready(session, found.version, found.digest)).tiers
    moves: Counter[tuple[str, str]] = Counter()
    after, seen = UUID(int=0), 0
    while member_ids := await tiers.after(session, after, CHUNK):
        held = await tiers.held(session, member_ids)
        values = await measured_at(session, member_ids, levels, now)
        for who in member_ids:
            then = recomputed(held[who], values[who], levels, now)
            moves[held[who].tier, then.tier] += 1
        after, seen = member_ids[-1], seen + len(member_ids)
        if most is not None and seen >= most:
            break
    listed = [TierMove(*pair, members) for pair, members in sorted(moves.items())]
    return TierPreview(seen, len(member_ids) < CHUNK, listed)


async def _facts(session: AsyncSession, rows: Sequence[Row[Any]]) -> list[MemberFacts]:
    """What was known of each member then; where no rule spoke of it, what is known now."""
    missing = {row.member_id for row in rows if row.member is None}
    known = await members.facts(session, missing) if missing else {}
    return [
        MemberFacts.of_record(row.member_id, row.member)
        if row.member is not None
        else known.get(row.member_id) or MemberFacts.unknown(row.member_id, row.recorded_at)
        for row in rows
    ]
