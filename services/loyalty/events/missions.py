"""What loyalty says of missions, badges, offers, draws and referrals."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from kit.events import Payload


class MissionCompleted(Payload):
    """A member has reached the goals of a mission, in the period that began on `begins`.

    Unless it is `claimed` by itself, the prize waits for the member to take it.
    """

    type: ClassVar[str] = "loyalty.mission.completed.v1"
    member_id: UUID
    mission_id: UUID
    name: dict[str, str]
    begins: date
    points: int
    claimed: bool
    completed_at: datetime


class LeaderboardWon(Payload):
    """A member had a place on a mission's leaderboard that brings a prize, as its period ended."""

    type: ClassVar[str] = "loyalty.leaderboard.won.v1"
    member_id: UUID
    mission_id: UUID
    name: dict[str, str]
    begins: date
    rank: int
    score: int
    points: int
    won_at: datetime


class BadgeAwarded(Payload):
    type: ClassVar[str] = "loyalty.badge.awarded.v1"
    member_id: UUID
    badge: str
    name: dict[str, str]
    awarded_at: datetime


class OfferClaimed(Payload):
    type: ClassVar[str] = "loyalty.offer.claimed.v1"
    member_id: UUID
    offer_id: UUID
    name: dict[str, str]
    occasion: str
    claimed_at: datetime


class DrawWon(Payload):
    """A member has won a prize of a draw."""

    type: ClassVar[str] = "loyalty.draw.won.v1"
    member_id: UUID
    draw_id: UUID
    prize: str
    name: dict[str, str]
    points: int
    drawn_at: datetime


class ReferralAccepted(Payload):
    """A new member has named who brought them: `member_id` brought `friend_id`."""

    type: ClassVar[str] = "loyalty.referral.accepted.v1"
    member_id: UUID
    friend_id: UUID
    accepted_at: datetime


class ReferralRewarded(Payload):
    """A referral has paid `member_id` their `points`: the one who brought, or the friend."""

    type: ClassVar[str] = "loyalty.referral.rewarded.v1"
    member_id: UUID
    part: Literal["referrer", "friend"]
    referrer_id: UUID
    friend_id: UUID
    points: int
    rewarded_at: datetime


class ReferralRejected(Payload):
    """A referral earns nothing, and why. For staff and analysts: members are not told."""

    type: ClassVar[str] = "loyalty.referral.rejected.v1"
    member_id: UUID
    friend_id: UUID
    reason: str
    rejected_at: datetime
