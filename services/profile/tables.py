"""What profile stores. Everything is keyed by member, so tables can be partitioned by member.

A member's row is the lock under which everything else of the member is written: whoever changes a
member, records an activity or joins histories holds the rows of all members involved, taken in the
order of their ids.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from kit.db import NAMING, Timestamp, one_of
from services.profile.rules.identities import Namespace, Standing
from services.profile.rules.lifecycle import Stage
from services.profile.rules.orders import Status


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    pass


class MemberRow(Table, table=True):
    """A member. One that was merged away keeps its row, with a pointer to the survivor.

    Of one that was erased the row is left, empty, for orders to refer to: no id leads to it.
    """

    __tablename__ = "members"
    __table_args__ = (
        one_of("standing", Standing),
        one_of("stage", Stage),
        CheckConstraint("merged_into <> id", name="merged_into"),
        CheckConstraint("merged_into IS NULL OR next_stage_at IS NULL", name="next_stage_at"),
        CheckConstraint(
            "erased_at IS NULL OR (num_nonnulls(email, phone, display_name, channel, traits_at,"
            " last_active_at, next_stage_at) = 0 AND traits = '{}' AND tags = '{}')",
            name="erased",
        ),
        Index(
            "ix_members_birthday",
            text("substr((traits ->> 'birthday'), 6, 5)"),
            postgresql_where=text("traits ? 'birthday'"),
        ),
        Index(
            "ix_members_next_stage_at",
            "next_stage_at",
            postgresql_where=text("next_stage_at IS NOT NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    standing: str = Field(sa_type=Text)
    email: str | None = Field(None, sa_type=Text)
    phone: str | None = Field(None, sa_type=Text)
    display_name: str | None = Field(None, sa_type=Text)
    language: str = Field(sa_type=Text)
    time_zone: str = Field(sa_type=Text)
    channel: str | None = Field(None, sa_type=Text)
    traits: dict[str, Any] = Field(sa_type=JSONB)
    traits_at: datetime | None = Field(None, sa_type=Timestamp)
    tags: list[str] = Field(sa_type=ARRAY(Text))
    stage: str = Field(sa_type=Text)
    next_stage_at: datetime | None = Field(None, sa_type=Timestamp)
    last_active_at: datetime | None = Field(None, sa_type=Timestamp)
    merged_into: UUID | None = Field(None, foreign_key="members.id")
    erased_at: datetime | None = Field(None, sa_type=Timestamp)
    version: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)


class BirthdayToldRow(Table, table=True):
    """When it was last told that a member has their birthday."""

    __tablename__ = "birthdays_told"

    member_id: UUID = Field(primary_key=True, foreign_key="members.id")
    told_at: datetime = Field(sa_type=Timestamp)


class IdentityRow(Table, table=True):
    """An id a member is known by. Inserting it is the claim: the second to come uses the first's.

    The reference is checked at commit, because the claim comes before the member's row.
    """

    __tablename__ = "identities"
    __table_args__ = (
        one_of("namespace", Namespace),
        Index("ix_identities_member_id", "member_id", "namespace"),
    )

    namespace: str = Field(primary_key=True, sa_type=Text)
    value: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID = Field(
        sa_column=Column(
            Uuid, ForeignKey("members.id", deferrable=True, initially="DEFERRED"), nullable=False
        )
    )


class ActivityRow(Table, table=True):
    """Something a member did. A merge leaves `member_id` as it was when this was recorded."""

    __tablename__ = "activities"
    __table_args__ = (Index("ix_activities_timeline", "member_id", "occurred_at"),)

    member_id: UUID = Field(primary_key=True)
    message_id: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    properties: dict[str, Any] = Field(sa_type=JSONB)
    context: dict[str, Any] = Field(sa_type=JSONB)
    occurred_at: datetime = Field(sa_type=Timestamp)
    received_at: datetime = Field(sa_type=Timestamp)


class OrderRow(Table, table=True):
    """An order of the company's shop. `progress` is its last status that was not a refund."""

    __tablename__ = "orders"
    __table_args__ = (
        one_of("status", Status),
        one_of("progress", Status),
        CheckConstraint("amount_minor >= 0", name="amount_minor"),
        CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", name="refunded_minor"),
        CheckConstraint(
            "discount_minor >= 0 AND tax_minor >= 0 AND shipping_minor >= 0"
            " AND tax_minor + shipping_minor <= amount_minor",
            name="parts",
        ),
        Index("ix_orders_member_id", "member_id", "placed_at"),
    )

    order_id: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID = Field(foreign_key="members.id")
    amount_minor: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    tax_minor: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    shipping_minor: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    currency: str = Field(sa_type=Text)
    items: list[dict[str, Any]] = Field(sa_type=JSONB)
    channel: str | None = Field(None, sa_type=Text)
    status: str = Field(sa_type=Text)
    progress: str = Field(sa_type=Text)
    refunded_minor: int = Field(sa_type=BigInteger)
    placed_at: datetime = Field(sa_type=Timestamp)
    changed_at: datetime = Field(sa_type=Timestamp)


class OrderChangeRow(Table, table=True):
    """A change of an order's status, once for ever: its repeat changes nothing."""

    __tablename__ = "order_changes"

    order_id: str = Field(primary_key=True, foreign_key="orders.order_id", sa_type=Text)
    status: str = Field(primary_key=True, sa_type=Text)
    refunded_minor: int = Field(primary_key=True, sa_type=BigInteger)
    changed_at: datetime = Field(sa_type=Timestamp)


class OrderReturnRow(Table, table=True):
    """A return of some of an order's lines, once for ever: `wished` as it was asked for."""

    __tablename__ = "order_returns"

    order_id: str = Field(
        primary_key=True, foreign_key="orders.order_id", ondelete="CASCADE", sa_type=Text
    )
    return_id: str = Field(primary_key=True, sa_type=Text)
    lines: list[dict[str, Any]] = Field(sa_type=JSONB)
    wished: list[dict[str, Any]] = Field(sa_type=JSONB)
    returned_at: datetime = Field(sa_type=Timestamp)


class ReturnedLineRow(Table, table=True):
    """What has come back of an order's line so far: never more than was `ordered`."""

    __tablename__ = "returned_lines"
    __table_args__ = (
        CheckConstraint(
            "line >= 0 AND amount_minor >= 0 AND quantity BETWEEN 1 AND ordered", name="returned"
        ),
    )

    order_id: str = Field(
        primary_key=True, foreign_key="orders.order_id", ondelete="CASCADE", sa_type=Text
    )
    line: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    ordered: int = Field(sa_type=BigInteger)
    quantity: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)


class SegmentRow(Table, table=True):
    """A segment of the staff's. `filled_to` is how far its first filling is; null when done."""

    __tablename__ = "segments"
    __table_args__ = (
        Index("ix_segments_filling", "key", postgresql_where=text("filled_to IS NOT NULL")),
    )

    key: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    rule: dict[str, Any] = Field(sa_type=JSONB)
    filled_to: UUID | None = None
    created_at: datetime = Field(sa_type=Timestamp)


class SegmentMemberRow(Table, table=True):
    """A member in a segment, of the staff's or built in."""

    __tablename__ = "segment_members"
    __table_args__ = (Index("ix_segment_members_member_id", "member_id"),)

    segment: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID = Field(primary_key=True, foreign_key="members.id")
    since: datetime = Field(sa_type=Timestamp)


class AudienceRow(Table, table=True):
    """A request to list a segment: `next_page` begins after the member `listed_to`."""

    __tablename__ = "audiences"
    __table_args__ = (
        Index("ix_audiences_open", "requested_at", postgresql_where=text("listed_at IS NULL")),
    )

    audience_id: UUID = Field(primary_key=True)
    segment: str = Field(sa_type=Text)
    next_page: int = 0
    listed_to: UUID
    requested_at: datetime = Field(sa_type=Timestamp)
    listed_at: datetime | None = Field(None, sa_type=Timestamp)


metadata = Table.metadata
