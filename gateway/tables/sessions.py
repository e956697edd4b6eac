"""Sessions and their refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, text
from sqlmodel import Field

from gateway.tables.registry import Table
from kit.db import Timestamp


class AuthSession(Table, table=True):
    """One sign-in on one device; it lives as long as its refresh tokens are exchanged in time.

    A staff session ends at `ends_at` however much it is used.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(member_id, staff_id) = 1", name="owner"),
        CheckConstraint("(staff_id IS NULL) = (ends_at IS NULL)", name="ends_at"),
        CheckConstraint("ends_at IS NULL OR expires_at <= ends_at", name="expires_at"),
        Index("ix_sessions_member_id", "member_id"),
        Index("ix_sessions_staff_id", "staff_id"),
        Index("ix_sessions_expires_at", "expires_at"),
        Index(
            "ix_sessions_revoked_at", "revoked_at", postgresql_where=text("revoked_at IS NOT NULL")
        ),
    )

    session_id: UUID = Field(primary_key=True)
    member_id: UUID | None = Field(
        default=None, foreign_key="accounts.member_id", ondelete="CASCADE"
    )
    staff_id: UUID | None = Field(
        default=None, foreign_key="staff_members.staff_id", ondelete="CASCADE"
    )
    device_id: str | None = Field(default=None, sa_type=Text)
    platform: str | None = Field(default=None, sa_type=Text)
    app: str | None = Field(default=None, sa_type=Text)
    started_at: datetime = Field(sa_type=Timestamp)
    refreshed_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    ends_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revoked_because: str | None = Field(default=None, sa_type=Text)


class RefreshToken(Table, table=True):
    """SHA-256 of a refresh token. With `salt`, the token gives its successor (rules)."""

    __tablename__ = "refresh_tokens"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    session_id: UUID = Field(foreign_key="sessions.session_id", ondelete="CASCADE", index=True)
    issued_at: datetime = Field(sa_type=Timestamp)
    used_at: datetime | None = Field(default=None, sa_type=Timestamp, index=True)
    used_by: str | None = Field(default=None, sa_type=Text)
    salt: bytes | None = Field(default=None, sa_type=LargeBinary)
