"""The wallet screen: everything a phone shows of loyalty, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask, Gathered, gathered
from kit.pages import SIFTED_AT_ONCE
from services.loyalty.actions.missions import Going, going, periods_on
from services.loyalty.actions.offers import Open, list_offers, position
from services.loyalty.actions.referrals import own_code
from services.loyalty.actions.rewards import Listing
from services.loyalty.actions.versions import made_ready, running
from services.loyalty.actions.wallets import (
    EXPIRING,
    WalletAsks,
    WalletView,
    asks_of,
    progress_of,
    settle_member,
)
from services.loyalty.rules import offers as rules
from services.loyalty.rules.checkins import CheckInState, checkin_state, start_of_day
from services.loyalty.rules.coupons import Coupon
from services.loyalty.rules.earning import local_day
from services.loyalty.rules.missions import Mission
from services.loyalty.rules.offers import Offer
from services.loyalty.rules.programme.compiling import Compiled
from services.loyalty.rules.referrals import Terms
from services.loyalty.rules.rewards import affordability
from services.loyalty.rules.screens import Possible, Step, next_steps
from services.loyalty.store import (
    badges,
    coupons,
    missions,
    offers,
    referrals,
    rewards,
    screens,
    versions,
    wallets,
)
from services.loyalty.store.badges import Awarded
from services.loyalty.store.members import UNKNOWN_ZONE
from services.loyalty.store.missions import Course
from services.loyalty.store.referrals import Referrer, Stats
from services.loyalty.store.rewards import Had
from services.loyalty.store.screens import Maturing, Month
from services.loyalty.store.wallets import Standing

REWARDS = 10
MISSIONS = 5
COUPONS = 5
OFFERS = 3
BADGES = 3

Found = TypeVar("Found")


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
    """All that the wallet screen shows; as long as nothing is written, until a moment."""

    wallet: WalletView
    maturing: Sequence[Maturing]
    calendar: Calendar
    rewards: Sequence[Listing]
    missions: Sequence[Going]
    coupons: Sequence[Coupon]
    offers: Sequence[Open]
    badges: Sequence[Awarded]
    referring: Referring
    steps: Sequence[Step]
    until: datetime


class Place(NamedTuple):
    """What the questions rest on: whose wallet the points are in, the time zone, the programme."""

    owner_id: UUID
    time_zone: str
    live: Compiled

    def asks_as(self, other: "Place", now: datetime) -> bool:
        """Whether from both the same is asked."""
        days = (local_day(now, zone) for zone in (self.time_zone, other.time_zone))
        alike = self.owner_id == other.owner_id and self.live is other.live
        return alike and len(set(days)) == 1


class Asks(NamedTuple):
    """Everything that is asked for a screen, beside the member's wallet."""

    stands: Ask[Standing]
    running: Ask[Sequence[Any]]
    maturing: Ask[list[Maturing]]
    month: Ask[Month]
    rewards: Ask[list[Had]]
    missions: Ask[list[tuple[Mission, Course]]]
    coupons: Ask[list[Coupon]]
    offers: Ask[list[Offer]]
    offered_to: Ask[rules.Standing]
    badges: Ask[list[Awarded]]
    referrer: Ask[Referrer]
    terms: Ask[Terms]


@dataclass(frozen=True, slots=True)
class Look:
    """What was found for a member's screen, asked from a place."""

    member_id: UUID
    place: Place
    asks: Asks
    of_wallet: WalletAsks
    found: Gathered

    @property
    def digest(self) -> bytes:
        """Of all rows: asked from the same place, they make the same screen until it changes."""
        return self.found.digest

    def of(self, ask: Ask[Found]) -> Found:
        return self.found.of(ask)


_usual: list[tuple[str, Compiled]] = []
"""Where the member lives who was looked at last, and what paid then: so it is for most others."""


async def look(
    session: AsyncSession, member_id: UUID, now: datetime, place: Place | None = None
) -> Look:
    """Ask for all of a screen at once, from the member's place as it was last, or as it may be."""
    place = place or await _guessed(session, member_id)
    asks = _asks(member_id, place, now)
    of_wallet = asks_of(member_id, place.owner_id, place.live.tiers, now)
    found = await gathered(session, [*asks, *of_wallet.sent])
    return Look(member_id, place, asks, of_wallet, found)


async def _guessed(session: AsyncSession, member_id: UUID) -> Place:
    if not _usual:
        return Place(member_id, UNKNOWN_ZONE, (await running(session)).live)
    return Place(member_id, *_usual[0])


def _asks(member_id: UUID, place: Place, now: datetime) -> Asks:
    today = local_day(now, place.time_zone)
    first = today.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Asks(
        stands=wallets.standing(member_id),
        running=versions.running(),
        maturing=screens.maturing(place.owner_id, EXPIRING),
        month=screens.month(member_id, first, last),
        rewards=rewards.offered(member_id, now, REWARDS),
        missions=missions.going_on(member_id, periods_on(today), now, limit=MISSIONS),
        coupons=coupons.usable(member_id, now, COUPONS),
        offers=offers.open_offers(member_id, now, SIFTED_AT_ONCE),
        offered_to=offers.standing(member_id),
        badges=badges.of_member(member_id, BADGES),
        referrer=referrals.referrer(member_id),
        terms=referrals.terms(),
    )


async def settled(session: AsyncSession, seen: Look, now: datetime) -> Look:
    """The same, looked at again where something was due, or it was asked from the wrong place."""
    while True:
        asks, stands = seen.asks, seen.of(seen.asks.stands)
        live = (await made_ready(session, seen.of(asks.running))).live
        place = Place(stands.points.key.member_id, stands.time_zone, live)
        if stands.is_due(now):
            await settle_member(session, seen.member_id, now)
        elif seen.of(asks.referrer).code is None:
            await own_code(session, seen.member_id, now)
        elif place.asks_as(seen.place, now):
            _usual[:] = [(place.time_zone, place.live)]
            return Look(seen.member_id, place, asks, seen.of_wallet, seen.found)
        seen = await look(session, seen.member_id, now, place)


async def screen_of(session: AsyncSession, seen: Look, now: datetime) -> Screen:
    """The screen that makes what was seen, settled."""
    asks, stands = seen.asks, seen.of(seen.asks.stands)
    calendar = _calendar(stands, seen, now)
    open_offers, lasts = await _offers(session, seen, now)
    listings = _listings(seen, stands.points.available, now)
    under_way = [going(*each) for each in seen.of(asks.missions)]
    referrer = seen.of(asks.referrer)
    return Screen(
        wallet=_wallet(stands, calendar, seen, now),
        maturing=seen.of(asks.maturing),
        calendar=calendar,
        rewards=listings,
        missions=under_way,
        coupons=seen.of(asks.coupons),
        offers=open_offers,
        badges=seen.of(asks.badges),
        referring=Referring(referrer.code or "", referrer.stats, seen.of(asks.terms)),
        steps=_steps(calendar, listings, under_way, open_offers),
        until=_changes_at(stands, listings, open_offers, now) if lasts else now,
    )


def _wallet(stands: Standing, calendar: Calendar, seen: Look, now: datetime) -> WalletView:
    measure = seen.of_wallet.measure
    measured = seen.of(measure) if measure else None
    return WalletView(
        points=stands.points,
        growth=stands.growth,
        progress=progress_of(stands, measured, seen.place.live.tiers, now),
        tier=stands.tier,
        expiring=seen.of(seen.of_wallet.expiring),
        checkin=calendar.state,
        time_zone=stands.time_zone,
        recent=seen.of(seen.of_wallet.recent),
    )


def _calendar(stands: Standing, seen: Look, now: datetime) -> Calendar:
    month = seen.of(seen.asks.month)
    state = checkin_state(stands.last_checkin, now, stands.time_zone, month.cards.freezes)
    first = local_day(now, stands.time_zone).replace(day=1)
    return Calendar(first=first, month=month, state=state)


def _listings(seen: Look, available: int, now: datetime) -> list[Listing]:
    person = seen.of(seen.asks.offered_to).person
    return [
        Listing(reward, affordability(reward, available, past, person, now))
        for reward, past in seen.of(seen.asks.rewards)
    ]


async def _offers(session: AsyncSession, seen: Look, now: datetime) -> tuple[list[Open], bool]:
    """The first open offers, and whether they are known from what was seen alone."""
    standing, known = seen.of(seen.asks.offered_to), seen.of(seen.asks.offers)
    found = [
        Open(offer, rules.ends_at(offer, standing))
        for offer in known
        if rules.is_open(offer, standing, now)
    ][:OFFERS]
    if len(found) == OFFERS or len(known) < SIFTED_AT_ONCE:
        return found, True
    rest = OFFERS - len(found)
    more = await list_offers(session, seen.member_id, now, rest, position(known[-1]))
    return found + more, False


def _changes_at(
    stands: Standing, listings: Sequence[Listing], open_offers: Sequence[Open], now: datetime
) -> datetime:
    """Until when the screen stays as it is, if nothing is written: midnight at the latest."""
    tomorrow = local_day(now, stands.time_zone) + timedelta(days=1)
    moments = [
        start_of_day(tomorrow, stands.time_zone),
        stands.points.due_at,
        stands.growth.due_at,
        *(each.ends_at for each in open_offers),
        *(each.affordability.available_at for each in listings),
    ]
    return min(at for at in moments if at)


def _steps(
    calendar: Calendar,
    listings: Sequence[Listing],
    under_way: Sequence[Going],
    open_offers: Sequence[Open],
) -> list[Step]:
    """What the member may do now. Of rewards the dearest they can have."""
    return list(
        next_steps(
            Possible(
                can_check_in=not calendar.state.done_today,
                can_make_up=calendar.month.cards.makeups > 0,
                missions=tuple(each.mission.mission_id for each in under_way if each.claimable),
                offers=tuple(each.offer.offer_id for each in open_offers),
                rewards=tuple(
                    each.reward.reward_id
                    for each in reversed(listings)
                    if each.affordability.can_redeem
                ),
            )
        )
    )
