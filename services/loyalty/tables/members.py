"""Members as loyalty knows them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class Member(Table, table=True):
    """A member as loyalty knows them. `described_at` is when profile's description was true.

    Of a member found at `merged_at` to be another, `merged_into` goes on for both. Of one who was
    erased the id is left, which stands in the ledger and means nobody.
    """

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint(
            "erased_at IS NULL OR (num_nonnulls(described_at, channel, stage, tier_until,"
            " tier_review_at) = 0 AND tags = '{}' AND anonymous)",
            name="erased",
        ),
        Index(
            "ix_members_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index(
            "ix_members_tier_review_at",
            "tier_review_at",
            postgresql_where=text("tier_review_at IS NOT NULL"),
        ),
    )

    member_id: UUID = Field(primary_key=True)
    time_zone: str = Field("UTC", sa_type=Text, sa_column_kwargs={"server_default": "UTC"})
    described_at: datetime | None = Field(None, sa_type=Timestamp)
    merged_into: UUID | None = None
    merged_at: datetime | None = Field(None, sa_type=Timestamp)
    tier: str = Field(sa_type=Text)
    tier_since: datetime = Field(sa_type=Timestamp)
    tier_until: datetime | None = Field(None, sa_type=Timestamp)
    tier_review_at: datetime | None = Field(None, sa_type=Timestamp)
    tier_warned: bool = Field(False, sa_column_kwargs={"server_default": text("false")})
    tags: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    channel: str | None = Field(None, sa_type=Text)
    language: str = Field("en", sa_type=Text, sa_column_kwargs={"server_default": "en"})
    stage: str | None = Field(None, sa_type=Text)
    anonymous: bool = Field(True, sa_column_kwargs={"server_default": text("true")})
    enrolled_at: datetime = Field(sa_type=Timestamp)
    erased_at: datetime | None = Field(None, sa_type=Timestamp)


class MemberSegment(Table, table=True):
    """Whether a member is in one of profile's segments, as it said last."""

    __tablename__ = "member_segments"

    member_id: UUID = Field(primary_key=True)
    segment: str = Field(primary_key=True, sa_type=Text)
    inside: bool
    changed_at: datetime = Field(sa_type=Timestamp)
