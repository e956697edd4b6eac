"""What notify says, and what it reads of what others say."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kit.events import Payload, Reading

Text = Annotated[str, AfterValidator(lambda text: text.replace("\x00", ""))]
"""Text of another service, without the one character PostgreSQL cannot store."""

Texts = Mapping[str, Text]
"""A text in each language."""


class InboxAdded(Payload):
    """An item is in a member's inbox. `unread` counts it."""

    type: ClassVar[str] = "notify.inbox.added.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("item_id", "category")
    member_id: UUID
    item_id: UUID
    seq: int
    unread: int
    category: str
    title: str
    body: str
    action: str | None
    created_at: datetime

    @property
    def aggregate_version(self) -> int:
        return self.seq


class MessageSent(Payload):
    """A channel took a message of a campaign, or any e-mail."""

    type: ClassVar[str] = "notify.message.sent.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("message_id", "channel", "template")
    member_id: UUID
    message_id: UUID
    channel: str
    template: str
    campaign_id: UUID | None
    sent_at: datetime


class MessageFailed(Payload):
    """A message was given up, or its fate is not known (`reason` says which)."""

    type: ClassVar[str] = "notify.message.failed.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("message_id", "channel", "template", "reason")
    member_id: UUID
    message_id: UUID
    channel: str
    template: str
    campaign_id: UUID | None
    reason: str
    failed_at: datetime


class AudienceRequested(Payload):
    """Who is in `segment`? Profile answers with pages. `audience_id` is the campaign's id."""

    type: ClassVar[str] = "notify.audience.requested.v1"
    audience_id: UUID
    segment: str
    requested_at: datetime

    @property
    def aggregate_id(self) -> str:
        return str(self.audience_id)


class CampaignStarted(Payload):
    type: ClassVar[str] = "notify.campaign.started.v1"
    campaign_id: UUID
    name: str
    segment: str
    category: str
    channels: list[str]
    started_at: datetime

    @property
    def aggregate_id(self) -> str:
        return str(self.campaign_id)


class ChannelCounts(BaseModel):
    """What became of a campaign's messages over one channel. They add up to the audience."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    channel: str
    sent: int
    failed: int
    skipped: int
    unknown: int
    cancelled: int


class CampaignFinished(Payload):
    type: ClassVar[str] = "notify.campaign.finished.v1"
    campaign_id: UUID
    segment: str
    audience: int
    channels: list[ChannelCounts]
    finished_at: datetime

    @property
    def aggregate_id(self) -> str:
        return str(self.campaign_id)


class MemberErased(Payload):
    """Nothing is kept of a member any more; what was sent is still counted."""

    type: ClassVar[str] = "notify.member.erased.v1"
    erasure_id: UUID
    member_id: UUID
    erased_at: datetime


class WebhookDisabled(Payload):
    """Nothing is posted to an endpoint any more: it said it is gone, or has failed for days.

    Its `contact` is written to in `language`; so are, by the gateway, all administrators.
    """

    type: ClassVar[str] = "notify.webhook.disabled.v1"
    endpoint_id: UUID
    url: str
    why: Literal["gone", "failing"]
    failing_since: datetime | None
    disabled_at: datetime
    contact: str | None = None
    language: str | None = None

    @property
    def aggregate_id(self) -> str:
        return str(self.endpoint_id)


PUBLISHED: tuple[type[Payload], ...] = (
    InboxAdded,
    MessageSent,
    MessageFailed,
    AudienceRequested,
    CampaignStarted,
    CampaignFinished,
    MemberErased,
    WebhookDisabled,
)


class AccountRegistered(Reading):
    type: ClassVar[str] = "gateway.account.registered.v1"
    member_id: UUID
    email: Text | None = None
    display_name: Text | None = None
    language: str


class MessageIssued(Reading):
    type: ClassVar[str] = "gateway.message.issued.v1"
    message_id: UUID
    channel: Literal["email", "sms"]
    sealed: Text
    issued_at: datetime
    expires_at: datetime


class _MemberSnapshot(Reading):
    member_id: UUID
    anonymous: bool
    email: Text | None = None
    display_name: Text | None = None
    language: str
    time_zone: str
    updated_at: datetime


class MemberCreated(_MemberSnapshot):
    type: ClassVar[str] = "profile.member.created.v1"


class MemberUpdated(_MemberSnapshot):
    type: ClassVar[str] = "profile.member.updated.v1"


MemberSnapshot = MemberCreated | MemberUpdated


class MemberMerged(Reading):
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


class Told(Reading):
    """Something a member may be told of."""

    member_id: UUID


class LifecycleChanged(Told):
    type: ClassVar[str] = "profile.lifecycle.changed.v1"
    stage: str
    changed_at: datetime


class AudienceListed(Reading):
    type: ClassVar[str] = "profile.audience.listed.v1"
    audience_id: UUID
    page: Annotated[int, Field(ge=0)]
    member_ids: list[UUID]
    last: bool


class PointsEarned(Told):
    type: ClassVar[str] = "loyalty.points.earned.v1"
    entry_id: UUID
    points: int
    state: Literal["available", "pending"]
    balance: int
    source_type: Text = ""


class TierChanged(Told):
    type: ClassVar[str] = "loyalty.tier.changed.v1"
    tier: Text
    name: Texts
    reason: Text
    changed_at: datetime


class TierAtRisk(Told):
    type: ClassVar[str] = "loyalty.tier.at_risk.v1"
    tier: Text
    name: Texts
    projected_name: Texts
    basis: Text
    missing: int
    until: datetime


class PointsExpiring(Told):
    type: ClassVar[str] = "loyalty.points.expiring.v1"
    point_type: Text
    points: int
    expires_at: datetime
    days_before: int


class CouponIssued(Told):
    type: ClassVar[str] = "loyalty.coupon.issued.v1"
    coupon_id: UUID
    name: Texts
    valid_until: datetime | None


class CouponExpiring(Told):
    type: ClassVar[str] = "loyalty.coupon.expiring.v1"
    coupon_id: UUID
    name: Texts
    valid_until: datetime


class MissionCompleted(Told):
    type: ClassVar[str] = "loyalty.mission.completed.v1"
    mission_id: UUID
    name: Texts
    begins: date
    points: int
    claimed: bool


class BadgeAwarded(Told):
    type: ClassVar[str] = "loyalty.badge.awarded.v1"
    badge: Text
    name: Texts


class ReferralRewarded(Told):
    type: ClassVar[str] = "loyalty.referral.rewarded.v1"
    part: Literal["referrer", "friend"]
    friend_id: UUID
    points: int


class DrawWon(Told):
    type: ClassVar[str] = "loyalty.draw.won.v1"
    draw_id: UUID
    prize: Text
    name: Texts
    points: int
    drawn_at: datetime


class LeaderboardWon(Told):
    type: ClassVar[str] = "loyalty.leaderboard.won.v1"
    mission_id: UUID
    name: Texts
    begins: date
    rank: int
    points: int


class RewardRedeemed(Told):
    type: ClassVar[str] = "loyalty.reward.redeemed.v1"
    redemption_id: UUID
    name: Texts
    points: int
    redeemed_at: datetime


class RewardFulfilled(Told):
    type: ClassVar[str] = "loyalty.reward.fulfilled.v1"
    redemption_id: UUID
    name: Texts
    fulfilment: Text
    tracking: Text | None = None


class TicketMessageSent(Told):
    type: ClassVar[str] = "feedback.message.sent.v1"
    ticket_id: UUID
    message_id: UUID
    author: str
    text: Text


class SurveyOffered(Told):
    type: ClassVar[str] = "feedback.survey.offered.v1"
    survey_id: UUID
    question: Texts
