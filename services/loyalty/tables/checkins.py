"""Check-ins, the cards that mend streaks, and the keys phones sign with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, text
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.checkins import CheckInKind
from services.loyalty.tables.registry import Table


class CheckIn(Table, table=True):
    """A day a member was there. `checked_at` is when, as their phone or our clock has it."""

    __tablename__ = "checkins"
    __table_args__ = (CheckConstraint("streak >= 1", name="streak"), one_of("kind", CheckInKind))

    member_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    streak: int
    recorded_at: datetime = Field(sa_type=Timestamp)
    kind: str = Field(
        CheckInKind.PRESENT, sa_type=Text, sa_column_kwargs={"server_default": "present"}
    )
    checked_at: datetime | None = Field(None, sa_type=Timestamp)


class CheckInCards(Table, table=True):
    """A member's cards, and the longest streak they ever had."""

    __tablename__ = "checkin_cards"
    __table_args__ = (CheckConstraint("freezes >= 0 AND makeups >= 0 AND best >= 0", name="cards"),)

    member_id: UUID = Field(primary_key=True)
    freezes: int = Field(0, sa_column_kwargs={"server_default": "0"})
    makeups: int = Field(0, sa_column_kwargs={"server_default": "0"})
    best: int = Field(0, sa_column_kwargs={"server_default": "0"})


class CheckInKey(Table, table=True):
    """A secret with which one of a member's phones signs check-ins made without a network."""

    __tablename__ = "checkin_keys"
    __table_args__ = (Index("ix_checkin_keys_member_id", "member_id", "key_id"),)

    key_id: UUID = Field(primary_key=True)
    member_id: UUID
    secret: bytes = Field(sa_type=LargeBinary)
    issued_at: datetime = Field(sa_type=Timestamp)


class CheckInTerms(Table, table=True):
    """The one row of terms. See `rules.checkins.Terms`."""

    __tablename__ = "checkin_terms"
    __table_args__ = (
        CheckConstraint("single", name="single"),
        CheckConstraint(
            "freeze_every > 0 AND most_freezes >= 0 AND makeup_days >= 0 AND window_s >= 0",
            name="terms",
        ),
    )

    single: bool = Field(True, primary_key=True, sa_column_kwargs={"server_default": text("true")})
    freeze_every: int
    most_freezes: int
    makeup_days: int
    window_s: int = Field(sa_type=BigInteger)
