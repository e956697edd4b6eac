"""What loyalty stores. A member's wallet rows are the lock of everything that is written for them.

Entries, postings and lot moves are append-only: triggers refuse UPDATE and DELETE. Another trigger
refuses postings that do not sum to zero for each entry, and an entry refers to the one before it,
so that versions have no gaps. Rows are keyed by member wherever they are a member's.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from kit.db import NAMING, Timestamp, one_of
from services.loyalty.rules.ledger import LARGEST, Account, Kind, LotState, PointType


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """The registry of this service alone."""


class Member(Table, table=True):
    """A member as loyalty knows them. `described_at` is when profile's description was true.

    Of a member found at `merged_at` to be another, `merged_into` goes on for both.
    """

    __tablename__ = "members"
    __table_args__ = (
        Index(
            "ix_members_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    member_id: UUID = Field(primary_key=True)
    time_zone: str = Field("UTC", sa_type=Text, sa_column_kwargs={"server_default": "UTC"})
    described_at: datetime | None = Field(None, sa_type=Timestamp)
    merged_into: UUID | None = None
    merged_at: datetime | None = Field(None, sa_type=Timestamp)
    tier: str = Field(sa_type=Text, foreign_key="tiers.key")
    tier_since: datetime = Field(sa_type=Timestamp)
    enrolled_at: datetime = Field(sa_type=Timestamp)


class Wallet(Table, table=True):
    """One member's account of one point type: the balances to read, and the lock to write under.

    No changing column is indexed, so updates stay in their page.
    """

    __tablename__ = "wallets"
    __table_args__ = (
        one_of("point_type", PointType),
        CheckConstraint(f"available BETWEEN 0 AND {LARGEST}", name="available"),
        CheckConstraint(f"pending BETWEEN 0 AND {LARGEST}", name="pending"),
        CheckConstraint(f"debt BETWEEN 0 AND {LARGEST}", name="debt"),
        CheckConstraint("available = 0 OR debt = 0", name="debt_first"),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    member_id: UUID = Field(primary_key=True, foreign_key="members.member_id")
    point_type: str = Field(primary_key=True, sa_type=Text)
    available: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    pending: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    debt: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    version: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    due_at: datetime | None = Field(None, sa_type=Timestamp)


class Entry(Table, table=True):
    """One change of one wallet, for ever. Its claim (source, rule, leg) is written only once."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("source_type", "source_id", "rule", "leg"),
        UniqueConstraint("member_id", "point_type", "version"),
        ForeignKeyConstraint(
            ["member_id", "point_type", "previous_version"],
            ["entries.member_id", "entries.point_type", "entries.version"],
        ),
        ForeignKeyConstraint(
            ["member_id", "point_type"], ["wallets.member_id", "wallets.point_type"]
        ),
        one_of("kind", Kind),
        CheckConstraint("version >= 1", name="version"),
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID
    point_type: str = Field(sa_type=Text)
    version: int = Field(sa_type=BigInteger)
    previous_version: int | None = Field(
        None,
        sa_type=BigInteger,
        sa_column_args=[Computed("nullif(version - 1, 0)", persisted=True)],
    )
    kind: str = Field(sa_type=Text)
    source_type: str = Field(sa_type=Text)
    source_id: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    leg: str = Field(sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    available: int = Field(sa_type=BigInteger)
    pending: int = Field(sa_type=BigInteger)
    debt: int = Field(sa_type=BigInteger)
    actor: str | None = Field(None, sa_type=Text)
    reason: str | None = Field(None, sa_type=Text)
    occurred_at: datetime = Field(sa_type=Timestamp)
    recorded_at: datetime = Field(sa_type=Timestamp)


class Posting(Table, table=True):
    """An amount that an entry puts on an account, or takes off it when negative."""

    __tablename__ = "postings"
    __table_args__ = (
        one_of("account", Account),
        CheckConstraint("amount <> 0", name="amount"),
    )

    entry_id: UUID = Field(primary_key=True, foreign_key="entries.id")
    account: str = Field(primary_key=True, sa_type=Text)
    amount: int = Field(sa_type=BigInteger)


class Lot(Table, table=True):
    """What is left of one credit. Its id is its entry's."""

    __tablename__ = "lots"
    __table_args__ = (
        one_of("state", LotState),
        CheckConstraint("original > 0", name="original"),
        CheckConstraint("remaining >= 0 AND remaining + expired <= original", name="remaining"),
        CheckConstraint("reversed BETWEEN 0 AND original", name="reversed"),
        CheckConstraint("expired >= 0", name="expired"),
        Index(
            "ix_lots_open",
            "member_id",
            "point_type",
            "due_at",
            "id",
            postgresql_where=text("remaining > 0"),
        ),
        Index("ix_lots_due", "due_at", postgresql_where=text("remaining > 0")),
        {"postgresql_with": {"fillfactor": "90"}},
    )

    id: UUID = Field(primary_key=True, foreign_key="entries.id")
    member_id: UUID
    point_type: str = Field(sa_type=Text)
    original: int = Field(sa_type=BigInteger)
    remaining: int = Field(sa_type=BigInteger)
    reversed: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    expired: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    state: str = Field(sa_type=Text)
    due_at: datetime | None = Field(None, sa_type=Timestamp)
    pending_days: int = 0
    valid_days: int | None = None


class LotMove(Table, table=True):
    """What an entry took out of a lot: which debit used which credit."""

    __tablename__ = "lot_moves"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points"),
        Index("ix_lot_moves_lot_id", "lot_id"),
    )

    entry_id: UUID = Field(primary_key=True, foreign_key="entries.id")
    lot_id: UUID = Field(primary_key=True, foreign_key="lots.id")
    points: int = Field(sa_type=BigInteger)


class EarningRule(Table, table=True):
    """What a trigger pays. See `rules.earning.EarningRule`."""

    __tablename__ = "earning_rules"
    __table_args__ = (
        one_of("point_type", PointType),
        CheckConstraint("points >= 0 AND 0 <= ALL (streak_points)", name="points"),
        CheckConstraint("per_amount_minor > 0", name="per_amount_minor"),
        CheckConstraint("daily_cap >= 0", name="daily_cap"),
        CheckConstraint("pending_days >= 0 AND valid_days > 0", name="days"),
    )

    key: str = Field(primary_key=True, sa_type=Text)
    trigger: str = Field(sa_type=Text)
    point_type: str = Field(sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    per_amount_minor: int | None = Field(None, sa_type=BigInteger)
    currency: str | None = Field(None, sa_type=Text)
    streak_points: list[int] = Field(
        sa_type=ARRAY(BigInteger), sa_column_kwargs={"server_default": "{}"}
    )
    daily_cap: int | None = Field(None, sa_type=BigInteger)
    awaits_delivery: bool = False
    pending_days: int = 0
    valid_days: int | None = None
    active: bool = True


class Tier(Table, table=True):
    __tablename__ = "tiers"
    __table_args__ = (
        UniqueConstraint("growth_points"),
        CheckConstraint("growth_points >= 0", name="growth_points"),
    )

    key: str = Field(primary_key=True, sa_type=Text)
    growth_points: int = Field(sa_type=BigInteger)


class DailyEarning(Table, table=True):
    """What a capped rule has paid a member on one of their calendar days."""

    __tablename__ = "daily_earnings"

    member_id: UUID = Field(primary_key=True)
    rule: str = Field(primary_key=True, sa_type=Text)
    day: date = Field(primary_key=True)
    points: int = Field(sa_type=BigInteger)


class Order(Table, table=True):
    """All that is known of an order. See `rules.orders.Order`."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0 AND refunded_minor >= 0", name="amounts"),
        Index("ix_orders_member_id", "member_id"),
    )

    order_id: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    placed_at: datetime | None = Field(None, sa_type=Timestamp)
    delivered_at: datetime | None = Field(None, sa_type=Timestamp)
    undone: bool = False
    refunded_minor: int = Field(0, sa_type=BigInteger)


class CheckIn(Table, table=True):
    __tablename__ = "checkins"
    __table_args__ = (CheckConstraint("streak >= 1", name="streak"),)

    member_id: UUID = Field(primary_key=True)
    day: date = Field(primary_key=True)
    streak: int
    recorded_at: datetime = Field(sa_type=Timestamp)


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


metadata = Table.metadata
