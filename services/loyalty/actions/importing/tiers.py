"""Rows that give members the tiers they had."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.importing.work import Importer, Ready, Undoing, Verdicts, Work
from services.loyalty.actions.tiers import grant_tiers, measured
from services.loyalty.actions.versions import running
from services.loyalty.rules.imports import Fault
from services.loyalty.rules.imports.rows import TierRow
from services.loyalty.rules.programme.document import Tiers
from services.loyalty.rules.tiers import Held, beginning_at, rank, reached
from services.loyalty.store import tiers as store


@dataclass(frozen=True, slots=True)
class Standing:
    """A member before their row: the tier they have, and what they are measured at."""

    held: Held
    value: int


async def take(session: AsyncSession, work: Work[TierRow]) -> Verdicts:
    """Give each member the tier of their row."""
    book = await open_book(session, work.member_ids, work.now)
    tiers = (await running(session)).live.tiers
    held = await store.held(session, work.member_ids)
    values = await measured(session, book, work.member_ids, tiers)
    verdicts: dict[int, Any] = {}
    given: dict[UUID, Held] = {}
    for item in work.rows:
        who = item.member_id
        standing = Standing(given.get(who, held[who]), values[who])
        judged = _granted(item, standing, tiers, work.now)
        if isinstance(judged, Held):
            given[who] = judged
            before = {"before": _kept(standing.held), "after": _kept(judged)}
            verdicts[item.row] = {"member_id": str(who), **before}
        else:
            verdicts[item.row] = judged
    await close_book(session, book, said=await grant_tiers(session, book, given))
    return verdicts


def _granted(item: Ready[TierRow], standing: Standing, tiers: Tiers, now: datetime) -> Held | Fault:
    """The tier as it will be held, or why it cannot be."""
    said, keys = item.said, [level.key for level in tiers.levels]
    if said.tier not in keys:
        return Fault("tier", "unknown_tier", f"The tiers are {', '.join(keys)}.")
    place, measure = rank(said.tier, tiers), reached(standing.value, tiers)
    if tiers.period_months is None and place != measure:
        return Fault(
            "tier",
            "follows_measure",
            f"Tiers here have no period: a member is what their {tiers.basis} reach, now"
            f" {keys[measure]}. Import growth points, or give the programme's tiers a period.",
        )
    if place < measure:
        detail = f"The member has reached {keys[measure]} here already; leave the row out."
        return Fault("tier", "below_measure", detail)
    if said.valid_until and said.valid_until <= now:
        return Fault("valid_until", "expired", "Give a moment in the future, or leave it out.")
    begun = beginning_at(place, now, tiers)
    since = min(said.since or now, now)
    until = said.valid_until if said.valid_until and begun.until else begun.until
    review_at = max(now, until - timedelta(days=tiers.warn_days)) if until else None
    return Held(tier=said.tier, since=since, until=until, review_at=review_at)


async def undo(session: AsyncSession, work: Undoing) -> Collection[int]:
    """Give back the tiers from before to those whose imported tier has not moved since."""
    owners = await work.members(session)
    book = await open_book(session, set(owners.values()), work.now)
    held = await store.held(session, set(owners.values()))
    given: dict[UUID, Held] = {}
    undone: list[int] = []
    for item in reversed(work.rows):
        who = owners.get(item.row)
        if who is None:
            undone.append(item.row)
        elif _same(given.get(who, held[who]), item.effect["after"]):
            given[who] = _held(item.effect["before"])
            undone.append(item.row)
    await close_book(session, book, said=await grant_tiers(session, book, given))
    return undone


def _same(held: Held, kept: dict[str, Any]) -> bool:
    return held.tier == kept["tier"] and held.since == datetime.fromisoformat(kept["since"])


def _kept(held: Held) -> dict[str, Any]:
    times: Sequence[tuple[str, datetime | None]] = (
        ("since", held.since),
        ("until", held.until),
        ("review_at", held.review_at),
    )
    return {"tier": held.tier, **{name: at.isoformat() if at else None for name, at in times}}


def _held(kept: dict[str, Any]) -> Held:
    return Held(
        tier=kept["tier"],
        since=datetime.fromisoformat(kept["since"]),
        until=_moment(kept["until"]),
        review_at=_moment(kept["review_at"]),
    )


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


TIERS = Importer(take, undo)
