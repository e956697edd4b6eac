"""The parts loyalty reads of what others say."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from kit.events import Reading


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
