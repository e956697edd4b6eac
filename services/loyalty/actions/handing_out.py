"""Handing out what a redeemed reward is, where that is more than a code of its pool."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.issuing import issue_coupon
from services.loyalty.rules.checkins import Card
from services.loyalty.rules.rewards import Reward, RewardKind
from services.loyalty.rules.wishes import Redemption
from services.loyalty.store import checkins


async def hand_out(session: AsyncSession, redemption: Redemption, reward: Reward) -> str | None:
    """Give the member what they bought; the code, if it is a coupon."""
    member_id, now = redemption.member_id, redemption.redeemed_at
    match reward.kind:
        case RewardKind.COUPON:
            assert reward.series_id is not None  # noqa: S101  (the database's constraint)
            source = f"redemption:{redemption.redemption_id}"
            return (await issue_coupon(session, reward.series_id, member_id, source, now)).code
        case RewardKind.FREEZE_CARD:
            await checkins.add_cards(session, member_id, Card.FREEZE, 1)
        case RewardKind.MAKEUP_CARD:
            await checkins.add_cards(session, member_id, Card.MAKEUP, 1)
    return None
