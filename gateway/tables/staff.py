"""The staff, their second factors, and who is asked to join."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from gateway.tables.registry import Table, listed
from kit.db import Timestamp


class StaffMember(Table, table=True):
    """Someone of the company who signs in to the console.

    `scopes` narrow what the role may; empty, they do not. `totp_last_step` is the last time step
    whose code was used.
    """

    __tablename__ = "staff_members"
    __table_args__ = (
        listed("role", "agent", "marketer", "analyst", "admin"),
        CheckConstraint("totp_confirmed_at IS NULL OR sealed_totp IS NOT NULL", name="totp"),
    )

    staff_id: UUID = Field(primary_key=True)
    email: str = Field(unique=True, sa_type=Text)
    display_name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    password_hash: str = Field(sa_type=Text)
    sealed_totp: bytes | None = Field(default=None, sa_type=LargeBinary)
    totp_confirmed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    totp_last_step: int | None = Field(default=None, sa_type=BigInteger)
    created_at: datetime = Field(sa_type=Timestamp)
    last_used_at: datetime | None = Field(default=None, sa_type=Timestamp)
    disabled_at: datetime | None = Field(default=None, sa_type=Timestamp)

    @property
    def second_factor(self) -> bool:
        return self.totp_confirmed_at is not None


class RecoveryCode(Table, table=True):
    """Keyed hash of a code that stands in once for a second factor that was lost."""

    __tablename__ = "recovery_codes"

    staff_id: UUID = Field(
        primary_key=True, foreign_key="staff_members.staff_id", ondelete="CASCADE"
    )
    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    used_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Invitation(Table, table=True):
    """Somebody was asked to join the staff; one open invitation for an address."""

    __tablename__ = "invitations"
    __table_args__ = (
        listed("role", "agent", "marketer", "analyst", "admin"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="ended"),
        Index(
            "ix_invitations_open",
            "email",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )

    invitation_id: UUID = Field(primary_key=True)
    email: str = Field(sa_type=Text)
    display_name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    token_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    invited_by: UUID
    created_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    accepted_at: datetime | None = Field(default=None, sa_type=Timestamp)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Timestamp)


class StaffNotice(Table, table=True):
    """What administrators are to be told by letter, but for `besides`, who has been told.

    It is deleted as the letters are issued.
    """

    __tablename__ = "staff_notices"

    notice_id: UUID = Field(primary_key=True)
    template: str = Field(sa_type=Text)
    language: str = Field(sa_type=Text)
    facts: dict[str, Any] = Field(sa_type=JSONB)
    besides: str | None = Field(default=None, sa_type=Text)
    noted_at: datetime = Field(sa_type=Timestamp)
