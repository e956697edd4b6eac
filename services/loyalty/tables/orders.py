"""Orders."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class Order(Table, table=True):
    """All that is known of an order. See `rules.orders.Order`."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0 AND refunded_minor >= 0", name="amounts"),
        Index("ix_orders_member_id", "member_id"),
        Index(
            "ix_orders_placed_at",
            "placed_at",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": "16", "autosummarize": "on"},
        ),
    )

    order_id: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    placed_at: datetime | None = Field(None, sa_type=Timestamp)
    delivered_at: datetime | None = Field(None, sa_type=Timestamp)
    undone: bool = False
    refunded_minor: int = Field(0, sa_type=BigInteger)
    lines: list[Any] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "[]"})
    returned: dict[str, Any] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "{}"})


class LineShare(Table, table=True):
    """Which lines of an order a rule paid for, as weights; of rules that pay for some alone."""

    __tablename__ = "line_shares"
    __table_args__ = (CheckConstraint("jsonb_array_length(weights) > 0", name="weights"),)

    order_id: str = Field(primary_key=True, sa_type=Text)
    rule: str = Field(primary_key=True, sa_type=Text)
    weights: list[int] = Field(sa_type=JSONB)
