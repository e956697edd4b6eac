"""Chains of loyalty's own events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class Chain(Table, table=True):
    """An own event that rules were asked about, and the rules that paid on the way to it, or it."""

    __tablename__ = "chains"
    __table_args__ = (
        CheckConstraint("depth BETWEEN 1 AND 5", name="depth"),
        Index("ix_chains_recorded_at", "recorded_at"),
    )

    event_id: UUID = Field(primary_key=True)
    rules: list[str] = Field(sa_type=ARRAY(Text))
    depth: int
    recorded_at: datetime = Field(sa_type=Timestamp)
