"""Wishes for rewards, decided one after another: each sees what those before it have left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.loyalty.rules.audience import Person
from services.loyalty.rules.fulfilment import Fulfilment
from services.loyalty.rules.rewards import (
    Affordability,
    Past,
    Refusal,
    Reward,
    RewardKind,
    affordability,
)
from services.loyalty.rules.velocity import (
    DeviceStanding,
    Limits,
    Pace,
    after,
    needs_approval,
    too_fast_until,
)


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A member's wish for a reward, granted once for each `key`; from which session it comes.

    Each is itself alone: to compare ids would be the dearest part of deciding on it.
    """

    member_id: UUID
    reward_id: UUID
    key: UUID
    session_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A wish granted. `points` is what the reward cost then, `code` what was handed out."""

    redemption_id: UUID
    member_id: UUID
    reward_id: UUID
    key: UUID
    points: int
    redeemed_at: datetime
    code: str | None = None
    fulfilment: Fulfilment = Fulfilment.NONE
    fulfilment_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a wish's member has had and done; `made`: this very wish has been granted before."""

    person: Person
    past: Past
    pace: Pace
    device: DeviceStanding
    made: bool


class Hindrance(NamedTuple):
    """Why a wish is refused: by what the reward asks, by haste, or by a device too new."""

    can: Affordability | None = None
    too_fast_until: datetime | None = None
    needs_approval: bool = False


class Till:
    """Decides on wishes; what one is granted is no longer there for the next.

    A member's points are not counted here: they are in the book.
    """

    def __init__(
        self,
        rewards: Mapping[UUID, Reward],
        standings: Mapping[Wish, Standing],
        limits: Limits,
        now: datetime,
    ) -> None:
        self.rewards = dict(rewards)
        self.standings = standings
        self.limits = limits
        self.sold: dict[UUID, int] = {}
        self._now = now
        self._pasts = {(w.member_id, w.reward_id): s.past for w, s in standings.items()}
        self._paces = {wish.member_id: standing.pace for wish, standing in standings.items()}

    def offered(self, wish: Wish) -> Reward | None:
        """The wish's reward, if its member may see it."""
        reward = self.rewards.get(wish.reward_id)
        sees = reward is not None and reward.audience.targets(self.standings[wish].person)
        return reward if sees else None

    def hindrance(self, wish: Wish, available: int) -> Hindrance | None:
        """What stands in the way of a member with `available` points, if anything does."""
        reward, standing = self.rewards[wish.reward_id], self.standings[wish]
        past = self._pasts[wish.member_id, wish.reward_id]
        can = affordability(reward, available, past, standing.person, self._now)
        if can.refusal:
            return Hindrance(can)
        pace = self._paces[wish.member_id]
        if until := too_fast_until(pace, reward.points, self.limits):
            return Hindrance(too_fast_until=until)
        if needs_approval(standing.device, reward.points, self._now, self.limits):
            return Hindrance(needs_approval=True)
        return None

    def grant(self, wish: Wish) -> None:
        """Count the wish as granted."""
        reward, now = self.rewards[wish.reward_id], self._now
        past = self._pasts[wish.member_id, wish.reward_id]
        self._pasts[wish.member_id, wish.reward_id] = Past(past.times + 1, now)
        self._paces[wish.member_id] = after(self._paces[wish.member_id], reward.points, now)
        if reward.stock is not None:
            self.rewards[wish.reward_id] = replace(reward, stock=reward.stock - 1)
            self.sold[wish.reward_id] = self.sold.get(wish.reward_id, 0) + 1


def of_kind(rewards: Mapping[UUID, Reward], kind: RewardKind) -> set[UUID]:
    return {reward_id for reward_id, reward in rewards.items() if reward.kind is kind}


SOLD_OUT = Hindrance(Affordability(Refusal.SOLD_OUT, 0))
