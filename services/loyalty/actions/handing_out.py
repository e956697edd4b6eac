"""Handing out what a redeemed reward is."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.issuing import issue_coupon
from services.loyalty.rules.checkins import Card
from services.loyalty.rules.rewards import Reward, RewardKind
from services.loyalty.store import checkins, codes, redemptions
from services.loyalty.tables import Redemption


async def hand_out(
    session: AsyncSession, redemption: Redemption, reward: Reward, now: datetime
) -> str | None:
    """Give the member what they bought; the code, if that is one.

    None for a reward of codes means that its pool is empty.
    """
    match reward.kind:
        case RewardKind.CODE:
            code = await codes.take(session, reward.reward_id, redemption.redemption_id)
        case RewardKind.COUPON:
            assert reward.series_id is not None  # noqa: S101  (the database's constraint)
            source = f"redemption:{redemption.redemption_id}"
            coupon = await issue_coupon(
                session, reward.series_id, redemption.member_id, source, now
            )
            code = coupon.code
        case RewardKind.FREEZE_CARD:
            await checkins.add_cards(session, redemption.member_id, Card.FREEZE, 1)
            return None
        case RewardKind.MAKEUP_CARD:
            await checkins.add_cards(session, redemption.member_id, Card.MAKEUP, 1)
            return None
        case _:
            return None
    if code is not None:
        await redemptions.hand_out(session, redemption.redemption_id, code)
    return code
