"""Tiers: how a member reaches one, keeps it and loses it.

What counts is a measure of the member: growth points, spend or orders, ever or within a window.
Whoever reaches a higher tier has it at once. Without a period, the tier is what the measure says at
every moment. With one, a tier reached is held until the period ends, then for the days of grace;
who does not qualify by then falls, softly by one tier or else to the one they qualify for. A tier
that rested on something taken back, such as a returned order, falls with it at once: otherwise one
could order, become a VIP, return the order and stay one for a year.
"""

import calendar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.loyalty.rules.programme.document import Level, Tiers


class Why(StrEnum):
    """Why a tier changed."""

    REACHED = "reached"
    LAPSED = "lapsed"
    """The period is over, and so is the grace."""
    REVERSED = "reversed"
    """What it rested on was taken back."""
    RECOMPUTED = "recomputed"
    """The programme's tiers changed."""
    IMPORTED = "imported"
    """It was brought from another programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A member's tier: since when, how long at least, and when to look at it again."""

    tier: str
    since: datetime
    until: datetime | None = None
    review_at: datetime | None = None
    warned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What it takes to keep a tier beyond `until`. After that comes `projected`, as things are."""

    until: datetime
    needs: int
    missing: int
    projected: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a member is between two tiers. At the highest there is no `next`, and `share` is 1."""

    tier: Level
    basis: str
    value: int
    next: Level | None
    missing: int
    share: float
    keep: Keep | None


def rank(tier: str, tiers: Tiers) -> int:
    """The place of a tier among the levels. One that is no more is the lowest."""
    return next((place for place, level in enumerate(tiers.levels) if level.key == tier), 0)


def reached(value: int, tiers: Tiers) -> int:
    """The place of the highest level whose threshold `value` reaches."""
    return [n for n, level in enumerate(tiers.levels) if level.threshold <= max(0, value)][-1]


def beginning_at(place: int, now: datetime, tiers: Tiers) -> Held:
    """A tier that is reached `now`. The lowest cannot be lost, so it has no end."""
    held = Held(tier=tiers.levels[place].key, since=now)
    return _extended(held, now, tiers) if place else held


def _extended(held: Held, start: datetime, tiers: Tiers) -> Held:
    """For a period that begins at `start`."""
    if tiers.period_months is None:
        return replace(held, until=None, review_at=None, warned=False)
    until = months_after(start, tiers.period_months)
    warn_at = max(start, until - timedelta(days=tiers.warn_days))
    return replace(held, until=until, review_at=warn_at, warned=False)


def risen(held: Held, value: int, tiers: Tiers, now: datetime) -> Held:
    """After the measure has moved: higher at once, and lower only where there is no period."""
    before, after = rank(held.tier, tiers), reached(value, tiers)
    if after > before or (tiers.period_months is None and after < before):
        return beginning_at(after, now, tiers)
    return held


def deprived(held: Held, value: int, then: int, lost: int, tiers: Tiers) -> bool:
    """Whether the tier rested on what has been taken back.

    `then` is the measure as it was when the period began, by what is known now, and `lost` what
    has just been taken back.
    """
    before = rank(held.tier, tiers)
    return reached(value, tiers) < before and reached(then, tiers) < before <= reached(
        then + lost, tiers
    )


def reversed_to(value: int, then: int, tiers: Tiers, now: datetime) -> Held:
    """The tier of a member who has been `deprived` of theirs."""
    return beginning_at(max(reached(value, tiers), reached(then, tiers)), now, tiers)


def period_began(held: Held, tiers: Tiers) -> datetime:
    """When the measure was looked at that the present period rests on."""
    if held.until is None or tiers.period_months is None:
        return held.since
    if months_after(held.since, tiers.period_months) == held.until:
        return held.since  # of a month's last days, several end a period on one day
    return months_after(held.until, -tiers.period_months)


def reviewed(held: Held, value: int, tiers: Tiers, now: datetime) -> Held:
    """The tier after it was looked at when due: warned of, kept, in grace, or fallen."""
    before, after = rank(held.tier, tiers), reached(value, tiers)
    if after > before or tiers.period_months is None:
        return beginning_at(after, now, tiers) if after != before else _unbound(held)
    if before == 0:
        return _unbound(held)
    if held.until is None or (after == before and now >= held.until):
        return _extended(held, now, tiers)
    return _at_risk(held, (before, after), tiers, now)


def _at_risk(held: Held, places: tuple[int, int], tiers: Tiers, now: datetime) -> Held:
    """Before its end one is warned, then there is grace, then one falls."""
    before, after = places
    assert held.until is not None  # noqa: S101  (the caller looked)
    if now < held.until:
        return replace(held, warned=after < before, review_at=held.until)
    lost_at = held.until + timedelta(days=tiers.grace_days)
    if now < lost_at:
        return replace(held, warned=True, review_at=lost_at)
    return beginning_at(_landing(before, after, tiers), now, tiers)


def _unbound(held: Held) -> Held:
    return replace(held, until=None, review_at=None, warned=False)


def _landing(before: int, after: int, tiers: Tiers) -> int:
    """Where one falls from a level."""
    return max(after, before - 1) if tiers.soft_landing else after


def recomputed(held: Held, value: int, tiers: Tiers, now: datetime) -> Held:
    """The tier under other thresholds, up and down."""
    after = reached(value, tiers)
    if tiers.levels[after].key != held.tier:
        return beginning_at(after, now, tiers)
    if (held.until is None) != (tiers.period_months is None or after == 0):
        return _extended(held, now, tiers) if after else _unbound(held)
    return held


def progress(held: Held, value: int, tiers: Tiers) -> Progress:
    """What a member sees of their tier."""
    place = rank(held.tier, tiers)
    level = tiers.levels[place]
    higher = tiers.levels[place + 1] if place + 1 < len(tiers.levels) else None
    missing, share = 0, 1.0
    if higher:
        missing = max(0, higher.threshold - value)
        span = higher.threshold - level.threshold
        share = round(min(1.0, max(0, value - level.threshold) / span), 4)
    return Progress(
        tier=level,
        basis=tiers.basis,
        value=value,
        next=higher,
        missing=missing,
        share=share,
        keep=_keep(held, place, value, tiers),
    )


def _keep(held: Held, place: int, value: int, tiers: Tiers) -> Keep | None:
    if held.until is None:
        return None
    needs, after = tiers.levels[place].threshold, reached(value, tiers)
    projected = max(after, place) if after >= place else _landing(place, after, tiers)
    return Keep(
        until=held.until,
        needs=needs,
        missing=max(0, needs - value),
        projected=tiers.levels[projected],
    )


def window_began(now: datetime, tiers: Tiers) -> datetime | None:
    """The moment from which on things count; None: all that ever was."""
    return None if tiers.window_months is None else months_after(now, -tiers.window_months)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and time some months on; of a month that is shorter, its last day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)
