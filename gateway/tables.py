"""Rows of the identity half of the gateway's database, and their constraints.

A session belongs to exactly one member or one staff member, and is a family of refresh tokens: one
of them can be used, the used ones stay so that a second use is noticed. The audit trail is
append-only (a trigger refuses change).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from gateway.rules import CodePurpose
from kit.db import NAMING, Timestamp, one_of


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """A table of the gateway."""


metadata = Table.metadata


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


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
    __table_args__ = (_one_of("kind", "email", "phone"), UniqueConstraint("member_id", "kind"))

    kind: str = Field(primary_key=True, sa_type=Text)
    value: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID = Field(foreign_key="accounts.member_id", ondelete="CASCADE")
    added_at: datetime = Field(sa_type=Timestamp)
    verified_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ErasureReceipt(Table, table=True):
    """That a member is being erased, or was: proof of it, and of nothing else.

    `member_id`, and where to write once it is done, are kept until then. The digest tells whoever
    knows the id that this was the member.
    """

    __tablename__ = "erasure_receipts"
    __table_args__ = (
        CheckConstraint("(finished_at IS NULL) = (member_id IS NOT NULL)", name="member_id"),
        CheckConstraint("finished_at IS NULL OR sealed_email IS NULL", name="sealed_email"),
        Index("ix_erasure_receipts_member_digest", "member_digest"),
        Index(
            "uq_erasure_receipts_member_id",
            "member_id",
            unique=True,
            postgresql_where=text("member_id IS NOT NULL"),
        ),
    )

    erasure_id: UUID = Field(primary_key=True)
    member_digest: bytes = Field(sa_type=LargeBinary)
    member_id: UUID | None = None
    sealed_email: bytes | None = Field(default=None, sa_type=LargeBinary)
    language: str = Field(sa_type=Text)
    requested_at: datetime = Field(sa_type=Timestamp)
    finished_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ErasureStep(Table, table=True):
    """That one service has erased the member."""

    __tablename__ = "erasure_steps"

    erasure_id: UUID = Field(primary_key=True, foreign_key="erasure_receipts.erasure_id")
    service: str = Field(primary_key=True, sa_type=Text)
    erased_at: datetime = Field(sa_type=Timestamp)


class IssuedCode(Table, table=True):
    """A code sent to an address. Of code and link there are only keyed hashes.

    `member_id` is who asked to have the address confirmed as theirs. `sealed_registration` is what
    becomes an account once the address is proven.
    """

    __tablename__ = "codes"
    __table_args__ = (
        one_of("purpose", CodePurpose),
        CheckConstraint("tries_left >= 0", name="tries_left"),
        CheckConstraint(
            "(purpose = 'confirm_identifier') = (member_id IS NOT NULL)", name="member_id"
        ),
        CheckConstraint(
            "(purpose = 'register') = (sealed_registration IS NOT NULL)", name="registration"
        ),
        Index("ix_codes_destination_hash", "destination_hash", "issued_at"),
        Index("ix_codes_issued_at", "issued_at"),
    )

    code_id: UUID = Field(primary_key=True)
    purpose: str = Field(sa_type=Text)
    destination_hash: bytes = Field(sa_type=LargeBinary)
    sealed_destination: bytes = Field(sa_type=LargeBinary)
    member_id: UUID | None = None
    sealed_registration: bytes | None = Field(default=None, sa_type=LargeBinary)
    code_hash: bytes = Field(sa_type=LargeBinary)
    link_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    tries_left: int
    issued_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    used_at: datetime | None = Field(default=None, sa_type=Timestamp)


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
    """SHA-256 of an ID token that signed somebody in: it does so once."""

    __tablename__ = "used_id_tokens"

    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    expires_at: datetime = Field(sa_type=Timestamp, index=True)


class StaffMember(Table, table=True):
    """Someone of the company who signs in to the console.

    `scopes` narrow what the role may; empty, they do not. `totp_last_step` is the last time step
    whose code was used.
    """

    __tablename__ = "staff_members"
    __table_args__ = (
        _one_of("role", "agent", "marketer", "analyst", "admin"),
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
        _one_of("role", "agent", "marketer", "analyst", "admin"),
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


class SignInFailures(Table, table=True):
    """Failures in a row for one sign-in name, whether or not an account has it."""

    __tablename__ = "sign_in_failures"

    name_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    failures: int
    blocked_until: datetime | None = Field(default=None, sa_type=Timestamp)
    last_failed_at: datetime = Field(sa_type=Timestamp, index=True)


class ApiKey(Table, table=True):
    """A key of the company's backend or of a Segment SDK. The key itself is never stored."""

    __tablename__ = "api_keys"
    __table_args__ = (_one_of("kind", "backend", "write"),)

    key_id: UUID = Field(primary_key=True)
    key_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    shown: str = Field(sa_type=Text)
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    created_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime | None = Field(default=None, sa_type=Timestamp)
    last_used_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)


class SigningKey(Table, table=True):
    """An Ed25519 key that signs tokens; its seed is sealed under the deployment's secret."""

    __tablename__ = "signing_keys"

    kid: str = Field(primary_key=True, sa_type=Text)
    public_key: bytes = Field(sa_type=LargeBinary)
    sealed_seed: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=Timestamp)
    signs_from: datetime = Field(sa_type=Timestamp)


class SealedKey(Table, table=True):
    """A key that hashes and stored answers are made with, sealed under the deployment's secret."""

    __tablename__ = "sealed_keys"

    name: str = Field(primary_key=True, sa_type=Text)
    sealed: bytes = Field(sa_type=LargeBinary)


class AuditEntry(Table, table=True):
    """One action of a staff member, or of the system in their stead."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_occurred_at", "occurred_at", "entry_id"),
        Index("ix_audit_entries_actor_id", "actor_id", "occurred_at", "entry_id"),
        Index("ix_audit_entries_target", "target", "occurred_at", "entry_id"),
        Index("ix_audit_entries_action", "action", "occurred_at", "entry_id"),
    )

    entry_id: UUID = Field(primary_key=True)
    actor_id: UUID | None = Field(default=None)
    action: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    details: dict[str, Any] = Field(sa_type=JSONB)
    occurred_at: datetime = Field(sa_type=Timestamp)


class PolicyVersion(Table, table=True):
    """A version of the policy of traffic; the newest is in force (a trigger refuses change)."""

    __tablename__ = "policies"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    version: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False), ge=1)
    document: dict[str, Any] = Field(sa_type=JSONB)
    changed_by: UUID
    changed_at: datetime = Field(sa_type=Timestamp)


class KeyQuota(Table, table=True):
    """How many calls an API key may make in a day and in a month; null is no limit."""

    __tablename__ = "key_quotas"
    __table_args__ = (
        CheckConstraint("per_day > 0", name="per_day"),
        CheckConstraint("per_month > 0", name="per_month"),
    )

    key_id: UUID = Field(primary_key=True, foreign_key="api_keys.key_id", ondelete="CASCADE")
    per_day: int | None = Field(default=None, sa_type=BigInteger)
    per_month: int | None = Field(default=None, sa_type=BigInteger)
    changed_at: datetime = Field(sa_type=Timestamp)


class KeyUsage(Table, table=True):
    """Calls of a key with a quota in the day, or month, that began on `starts_on` (UTC).

    What processes hold and have not spent yet is in it.
    """

    __tablename__ = "key_usage"
    __table_args__ = (
        _one_of("span", "day", "month"),
        CheckConstraint("taken >= 0", name="taken"),
        Index("ix_key_usage_starts_on", "starts_on"),
        {"postgresql_with": {"fillfactor": "50"}},
    )

    key_id: UUID = Field(primary_key=True, foreign_key="api_keys.key_id", ondelete="CASCADE")
    span: str = Field(primary_key=True, sa_type=Text)
    starts_on: date = Field(primary_key=True)
    taken: int = Field(sa_type=BigInteger)
