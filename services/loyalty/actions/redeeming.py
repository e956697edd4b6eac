"""Redeeming rewards: any number of wishes at once, each granted or refused by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Cause, caused_by
from kit.ids import uuid7
from kit.problems import Conflict, NotFound, Problem
from kit.rows import at_once
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.handing_out import hand_out
from services.loyalty.actions.spending import InsufficientPoints
from services.loyalty.actions.velocity import step_up, too_fast
from services.loyalty.events import RewardRedeemed
from services.loyalty.rules.book import Book
from services.loyalty.rules.fulfilment import Fulfilment
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, WalletKey
from services.loyalty.rules.rewards import Affordability, Refusal, Reward, RewardKind
from services.loyalty.rules.wishes import SOLD_OUT, Hindrance, Redemption, Till, Wish, of_kind
from services.loyalty.store import books, codes, redemptions, rewards
from services.loyalty.store import wishes as store

Causes = Mapping[Wish, Cause | None]
"""What each wish was caused by; its events inherit it."""


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
class Redeemed:
    """A redemption, the reward it bought, and the points left."""

    redemption: Redemption
    reward: Reward
    balance: int


class Counter:
    """Where wishes are granted: the open book, the till, and what goes over the counter."""

    def __init__(self, book: Book, till: Till, pools: Mapping[UUID, list[str]]) -> None:
        self.book = book
        self.till = till
        self.made: list[tuple[Wish, Redeemed]] = []
        self._pools = pools

    def available(self, wish: Wish) -> int:
        return self.book.wallet(_purse(wish)).available

    def has_code(self, reward: Reward) -> bool:
        """Whether a reward that is a code has one left."""
        return reward.kind is not RewardKind.CODE or bool(self._pools[reward.reward_id])

    def take_code(self, reward: Reward) -> str | None:
        return self._pools[reward.reward_id].pop(0) if reward.kind is RewardKind.CODE else None


async def redeem_rewards(
    session: AsyncSession, wishes: Sequence[Wish], now: datetime, causes: Causes | None = None
) -> list[Redeemed | Problem]:
    """Spend members' points on rewards, each wish once for its key, in the order they are given.

    A wish that is refused leaves nothing behind, and the others as they are. Why it is: any of the
    problems above, InsufficientPoints, TooFast or StepUpRequired. Wallets are locked first, then
    the stock of rewards that have an end.
    """
    member_ids = {wish.member_id for wish in wishes}
    book = await open_book(session, member_ids, now, point_types=(PointType.POINTS,))
    till, soonest = await store.till(session, book, wishes)
    wanted = _wanted(book, till, wishes)
    scarce = {home: points for home, points in wanted.items() if soonest.get(home, 0) < points}
    await books.bring_spendable(session, book, scarce)
    counter = Counter(book, till, await _pools(session, till, wishes))
    causes = causes or {}
    outcomes = []
    for wish in wishes:
        with caused_by(causes.get(wish)):
            outcomes.append(await _decide(session, counter, wish))
    await _hand_over(session, counter, causes)
    return outcomes


def _wanted(book: Book, till: Till, wishes: Sequence[Wish]) -> dict[WalletKey, int]:
    """At most so much is spent from each wallet."""
    points: dict[WalletKey, int] = {}
    for wish in wishes:
        home, reward = book.home(_purse(wish)), till.rewards.get(wish.reward_id)
        if reward is not None and reward.points <= book.wallets[home].available:
            points[home] = points.get(home, 0) + reward.points
    return points


async def _pools(
    session: AsyncSession, till: Till, wishes: Sequence[Wish]
) -> dict[UUID, list[str]]:
    """Codes to hand out, as many of each reward as are wished for and there."""
    pools = {}
    for reward_id in sorted(of_kind(till.rewards, RewardKind.CODE)):
        most = sum(wish.reward_id == reward_id for wish in wishes)
        pools[reward_id] = await codes.reserve(session, reward_id, most)
    return pools


async def _decide(session: AsyncSession, counter: Counter, wish: Wish) -> Redeemed | Problem:
    reward = counter.till.offered(wish)
    if (reward is None or counter.till.standings[wish].made) and (
        earlier := await redemptions.made(session, wish.member_id, wish.reward_id, wish.key)
    ):
        known = await rewards.reward(session, wish.reward_id)
        assert known is not None  # noqa: S101  (the redemption refers to it)
        return Redeemed(earlier, known, counter.available(wish))
    if reward is None:
        return absent(wish.reward_id)
    hindrance = counter.till.hindrance(wish, counter.available(wish))
    if hindrance is None and not counter.has_code(reward):
        hindrance = SOLD_OUT
    if hindrance is not None:
        return _refusal(hindrance, counter, wish)
    return await _grant(session, counter, wish, reward)


async def _grant(session: AsyncSession, counter: Counter, wish: Wish, reward: Reward) -> Redeemed:
    redemption = _redemption(wish, reward, counter.book.now)
    memo = Memo(claim=Claim(_source(redemption), "redemption", "spend"), at=counter.book.now)
    counter.book.debit(_purse(wish), reward.points, memo)
    counter.till.grant(wish)
    code = counter.take_code(reward) or await hand_out(session, redemption, reward)
    if code is not None:
        redemption = replace(redemption, code=code)
    redeemed = Redeemed(redemption, reward, counter.available(wish))
    counter.made.append((wish, redeemed))
    return redeemed


async def _hand_over(session: AsyncSession, counter: Counter, causes: Causes) -> None:
    """Write down what was granted, and say so."""
    said, sources = [], {}
    for wish, redeemed in counter.made:
        announced, cause = _announcement(redeemed), causes.get(wish)
        if cause is not None:
            announced.because(cause)
            sources[_source(redeemed.redemption)] = cause
        said.append(announced)
    made = [redeemed for _, redeemed in counter.made]
    await store.sell(session, counter.till.sold)
    async with at_once(session):
        await redemptions.add(session, [each.redemption for each in made])
        await codes.assign(
            session,
            [
                (each.reward.reward_id, each.redemption.code, each.redemption.redemption_id)
                for each in made
                if each.reward.kind is RewardKind.CODE and each.redemption.code
            ],
        )
        await close_book(session, counter.book, said=said, causes=sources)


def absent(reward_id: UUID) -> RewardNotFound:
    return RewardNotFound(f"There is no reward {reward_id}.")


def _purse(wish: Wish) -> WalletKey:
    return WalletKey(wish.member_id, PointType.POINTS)


def _source(redemption: Redemption) -> Source:
    return Source("redemption", str(redemption.redemption_id))


def _redemption(wish: Wish, reward: Reward, now: datetime) -> Redemption:
    sent = reward.kind is RewardKind.PHYSICAL
    return Redemption(
        redemption_id=uuid7(),
        member_id=wish.member_id,
        reward_id=wish.reward_id,
        key=wish.key,
        points=reward.points,
        redeemed_at=now,
        fulfilment=Fulfilment.REQUESTED if sent else Fulfilment.NONE,
        fulfilment_at=now if sent else None,
    )


def _refusal(hindrance: Hindrance, counter: Counter, wish: Wish) -> Problem:
    till, now = counter.till, counter.book.now
    if hindrance.too_fast_until:
        return too_fast(hindrance.too_fast_until, now)
    if hindrance.needs_approval:
        return step_up(till.limits)
    assert hindrance.can is not None  # noqa: S101  (what else is in the way is above)
    return _gate(hindrance.can, till.rewards[wish.reward_id], counter.available(wish))


def _gate(can: Affordability, reward: Reward, available: int) -> Problem:
    if can.available_at is not None:
        return _later(can, f"{can.available_at:%FT%TZ}")
    match can.refusal:
        case Refusal.SOLD_OUT:
            return SoldOut("Nothing is left of this reward.")
        case Refusal.LIMIT_REACHED:
            return LimitReached(f"A member can have this reward {reward.member_limit} times.")
        case Refusal.TIER:
            tiers = sorted(reward.audience.tiers)
            return NotForTier(f"This reward is for: {', '.join(tiers)}.", tiers=tiers)
        case Refusal.ENDED:
            return NotNow("This reward can no longer be had.")
    return InsufficientPoints.of(reward.points, available)


def _later(can: Affordability, at: str) -> Problem:
    """The refusal of what passes by itself."""
    if can.refusal is Refusal.COOLING_DOWN:
        return CoolingDown(f"You can have this reward again from {at}.", available_at=at)
    return NotNow(f"This reward can be had from {at}.", available_at=at)


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
