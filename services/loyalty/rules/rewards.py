"""Rewards: whether a member can have one, and if not, why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.loyalty.rules.audience import EVERYBODY, Audience, Person

Texts = Mapping[str, str]
"""A text in each language, such as {"en": "Coffee", "ru": "Кофе"}."""

LOW = 10
"""From how few left a phone says that there are few."""


class RewardKind(StrEnum):
    """What a member gets for the points."""

    BENEFIT = "benefit"
    """Something the shop gives on the spot."""
    CODE = "code"
    """A code out of the reward's pool, such as a partner's voucher."""
    PHYSICAL = "physical"
    """A gift that staff send."""
    COUPON = "coupon"
    """A personal coupon of the reward's series."""
    FREEZE_CARD = "freeze_card"
    """Keeps a check-in streak over a missed day."""
    MAKEUP_CARD = "makeup_card"
    """Makes up for a missed check-in (补签卡)."""


class Refusal(StrEnum):
    """Why a reward cannot be redeemed, the first that holds."""

    NOT_YET = "not_yet"
    ENDED = "ended"
    TIER = "tier"
    SOLD_OUT = "sold_out"
    LIMIT_REACHED = "limit_reached"
    COOLING_DOWN = "cooling_down"
    INSUFFICIENT_POINTS = "insufficient_points"


class StockState(StrEnum):
    PLENTY = "plenty"
    LOW = "low"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """Something points buy.

    Without `stock` there is no end to it; without `member_limit` a member may have any number, and
    without `cooldown_s` the next one at once. `codes_left` says whether its pool has one.
    """

    reward_id: UUID
    name: Texts
    description: Texts
    points: int
    stock: int | None = None
    member_limit: int | None = None
    active: bool = True
    kind: RewardKind = RewardKind.BENEFIT
    cooldown_s: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    audience: Audience = EVERYBODY
    series_id: UUID | None = None
    codes_left: bool = True

    @property
    def stock_state(self) -> StockState:
        if self.stock == 0 or not self.codes_left:
            return StockState.SOLD_OUT
        few = self.stock is not None and self.stock <= LOW
        return StockState.LOW if few else StockState.PLENTY


@dataclass(frozen=True, slots=True)
class Past:
    """How often a member has had a reward, and when last."""

    times: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Affordability:
    refusal: Refusal | None
    missing_points: int
    available_at: datetime | None = None
    """When the refusal passes by itself, if it does."""

    @property
    def can_redeem(self) -> bool:
        return self.refusal is None


def affordability(
    reward: Reward, available: int, past: Past, person: Person, now: datetime
) -> Affordability:
    """Whether a member with `available` points and this past can redeem `reward` now."""
    missing = max(0, reward.points - available)
    refusal, available_at = _hindrance(reward, past, person, now)
    if refusal is None and missing:
        refusal = Refusal.INSUFFICIENT_POINTS
    return Affordability(refusal, missing, available_at)


def _hindrance(
    reward: Reward, past: Past, person: Person, now: datetime
) -> tuple[Refusal | None, datetime | None]:
    """What stands in the way beside points, and until when."""
    cool_at = _cool_at(reward, past)
    limited = reward.member_limit is not None and past.times >= reward.member_limit
    hindrances: Sequence[tuple[Refusal, bool, datetime | None]] = (
        (Refusal.ENDED, reward.valid_until is not None and reward.valid_until <= now, None),
        (Refusal.TIER, not reward.audience.admits_tier(person), None),
        (Refusal.SOLD_OUT, reward.stock_state is StockState.SOLD_OUT, None),
        (Refusal.LIMIT_REACHED, limited, None),
        (Refusal.NOT_YET, _is_ahead(reward.valid_from, now), reward.valid_from),
        (Refusal.COOLING_DOWN, _is_ahead(cool_at, now), cool_at),
    )
    return next(((refusal, until) for refusal, holds, until in hindrances if holds), (None, None))


def _is_ahead(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _cool_at(reward: Reward, past: Past) -> datetime | None:
    if reward.cooldown_s is None or past.last_at is None:
        return None
    return past.last_at + timedelta(seconds=reward.cooldown_s)
