"""Who signs in, by what, and who failed to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field

from gateway.tables.registry import Table, listed
from kit.db import Timestamp


class Account(Table, table=True):
    """A member's account. A guest's has neither password nor identifier.

    A guest who signed in to the account `merged_into` is closed.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("merged_into IS NULL OR closed_at IS NOT NULL", name="merged"),
        CheckConstraint("closed_at IS NULL OR password_hash IS NULL", name="closed"),
        Index(
            "ix_accounts_closed_at",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL AND merged_into IS NULL"),
        ),
        Index(
            "ix_accounts_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    member_id: UUID = Field(primary_key=True)
    password_hash: str | None = Field(default=None, sa_type=Text)
    display_name: str | None = Field(default=None, sa_type=Text)
    language: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    registered_at: datetime | None = Field(default=None, sa_type=Timestamp)
    closed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    merged_into: UUID | None = Field(default=None, foreign_key="accounts.member_id")


class AccountIdentifier(Table, table=True):
    """An e-mail address or phone number, in normal form, that signs one member in.

    `verified_at` is when the member first proved to receive what is sent there.
    """

    __tablename__ = "account_identifiers"
    __table_args__ = (listed("kind", "email", "phone"), UniqueConstraint("member_id", "kind"))

    kind: str = Field(primary_key=True, sa_type=Text)
    value: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID = Field(foreign_key="accounts.member_id", ondelete="CASCADE")
    added_at: datetime = Field(sa_type=Timestamp)
    verified_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ExternalIdentity(Table, table=True):
    """Whom another issuer calls `subject`; `email` is the address it last gave."""

    __tablename__ = "external_identities"
    __table_args__ = (UniqueConstraint("member_id", "issuer"),)

    issuer: str = Field(primary_key=True, sa_type=Text)
    subject: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID = Field(foreign_key="accounts.member_id", ondelete="CASCADE")
    email: str | None = Field(default=None, sa_type=Text)
    linked_at: datetime = Field(sa_type=Timestamp)
    last_used_at: datetime = Field(sa_type=Timestamp)


class UsedIdToken(Table, table=True):
    """SHA-256 of what is signed of an ID token that signed somebody in: it does so once."""

    __tablename__ = "used_id_tokens"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    expires_at: datetime = Field(sa_type=Timestamp, index=True)


class SignInFailures(Table, table=True):
    """Failures in a row for one sign-in name, whether or not an account has it."""

    __tablename__ = "sign_in_failures"

    name_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    failures: int
    blocked_until: datetime | None = Field(default=None, sa_type=Timestamp)
    last_failed_at: datetime = Field(sa_type=Timestamp, index=True)
