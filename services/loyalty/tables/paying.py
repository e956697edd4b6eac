"""Orders paid with points, and the terms of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class PaymentTerms(Table, table=True):
    """What points are worth in a currency. See `rules.paying.PayingTerms`."""

    __tablename__ = "payment_terms"
    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("points > 0 AND minor > 0", name="worth"),
        CheckConstraint("least_points > 0 AND step > 0 AND lasts_s > 0", name="least_points"),
        CheckConstraint("most_percent BETWEEN 1 AND 100 AND most_minor > 0", name="most"),
    )

    currency: str = Field(primary_key=True, sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    minor: int = Field(sa_type=BigInteger)
    least_points: int = Field(sa_type=BigInteger)
    step: int = Field(sa_type=BigInteger)
    most_percent: int
    most_minor: int | None = Field(None, sa_type=BigInteger)
    with_coupons: bool
    lasts_s: int


class Payment(Table, table=True):
    """Points that pay for an order. Its id is that of the hold they are in, which has its state.

    An order has one at a time, until `ended_at`. `key` is the Idempotency-Key it came with;
    `worth_points` were worth `worth_minor` then.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("points > 0 AND worth_points > 0 AND worth_minor > 0", name="points"),
        CheckConstraint("discount_minor BETWEEN 1 AND amount_minor", name="discount_minor"),
        CheckConstraint(
            "discount_minor = div(points::numeric * worth_minor, worth_points)", name="worth"
        ),
        Index(
            "uq_payments_order_id",
            "order_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_payments_order_id", "order_id", "payment_id"),
        Index("ix_payments_member_id", "member_id", "made_at"),
    )

    payment_id: UUID = Field(primary_key=True, foreign_key="holds.hold_id")
    order_id: str = Field(sa_type=Text)
    key: UUID
    member_id: UUID
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(sa_type=BigInteger)
    worth_points: int = Field(sa_type=BigInteger)
    worth_minor: int = Field(sa_type=BigInteger)
    with_coupons: bool
    made_at: datetime = Field(sa_type=Timestamp)
    ended_at: datetime | None = Field(None, sa_type=Timestamp)
