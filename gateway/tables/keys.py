"""API keys, what they may use, and the keys tokens and hashes are made with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, LargeBinary, Text
from sqlmodel import Field

from gateway.tables.registry import Table, listed
from kit.db import Timestamp


class ApiKey(Table, table=True):
    """A key of the company's backend or of a Segment SDK. The key itself is never stored."""

    __tablename__ = "api_keys"
    __table_args__ = (listed("kind", "backend", "write"),)

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
        listed("span", "day", "month"),
        CheckConstraint("taken >= 0", name="taken"),
        Index("ix_key_usage_starts_on", "starts_on"),
        {"postgresql_with": {"fillfactor": "50"}},
    )

    key_id: UUID = Field(primary_key=True, foreign_key="api_keys.key_id", ondelete="CASCADE")
    span: str = Field(primary_key=True, sa_type=Text)
    starts_on: date = Field(primary_key=True)
    taken: int = Field(sa_type=BigInteger)


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
