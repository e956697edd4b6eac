"""What loyalty says of points and tiers."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from kit.events import Payload


class PointsMoved(Payload):
    """What all that moves a member's points says: how many, what is available then, and why."""

    on_receipt: ClassVar[tuple[str, ...]] = ("points",)
    member_id: UUID
    points: int
    balance: int
    source_type: str
    source_id: str


class PointsEarned(Payload):
    """`balance` is what is available afterwards; pending points are not in it yet."""

    type: ClassVar[str] = "loyalty.points.earned.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("points", "state")
    member_id: UUID
    entry_id: UUID
    points: int
    state: Literal["available", "pending"]
    balance: int
    rule: str
    source_type: str
    source_id: str
    expires_at: datetime | None
    earned_at: datetime


class PointsActivated(PointsMoved):
    """Pending points have become available."""

    type: ClassVar[str] = "loyalty.points.activated.v1"
    activated_at: datetime


class PointsSpent(PointsMoved):
    type: ClassVar[str] = "loyalty.points.spent.v1"
    spent_at: datetime


class PointsHeld(PointsMoved):
    """Points have been set aside; `source_id` is the hold's."""

    type: ClassVar[str] = "loyalty.points.held.v1"
    held_at: datetime


class PointsReleased(PointsMoved):
    """Points set aside can be spent again: their hold was voided, or its time is out."""

    type: ClassVar[str] = "loyalty.points.released.v1"
    released_at: datetime


class PointsRefunded(PointsMoved):
    """Points that had been spent have come back."""

    type: ClassVar[str] = "loyalty.points.refunded.v1"
    refunded_at: datetime


class PointsGiven(Payload):
    """A member has given points to another."""

    type: ClassVar[str] = "loyalty.points.given.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("points",)
    member_id: UUID
    to_member_id: UUID
    transfer_id: UUID
    points: int
    balance: int
    message: str | None
    given_at: datetime


class PointsReceived(Payload):
    """A member has got points from another."""

    type: ClassVar[str] = "loyalty.points.received.v1"
    member_id: UUID
    from_member_id: UUID
    transfer_id: UUID
    points: int
    balance: int
    message: str | None
    received_at: datetime


class PointsExpiring(Payload):
    """Points will expire soon: `points` on the day of `expires_at`, if they are not spent."""

    type: ClassVar[str] = "loyalty.points.expiring.v1"
    member_id: UUID
    point_type: str
    points: int
    balance: int
    expires_at: datetime
    days_before: int


class LedgerSealed(Payload):
    """Entries up to one number have been sealed: nobody can change them unseen any more."""

    type: ClassVar[str] = "loyalty.ledger.sealed.v1"
    number: int
    last_seq: int
    entries: int
    hash: str
    sealed_at: datetime


class HouseholdJoined(Payload):
    """A member shares a household's points from now on."""

    type: ClassVar[str] = "loyalty.household.joined.v1"
    member_id: UUID
    household_id: UUID
    name: str
    joined_at: datetime


class HouseholdLeft(Payload):
    """A member has points of their own again."""

    type: ClassVar[str] = "loyalty.household.left.v1"
    member_id: UUID
    household_id: UUID
    name: str
    left_at: datetime


class PointsImported(Payload):
    """Points were brought from another programme; owed ones where `points` is negative."""

    type: ClassVar[str] = "loyalty.points.imported.v1"
    member_id: UUID
    entry_id: UUID
    points: int
    state: Literal["available", "pending", "owed"]
    balance: int
    source_id: str
    expires_at: datetime | None
    imported_at: datetime


class PointsReversed(PointsMoved):
    """Points have been taken back, such as those of a returned order.

    `reason` is a word of ours. What a person wrote of it stays here, where it can be erased.
    """

    type: ClassVar[str] = "loyalty.points.reversed.v1"
    reason: str
    reversed_at: datetime


class PointsExpired(Payload):
    type: ClassVar[str] = "loyalty.points.expired.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("points",)
    member_id: UUID
    points: int
    balance: int
    expired_at: datetime


class TierBenefits(BaseModel):
    """What a tier gives; `multiplier` is a decimal such as "1.5"."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    multiplier: str
    priority_support: bool
    exclusive_offers: bool
    free_shipping: bool
    birthday_points: int


class TierChanged(Payload):
    """`name` holds the tier's name in each language; it is held until `until` at least."""

    type: ClassVar[str] = "loyalty.tier.changed.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("tier",)
    member_id: UUID
    tier: str
    previous: str
    growth_points: int
    changed_at: datetime
    name: dict[str, str]
    reason: Literal["reached", "lapsed", "reversed", "recomputed", "imported"]
    until: datetime | None
    benefits: TierBenefits


class TierAtRisk(Payload):
    """The member will have `projected` instead, unless `missing` more of `basis` come by then."""

    type: ClassVar[str] = "loyalty.tier.at_risk.v1"
    member_id: UUID
    tier: str
    name: dict[str, str]
    projected: str
    projected_name: dict[str, str]
    basis: Literal["growth_points", "spend", "orders"]
    missing: int
    until: datetime
    grace_until: datetime
    warned_at: datetime
