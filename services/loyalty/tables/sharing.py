"""Points from hand to hand: adjustments that wait for a second person, transfers, households."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.sharing import AdjustmentState
from services.loyalty.tables.registry import Table


class Adjustment(Table, table=True):
    """An adjustment too large for one person. Whoever asked for it does not decide on it."""

    __tablename__ = "adjustments"
    __table_args__ = (
        one_of("state", AdjustmentState),
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("decided_by <> requested_by", name="four_eyes"),
        CheckConstraint(
            "((decided_by IS NULL) = (state = 'waiting'))"
            " AND ((decided_at IS NULL) = (state = 'waiting'))",
            name="decided",
        ),
        Index(
            "ix_adjustments_waiting", "adjustment_id", postgresql_where=text("state = 'waiting'")
        ),
    )

    adjustment_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="members.member_id")
    point_type: str = Field(sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    valid_days: int | None = None
    reason: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    requested_by: str = Field(sa_type=Text)
    requested_at: datetime = Field(sa_type=Timestamp)
    decided_by: str | None = Field(None, sa_type=Text)
    decided_at: datetime | None = Field(None, sa_type=Timestamp)


class Transfer(Table, table=True):
    """Points a member gave another. `key` is the Idempotency-Key it came with."""

    __tablename__ = "transfers"
    __table_args__ = (
        UniqueConstraint("from_member_id", "key"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("from_member_id <> to_member_id", name="members"),
        Index("ix_transfers_from_member_id_made_at", "from_member_id", "made_at"),
    )

    transfer_id: UUID = Field(primary_key=True)
    key: UUID
    from_member_id: UUID = Field(foreign_key="members.member_id")
    to_member_id: UUID = Field(foreign_key="members.member_id")
    points: int = Field(sa_type=BigInteger)
    message: str | None = Field(None, sa_type=Text)
    made_at: datetime = Field(sa_type=Timestamp)


class Household(Table, table=True):
    """Members who share one wallet of points. It is enrolled as a member is: its id is one."""

    __tablename__ = "households"
    __table_args__ = (UniqueConstraint("code"),)

    household_id: UUID = Field(primary_key=True, foreign_key="members.member_id")
    name: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    closed_at: datetime | None = Field(None, sa_type=Timestamp)


class HouseholdMember(Table, table=True):
    """A member's time in a household. Nobody is in two at once."""

    __tablename__ = "household_members"
    __table_args__ = (
        Index(
            "uq_household_members_present",
            "member_id",
            unique=True,
            postgresql_where=text("left_at IS NULL"),
        ),
    )

    household_id: UUID = Field(primary_key=True, foreign_key="households.household_id")
    member_id: UUID = Field(primary_key=True, foreign_key="members.member_id")
    joined_at: datetime = Field(primary_key=True, sa_type=Timestamp)
    left_at: datetime | None = Field(None, sa_type=Timestamp)
