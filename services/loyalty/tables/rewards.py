"""Rewards, the pools of codes some hand out, and redemptions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.fulfilment import Fulfilment
from services.loyalty.rules.rewards import RewardKind
from services.loyalty.tables.registry import Table


class Reward(Table, table=True):
    """Something points buy. Its row is the lock of its stock."""

    __tablename__ = "rewards"
    __table_args__ = (
        one_of("kind", RewardKind),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("member_limit > 0", name="member_limit"),
        CheckConstraint("cooldown_s > 0", name="cooldown_s"),
        CheckConstraint("valid_until > valid_from", name="valid_until"),
        CheckConstraint("(kind = 'coupon') = (series_id IS NOT NULL)", name="series_id"),
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
    kind: str = Field(
        RewardKind.BENEFIT, sa_type=Text, sa_column_kwargs={"server_default": "benefit"}
    )
    cooldown_s: int | None = Field(None, sa_type=BigInteger)
    valid_from: datetime | None = Field(None, sa_type=Timestamp)
    valid_until: datetime | None = Field(None, sa_type=Timestamp)
    tiers: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    segments: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    series_id: UUID | None = Field(None, foreign_key="coupon_series.series_id")
    created_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)


class Redemption(Table, table=True):
    """A reward a member has bought. `points` is what it cost then.

    `key` is the Idempotency-Key it came with: no retry, however late, buys a second one. `code` is
    what the member was handed out.
    """

    __tablename__ = "redemptions"
    __table_args__ = (
        UniqueConstraint("member_id", "reward_id", "key"),
        one_of("fulfilment", Fulfilment),
        Index("ix_redemptions_member_id_redeemed_at", "member_id", "redeemed_at"),
        Index(
            "ix_redemptions_open",
            "redemption_id",
            postgresql_where=text("fulfilment IN ('requested', 'packed', 'shipped')"),
        ),
    )

    redemption_id: UUID = Field(primary_key=True)
    member_id: UUID
    reward_id: UUID = Field(foreign_key="rewards.reward_id")
    key: UUID
    points: int = Field(sa_type=BigInteger)
    redeemed_at: datetime = Field(sa_type=Timestamp)
    code: str | None = Field(None, sa_type=Text)
    fulfilment: str = Field(
        Fulfilment.NONE, sa_type=Text, sa_column_kwargs={"server_default": "none"}
    )
    tracking: str | None = Field(None, sa_type=Text)
    fulfilment_at: datetime | None = Field(None, sa_type=Timestamp)


class RewardCode(Table, table=True):
    """A code in a reward's pool, and the redemption it went to. It goes to one, for ever."""

    __tablename__ = "reward_codes"
    __table_args__ = (
        UniqueConstraint("redemption_id"),
        Index(
            "ix_reward_codes_free",
            "reward_id",
            "code",
            postgresql_where=text("redemption_id IS NULL"),
        ),
    )

    reward_id: UUID = Field(primary_key=True, foreign_key="rewards.reward_id")
    code: str = Field(primary_key=True, sa_type=Text)
    redemption_id: UUID | None = Field(None, foreign_key="redemptions.redemption_id")


class CodeLoad(Table, table=True):
    """Codes on their way into a reward's pool or a coupon series: read from a file, or made up.

    `wanted` is how many are still to be made up; of a file it is 0. `errors` are the first bad
    lines.
    """

    __tablename__ = "code_loads"
    __table_args__ = (
        CheckConstraint("num_nonnulls(reward_id, series_id) = 1", name="target"),
        CheckConstraint("wanted >= 0", name="wanted"),
        Index("ix_code_loads_running", "load_id", postgresql_where=text("finished_at IS NULL")),
    )

    load_id: UUID = Field(primary_key=True)
    reward_id: UUID | None = Field(None, foreign_key="rewards.reward_id")
    series_id: UUID | None = Field(None, foreign_key="coupon_series.series_id")
    wanted: int = 0
    prefix: str = Field("", sa_type=Text)
    length: int = 10
    added: int = Field(0, sa_type=BigInteger)
    duplicates: int = Field(0, sa_type=BigInteger)
    invalid: int = Field(0, sa_type=BigInteger)
    errors: list[dict[str, Any]] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "[]"})
    actor: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    finished_at: datetime | None = Field(None, sa_type=Timestamp)


class CodeChunk(Table, table=True):
    """Whole lines of a file that have not been read yet; the first has the number `first_line`."""

    __tablename__ = "code_chunks"

    load_id: UUID = Field(primary_key=True, foreign_key="code_loads.load_id")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    first_line: int
    lines: str = Field(sa_type=Text)
