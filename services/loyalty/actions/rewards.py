"""Rewards: showing them, redeeming them, keeping the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import Conflict, NotFound, Problem
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.handing_out import hand_out
from services.loyalty.actions.spending import InsufficientPoints, spend
from services.loyalty.actions.velocity import check_velocity
from services.loyalty.actions.wallets import settled_standing
from services.loyalty.events import RewardRedeemed
from services.loyalty.rules.book import Book
from services.loyalty.rules.fulfilment import Fulfilment
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, WalletKey
from services.loyalty.rules.rewards import (
    Affordability,
    Refusal,
    Reward,
    RewardKind,
    affordability,
)
from services.loyalty.store import persons, redemptions, rewards
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


class CoolingDown(Conflict):
    code = "loyalty.cooling_down"
    title = "You have had this reward a short while ago"


class NotForTier(Conflict):
    code = "loyalty.not_for_tier"
    title = "This reward is for other tiers"


class NotNow(Conflict):
    code = "loyalty.reward_not_now"
    title = "This reward cannot be had now"


@dataclass(frozen=True, slots=True)
class Listing:
    """A reward, and whether one member can have it."""

    reward: Reward
    affordability: Affordability


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A redemption, the reward it bought, and the points left."""

    redemption: Redemption
    reward: Reward
    balance: int


async def list_rewards(
    session: AsyncSession, member_id: UUID, now: datetime, limit: int, after: Position | None
) -> list[Listing]:
    """The rewards a member may see from the cheapest, beginning after a position."""
    available = (await settled_standing(session, member_id, now)).points.available
    person = await persons.person(session, member_id)
    return [
        Listing(reward, affordability(reward, available, past, person, now))
        for reward, past in await rewards.offered(session, member_id, now, limit, after)
    ]


async def redeem_reward(
    session: AsyncSession,
    member_id: UUID,
    reward_id: UUID,
    key: UUID,
    now: datetime,
    *,
    session_id: str | None = None,
) -> Redeemed:
    """Spend a member's points on a reward, once for each `key`.

    Raises RewardNotFound, NotNow, NotForTier, SoldOut, LimitReached, CoolingDown,
    InsufficientPoints, TooFast or StepUpRequired. The stock is taken last, as every member who
    wants the reward waits for its row, unless there is no end to it.
    """
    book = await open_book(session, {member_id}, now)
    wallet = book.wallet(WalletKey(member_id, PointType.POINTS))
    wanted = await rewards.wanted(session, member_id, reward_id, key, now)
    if (wanted is None or wanted.made) and (
        earlier := await redemptions.made(session, member_id, reward_id, key)
    ):
        return Redeemed(earlier, await _known(session, reward_id), wallet.available)
    if wanted is None:
        raise _absent(reward_id)
    reward = wanted.reward
    can = affordability(reward, wallet.available, wanted.past, wanted.person, now)
    if can.refusal:
        raise _refused(can, reward, wallet.available)
    await check_velocity(session, member_id, session_id, reward.points, now)
    redemption = _redemption(member_id, reward, key, now)
    await _pay_for(session, book, redemption)
    redemption.code = await hand_out(session, redemption, reward, now)
    redeemed = Redeemed(redemption, reward, wallet.available)
    await close_book(session, book, said=[_announcement(redeemed)])
    in_stock = reward.stock is None or await rewards.take_from_stock(session, reward_id)
    if not in_stock or (reward.kind is RewardKind.CODE and redemption.code is None):
        raise _refused(Affordability(Refusal.SOLD_OUT, 0), reward, wallet.available)
    return redeemed


async def add_reward(session: AsyncSession, reward: Reward, now: datetime) -> Reward:
    """Add a reward to the catalogue."""
    await rewards.add(session, reward, now)
    return reward


async def change_reward(
    session: AsyncSession, reward_id: UUID, changes: Mapping[str, Any], now: datetime
) -> Reward:
    """Change a reward. What was redeemed before keeps what it cost. Raises RewardNotFound."""
    reward = await rewards.change(session, reward_id, changes, now)
    if reward is None:
        raise _absent(reward_id)
    return reward


async def known_reward(session: AsyncSession, reward_id: UUID, kind: RewardKind) -> Reward:
    """A reward of one kind. Raises RewardNotFound."""
    reward = await rewards.reward(session, reward_id)
    if reward is None or reward.kind is not kind:
        raise RewardNotFound(f"There is no reward {reward_id} of the kind {kind}.")
    return reward


def _redemption(member_id: UUID, reward: Reward, key: UUID, now: datetime) -> Redemption:
    sent = reward.kind is RewardKind.PHYSICAL
    return Redemption(
        redemption_id=uuid7(),
        member_id=member_id,
        reward_id=reward.reward_id,
        key=key,
        points=reward.points,
        redeemed_at=now,
        code=None,
        tracking=None,
        fulfilment=Fulfilment.REQUESTED if sent else Fulfilment.NONE,
        fulfilment_at=now if sent else None,
    )


async def _known(session: AsyncSession, reward_id: UUID) -> Reward:
    reward = await rewards.reward(session, reward_id)
    if reward is None:
        raise _absent(reward_id)
    return reward


async def _pay_for(session: AsyncSession, book: Book, redemption: Redemption) -> None:
    key = WalletKey(redemption.member_id, PointType.POINTS)
    claim = Claim(Source("redemption", str(redemption.redemption_id)), "redemption", "spend")
    await spend(session, book, key, redemption.points, Memo(claim=claim, at=book.now))
    await redemptions.add(session, redemption)


def _absent(reward_id: UUID) -> RewardNotFound:
    return RewardNotFound(f"There is no reward {reward_id}.")


def _refused(can: Affordability, reward: Reward, available: int) -> Problem:
    at = f"{can.available_at:%FT%TZ}" if can.available_at else None
    tiers = sorted(reward.audience.tiers)
    refusals: dict[Refusal | None, Problem] = {
        Refusal.SOLD_OUT: SoldOut("Nothing is left of this reward."),
        Refusal.LIMIT_REACHED: LimitReached(
            f"A member can have this reward {reward.member_limit} times."
        ),
        Refusal.COOLING_DOWN: CoolingDown(
            f"You can have this reward again from {at}.", available_at=at
        ),
        Refusal.TIER: NotForTier(f"This reward is for: {', '.join(tiers)}.", tiers=tiers),
        Refusal.NOT_YET: NotNow(f"This reward can be had from {at}.", available_at=at),
        Refusal.ENDED: NotNow("This reward can no longer be had."),
        Refusal.INSUFFICIENT_POINTS: InsufficientPoints.of(reward.points, available),
    }
    return refusals[can.refusal]


def _announcement(redeemed: Redeemed) -> RewardRedeemed:
    redemption = redeemed.redemption
    return RewardRedeemed(
        member_id=redemption.member_id,
        redemption_id=redemption.redemption_id,
        reward_id=redemption.reward_id,
        name=dict(redeemed.reward.name),
        kind=redeemed.reward.kind,
        points=redemption.points,
        balance=redeemed.balance,
        redeemed_at=redemption.redeemed_at,
    )
