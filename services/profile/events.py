"""What profile says, and what it reads of what others say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from kit.events import Payload, Reading
from services.profile.rules.members import Member
from services.profile.rules.orders import Status

MOST_ACTIVITIES = 100
MOST_LISTED = 500


class MemberSnapshot(Payload):
    """Everything other services may know of a member."""

    member_id: UUID
    anonymous: bool
    email: str | None
    phone: str | None
    display_name: str | None
    language: str
    time_zone: str
    channel: str | None
    tags: list[str]
    stage: str
    created_at: datetime
    updated_at: datetime
    _version: int = 0

    @classmethod
    def of(cls, member: Member) -> Self:
        snapshot = cls(
            member_id=member.id,
            anonymous=member.is_anonymous,
            email=member.email,
            phone=member.phone,
            display_name=member.display_name,
            language=member.language,
            time_zone=member.time_zone,
            channel=member.channel,
            tags=list(member.tags),
            stage=member.stage,
            created_at=member.created_at,
            updated_at=member.updated_at,
        )
        snapshot._version = member.version
        return snapshot

    @property
    def aggregate_version(self) -> int | None:
        return self._version or None


class MemberCreated(MemberSnapshot):
    """A member was seen for the first time, with or without an account."""

    type: ClassVar[str] = "profile.member.created.v1"


class MemberUpdated(MemberSnapshot):
    """Something of the snapshot changed, such as an anonymous member registering."""

    type: ClassVar[str] = "profile.member.updated.v1"


class MemberBirthday(Payload):
    """It is the member's birthday where they live; told once in a `year`, without the date."""

    type: ClassVar[str] = "profile.member.birthday.v1"
    member_id: UUID
    year: int


class MemberMerged(Payload):
    """Two members are one: what belongs to `merged_member_id` now belongs to `member_id`."""

    type: ClassVar[str] = "profile.member.merged.v1"
    member_id: UUID
    merged_member_id: UUID
    merged_at: datetime


class MemberIdentified(Payload):
    """The company's own id of a member, told once; after a merge it is the survivor's."""

    type: ClassVar[str] = "profile.member.identified.v1"
    member_id: UUID
    external_id: str
    identified_at: datetime


class MemberErased(Payload):
    """Nothing is kept of a member any more, nor of `former_ids`, who had been merged into them.

    Whoever hears of it erases them too. Orders stay, without the person.
    """

    type: ClassVar[str] = "profile.member.erased.v1"
    erasure_id: UUID
    member_id: UUID
    former_ids: list[UUID]
    erased_at: datetime


class TrackedActivity(BaseModel):
    """One thing a member did. `activity_id` is the message's id, unique for the member."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    activity_id: str
    kind: Literal["track", "page", "screen"]
    name: str
    properties: Mapping[str, Any]
    occurred_at: datetime


class ActivityTracked(Payload):
    """What a member did, as far as one request told it, oldest first."""

    type: ClassVar[str] = "profile.activity.tracked.v1"
    member_id: UUID
    activities: Annotated[list[TrackedActivity], Field(min_length=1, max_length=MOST_ACTIVITIES)]
    received_at: datetime


class OrderItem(BaseModel):
    """A line of an order. `amount_minor` is the line's total."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    sku: str
    name: str | None = None
    category: str | None = None
    quantity: int
    amount_minor: int


class OrderPlaced(Payload):
    """The company's backend reported a new order.

    `amount_minor` is what the member pays: after the discount, with tax and shipping.
    """

    type: ClassVar[str] = "profile.order.placed.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("order_id",)
    order_id: str
    member_id: UUID
    amount_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    shipping_minor: int = 0
    currency: str
    items: list[OrderItem]
    channel: str | None
    placed_at: datetime


class ReturnedItem(BaseModel):
    """Units of an order's line that have come back so far; `line` is its place, from 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    line: int
    sku: str
    quantity: int
    amount_minor: int


class OrderChanged(Payload):
    """An order's status changed, or some of it came back.

    `refunded_minor` is the total refunded so far, `returned` what has come back so far, by line;
    `return_id` names the return this tells of, if it does.
    """

    type: ClassVar[str] = "profile.order.changed.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("order_id", "status")
    order_id: str
    member_id: UUID
    status: Status
    previous: Status
    amount_minor: int
    refunded_minor: int
    currency: str
    changed_at: datetime
    return_id: str | None = None
    returned: list[ReturnedItem] = Field(default_factory=list)


class SegmentEntered(Payload):
    """The member now fits the segment's rule."""

    type: ClassVar[str] = "profile.segment.entered.v1"
    member_id: UUID
    segment: str
    changed_at: datetime


class SegmentExited(Payload):
    """The member no longer fits the segment's rule."""

    type: ClassVar[str] = "profile.segment.exited.v1"
    member_id: UUID
    segment: str
    changed_at: datetime


class LifecycleChanged(Payload):
    """The member is in another lifecycle stage; `previous` is null for a member just seen."""

    type: ClassVar[str] = "profile.lifecycle.changed.v1"
    member_id: UUID
    stage: str
    previous: str | None
    changed_at: datetime


class AudienceListed(Payload):
    """A page of a segment's members, in the order of their ids."""

    type: ClassVar[str] = "profile.audience.listed.v1"
    audience_id: UUID
    page: int
    member_ids: Annotated[list[UUID], Field(max_length=MOST_LISTED)]
    last: bool

    @property
    def aggregate_id(self) -> str:
        return str(self.audience_id)


PUBLISHED: tuple[type[Payload], ...] = (
    MemberCreated,
    MemberUpdated,
    MemberBirthday,
    MemberMerged,
    MemberErased,
    MemberIdentified,
    ActivityTracked,
    OrderPlaced,
    OrderChanged,
    SegmentEntered,
    SegmentExited,
    LifecycleChanged,
    AudienceListed,
)


class GuestCreated(Reading):
    type: ClassVar[str] = "gateway.guest.created.v1"
    member_id: UUID
    language: str | None = None
    created_at: datetime


class AccountRegistered(Reading):
    type: ClassVar[str] = "gateway.account.registered.v1"
    member_id: UUID
    email: str | None = None
    phone: str | None = None
    display_name: str | None = None
    language: str | None = None
    channel: str | None = None
    anonymous_id: str | None = None
    registered_at: datetime


class GuestMerged(Reading):
    type: ClassVar[str] = "gateway.guest.merged.v1"
    member_id: UUID
    guest_id: UUID


class AccountClosed(Reading):
    type: ClassVar[str] = "gateway.account.closed.v1"
    member_id: UUID
    erasure_id: UUID


class IdentifierChanged(Reading):
    type: ClassVar[str] = "gateway.identifier.changed.v1"
    member_id: UUID
    kind: Literal["email", "phone"]
    value: str | None = None
    changed_at: datetime


class AudienceRequested(Reading):
    type: ClassVar[str] = "notify.audience.requested.v1"
    audience_id: UUID
    segment: str
    requested_at: datetime
