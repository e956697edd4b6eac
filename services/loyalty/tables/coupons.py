"""Coupons: series that share terms, single coupons, the orders they were used on, and claims."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.coupons import SeriesKind
from services.loyalty.tables.registry import Table


class CouponSeries(Table, table=True):
    """The terms coupons share. See `rules.coupons.Series`."""

    __tablename__ = "coupon_series"
    __table_args__ = (
        one_of("kind", SeriesKind),
        CheckConstraint("(kind = 'amount') = (amount_minor IS NOT NULL)", name="amount"),
        CheckConstraint("(kind = 'percent') = (percent IS NOT NULL)", name="percent"),
        CheckConstraint("(kind = 'gift') = (gift IS NOT NULL)", name="gift"),
        CheckConstraint("amount_minor > 0 AND most_minor > 0", name="positive"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="share"),
        CheckConstraint("minimum_spend_minor >= 0", name="minimum_spend_minor"),
        CheckConstraint("coupon_uses > 0 AND member_uses > 0 AND valid_days > 0", name="limits"),
        CheckConstraint("valid_until > valid_from", name="valid_until"),
        UniqueConstraint("key"),
        CheckConstraint("(kind = 'claim') = (key IS NOT NULL)", name="key"),
        CheckConstraint("kind = 'claim' OR prize IS NULL", name="prize"),
        CheckConstraint(
            "kind <> 'claim' OR (currency IS NULL AND most_minor IS NULL"
            " AND minimum_spend_minor = 0"
            " AND (coupon_uses IS NOT DISTINCT FROM 1 OR member_uses IS NOT NULL))",
            name="claim",
        ),
        Index("ix_coupon_series_updated_at", "updated_at"),
    )

    series_id: UUID = Field(primary_key=True)
    key: str | None = Field(None, sa_type=Text)
    name: dict[str, str] = Field(sa_type=JSONB)
    description: dict[str, str] = Field(sa_type=JSONB)
    kind: str = Field(sa_type=Text)
    amount_minor: int | None = Field(None, sa_type=BigInteger)
    percent: int | None = None
    most_minor: int | None = Field(None, sa_type=BigInteger)
    gift: str | None = Field(None, sa_type=Text)
    prize: dict[str, Any] | None = Field(None, sa_type=JSONB(none_as_null=True))
    currency: str | None = Field(None, sa_type=Text)
    minimum_spend_minor: int = Field(0, sa_type=BigInteger)
    priority: int = 0
    stacking_group: str | None = Field(None, sa_type=Text)
    exclusive: bool = False
    coupon_uses: int | None = None
    member_uses: int | None = None
    valid_from: datetime | None = Field(None, sa_type=Timestamp)
    valid_until: datetime | None = Field(None, sa_type=Timestamp)
    valid_days: int | None = None
    tiers: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    segments: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    returns_with_order: bool = True
    active: bool = True
    created_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)


class Coupon(Table, table=True):
    """One code. Personal where it has a member. Its uses never exceed what is allowed.

    `source` is what it was issued for: nothing is answered with two coupons.
    """

    __tablename__ = "coupons"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("source"),
        CheckConstraint("uses >= 0 AND uses <= most_uses", name="uses"),
        Index(
            "ix_coupons_member_id",
            "member_id",
            "coupon_id",
            postgresql_where=text("member_id IS NOT NULL"),
        ),
        Index("ix_coupons_series_id", "series_id", "coupon_id"),
        Index(
            "ix_coupons_reminder",
            "valid_until",
            postgresql_where=text("member_id IS NOT NULL AND uses = 0 AND NOT reminded"),
        ),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    coupon_id: UUID = Field(primary_key=True)
    series_id: UUID = Field(foreign_key="coupon_series.series_id")
    code: str = Field(sa_type=Text)
    member_id: UUID | None = None
    uses: int = Field(0, sa_column_kwargs={"server_default": "0"})
    most_uses: int | None = None
    valid_until: datetime | None = Field(None, sa_type=Timestamp)
    issued_at: datetime = Field(sa_type=Timestamp)
    revoked_at: datetime | None = Field(None, sa_type=Timestamp)
    reminded: bool = Field(False, sa_column_kwargs={"server_default": text("false")})
    source: str | None = Field(None, sa_type=Text)


class MemberUses(Table, table=True):
    """How often a member has used coupons of a series, and how often they may."""

    __tablename__ = "coupon_member_uses"
    __table_args__ = (CheckConstraint("uses >= 0 AND uses <= most", name="uses"),)

    series_id: UUID = Field(primary_key=True, foreign_key="coupon_series.series_id")
    member_id: UUID = Field(primary_key=True)
    uses: int
    most: int | None = None


class OrderDiscount(Table, table=True):
    """The coupons used on one order, until they are rolled back. An order has one at a time.

    `key` is the Idempotency-Key it came with.
    """

    __tablename__ = "order_discounts"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("discount_minor BETWEEN 0 AND amount_minor", name="discount_minor"),
        Index(
            "uq_order_discounts_order_id",
            "order_id",
            unique=True,
            postgresql_where=text("rolled_back_at IS NULL"),
        ),
        Index("ix_order_discounts_member_id", "member_id"),
    )

    discount_id: UUID = Field(primary_key=True)
    order_id: str = Field(sa_type=Text)
    key: UUID
    member_id: UUID
    codes: list[str] = Field(sa_type=ARRAY(Text))
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    discount_minor: int = Field(sa_type=BigInteger)
    redeemed_at: datetime = Field(sa_type=Timestamp)
    rolled_back_at: datetime | None = Field(None, sa_type=Timestamp)


class CouponUse(Table, table=True):
    """One coupon used on one order, and what it took off."""

    __tablename__ = "coupon_uses"
    __table_args__ = (
        CheckConstraint("discount_minor >= 0", name="discount_minor"),
        Index("ix_coupon_uses_coupon_id", "coupon_id"),
    )

    discount_id: UUID = Field(primary_key=True, foreign_key="order_discounts.discount_id")
    coupon_id: UUID = Field(primary_key=True, foreign_key="coupons.coupon_id")
    discount_minor: int = Field(sa_type=BigInteger)


class CodeClaim(Table, table=True):
    """A code claimed by a member, and what it earned. It is the coupon's use of that `number`.

    `key` is the Idempotency-Key it came with; `undone_at`, when two members were found to be one
    and this claim to be one too many.
    """

    __tablename__ = "code_claims"
    __table_args__ = (
        UniqueConstraint("coupon_id", "number"),
        UniqueConstraint("key"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint(
            "points >= 0 AND growth_points >= 0 AND pending_points BETWEEN 0 AND points",
            name="points",
        ),
        Index("ix_code_claims_member_id", "member_id", "claim_id"),
        Index("ix_code_claims_series_id", "series_id", "claim_id"),
    )

    claim_id: UUID = Field(primary_key=True)
    coupon_id: UUID = Field(foreign_key="coupons.coupon_id")
    number: int
    series_id: UUID = Field(foreign_key="coupon_series.series_id")
    member_id: UUID
    key: UUID
    points: int = Field(sa_type=BigInteger)
    pending_points: int = Field(sa_type=BigInteger)
    growth_points: int = Field(sa_type=BigInteger)
    claimed_at: datetime = Field(sa_type=Timestamp)
    undone_at: datetime | None = Field(None, sa_type=Timestamp)


class WrongCodes(Table, table=True):
    """When a member lately tried codes that are none for them: the time and hash of each."""

    __tablename__ = "wrong_codes"

    member_id: UUID = Field(primary_key=True)
    tried_at: list[datetime] = Field(sa_type=ARRAY(Timestamp))
    hashes: list[int] = Field(
        sa_type=ARRAY(BigInteger), sa_column_kwargs={"server_default": text("'{}'")}
    )
