"""Offers: showing members theirs, and letting them take one."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.pages import sifted
from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.granting import check_prize, grant
from services.loyalty.actions.periods import check_period
from services.loyalty.events import OfferClaimed
from services.loyalty.rules.ledger import PointType, Source, WalletKey
from services.loyalty.rules.offers import Offer, ends_at, is_open
from services.loyalty.store import offers
from services.loyalty.store.offers import Position


class OfferNotFound(NotFound):
    code = "loyalty.offer_not_found"
    title = "No such offer"


class OfferGone(Conflict):
    code = "loyalty.offer_gone"
    title = "All of this offer are taken"


@dataclass(frozen=True, slots=True)
class Open:
    """An offer a member may take, and when it ends for them."""

    offer: Offer
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Taken:
    """An offer taken, and the points the member then has."""

    offer: Offer
    balance: int


async def list_offers(
    session: AsyncSession,
    member_id: UUID,
    now: datetime,
    limit: int,
    after: Position | None = None,
) -> list[Open]:
    """The offers a member may take, by priority, beginning after a position."""
    standing = await offers.standing(member_id).of(session)

    def read(behind: Position | None, most: int) -> Awaitable[Sequence[Offer]]:
        return offers.open_offers(member_id, now, most, behind).of(session)

    def admits(offer: Offer) -> bool:
        return is_open(offer, standing, now)

    found = await sifted(read, admits, position, after, limit)
    return [Open(offer, ends_at(offer, standing)) for offer in found]


def position(offer: Offer) -> Position:
    """Where an offer stands among those open."""
    return offer.priority, offer.offer_id


async def take_offer(
    session: AsyncSession, member_id: UUID, offer_id: UUID, now: datetime
) -> Taken:
    """Give a member what an offer holds, once. Taking it again answers as the first time did.

    Raises OfferNotFound, also where the offer is not for this member, or OfferGone. Claims are
    counted last, as everybody who takes the offer waits for its row.
    """
    source = Source("offer", f"{offer_id}:{member_id}")
    book = await open_book(session, {member_id}, now, {source})
    offer = await offers.offer(session, offer_id)
    has_claimed = offer is not None and await offers.has_claimed(session, offer_id, member_id)
    if offer is None or not (
        has_claimed or is_open(offer, await offers.standing(member_id).of(session), now)
    ):
        raise OfferNotFound(f"There is no offer {offer_id} for you now.")
    if not has_claimed and await offers.claim(session, offer_id, member_id, now):
        await grant(session, book, member_id, offer.prize, source)
        await close_book(session, book, said=[_announcement(offer, member_id, now)])
        if not await offers.count(session, offer_id):
            raise OfferGone("Others were faster: nothing is left of this offer.")
    return Taken(offer, book.wallet(WalletKey(member_id, PointType.POINTS)).available)


async def add_offer(session: AsyncSession, offer: Offer, now: datetime) -> Offer:
    """Make an offer. Raises BadPrize."""
    await check_prize(session, offer.prize)
    await offers.add(session, offer, now)
    return offer


async def change_offer(
    session: AsyncSession, offer_id: UUID, changes: Mapping[str, Any], now: datetime
) -> Offer:
    """Change an offer; what it gives stays. Raises OfferNotFound or WrongPeriod."""
    check_period(await _known(session, offer_id), changes, "valid_from", "valid_until")
    await offers.change(session, offer_id, changes, now)
    return await _known(session, offer_id)


async def _known(session: AsyncSession, offer_id: UUID) -> Offer:
    offer = await offers.offer(session, offer_id)
    if offer is None:
        raise OfferNotFound(f"There is no offer {offer_id}.")
    return offer


def _announcement(offer: Offer, member_id: UUID, now: datetime) -> OfferClaimed:
    return OfferClaimed(
        member_id=member_id,
        offer_id=offer.offer_id,
        name=dict(offer.name),
        occasion=offer.occasion,
        claimed_at=now,
    )
