"""Rewards: showing them, and keeping the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.granting import check_prize
from services.loyalty.actions.periods import check_period
from services.loyalty.actions.redeeming import RewardNotFound, absent
from services.loyalty.actions.wallets import settled_standing
from services.loyalty.rules.prizes import Prize
from services.loyalty.rules.rewards import Affordability, Reward, RewardKind, affordability
from services.loyalty.store import persons, rewards
from services.loyalty.store.rewards import Position


@dataclass(frozen=True, slots=True)
class Listing:
    """A reward, and whether one member can have it."""

    reward: Reward
    affordability: Affordability


async def list_rewards(
    session: AsyncSession, member_id: UUID, now: datetime, limit: int, after: Position | None
) -> list[Listing]:
    """The rewards a member may see from the cheapest, beginning after a position."""
    available = (await settled_standing(session, member_id, now)).points.available
    person = await persons.person(member_id).of(session)
    return [
        Listing(reward, affordability(reward, available, past, person, now))
        for reward, past in await rewards.offered(member_id, now, limit, after).of(session)
    ]


async def add_reward(session: AsyncSession, reward: Reward, now: datetime) -> Reward:
    """Add a reward to the catalogue. Raises BadPrize."""
    await check_prize(session, Prize(series_id=reward.series_id))
    await rewards.add(session, reward, now)
    return reward


async def change_reward(
    session: AsyncSession, reward_id: UUID, changes: Mapping[str, Any], now: datetime
) -> Reward:
    """Change a reward. What was redeemed before keeps what it cost.

    Raises RewardNotFound or WrongPeriod.
    """
    check_period(await _known(session, reward_id), changes, "valid_from", "valid_until")
    await rewards.change(session, reward_id, changes, now)
    return await _known(session, reward_id)


async def _known(session: AsyncSession, reward_id: UUID) -> Reward:
    reward = await rewards.reward(session, reward_id)
    if reward is None:
        raise absent(reward_id)
    return reward


async def known_reward(session: AsyncSession, reward_id: UUID, kind: RewardKind) -> Reward:
    """A reward of one kind. Raises RewardNotFound."""
    reward = await rewards.reward(session, reward_id)
    if reward is None or reward.kind is not kind:
        raise RewardNotFound(f"There is no reward {reward_id} of the kind {kind}.")
    return reward
