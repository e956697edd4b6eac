"""The parts loyalty reads of what others say."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from kit.events import Reading


class Told(Reading):
    """The part every occasion has; its rules read the rest of the event as it came."""

    member_id: UUID


class MemberDescribed(Reading):
    """profile.member.created and profile.member.updated say the same of a member, whole."""

    type: ClassVar[str] = "profile.member.created.v1"
    member_id: UUID
    time_zone: str
    language: str
    channel: str | None
    tags: list[str]
    stage: str
    anonymous: bool
    updated_at: datetime


class MemberUpdated(MemberDescribed):
    type: ClassVar[str] = "profile.member.updated.v1"


class MemberMerged(Reading):
    """Two members were found to be one: `member_id` goes on for both."""

    type: ClassVar[str] = "profile.member.merged.v1"
    member_id: UUID
    merged_member_id: UUID
    merged_at: datetime


class ErasureAsked(Reading):
    """Profile erased a member; so is everybody to do."""

    type: ClassVar[str] = "profile.member.erased.v1"
    erasure_id: UUID
    member_id: UUID
    former_ids: list[UUID]


class MemberIdentified(Reading):
    """The company's own id of a member."""

    type: ClassVar[str] = "profile.member.identified.v1"
    member_id: UUID
    external_id: str


class OrderPlaced(Reading):
    type: ClassVar[str] = "profile.order.placed.v1"
    order_id: str
    member_id: UUID
    amount_minor: int = Field(ge=0)
    currency: str
    placed_at: datetime


class ReturnedItem(Reading):
    line: int = Field(ge=0)
    quantity: int = Field(ge=0)
    amount_minor: int = Field(ge=0)


class OrderChanged(Reading):
    """`refunded_minor` is the total so far, `returned` what has come back so far."""

    type: ClassVar[str] = "profile.order.changed.v1"
    order_id: str
    member_id: UUID
    status: str
    amount_minor: int = Field(ge=0)
    refunded_minor: int = Field(ge=0)
    currency: str
    changed_at: datetime
    returned: list[ReturnedItem] = Field(default_factory=list)


class TrackedActivity(Reading):
    kind: str
    activity_id: str
    name: str


class ActivityTracked(Reading):
    type: ClassVar[str] = "profile.activity.tracked.v1"
    member_id: UUID
    activities: list[TrackedActivity]
    received_at: datetime


class SegmentEntered(Reading):
    type: ClassVar[str] = "profile.segment.entered.v1"
    member_id: UUID
    segment: str
    changed_at: datetime


class SegmentExited(SegmentEntered):
    type: ClassVar[str] = "profile.segment.exited.v1"


class SessionStarted(Reading):
    type: ClassVar[str] = "gateway.session.started.v1"
    member_id: UUID
    session_id: UUID
    device_id: str | None = None
    started_at: datetime


class SessionApproved(Reading):
    """A member approved the device of a session by a code."""

    type: ClassVar[str] = "gateway.session.approved.v1"
    member_id: UUID
    session_id: UUID
    device_id: str | None = None
    approved_at: datetime


class AccountRegistered(Reading):
    type: ClassVar[str] = "gateway.account.registered.v1"
    member_id: UUID
    referral_code: str | None = None
