"""Tiers: reached at once, held for a period, lost softly and not by mistake."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.programme.document import Tiers
from services.loyalty.rules.tiers import (
    Held,
    beginning_at,
    deprived,
    months_after,
    period_began,
    progress,
    reached,
    recomputed,
    reviewed,
    risen,
)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
NAME = {"en": "x"}
LEVELS = [
    {"key": key, "name": NAME, "threshold": threshold}
    for key, threshold in (("normal", 0), ("silver", 1000), ("gold", 5000), ("platinum", 20_000))
]


def tiers(**changes: Any) -> Tiers:
    return Tiers.model_validate({"levels": LEVELS, **changes})


PLAIN = tiers()
YEARLY = tiers(period_months=12, window_months=12, grace_days=30, warn_days=30, soft_landing=True)
HARD = tiers(period_months=12)


def held(tier: str, of: Tiers = YEARLY, since: datetime = NOW) -> Held:
    return beginning_at([level.key for level in of.levels].index(tier), since, of)


@pytest.mark.parametrize(
    ("value", "tier", "following", "missing", "share"),
    [
        pytest.param(0, "normal", "silver", 1000, 0.0, id="everybody begins as normal"),
        pytest.param(999, "normal", "silver", 1, 0.999, id="one point short is short"),
        pytest.param(1000, "silver", "gold", 4000, 0.0, id="the threshold itself is enough"),
        pytest.param(3000, "silver", "gold", 2000, 0.5, id="half-way to gold"),
        pytest.param(90_000, "platinum", None, 0, 1.0, id="above the highest there is nothing"),
    ],
)
def test_progress(value: int, tier: str, following: str | None, missing: int, share: float) -> None:
    found = progress(held(tier, PLAIN), value, PLAIN)
    assert PLAIN.levels[reached(value, PLAIN)].key == found.tier.key == tier
    assert (found.next.key if found.next else None) == following
    assert (found.missing, found.share, found.keep) == (missing, share, None)


@pytest.mark.parametrize(
    ("before", "value", "of", "after"),
    [
        pytest.param("normal", 5000, YEARLY, "gold", id="higher at once, two at a time"),
        pytest.param("gold", 5000, YEARLY, "gold", id="the same stays"),
        pytest.param("gold", 0, YEARLY, "gold", id="lower not before the period ends"),
        pytest.param("gold", 0, PLAIN, "normal", id="lower at once without a period"),
    ],
)
def test_the_measure_moves(before: str, value: int, of: Tiers, after: str) -> None:
    assert risen(held(before, of), value, of, NOW).tier == after


def test_a_period_begins_when_a_tier_is_reached() -> None:
    gold = risen(held("silver", since=NOW - timedelta(days=200)), 5000, YEARLY, NOW)
    until = datetime(2027, 3, 2, 10, tzinfo=UTC)
    assert (gold.since, gold.until, gold.review_at) == (NOW, until, until - timedelta(days=30))
    assert risen(held("gold"), 0, YEARLY, NOW + timedelta(days=5)) == held("gold")
    assert held("normal").until is None


YEAR_ON = datetime(2027, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "value", "of", "tier", "warned", "next_look"),
    [
        pytest.param(-30, 5000, YEARLY, "gold", False, 0, id="qualified, so nobody is warned"),
        pytest.param(-30, 4999, YEARLY, "gold", True, 0, id="warned a month before"),
        pytest.param(0, 5000, YEARLY, "gold", False, 335, id="kept for another year"),
        pytest.param(0, 4999, YEARLY, "gold", True, 30, id="in grace"),
        pytest.param(29, 5000, YEARLY, "gold", False, 364, id="saved in grace"),
        pytest.param(30, 0, YEARLY, "silver", False, 365, id="one tier down, softly"),
        pytest.param(0, 0, HARD, "normal", False, None, id="all the way down"),
        pytest.param(0, 1500, HARD, "silver", False, 335, id="down to what is earned"),
        pytest.param(-30, 25_000, YEARLY, "platinum", False, 305, id="risen meanwhile"),
    ],
)
def test_a_look_at_a_tier(
    days: int, value: int, of: Tiers, tier: str, *, warned: bool, next_look: int | None
) -> None:
    now = YEAR_ON + timedelta(days=days)
    after = reviewed(held("gold", of), value, of, now)
    assert (after.tier, after.warned) == (tier, warned)
    if next_look is None:
        assert after.review_at is None
    else:
        assert after.review_at is not None
        assert abs(after.review_at - YEAR_ON - timedelta(days=next_look)) <= timedelta(days=31)
        assert after.review_at > now


def test_a_look_comes_to_an_end() -> None:
    """However often one looks, nothing is due twice at one moment."""
    for value in (0, 999, 1000, 4999, 5000, 50_000):
        state, now = held("gold"), YEAR_ON - timedelta(days=30)
        for _ in range(40):
            after = reviewed(state, value, YEARLY, now)
            assert after.review_at is None or after.review_at > now
            if after.review_at is None:
                break
            state, now = after, after.review_at
        assert reached(value, YEARLY) <= [level["key"] for level in LEVELS].index(state.tier)


@pytest.mark.parametrize(
    ("tier", "value", "then", "lost", "falls"),
    [
        pytest.param("gold", 100, 100, 4900, True, id="it rested on the returned order"),
        pytest.param("gold", 100, 5000, 4900, False, id="it was earned without that order"),
        pytest.param("gold", 5000, 100, 4900, False, id="others have come since"),
        pytest.param("gold", 300, 1200, 100, False, id="landed softly, so it rests on nothing"),
    ],
)
def test_a_tier_falls_with_what_it_rested_on(
    tier: str, value: int, then: int, lost: int, *, falls: bool
) -> None:
    assert deprived(held(tier), value, then, lost, YEARLY) is falls


def test_a_kept_tier_rests_on_the_year_before() -> None:
    kept = reviewed(held("gold"), 5000, YEARLY, YEAR_ON)
    assert period_began(held("gold"), YEARLY) == NOW
    assert period_began(kept, YEARLY) == YEAR_ON


def test_a_period_that_ends_with_a_shorter_month_began_when_the_tier_was_reached() -> None:
    half_yearly = tiers(period_months=6)
    last = datetime(2026, 8, 31, 10, tzinfo=UTC)
    assert period_began(held("gold", half_yearly, last), half_yearly) == last


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        pytest.param("gold", 0, "normal", id="down"),
        pytest.param("normal", 6000, "gold", id="up"),
        pytest.param("jade", 6000, "gold", id="from a tier that is no more"),
        pytest.param("gold", 6000, "gold", id="the same"),
    ],
)
def test_other_thresholds(before: str, value: int, after: str) -> None:
    was = Held(tier=before, since=NOW)
    then = recomputed(was, value, YEARLY, NOW)
    assert then.tier == after
    assert (then.until is None) == (after == "normal")
    assert recomputed(then, value, YEARLY, NOW + timedelta(days=1)) == then


def test_what_it_takes_to_keep_a_tier() -> None:
    keep = progress(held("platinum"), 1800, YEARLY).keep
    assert keep is not None
    assert (keep.needs, keep.missing, keep.projected.key) == (20_000, 18_200, "gold")
    safe = progress(held("gold"), 21_000, YEARLY).keep
    assert safe is not None
    assert (safe.missing, safe.projected.key) == (0, "platinum")


@given(st.integers(0, 30_000), st.integers(0, 30_000), st.sampled_from([PLAIN, YEARLY, HARD]))
def test_more_never_lowers_a_tier(value: int, more: int, of: Tiers) -> None:
    assert reached(value, of) <= reached(value + more, of)
    state = beginning_at(reached(value, of), NOW, of)
    assert risen(state, value + more, of, NOW).tier == of.levels[reached(value + more, of)].key


@pytest.mark.parametrize(
    ("moment", "months", "after"),
    [
        pytest.param("2026-01-31", 1, "2026-02-28", id="a month that is shorter"),
        pytest.param("2024-02-29", 12, "2025-02-28", id="a leap day"),
        pytest.param("2026-03-31", -1, "2026-02-28", id="back"),
        pytest.param("2026-11-15", 3, "2027-02-15", id="into the next year"),
        pytest.param("2026-01-15", -1, "2025-12-15", id="into the year before"),
    ],
)
def test_months(moment: str, months: int, after: str) -> None:
    assert months_after(datetime.fromisoformat(moment), months) == datetime.fromisoformat(after)
