"""Offers made to some members, and referrals between members."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.offers import Occasion
from services.loyalty.rules.referrals import ReferralState
from services.loyalty.tables.registry import Table


class Offer(Table, table=True):
    """See `rules.offers.Offer`. Its row counts its claims, which never exceed the limit."""

    __tablename__ = "offers"
    __table_args__ = (
        one_of("occasion", Occasion),
        CheckConstraint("claimed >= 0 AND claimed <= claim_limit", name="claimed"),
        CheckConstraint("valid_until > valid_from", name="valid_until"),
        CheckConstraint("enrolled_days > 0", name="enrolled_days"),
        Index("ix_offers_active", "priority", "offer_id", postgresql_where=text("active")),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    offer_id: UUID = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB)
    description: dict[str, str] = Field(sa_type=JSONB)
    occasion: str = Field(sa_type=Text)
    prize: dict[str, Any] = Field(sa_type=JSONB)
    priority: int = 0
    tiers: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    segments: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    stages: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    before_first_order: bool = False
    enrolled_days: int | None = None
    valid_from: datetime | None = Field(None, sa_type=Timestamp)
    valid_until: datetime | None = Field(None, sa_type=Timestamp)
    claim_limit: int | None = Field(None, sa_type=BigInteger)
    claimed: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    active: bool = True
    created_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)


class OfferClaim(Table, table=True):
    """An offer a member has taken, once."""

    __tablename__ = "offer_claims"

    offer_id: UUID = Field(primary_key=True, foreign_key="offers.offer_id")
    member_id: UUID = Field(primary_key=True)
    claimed_at: datetime = Field(sa_type=Timestamp)


class ReferralCode(Table, table=True):
    __tablename__ = "referral_codes"
    __table_args__ = (UniqueConstraint("code"),)

    member_id: UUID = Field(primary_key=True)
    code: str = Field(sa_type=Text)
    network: str | None = Field(None, sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)


class Referral(Table, table=True):
    """That a member brought a friend. A friend is brought once, and never by themselves.

    `network` is a digest of the address it was accepted from. While it is pending, `look_at` says
    when to look whether the friend's first order has passed its return window.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        one_of("state", ReferralState),
        CheckConstraint("friend_id <> referrer_id", name="friend_id"),
        CheckConstraint("(state = 'pending') = (look_at IS NOT NULL)", name="look_at"),
        Index("ix_referrals_referrer_id", "referrer_id", "accepted_at"),
        Index("ix_referrals_network", "network", "accepted_at"),
        Index("ix_referrals_look_at", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )

    friend_id: UUID = Field(primary_key=True)
    referrer_id: UUID
    state: str = Field(sa_type=Text)
    reason: str | None = Field(None, sa_type=Text)
    network: str | None = Field(None, sa_type=Text)
    accepted_at: datetime = Field(sa_type=Timestamp)
    look_at: datetime | None = Field(None, sa_type=Timestamp)
    order_id: str | None = Field(None, sa_type=Text)
    settled_at: datetime | None = Field(None, sa_type=Timestamp)


class ReferralTerms(Table, table=True):
    """The one row of terms. See `rules.referrals.Terms`."""

    __tablename__ = "referral_terms"
    __table_args__ = (
        CheckConstraint("single", name="single"),
        CheckConstraint(
            "minimum_order_minor >= 0 AND return_days >= 0 AND new_days > 0 AND lapse_days > 0"
            " AND most_rewarded > 0 AND most_per_network > 0",
            name="terms",
        ),
    )

    single: bool = Field(True, primary_key=True, sa_column_kwargs={"server_default": text("true")})
    referrer_prize: dict[str, Any] = Field(sa_type=JSONB)
    friend_prize: dict[str, Any] = Field(sa_type=JSONB)
    minimum_order_minor: int = Field(sa_type=BigInteger)
    return_days: int
    new_days: int
    lapse_days: int
    most_rewarded: int
    most_per_network: int
