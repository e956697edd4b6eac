"""Blocks of the ledger's chain, how far proving and sealing have come, and reminders of expiry."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class LedgerBlock(Table, table=True):
    """A run of entries, sealed: its hash covers them and the block before. Append-only."""

    __tablename__ = "ledger_blocks"
    __table_args__ = (
        UniqueConstraint("last_seq"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("first_seq <= last_seq", name="range"),
    )

    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    first_seq: int = Field(sa_type=BigInteger)
    last_seq: int = Field(sa_type=BigInteger)
    entries: int = Field(sa_type=BigInteger)
    previous_hash: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)
    sealed_at: datetime = Field(sa_type=Timestamp)


class LedgerMark(Table, table=True):
    """How far into the ledger a job has come.

    An entry's number is drawn before its transaction commits, so numbers up to `candidate_seq` are
    all there once every transaction before `candidate_xmax` has ended.
    """

    __tablename__ = "ledger_marks"
    __table_args__ = (CheckConstraint("seq >= 0", name="seq"),)

    name: str = Field(primary_key=True, sa_type=Text)
    seq: int = Field(sa_type=BigInteger)
    candidate_seq: int | None = Field(None, sa_type=BigInteger)
    candidate_xmax: int | None = Field(None, sa_type=BigInteger)


class Reminder(Table, table=True):
    """A member has been told that points expire on a day, so many days before."""

    __tablename__ = "reminders"

    member_id: UUID = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    expires_on: date = Field(primary_key=True)
    days_before: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reminded_at: datetime = Field(sa_type=Timestamp)


class ReminderMark(Table, table=True):
    """The lot up to which members have been reminded, in the order in which lots expire."""

    __tablename__ = "reminder_marks"

    point_type: str = Field(primary_key=True, sa_type=Text)
    days_before: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    due_at: datetime = Field(sa_type=Timestamp)
    lot_id: UUID
