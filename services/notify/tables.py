"""What notify stores. A member's `Mailbox` row is the lock under which items get their numbers.

Three rows may exist per member, each made on first sight: the mailbox, the `Contact` (a copy of
what profile knows) and the `Preference`. Events arrive in any order across services, so none of
them waits for another.
"""

from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from kit.db import NAMING, Timestamp, one_of
from services.notify.rules import (
    CampaignState,
    Category,
    Channel,
    DeliveryState,
    UrgentChannel,
    UrgentState,
)
from services.notify.rules.webhooks import EndpointState, HookState


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    pass


class Mailbox(Table, table=True):
    """One member's inbox in two numbers."""

    __tablename__ = "mailboxes"
    __table_args__ = (CheckConstraint("unread BETWEEN 0 AND last_seq", name="unread"),)

    member_id: UUID = Field(primary_key=True)
    last_seq: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    unread: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class InboxItem(Table, table=True):
    """One message in a member's inbox, as it was worded. `seq` counts from 1 without gaps."""

    __tablename__ = "inbox_items"
    __table_args__ = (
        UniqueConstraint("item_id"),
        UniqueConstraint("member_id", "cause"),
        CheckConstraint("seq >= 1", name="seq"),
        one_of("category", Category),
        Index(
            "ix_inbox_items_unread", "member_id", "seq", postgresql_where=text("read_at IS NULL")
        ),
    )

    member_id: UUID = Field(primary_key=True, foreign_key="mailboxes.member_id")
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    item_id: UUID
    cause: str = Field(sa_type=Text)
    category: str = Field(sa_type=Text)
    title: str = Field(sa_type=Text)
    body: str = Field(sa_type=Text)
    action: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    read_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Contact(Table, table=True):
    """The copy of a member's profile.

    `copied_at` is the snapshot's own time: an older one changes nothing. Without it the row comes
    from a registration or a merge alone, and any snapshot replaces it. Of a member found at
    `merged_at` to be another, `merged_into` goes on for both.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("unsubscribe_token"),
        Index(
            "ix_contacts_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    member_id: UUID = Field(primary_key=True)
    email: str | None = Field(default=None, sa_type=Text)
    display_name: str | None = Field(default=None, sa_type=Text)
    language: str | None = Field(default=None, sa_type=Text)
    time_zone: str | None = Field(default=None, sa_type=Text)
    copied_at: datetime | None = Field(default=None, sa_type=Timestamp)
    merged_into: UUID | None = None
    merged_at: datetime | None = Field(default=None, sa_type=Timestamp)
    unsubscribe_token: UUID = Field(default_factory=uuid4)


class Preference(Table, table=True):
    """What a member chose: `choices` is category → channel → on, only where chosen."""

    __tablename__ = "preferences"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours"),
    )

    member_id: UUID = Field(primary_key=True)
    choices: dict[str, dict[str, bool]] = Field(sa_type=JSONB)
    quiet_from: time | None = None
    quiet_until: time | None = None
    time_zone: str | None = Field(default=None, sa_type=Text)
    changed_at: datetime = Field(sa_type=Timestamp)


class Campaign(Table, table=True):
    """A message to a segment. `content` is by language; `last_page` is known once it has come."""

    __tablename__ = "campaigns"
    __table_args__ = (
        one_of("state", CampaignState),
        one_of("category", Category),
        CheckConstraint("cardinality(channels) > 0", name="channels"),
        CheckConstraint(
            "(state = 'draft') = (started_at IS NULL) OR state = 'cancelled'", name="started"
        ),
        Index(
            "ix_campaigns_open", "state", postgresql_where=text("state IN ('running', 'paused')")
        ),
    )

    campaign_id: UUID = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    segment: str = Field(sa_type=Text)
    category: str = Field(sa_type=Text)
    channels: list[str] = Field(sa_type=ARRAY(Text))
    content: dict[str, dict[str, Any]] = Field(sa_type=JSONB)
    action: str | None = Field(default=None, sa_type=Text)
    state: str = Field(default=CampaignState.DRAFT, sa_type=Text)
    audience: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    last_page: int | None = Field(default=None)
    created_by: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    started_at: datetime | None = Field(default=None, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)


class AudiencePage(Table, table=True):
    """A page of a campaign's audience that is in."""

    __tablename__ = "audience_pages"

    campaign_id: UUID = Field(primary_key=True, foreign_key="campaigns.campaign_id")
    page: int = Field(primary_key=True)


class Delivery(Table, table=True):
    """One message to one member over one channel, and what became of it.

    A claim moves `queued` to `in_flight`, counts `attempt` up and is committed before anything is
    sent; only the holder of that attempt writes the result. `leased_until` is when a holder not
    heard of is given up. What caused it (`correlation_id` and the two below) causes what is said
    of it.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("cause", "member_id", "channel"),
        one_of("state", DeliveryState),
        one_of("category", Category),
        one_of("channel", Channel),
        CheckConstraint("(state = 'in_flight') = (leased_until IS NOT NULL)", name="lease"),
        Index(
            "ix_deliveries_queued",
            "channel",
            "campaign_id",
            "due_at",
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_deliveries_in_flight",
            "leased_until",
            postgresql_where=text("state = 'in_flight'"),
        ),
        Index("ix_deliveries_campaign_id", "campaign_id", "channel", "state"),
        Index("ix_deliveries_member_id", "member_id"),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    delivery_id: UUID = Field(primary_key=True)
    member_id: UUID
    channel: str = Field(sa_type=Text)
    cause: str = Field(sa_type=Text)
    template: str = Field(sa_type=Text)
    category: str = Field(sa_type=Text)
    campaign_id: UUID | None = Field(default=None, foreign_key="campaigns.campaign_id")
    facts: dict[str, Any] = Field(sa_type=JSONB)
    action: str | None = Field(default=None, sa_type=Text)
    language: str | None = Field(default=None, sa_type=Text)
    state: str = Field(default=DeliveryState.QUEUED, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    attempt: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    created_at: datetime = Field(sa_type=Timestamp)
    due_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    leased_until: datetime | None = Field(default=None, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    correlation_id: str | None = Field(default=None, sa_type=Text)
    causation_id: str | None = Field(default=None, sa_type=Text)
    receipt_id: UUID | None = None


class UrgentMessage(Table, table=True):
    """A message somebody waits for. What it says is sealed, and gone once it is sent or given up.

    A claim puts `due_at` off by its lease and counts `attempt` up; only the holder of that attempt
    writes the result.
    """

    __tablename__ = "urgent_messages"
    __table_args__ = (
        one_of("channel", UrgentChannel),
        one_of("state", UrgentState),
        CheckConstraint("(state = 'queued') = (sealed IS NOT NULL)", name="sealed"),
        CheckConstraint("(state = 'queued') = (ended_at IS NULL)", name="ended"),
        Index("ix_urgent_messages_queued", "due_at", postgresql_where=text("state = 'queued'")),
    )

    message_id: UUID = Field(primary_key=True)
    channel: str = Field(sa_type=Text)
    sealed: str | None = Field(default=None, sa_type=Text)
    state: str = Field(default=UrgentState.QUEUED, sa_type=Text)
    reason: str | None = Field(default=None, sa_type=Text)
    attempt: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    issued_at: datetime = Field(sa_type=Timestamp)
    due_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp, index=True)


class Announcement(Table, table=True):
    """What every member sees from `starts_at` until `ends_at`; `content` is by language."""

    __tablename__ = "announcements"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        Index(
            "ix_announcements_shown",
            "starts_at",
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    announcement_id: UUID = Field(primary_key=True)
    content: dict[str, dict[str, Any]] = Field(sa_type=JSONB)
    action: str | None = Field(default=None, sa_type=Text)
    starts_at: datetime = Field(sa_type=Timestamp)
    ends_at: datetime = Field(sa_type=Timestamp)
    created_by: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Timestamp)


class WebhookEndpoint(Table, table=True):
    """Where events are posted to. `patterns` choose them; secrets are sealed.

    The secret before the present one signs too until `previous_until`. `failing_since` is the first
    failure after which nothing was taken. It hears what is said from `enabled_at` on,
    and what is a little older, as clocks differ.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        one_of("state", EndpointState),
        CheckConstraint("cardinality(patterns) > 0", name="patterns"),
        CheckConstraint("(state = 'disabled') = (why_disabled IS NOT NULL)", name="disabled"),
        CheckConstraint(
            "(previous_secret IS NULL) = (previous_until IS NULL)", name="previous_secret"
        ),
    )

    endpoint_id: UUID = Field(primary_key=True)
    url: str = Field(sa_type=Text)
    patterns: list[str] = Field(sa_type=ARRAY(Text))
    description: str = Field(sa_type=Text)
    contact: str | None = Field(default=None, sa_type=Text)
    language: str = Field(sa_type=Text)
    secret: bytes = Field(sa_type=LargeBinary)
    previous_secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_until: datetime | None = Field(default=None, sa_type=Timestamp)
    state: str = Field(default=EndpointState.ENABLED, sa_type=Text)
    why_disabled: str | None = Field(default=None, sa_type=Text)
    failing_since: datetime | None = Field(default=None, sa_type=Timestamp)
    created_by: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    changed_at: datetime = Field(sa_type=Timestamp)
    enabled_at: datetime = Field(sa_type=Timestamp)


class WebhookMessage(Table, table=True):
    """An event that somebody wanted, as it was published."""

    __tablename__ = "webhook_messages"
    __table_args__ = (
        Index("ix_webhook_messages_heard_at", "heard_at"),
        Index(
            "ix_webhook_messages_subject",
            "subject",
            postgresql_where=text("subject IS NOT NULL"),
        ),
    )

    message_id: UUID = Field(primary_key=True)
    type: str = Field(sa_type=Text)
    subject: str | None = Field(default=None, sa_type=Text)
    body: bytes = Field(sa_type=LargeBinary)
    heard_at: datetime = Field(sa_type=Timestamp)


class WebhookDelivery(Table, table=True):
    """A message to an endpoint: one, however often its event is heard, or it is asked for again.

    A claim puts `due_at` off by its lease and counts `attempt` up; only the holder of that attempt
    writes what came of it. `tries` is where the schedule of waits is: sent again it begins anew.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "message_id"),
        one_of("state", HookState),
        CheckConstraint("(state = 'queued') = (ended_at IS NULL)", name="ended"),
        Index(
            "ix_webhook_deliveries_queued",
            "endpoint_id",
            "due_at",
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_webhook_deliveries_endpoint_id", "endpoint_id", "delivery_id"),
        Index("ix_webhook_deliveries_message_id", "message_id"),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    delivery_id: UUID = Field(primary_key=True)
    endpoint_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("webhook_endpoints.endpoint_id", ondelete="CASCADE"), nullable=False
        )
    )
    message_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("webhook_messages.message_id", ondelete="CASCADE"), nullable=False
        )
    )
    state: str = Field(default=HookState.QUEUED, sa_type=Text)
    attempt: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    due_at: datetime = Field(sa_type=Timestamp)
    created_at: datetime = Field(sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)


class WebhookAttempt(Table, table=True):
    """What came of an attempt: a status, or the error."""

    __tablename__ = "webhook_attempts"

    delivery_id: UUID = Field(
        sa_column=Column(
            Uuid,
            ForeignKey("webhook_deliveries.delivery_id", ondelete="CASCADE"),
            primary_key=True,
        )
    )
    attempt: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    status: int | None = Field(default=None)
    error: str | None = Field(default=None, sa_type=Text)
    took_ms: int
    ended_at: datetime = Field(sa_type=Timestamp)


metadata = Table.metadata
