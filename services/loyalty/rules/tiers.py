"""Tiers: a member's tier is the highest whose threshold their growth points reach, at every moment.

Spending never lowers it, for growth points are not spent; taking back the growth points of a
returned order does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LOWEST = "normal"


@dataclass(frozen=True, slots=True)
class Tier:
    key: str
    growth_points: int
    """The growth points from which a member has it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member is between two tiers. At the highest there is no `next`, and `share` is 1."""

    tier: Tier
    next: Tier | None
    missing: int
    share: float


def tier_of(growth_points: int, tiers: Sequence[Tier]) -> Tier:
    """The member's tier. `tiers` ascend, and the first asks for 0."""
    return [tier for tier in tiers if tier.growth_points <= growth_points][-1]


def progress(growth_points: int, tiers: Sequence[Tier]) -> Progress:
    tier = tier_of(growth_points, tiers)
    higher = [candidate for candidate in tiers if candidate.growth_points > growth_points]
    if not higher:
        return Progress(tier, None, 0, 1.0)
    following = higher[0]
    span = following.growth_points - tier.growth_points
    share = round((growth_points - tier.growth_points) / span, 4)
    return Progress(tier, following, following.growth_points - growth_points, share)
