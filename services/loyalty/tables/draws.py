"""Draws, what is left of their prizes, and every entry."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class Draw(Table, table=True):
    """See `rules.draws`. `entries` counts its entries: the next one's number is one more.

    Triggers keep the seed, its commitment, the prizes and the end as they were published.
    """

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint("entry_points >= 0 AND daily_entries > 0", name="entries"),
        CheckConstraint("closes_at > opens_at", name="closes_at"),
        CheckConstraint("commitment = encode(sha256(seed), 'hex')", name="commitment"),
        Index("ix_draws_active", "closes_at", postgresql_where=text("active")),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    draw_id: UUID = Field(primary_key=True)
    name: dict[str, str] = Field(sa_type=JSONB)
    description: dict[str, str] = Field(sa_type=JSONB)
    prizes: list[dict[str, Any]] = Field(sa_type=JSONB)
    seed: bytes = Field(sa_type=LargeBinary)
    commitment: str = Field(sa_type=Text)
    entry_points: int = Field(sa_type=BigInteger)
    daily_entries: int | None = None
    opens_at: datetime | None = Field(None, sa_type=Timestamp)
    closes_at: datetime = Field(sa_type=Timestamp)
    tiers: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    segments: list[str] = Field(sa_type=ARRAY(Text), sa_column_kwargs={"server_default": "{}"})
    active: bool = True
    entries: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    created_at: datetime = Field(sa_type=Timestamp)


class DrawStock(Table, table=True):
    """How many of a prize are left to win."""

    __tablename__ = "draw_stocks"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"),)

    draw_id: UUID = Field(primary_key=True, foreign_key="draws.draw_id")
    prize: str = Field(primary_key=True, sa_type=Text)
    remaining: int = Field(sa_type=BigInteger)


class DrawEntry(Table, table=True):
    """One entry, for ever: a trigger refuses to change or delete it."""

    __tablename__ = "draw_entries"
    __table_args__ = (
        UniqueConstraint("member_id", "draw_id", "key"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("ticket BETWEEN 0 AND 999999", name="ticket"),
        Index("ix_draw_entries_day", "draw_id", "member_id", "day"),
    )

    draw_id: UUID = Field(primary_key=True, foreign_key="draws.draw_id")
    number: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    member_id: UUID
    day: date
    key: UUID
    ticket: int
    prize: str | None = Field(None, sa_type=Text)
    drawn_at: datetime = Field(sa_type=Timestamp)
