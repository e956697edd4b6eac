"""Missions, how far members have come, and badges."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.missions import Recurrence
from services.loyalty.tables.registry import Table


class Badge(Table, table=True):
    __tablename__ = "badges"

    badge: str = Field(primary_key=True, sa_type=Text)
    name: dict[str, str] = Field(sa_type=JSONB)
    description: dict[str, str] = Field(sa_type=JSONB)
    icon: str | None = Field(None, sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)


class MemberBadge(Table, table=True):
    """A badge a member has, once and for ever, and what for."""

    __tablename__ = "member_badges"

    member_id: UUID = Field(primary_key=True)
    badge: str = Field(primary_key=True, sa_type=Text, foreign_key="badges.badge")
    source: str = Field(sa_type=Text)
    awarded_at: datetime = Field(sa_type=Timestamp)


class Mission(Table, table=True):
    """See `rules.missions.Mission`."""

    __tablename__ = "missions"
    __table_args__ = (
        one_of("recurrence", Recurrence),
        CheckConstraint("jsonb_array_length(goals) BETWEEN 1 AND 10", name="goals"),
        CheckConstraint("ends_at > starts_at", name="ends_at"),
        CheckConstraint("ranked OR rank_prizes = '[]'", name="rank_prizes"),
        Index("ix_missions_active", "mission_id", postgresql_where=text("active")),
    )

    mission_id: UUID = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB)
    description: dict[str, str] = Field(sa_type=JSONB)
    goals: list[dict[str, Any]] = Field(sa_type=JSONB)
    prize: dict[str, Any] = Field(sa_type=JSONB)
    recurrence: str = Field(sa_type=Text)
    starts_at: datetime | None = Field(None, sa_type=Timestamp)
    ends_at: datetime | None = Field(None, sa_type=Timestamp)
    tiers: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    segments: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    claimed_by_itself: bool = False
    ranked: bool = False
    rank_prizes: list[dict[str, Any]] = Field(
        sa_type=JSONB, sa_column_kwargs={"server_default": "[]"}
    )
    active: bool = True
    created_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)


class MissionMark(Table, table=True):
    """What one occasion added to one goal. It is written once, so it counts once."""

    __tablename__ = "mission_marks"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_mission_marks_source", "source_type", "source_id"),
    )

    mission_id: UUID = Field(primary_key=True, foreign_key="missions.mission_id")
    member_id: UUID = Field(primary_key=True)
    begins: date = Field(primary_key=True)
    goal: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source_type: str = Field(primary_key=True, sa_type=Text)
    source_id: str = Field(primary_key=True, sa_type=Text)
    amount: int = Field(sa_type=BigInteger)


class MissionProgress(Table, table=True):
    """How far a member has come in one period: a count for each goal. Claimed only if completed."""

    __tablename__ = "mission_progress"
    __table_args__ = (
        CheckConstraint("claimed_at IS NULL OR completed_at IS NOT NULL", name="claimed_at"),
        Index("ix_mission_progress_member_id", "member_id", "mission_id", "begins"),
        Index("ix_mission_progress_score", "mission_id", "begins", text("score DESC"), "member_id"),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    mission_id: UUID = Field(primary_key=True, foreign_key="missions.mission_id")
    begins: date = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    counts: list[int] = Field(sa_type=ARRAY(BigInteger))
    score: int | None = Field(
        None, sa_type=BigInteger, sa_column_args=[Computed("counts[1]", persisted=True)]
    )
    completed_at: datetime | None = Field(None, sa_type=Timestamp)
    claimed_at: datetime | None = Field(None, sa_type=Timestamp)


class Board(Table, table=True):
    """The leaderboard of a period that is over: its places are final."""

    __tablename__ = "boards"

    mission_id: UUID = Field(primary_key=True, foreign_key="missions.mission_id")
    begins: date = Field(primary_key=True)
    settled_at: datetime = Field(sa_type=Timestamp)


class BoardPlace(Table, table=True):
    """A place that brought a prize; `awarded_at` is when it was given."""

    __tablename__ = "board_places"
    __table_args__ = (
        CheckConstraint("rank >= 1 AND score > 0", name="place"),
        ForeignKeyConstraint(
            ["mission_id", "begins"],
            ["boards.mission_id", "boards.begins"],
            name="fk_board_places_mission_id_boards",
        ),
        Index("ix_board_places_member_id", "member_id"),
        Index(
            "ix_board_places_open",
            "mission_id",
            "begins",
            "rank",
            postgresql_where=text("awarded_at IS NULL"),
        ),
    )

    mission_id: UUID = Field(primary_key=True)
    begins: date = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    rank: int
    score: int = Field(sa_type=BigInteger)
    awarded_at: datetime | None = Field(None, sa_type=Timestamp)
