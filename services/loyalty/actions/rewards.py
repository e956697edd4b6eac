"""Rewards: offering them, redeeming them, keeping the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import Conflict, NotFound, Problem
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.spending import InsufficientPoints, spend
from services.loyalty.actions.wallets import settled_wallets
from services.loyalty.events import RewardRedeemed
from services.loyalty.rules.ledger import Claim, Occurrence, PointType, Source, WalletKey
from services.loyalty.rules.rewards import Affordability, Refusal, Reward, affordability
from services.loyalty.store import rewards


class RewardNotFound(NotFound):
    code = "loyalty.reward_not_found"
    title = "No such reward"


class SoldOut(Conflict):
    code = "loyalty.sold_out"
    title = "Sold out"


class LimitReached(Conflict):
    code = "loyalty.limit_reached"
    title = "You have had this reward as often as one can"


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward, and whether one member can have it."""

    reward: Reward
    affordability: Affordability


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    redemption_id: UUID
    reward: Reward
    balance: int
    redeemed_at: datetime


async def list_offers(
    session: AsyncSession,
    member_id: UUID,
    now: datetime,
    *,
    limit: int,
    after: tuple[int, UUID] | None,
) -> list[Offer]:
    """The active rewards from the cheapest, beginning after one with these points and id."""
    available = (await settled_wallets(session, member_id, now)).points.available
    found = await rewards.listed(session, limit, after, active_only=True)
    had = await rewards.redeemed(session, member_id, [reward.reward_id for reward in found])
    return [
        Offer(reward, affordability(reward, available, had.get(reward.reward_id, 0)))
        for reward in found
    ]


async def redeem_reward(
    session: AsyncSession, member_id: UUID, reward_id: UUID, now: datetime
) -> Redeemed:
    """Spend a member's points on a reward.

    Raises RewardNotFound, SoldOut, LimitReached or InsufficientPoints. The stock is taken last, as
    every member who wants the reward waits for its row.
    """
    book = await open_book(session, {member_id}, now)
    reward = await rewards.reward(session, reward_id)
    if reward is None or not reward.active:
        raise RewardNotFound(f"There is no reward {reward_id}.")
    key = WalletKey(member_id, PointType.POINTS)
    available = book.wallets[key].available
    count = (await rewards.redeemed(session, member_id, [reward_id])).get(reward_id, 0)
    if refusal := affordability(reward, available, count).refusal:
        raise _refused(refusal, reward, available)
    redemption_id = uuid7()
    claim = Claim(Source("redemption", str(redemption_id)), "redemption", "spend")
    await spend(session, book, key, reward.points, Occurrence(claim=claim, at=now))
    await rewards.add_redemption(
        session, redemption_id=redemption_id, member_id=member_id, reward=reward, now=now
    )
    redeemed = Redeemed(
        redemption_id=redemption_id,
        reward=reward,
        balance=book.wallets[key].available,
        redeemed_at=now,
    )
    await close_book(session, book, said=[_announcement(member_id, redeemed)])
    if not await rewards.take_from_stock(session, reward_id):
        raise _refused(Refusal.SOLD_OUT, reward, available)
    return redeemed


async def change_reward(
    session: AsyncSession, reward_id: UUID, changes: Mapping[str, Any], now: datetime
) -> Reward:
    """Change a reward. What was redeemed before keeps what it cost. Raises RewardNotFound."""
    reward = await rewards.change(session, reward_id, changes, now)
    if reward is None:
        raise RewardNotFound(f"There is no reward {reward_id}.")
    return reward


def _refused(refusal: Refusal, reward: Reward, available: int) -> Problem:
    match refusal:
        case Refusal.SOLD_OUT:
            return SoldOut("Nothing is left of this reward.")
        case Refusal.LIMIT_REACHED:
            return LimitReached(f"A member can have this reward {reward.member_limit} times.")
        case Refusal.INSUFFICIENT_POINTS:
            return InsufficientPoints.of(reward.points, available)


def _announcement(member_id: UUID, redeemed: Redeemed) -> RewardRedeemed:
    return RewardRedeemed(
        member_id=member_id,
        redemption_id=redeemed.redemption_id,
        reward_id=redeemed.reward.reward_id,
        name=dict(redeemed.reward.name),
        points=redeemed.reward.points,
        balance=redeemed.balance,
        redeemed_at=redeemed.redeemed_at,
    )
