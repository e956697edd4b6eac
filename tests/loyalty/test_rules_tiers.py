"""Tiers by growth points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.tiers import Tier, progress, tier_of

TIERS = [Tier("normal", 0), Tier("silver", 1000), Tier("gold", 5000)]


@pytest.mark.parametrize(
    ("growth_points", "tier", "following", "missing", "share"),
    [
        pytest.param(0, "normal", "silver", 1000, 0.0, id="everybody begins as normal"),
        pytest.param(999, "normal", "silver", 1, 0.999, id="one point short is short"),
        pytest.param(1000, "silver", "gold", 4000, 0.0, id="the threshold itself is enough"),
        pytest.param(3000, "silver", "gold", 2000, 0.5, id="half-way to gold"),
        pytest.param(9000, "gold", None, 0, 1.0, id="above the highest there is nothing"),
    ],
)
def test_progress(
    growth_points: int, tier: str, following: str | None, missing: int, share: float
) -> None:
    found = progress(growth_points, TIERS)
    assert found.tier.key == tier
    assert (found.next.key if found.next else None) == following
    assert (found.missing, found.share) == (missing, share)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_growth_points_never_lower_a_tier(growth_points: int, more: int) -> None:
    before, after = tier_of(growth_points, TIERS), tier_of(growth_points + more, TIERS)
    assert before.growth_points <= after.growth_points
