"""The programme's versions, the occasions they decided on, and what caps and budgets have used."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.programme.states import BacktestState, Period, VersionState
from services.loyalty.tables.registry import Table


class ProgrammeVersion(Table, table=True):
    """One version of the whole programme. A trigger keeps `body` as it was published.

    Of a trial: `share` percent of members have it, `issued` of at most `ceiling` points. While
    tiers are being recomputed, `recomputed_after` is the last member who has been.
    """

    __tablename__ = "programme_versions"
    __table_args__ = (
        one_of("state", VersionState),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("state <> 'trial' OR coalesce(share, 0) BETWEEN 1 AND 99", name="share"),
        CheckConstraint("issued >= 0 AND issued <= ceiling", name="issued"),
        Index(
            "uq_programme_versions_live",
            "state",
            unique=True,
            postgresql_where=text("state = 'live'"),
        ),
        Index(
            "uq_programme_versions_trial",
            "state",
            unique=True,
            postgresql_where=text("state = 'trial'"),
        ),
    )

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    state: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text)
    body: dict[str, Any] = Field(sa_type=JSONB)
    note: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    changed_at: datetime = Field(sa_type=Timestamp)
    published_at: datetime | None = Field(None, sa_type=Timestamp)
    retired_at: datetime | None = Field(None, sa_type=Timestamp)
    retired_because: str | None = Field(None, sa_type=Text)
    share: int | None = None
    ceiling: int | None = Field(None, sa_type=BigInteger)
    issued: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    anomaly_percent: int | None = None
    recomputed_after: UUID | None = None
    recompute_falling: bool = Field(False, sa_column_kwargs={"server_default": text("false")})


class Occasion(Table, table=True):
    """Something a member did that rules might pay for, and what they decided.

    `version` is null where no rule of the programme spoke of it.
    """

    __tablename__ = "occasions"
    __table_args__ = (
        UniqueConstraint("source_type", "source_id", "trigger"),
        Index("ix_occasions_member_id_id", "member_id", "id"),
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID
    trigger: str = Field(sa_type=Text)
    source_type: str = Field(sa_type=Text)
    source_id: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Timestamp)
    recorded_at: datetime = Field(sa_type=Timestamp)
    event: dict[str, Any] = Field(sa_type=JSONB)
    version: int | None = None
    member: dict[str, Any] | None = Field(None, sa_type=JSONB)
    outcomes: list[dict[str, Any]] | None = Field(None, sa_type=JSONB)
    points: int = Field(sa_type=BigInteger)


class VersionTotal(Table, table=True):
    """What a version has paid since a moment, and to how many, before the occasion `reached`."""

    __tablename__ = "version_totals"

    version: int = Field(
        primary_key=True,
        foreign_key="programme_versions.version",
        sa_column_kwargs={"autoincrement": False},
    )
    since: datetime = Field(sa_type=Timestamp)
    reached: UUID
    members: int = Field(sa_type=BigInteger)
    points: int = Field(sa_type=BigInteger)


class EarnedCount(Table, table=True):
    """What a rule or campaign has paid a member in one period of theirs."""

    __tablename__ = "earned_counts"
    __table_args__ = (
        one_of("period", Period),
        CheckConstraint("points >= 0 AND times >= 0", name="counts"),
        Index(
            "ix_earned_counts_begins",
            "begins",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": "16", "autosummarize": "on"},
            postgresql_where=text("period IN ('day', 'week', 'month')"),
        ),
    )

    member_id: UUID = Field(primary_key=True)
    counter: str = Field(primary_key=True, sa_type=Text)
    period: str = Field(primary_key=True, sa_type=Text)
    begins: date = Field(primary_key=True)
    points: int = Field(sa_type=BigInteger)
    times: int = Field(sa_type=BigInteger)


class Budget(Table, table=True):
    """What a rule or campaign may pay all members together."""

    __tablename__ = "budgets"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= ceiling", name="used"),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    budget: str = Field(primary_key=True, sa_type=Text)
    ceiling: int = Field(sa_type=BigInteger)
    used: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class Backtest(Table, table=True):
    """A version tried on past occasions; `report` once it is done."""

    __tablename__ = "backtests"
    __table_args__ = (
        one_of("state", BacktestState),
        CheckConstraint("days >= 1", name="days"),
        Index(
            "ix_backtests_queued",
            "created_at",
            postgresql_where=text("state = 'queued'"),
        ),
    )

    backtest_id: UUID = Field(primary_key=True)
    version: int
    baseline: int
    days: int
    state: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    finished_at: datetime | None = Field(None, sa_type=Timestamp)
    report: dict[str, Any] | None = Field(None, sa_type=JSONB(none_as_null=True))
    error: str | None = Field(None, sa_type=Text)
