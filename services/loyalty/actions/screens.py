"""The wallet screen: everything a phone shows of loyalty, in one read."""

from asyncio import Task
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Reads, gathered
from services.loyalty.actions.missions import Going, list_missions
from services.loyalty.actions.offers import Open, list_offers
from services.loyalty.actions.referrals import own_code
from services.loyalty.actions.rewards import Listing
from services.loyalty.actions.wallets import EXPIRING, WalletView, settle_member, view_of
from services.loyalty.rules.audience import Person
from services.loyalty.rules.checkins import CheckInState, checkin_state, start_of_day
from services.loyalty.rules.coupons import Coupon
from services.loyalty.rules.earning import local_day
from services.loyalty.rules.referrals import Terms
from services.loyalty.rules.rewards import affordability
from services.loyalty.rules.screens import Possible, Step, next_steps
from services.loyalty.store import badges, coupons, persons, referrals, rewards, screens, wallets
from services.loyalty.store.badges import Awarded
from services.loyalty.store.referrals import Stats
from services.loyalty.store.rewards import Had
from services.loyalty.store.screens import Maturing, Month
from services.loyalty.store.wallets import Standing

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
    return screen_of(await read_blocks(session, member_id, now), now)


async def read_blocks(session: AsyncSession, member_id: UUID, now: datetime) -> "Blocks":
    """What the wallet screen is made of, read side by side, in two statements.

    What rests on where the member stands, and on their time zone, is read by the second. Where
    something was due it is all read again.
    """
    blocks = await _read(session, member_id, now)
    if blocks.stands.result().is_due(now):
        await settle_member(session, member_id, now)
        blocks = await _read(session, member_id, now)
    return blocks


class Blocks(NamedTuple):
    """The parts of a screen as they are read; `digest` is of all their rows."""

    stands: Task[Standing]
    wallet: Task[WalletView]
    maturing: Task[list[Maturing]]
    month: Task[tuple[date, Month]]
    rewards: Task[list[Had]]
    person: Task[Person]
    missions: Task[list[Going]]
    coupons: Task[list[Coupon]]
    offers: Task[list[Open]]
    badges: Task[list[Awarded]]
    code: Task[str]
    stats: Task[Stats]
    terms: Task[Terms]
    digest: bytes = b""


async def _read(session: AsyncSession, member_id: UUID, now: datetime) -> Blocks:
    async with gathered(session) as reads:
        blocks = _begin(reads, member_id, now)
    return blocks._replace(digest=reads.digest)


def _begin(reads: Reads, member_id: UUID, now: datetime) -> Blocks:
    session, begin = reads.session, reads.begin
    stands = begin(wallets.standing(session, member_id))
    return Blocks(
        stands=stands,
        wallet=begin(_wallet(reads, stands, now)),
        maturing=begin(_maturing(session, stands)),
        month=begin(_month(session, stands, now)),
        rewards=begin(rewards.offered(session, member_id, now, REWARDS, None)),
        person=begin(persons.person(session, member_id)),
        missions=begin(_missions(session, stands, now)),
        coupons=begin(coupons.usable(session, member_id, now, COUPONS)),
        offers=begin(list_offers(session, member_id, now, OFFERS)),
        badges=begin(badges.of_member(session, member_id, BADGES)),
        code=begin(own_code(session, member_id, now)),
        stats=begin(referrals.stats(session, member_id)),
        terms=begin(referrals.terms(session)),
    )


def screen_of(blocks: Blocks, now: datetime) -> Screen:
    """The screen that blocks make."""
    wallet, going, open_offers = (
        blocks.wallet.result(),
        blocks.missions.result(),
        blocks.offers.result(),
    )
    calendar = _calendar(wallet, *blocks.month.result(), now)
    listings = _listings(blocks, wallet.points.available, now)
    return Screen(
        wallet=wallet,
        time_zone=wallet.time_zone,
        maturing=blocks.maturing.result(),
        calendar=calendar,
        rewards=listings,
        missions=going,
        coupons=blocks.coupons.result(),
        offers=open_offers,
        badges=blocks.badges.result(),
        referring=Referring(blocks.code.result(), blocks.stats.result(), blocks.terms.result()),
        steps=_steps(calendar, listings, going, open_offers),
    )


async def _wallet(reads: Reads, stands: Task[Standing], now: datetime) -> WalletView:
    return await view_of(reads, await stands, now)


async def _maturing(session: AsyncSession, stands: Task[Standing]) -> list[Maturing]:
    points = (await stands).points
    if points.pending == 0:
        return []
    return await screens.maturing(session, points.key.member_id, EXPIRING)


async def _month(
    session: AsyncSession, stands: Task[Standing], now: datetime
) -> tuple[date, Month]:
    """The member's present month: its first day, and what happened in it."""
    standing = await stands
    first = local_day(now, standing.time_zone).replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first, await screens.month(session, standing.growth.key.member_id, first, last)


async def _missions(session: AsyncSession, stands: Task[Standing], now: datetime) -> list[Going]:
    standing = await stands
    member_id, zone = standing.growth.key.member_id, standing.time_zone
    return await list_missions(session, member_id, zone, now, limit=MISSIONS)


def _calendar(wallet: WalletView, first: date, month: Month, now: datetime) -> Calendar:
    state = checkin_state(wallet.last_checkin, now, wallet.time_zone, month.cards.freezes)
    return Calendar(first=first, month=month, state=state)


def _listings(blocks: Blocks, available: int, now: datetime) -> list[Listing]:
    person = blocks.person.result()
    return [
        Listing(reward, affordability(reward, available, past, person, now))
        for reward, past in blocks.rewards.result()
    ]


def changes_at(screen: Screen, now: datetime) -> datetime:
    """Until when the screen stays as it is, if nothing is written: midnight at the latest."""
    tomorrow = local_day(now, screen.time_zone) + timedelta(days=1)
    moments = [start_of_day(tomorrow, screen.time_zone)]
    moments += [each.ends_at for each in screen.offers if each.ends_at]
    later = (each.affordability.available_at for each in screen.rewards)
    return min(moments + [at for at in later if at])


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
