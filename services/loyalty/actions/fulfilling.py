"""Fulfilment: moving a gift on its way, or taking a redemption back for its points."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.refunds import refund_spend
from services.loyalty.events import RewardFulfilled
from services.loyalty.rules.book import Book
from services.loyalty.rules.fulfilment import NEXT, Fulfilment
from services.loyalty.rules.ledger import Claim, Memo, Source
from services.loyalty.rules.rewards import RewardKind
from services.loyalty.store import members, redemptions, rewards
from services.loyalty.store.redemptions import Bought
from services.loyalty.tables import Redemption


class RedemptionNotFound(NotFound):
    code = "loyalty.redemption_not_found"
    title = "No such redemption"


class WrongStep(Conflict):
    code = "loyalty.wrong_fulfilment_step"
    title = "A gift cannot go this way"


GIVEN = frozenset(
    {RewardKind.CODE, RewardKind.COUPON, RewardKind.FREEZE_CARD, RewardKind.MAKEUP_CARD}
)
"""What a member has in hand at once, and may have used: it is not taken back."""


async def fulfil(
    session: AsyncSession,
    redemption_id: UUID,
    fulfilment: Fulfilment,
    *,
    tracking: str | None,
    actor: str,
    now: datetime,
) -> Bought:
    """Say how far a gift has come. Saying the same again changes nothing.

    Cancelled, its points go back to where they came from, and it goes back on the shelf. Raises
    RedemptionNotFound or WrongStep.
    """
    known = await redemptions.find(session, redemption_id)
    if known is None:
        raise RedemptionNotFound(f"There is no redemption {redemption_id}.")
    book = None
    if fulfilment is Fulfilment.CANCELLED:  # wallets are locked before anything else
        book = await open_book(session, {known.member_id}, now, {_source(redemption_id)})
    redemption = await redemptions.lock(session, redemption_id)
    if redemption.fulfilment != fulfilment:
        await _check(session, redemption, fulfilment)
        await redemptions.move_on(session, redemption_id, fulfilment, tracking, now)
    [bought] = await redemptions.listed(session, 1, None, redemption_id=redemption_id)
    if redemption.fulfilment != fulfilment:
        said = _announcement(bought, now)
        if book is None:
            await outbox.publish(session, said)
        else:
            await _take_back(session, book, bought, said, actor)
    return bought


async def _check(session: AsyncSession, redemption: Redemption, fulfilment: Fulfilment) -> None:
    before = Fulfilment(redemption.fulfilment)
    if fulfilment not in NEXT[before]:
        possible = ", ".join(sorted(NEXT[before])) or "nothing"
        raise WrongStep(f"It is {before}; what may follow is: {possible}.")
    reward = await rewards.reward(session, redemption.reward_id)
    if reward is not None and reward.kind in GIVEN:
        raise WrongStep(f"A reward of the kind {reward.kind} is not taken back.")


async def _take_back(
    session: AsyncSession, book: Book, bought: Bought, said: RewardFulfilled, actor: str
) -> None:
    """Return the points to their lots, if there is still a member, and the gift to the shelf."""
    source = _source(bought.redemption_id)
    claim = Claim(source, "redemption", "refund")
    memo = Memo(claim=claim, at=book.now, actor=actor, reason="redemption_cancelled")
    if await members.heir(session, bought.member_id):
        await refund_spend(session, book, source, memo)
    await close_book(session, book, said=[said])
    await rewards.put_back(session, bought.reward_id)


def _source(redemption_id: UUID) -> Source:
    return Source("redemption", str(redemption_id))


def _announcement(bought: Bought, now: datetime) -> RewardFulfilled:
    return RewardFulfilled(
        member_id=bought.member_id,
        redemption_id=bought.redemption_id,
        reward_id=bought.reward_id,
        name=dict(bought.name),
        fulfilment=bought.fulfilment,
        tracking=bought.tracking,
        changed_at=now,
    )
