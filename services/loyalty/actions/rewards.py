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
from services.loyalty.actions.wallets import settled_standing
from services.loyalty.events import RewardRedeemed
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, WalletKey
from services.loyalty.rules.rewards import Affordability, Refusal, Reward, affordability
from services.loyalty.store import rewards
from services.loyalty.store.rewards import Position
from services.loyalty.tables import Redemption


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


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A redemption, the reward it bought, and the points left."""

    redemption: Redemption
    reward: Reward
    balance: int


async def list_offers(
    session: AsyncSession, member_id: UUID, now: datetime, limit: int, after: Position | None
) -> list[Offer]:
    """The active rewards from the cheapest, beginning after a position."""
    available = (await settled_standing(session, member_id, now)).points.available
    return [
        Offer(reward, affordability(reward, available, times))
        for reward, times in await rewards.offered(session, member_id, limit, after)
    ]


async def redeem_reward(
    session: AsyncSession, member_id: UUID, reward_id: UUID, key: UUID, now: datetime
) -> Redeemed:
    """Spend a member's points on a reward, once for each `key`.

    Raises RewardNotFound, SoldOut, LimitReached or InsufficientPoints. The stock is taken last, as
    every member who wants the reward waits for its row.
    """
    book = await open_book(session, {member_id}, now)
    wallet = book.wallets[WalletKey(member_id, PointType.POINTS)]
    offer = await rewards.offer(session, member_id, reward_id)
    if offer is None:
        raise RewardNotFound(f"There is no reward {reward_id}.")
    reward, times = offer
    if times and (earlier := await rewards.redemption(session, member_id, reward_id, key)):
        return Redeemed(earlier, reward, wallet.available)
    if refusal := affordability(reward, wallet.available, times).refusal:
        raise _refused(refusal, reward, wallet.available)
    redemption = Redemption(
        redemption_id=uuid7(),
        member_id=member_id,
        reward_id=reward_id,
        key=key,
        points=reward.points,
        redeemed_at=now,
    )
    await _pay_for(session, book, redemption)
    redeemed = Redeemed(redemption, reward, wallet.available)
    await close_book(session, book, said=[_announcement(redeemed)])
    if not await rewards.take_from_stock(session, reward_id):
        raise _refused(Refusal.SOLD_OUT, reward, wallet.available)
    return redeemed


async def _pay_for(session: AsyncSession, book: Book, redemption: Redemption) -> None:
    key = WalletKey(redemption.member_id, PointType.POINTS)
    claim = Claim(Source("redemption", str(redemption.redemption_id)), "redemption", "spend")
    await spend(session, book, key, redemption.points, Memo(claim=claim, at=book.now))
    await rewards.add_redemption(session, redemption)


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


def _announcement(redeemed: Redeemed) -> RewardRedeemed:
    redemption = redeemed.redemption
    return RewardRedeemed(
        member_id=redemption.member_id,
        redemption_id=redemption.redemption_id,
        reward_id=redemption.reward_id,
        name=dict(redeemed.reward.name),
        points=redemption.points,
        balance=redeemed.balance,
        redeemed_at=redemption.redeemed_at,
    )
