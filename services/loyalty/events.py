"""What loyalty says, and the parts it reads of what others say."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from kit.events import Payload, Reading


class PointsEarned(Payload):
    """`balance` is what is available afterwards; pending points are not in it yet."""

    type: ClassVar[str] = "loyalty.points.earned.v1"
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


class PointsActivated(Payload):
    """Pending points have become available."""

    type: ClassVar[str] = "loyalty.points.activated.v1"
    member_id: UUID
    points: int
    balance: int
    source_type: str
    source_id: str
    activated_at: datetime


class PointsSpent(Payload):
    type: ClassVar[str] = "loyalty.points.spent.v1"
    member_id: UUID
    points: int
    balance: int
    source_type: str
    source_id: str
    spent_at: datetime


class PointsReversed(Payload):
    """Points have been taken back, such as those of a returned order."""

    type: ClassVar[str] = "loyalty.points.reversed.v1"
    member_id: UUID
    points: int
    balance: int
    reason: str
    source_type: str
    source_id: str
    reversed_at: datetime


class PointsExpired(Payload):
    type: ClassVar[str] = "loyalty.points.expired.v1"
    member_id: UUID
    points: int
    balance: int
    expired_at: datetime


class TierChanged(Payload):
    type: ClassVar[str] = "loyalty.tier.changed.v1"
    member_id: UUID
    tier: str
    previous: str
    growth_points: int
    changed_at: datetime


class RewardRedeemed(Payload):
    """`name` holds the reward's name in each language."""

    type: ClassVar[str] = "loyalty.reward.redeemed.v1"
    member_id: UUID
    redemption_id: UUID
    reward_id: UUID
    name: dict[str, str]
    points: int
    balance: int
    redeemed_at: datetime


class CheckInRecorded(Payload):
    """`day` is the member's calendar day, `streak` the consecutive days up to it."""

    type: ClassVar[str] = "loyalty.checkin.recorded.v1"
    member_id: UUID
    day: date
    streak: int
    points: int
    recorded_at: datetime


PUBLISHED = (
    PointsEarned,
    PointsActivated,
    PointsSpent,
    PointsReversed,
    PointsExpired,
    TierChanged,
    RewardRedeemed,
    CheckInRecorded,
)


class AccountRegistered(Reading):
    type: ClassVar[str] = "gateway.account.registered.v1"
    member_id: UUID
    registered_at: datetime


class MemberDescribed(Reading):
    """profile.member.created and profile.member.updated say the same of a member, whole."""

    type: ClassVar[str] = "profile.member.created.v1"
    member_id: UUID
    time_zone: str
    updated_at: datetime


class MemberUpdated(MemberDescribed):
    type: ClassVar[str] = "profile.member.updated.v1"


class MemberMerged(Reading):
    """Two members were found to be one: `member_id` goes on for both."""

    type: ClassVar[str] = "profile.member.merged.v1"
    member_id: UUID
    merged_member_id: UUID
    merged_at: datetime


class OrderPlaced(Reading):
    type: ClassVar[str] = "profile.order.placed.v1"
    order_id: str
    member_id: UUID
    amount_minor: int = Field(ge=0)
    currency: str
    placed_at: datetime


class OrderChanged(Reading):
    """`refunded_minor` is the total so far."""

    type: ClassVar[str] = "profile.order.changed.v1"
    order_id: str
    member_id: UUID
    status: str
    amount_minor: int = Field(ge=0)
    refunded_minor: int = Field(ge=0)
    currency: str
    changed_at: datetime


class TrackedActivity(Reading):
    kind: str
    activity_id: str
    name: str


class ActivityTracked(Reading):
    type: ClassVar[str] = "profile.activity.tracked.v1"
    member_id: UUID
    activities: list[TrackedActivity]
    received_at: datetime


class SurveyAnswered(Reading):
    type: ClassVar[str] = "feedback.survey.answered.v1"
    member_id: UUID
    survey_id: UUID
    answered_at: datetime
