"""Earning rules, tiers, and what caps have counted."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from kit.db import one_of
from services.loyalty.rules.ledger import PointType
from services.loyalty.tables.registry import Table


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
