"""The wallet screen: everything a phone shows of loyalty, in one read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.missions import Going, list_missions
from services.loyalty.actions.offers import Open, list_offers
from services.loyalty.actions.referrals import own_code
from services.loyalty.actions.rewards import Listing
from services.loyalty.actions.wallets import EXPIRING, WalletView, read_wallet
from services.loyalty.rules.checkins import CheckInState, checkin_state
from services.loyalty.rules.coupons import Coupon
from services.loyalty.rules.earning import local_day
from services.loyalty.rules.referrals import Terms
from services.loyalty.rules.rewards import affordability
from services.loyalty.rules.screens import Possible, Step, next_steps
from services.loyalty.store import badges, coupons, persons, referrals, rewards, screens
from services.loyalty.store.badges import Awarded
from services.loyalty.store.referrals import Stats
from services.loyalty.store.screens import Maturing, Month

REWARDS = 10
MISSIONS = 5
COUPONS = 5
OFFERS = 3
BADGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The member's present month of check-ins."""

    first: date
    month: Month
    state: CheckInState


@dataclass(frozen=True, slots=True)
class Referring:
    code: str
    stats: Stats
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All that the wallet screen shows."""

    wallet: WalletView
    time_zone: str
    maturing: Sequence[Maturing]
    calendar: Calendar
    rewards: Sequence[Listing]
    missions: Sequence[Going]
    coupons: Sequence[Coupon]
    offers: Sequence[Open]
    badges: Sequence[Awarded]
    referring: Referring
    steps: Sequence[Step]


async def read_screen(session: AsyncSession, member_id: UUID, now: datetime) -> Screen:
    """The wallet screen as it is now, whole also for a member nobody has spoken of."""
    wallet = await read_wallet(session, member_id, now)
    zone = wallet.time_zone
    calendar = await _calendar(session, wallet, now)
    listings = await _listings(session, wallet, now)
    going = await list_missions(session, member_id, zone, now, limit=MISSIONS)
    open_offers = await list_offers(session, member_id, now, OFFERS)
    return Screen(
        wallet=wallet,
        time_zone=zone,
        maturing=await _maturing(session, wallet),
        calendar=calendar,
        rewards=listings,
        missions=going,
        coupons=await coupons.usable(session, member_id, now, COUPONS),
        offers=open_offers,
        badges=await badges.of_member(session, member_id, BADGES),
        referring=Referring(
            await own_code(session, member_id, now),
            await referrals.stats(session, member_id),
            await referrals.terms(session),
        ),
        steps=_steps(calendar, listings, going, open_offers),
    )


async def _calendar(session: AsyncSession, wallet: WalletView, now: datetime) -> Calendar:
    first = local_day(now, wallet.time_zone).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    member_id = wallet.growth.key.member_id
    month = await screens.month(session, member_id, first, last)
    state = checkin_state(wallet.last_checkin, now, wallet.time_zone, month.cards.freezes)
    return Calendar(first=first, month=month, state=state)


async def _maturing(session: AsyncSession, wallet: WalletView) -> list[Maturing]:
    if wallet.points.pending == 0:
        return []
    return await screens.maturing(session, wallet.points.key.member_id, EXPIRING)


async def _listings(session: AsyncSession, wallet: WalletView, now: datetime) -> list[Listing]:
    member_id, available = wallet.growth.key.member_id, wallet.points.available
    offered = await rewards.offered(session, member_id, now, REWARDS, None)
    if not offered:
        return []
    person = await persons.person(session, member_id)
    return [
        Listing(reward, affordability(reward, available, past, person, now))
        for reward, past in offered
    ]


def _steps(
    calendar: Calendar,
    listings: Sequence[Listing],
    going: Sequence[Going],
    open_offers: Sequence[Open],
) -> list[Step]:
    """What the member may do now. Of rewards the dearest they can have."""
    return list(
        next_steps(
            Possible(
                can_check_in=not calendar.state.done_today,
                can_make_up=calendar.month.cards.makeups > 0,
                missions=tuple(each.mission.mission_id for each in going if each.claimable),
                offers=tuple(each.offer.offer_id for each in open_offers),
                rewards=tuple(
                    each.reward.reward_id
                    for each in reversed(listings)
                    if each.affordability.can_redeem
                ),
            )
        )
    )
