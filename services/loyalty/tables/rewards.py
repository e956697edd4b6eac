"""Rewards and redemptions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class Reward(Table, table=True):
    """Something points buy. Its row is the lock of its stock."""

    __tablename__ = "rewards"
    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("member_limit > 0", name="member_limit"),
        Index("ix_rewards_active", "points", "reward_id", postgresql_where=text("active")),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    reward_id: UUID = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB)
    description: dict[str, str] = Field(sa_type=JSONB)
    points: int = Field(sa_type=BigInteger)
    stock: int | None = Field(None, sa_type=BigInteger)
    member_limit: int | None = None
    active: bool = True
    created_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)


class Redemption(Table, table=True):
    """A reward a member has bought. `points` is what it cost then.

    `key` is the Idempotency-Key it came with: no retry, however late, buys a second one.
    """

    __tablename__ = "redemptions"
    __table_args__ = (UniqueConstraint("member_id", "reward_id", "key"),)

    redemption_id: UUID = Field(primary_key=True)
    member_id: UUID
    reward_id: UUID = Field(foreign_key="rewards.reward_id")
    key: UUID
    points: int = Field(sa_type=BigInteger)
    redeemed_at: datetime = Field(sa_type=Timestamp)
