"""Rewards: whether a member can have one, and if not, why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

Texts = Mapping[str, str]
"""A text in each language, such as {"en": "Coffee", "ru": "Кофе"}."""


class Refusal(StrEnum):
    """Why a reward cannot be redeemed, the first that holds."""

    SOLD_OUT = "sold_out"
    LIMIT_REACHED = "limit_reached"
    INSUFFICIENT_POINTS = "insufficient_points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """Something points buy.

    Without `stock` there is no end to it; without `member_limit` a member may have any number.
    """

    reward_id: UUID
    name: Texts
    description: Texts
    points: int
    stock: int | None
    member_limit: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class Affordability:
    refusal: Refusal | None
    missing_points: int

    @property
    def can_redeem(self) -> bool:
        return self.refusal is None


def affordability(reward: Reward, available: int, redeemed: int) -> Affordability:
    """Whether a member with `available` points who had it `redeemed` times can redeem `reward`."""
    missing = max(0, reward.points - available)
    if reward.stock == 0:
        return Affordability(Refusal.SOLD_OUT, missing)
    if reward.member_limit is not None and redeemed >= reward.member_limit:
        return Affordability(Refusal.LIMIT_REACHED, missing)
    return Affordability(Refusal.INSUFFICIENT_POINTS if missing else None, missing)
