"""Moving tiers: when what they rest on moves, when their time is over, when the programme changes.

Whoever moves a member's tier holds their wallets, so that no two do so at once.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask
from services.loyalty.actions.versions import running
from services.loyalty.events import TierAtRisk, TierBenefits, TierChanged
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import Kind, PointType, WalletKey
from services.loyalty.rules.programme.document import Tiers
from services.loyalty.rules.tiers import (
    Held,
    Why,
    beginning_at,
    deprived,
    period_began,
    progress,
    rank,
    recomputed,
    reversed_to,
    reviewed,
    risen,
    window_began,
)
from services.loyalty.store import tiers as store
from services.loyalty.store.tiers import Window

TAKING = frozenset({Kind.REVERSE, Kind.ADJUST, Kind.TRANSFER, Kind.IMPORT})
"""What takes back what was earned. Growth points that expire were rightly had."""

SLACK = timedelta(seconds=1)
"""What is earned now has an id of this very millisecond, and counts."""

TierSaying = TierChanged | TierAtRisk

Judge = Callable[[Held, int], Held]


@dataclass(frozen=True, slots=True)
class Moved:
    """A member's tier before and after, and what they are measured at."""

    member_id: UUID
    before: Held
    after: Held
    value: int
    why: Why


class Lost(NamedTuple):
    """What has been taken back of a member's orders."""

    spend: int = 0
    orders: int = 0


async def move_tiers(
    session: AsyncSession, book: Book, by_orders: Mapping[UUID, Lost] | None = None
) -> list[TierSaying]:
    """Give members the tier their measures now say; what is to be said of it.

    Where growth points count, of members with entries of them in the book; where orders do, of
    those whose orders moved, with what has been taken back of them.
    """
    if by_orders is None and not _growth_lost(book):
        return []
    tiers = (await running(session)).live.tiers
    lost = _lost(book, by_orders, tiers)
    if not lost:
        return []
    held = await _held(session, book, lost)
    values = await measured(session, book, lost, tiers)
    moved = [_risen(who, held[who], values[who], tiers, book.now) for who in lost]
    falling = {m.member_id: lost[m.member_id] for m in moved if lost[m.member_id] > 0}
    moved += await _fallen(session, {m.member_id: m for m in moved}, falling, tiers, book.now)
    return await _settle(session, _brought(moved, book), tiers, book)


async def join_tiers(
    session: AsyncSession, book: Book, absorbed: UUID, had: Held, survivor: UUID
) -> list[TierSaying]:
    """Let who goes on have the higher tier of two, or what both have gathered reaches.

    `had` is the tier of the one who does not, and nobody is told that they lose it. To be called
    once all that is measured is the other's.
    """
    tiers = (await running(session)).live.tiers
    own = (await store.held(session, [survivor]))[survivor]
    value = (await measured(session, book, [survivor], tiers))[survivor]
    higher = rank(had.tier, tiers) > rank(own.tier, tiers)
    better = had if higher and tiers.period_months else own
    moved = Moved(survivor, own, risen(better, value, tiers, book.now), value, Why.REACHED)
    await store.set_held(session, [(absorbed, beginning_at(0, book.now, tiers))])
    return await _settle(session, [moved], tiers, book)


async def grant_tiers(
    session: AsyncSession, book: Book, given: Mapping[UUID, Held]
) -> list[TierSaying]:
    """Give members of the book the tiers they had in another programme."""
    tiers = (await running(session)).live.tiers
    held = await store.held(session, given)
    moved = [Moved(who, held[who], given[who], 0, Why.IMPORTED) for who in sorted(given)]
    return await _settle(session, moved, tiers, book)


def _brought(moved: Sequence[Moved], book: Book) -> Sequence[Moved]:
    """With their reasons: nobody has reached what was brought from another programme."""
    bringing = {entry.member_id for entry in book.entries if entry.kind is Kind.IMPORT}
    return [
        replace(m, why=Why.IMPORTED) if m.why is Why.REACHED and m.member_id in bringing else m
        for m in moved
    ]


async def _held(
    session: AsyncSession, book: Book, member_ids: Collection[UUID]
) -> Mapping[UUID, Held]:
    """The members' tiers, of which some may be at hand."""
    if missing := set(member_ids) - book.held.keys():
        book.held |= await store.held(session, missing)
    return book.held


def _risen(who: UUID, held: Held, value: int, tiers: Tiers, now: datetime) -> Moved:
    after = risen(held, value, tiers, now)
    higher = rank(after.tier, tiers) >= rank(held.tier, tiers)
    return Moved(who, held, after, value, Why.REACHED if higher else Why.REVERSED)


def _lost(book: Book, by_orders: Mapping[UUID, Lost] | None, tiers: Tiers) -> Mapping[UUID, int]:
    """Members whose measure moved, and what was taken from it."""
    if tiers.basis == "growth_points":
        return _growth_lost(book) if by_orders is None else {}
    return {who: getattr(lost, tiers.basis) for who, lost in (by_orders or {}).items()}


def _growth_lost(book: Book) -> Counter[UUID]:
    """Members with growth points in the book, and how many were taken from each."""
    lost: Counter[UUID] = Counter()
    for entry in book.entries:
        if entry.key.point_type is PointType.GROWTH:
            taken = -entry.points if entry.kind in TAKING else 0
            lost[entry.key.member_id] += max(0, taken)
    return lost


async def _fallen(
    session: AsyncSession,
    moved: Mapping[UUID, Moved],
    lost: Mapping[UUID, int],
    tiers: Tiers,
    now: datetime,
) -> list[Moved]:
    """Of those from whom something was taken: who loses the tier that rested on it."""
    if tiers.period_months is None or not lost:
        return []
    windows = [_window(who, period_began(moved[who].after, tiers), tiers) for who in lost]
    then = await store.measures(session, windows, tiers)
    fallen = []
    for who, points in lost.items():
        move, value = moved[who], moved[who].value
        if deprived(move.after, value, then[who], points, tiers):
            after = reversed_to(value, then[who], tiers, now)
            fallen.append(Moved(who, move.after, after, value, Why.REVERSED))
    return fallen


async def measured(
    session: AsyncSession, book: Book, member_ids: Collection[UUID], tiers: Tiers
) -> Mapping[UUID, int]:
    """What the members are measured at now. Growth points of ever are in their wallets."""
    if tiers.basis == "growth_points" and tiers.window_months is None:
        return {w: book.wallets[WalletKey(w, PointType.GROWTH)].available for w in member_ids}
    return await measured_at(session, member_ids, tiers, book.now)


async def measured_at(
    session: AsyncSession, member_ids: Collection[UUID], tiers: Tiers, now: datetime
) -> Mapping[UUID, int]:
    windows = [_window(member_id, now, tiers) for member_id in member_ids]
    return await store.measures(session, windows, tiers)


def measure_at(member_id: UUID, tiers: Tiers, now: datetime) -> Ask[int]:
    """What a member is measured at now."""
    return store.measure(_window(member_id, now, tiers), tiers)


def _window(member_id: UUID, at: datetime, tiers: Tiers) -> Window:
    return Window(member_id, window_began(at, tiers), at + SLACK)


async def review(session: AsyncSession, book: Book) -> list[TierSaying]:
    """Look at the tiers of the book's members that are due; what is to be said of it."""
    tiers = (await running(session)).live.tiers
    return await _judge(
        session, book, tiers, Why.LAPSED, lambda held, value: reviewed(held, value, tiers, book.now)
    )


async def recompute(session: AsyncSession, book: Book, *, falling: bool) -> list[TierSaying]:
    """Bring the book's members to the tiers of the live version; down only if `falling`."""
    tiers = (await running(session)).live.tiers

    def judge(held: Held, value: int) -> Held:
        after = recomputed(held, value, tiers, book.now)
        gone = all(level.key != held.tier for level in tiers.levels)
        kept = not (falling or gone) and rank(after.tier, tiers) < rank(held.tier, tiers)
        return held if kept else after

    return await _judge(session, book, tiers, Why.RECOMPUTED, judge)


async def _judge(
    session: AsyncSession, book: Book, tiers: Tiers, why: Why, judge: Judge
) -> list[TierSaying]:
    households = {wallet.household_id for wallet in book.wallets.values()}
    member_ids = {key.member_id for key in book.wallets} - households
    values = await measured(session, book, member_ids, tiers)
    held = await store.held(session, member_ids)
    moved = [
        Moved(who, held[who], judge(held[who], values[who]), values[who], why)
        for who in sorted(member_ids)
    ]
    return await _settle(session, moved, tiers, book)


async def _settle(
    session: AsyncSession, moved: Sequence[Moved], tiers: Tiers, book: Book
) -> list[TierSaying]:
    """Keep what changed; what is to be said of it. Of two moves of a member the later counts."""
    changed = [move for move in moved if move.after != move.before]
    last = {move.member_id: move.after for move in changed}
    await store.set_held(session, list(last.items()))
    book.held |= last
    return list(_told(changed, tiers, book))


def _told(moved: Iterable[Moved], tiers: Tiers, book: Book) -> Iterable[TierSaying]:
    for move in moved:
        if move.after.tier != move.before.tier:
            yield _change(move, tiers, book)
        elif move.after.warned and not move.before.warned:
            yield _risk(move, tiers, book)


def _change(move: Moved, tiers: Tiers, book: Book) -> TierChanged:
    places = rank(move.before.tier, tiers), rank(move.after.tier, tiers)
    level = tiers.levels[places[1]]
    growth = book.wallets[WalletKey(move.member_id, PointType.GROWTH)].available
    return TierChanged(
        member_id=move.member_id,
        tier=move.after.tier,
        previous=move.before.tier,
        growth_points=growth,
        changed_at=book.now,
        name=dict(level.name),
        reason=Why.REACHED if places[1] > places[0] and move.why is Why.LAPSED else move.why,
        until=move.after.until,
        benefits=TierBenefits.model_validate(level.benefits.model_dump()),
    )


def _risk(move: Moved, tiers: Tiers, book: Book) -> TierAtRisk:
    keep = progress(move.after, move.value, tiers).keep
    assert keep is not None  # noqa: S101  (only what ends is at risk)
    return TierAtRisk(
        member_id=move.member_id,
        tier=move.after.tier,
        name=dict(tiers.levels[rank(move.after.tier, tiers)].name),
        projected=keep.projected.key,
        projected_name=dict(keep.projected.name),
        basis=tiers.basis,
        missing=keep.missing,
        until=keep.until,
        grace_until=keep.until + timedelta(days=tiers.grace_days),
        warned_at=book.now,
    )
