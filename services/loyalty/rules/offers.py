"""Offers: something for members at one point of their life with the brand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.loyalty.rules.audience import EVERYBODY, Audience, Person
from services.loyalty.rules.prizes import Prize
from services.loyalty.rules.rewards import Texts


class Occasion(StrEnum):
    """Why a member sees it, which a phone may say."""

    NEW_MEMBER = "new_member"
    VIP = "vip"
    WIN_BACK = "win_back"
    LIMITED_TIME = "limited_time"
    GENERAL = "general"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`before_first_order`: only until the member orders; `enrolled_days`: only so long a member.

    Of `claim_limit` claims all members together may make, `claimed` are made.
    """

    offer_id: UUID
    name: Texts
    description: Texts
    occasion: Occasion
    prize: Prize
    priority: int = 0
    audience: Audience = EVERYBODY
    before_first_order: bool = False
    enrolled_days: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    claim_limit: int | None = None
    claimed: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """What an offer asks of a member besides gates."""

    person: Person
    enrolled_at: datetime | None
    has_ordered: bool


def ends_at(offer: Offer, standing: Standing) -> datetime | None:
    """When the offer ends for this member."""
    own = None
    if offer.enrolled_days is not None and standing.enrolled_at is not None:
        own = standing.enrolled_at + timedelta(days=offer.enrolled_days)
    return min((end for end in (offer.valid_until, own) if end is not None), default=None)


def is_open(offer: Offer, standing: Standing, now: datetime) -> bool:
    """Whether the member may take the offer now, if they have not yet."""
    ends = ends_at(offer, standing)
    return (
        offer.active
        and offer.audience.admits(standing.person)
        and (offer.valid_from is None or offer.valid_from <= now)
        and (ends is None or now < ends)
        and not (offer.before_first_order and standing.has_ordered)
        and (offer.claim_limit is None or offer.claimed < offer.claim_limit)
    )
