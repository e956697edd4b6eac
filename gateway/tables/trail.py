"""What staff did, and the policies of traffic they set."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from gateway.tables.registry import Table
from kit.db import Timestamp


class AuditEntry(Table, table=True):
    """One action of a staff member, or of the system in their stead."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_occurred_at", "occurred_at", "entry_id"),
        Index("ix_audit_entries_actor_id", "actor_id", "occurred_at", "entry_id"),
        Index("ix_audit_entries_target", "target", "occurred_at", "entry_id"),
        Index("ix_audit_entries_action", "action", "occurred_at", "entry_id"),
    )

    entry_id: UUID = Field(primary_key=True)
    actor_id: UUID | None = Field(default=None)
    action: str = Field(sa_type=Text)
    target: str = Field(sa_type=Text)
    details: dict[str, Any] = Field(sa_type=JSONB)
    occurred_at: datetime = Field(sa_type=Timestamp)


class PolicyVersion(Table, table=True):
    """A version of the policy of traffic; the newest is in force (a trigger refuses change)."""

    __tablename__ = "policies"
    __table_args__ = (CheckConstraint("version > 0", name="version"),)

    version: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False), ge=1)
    document: dict[str, Any] = Field(sa_type=JSONB)
    changed_by: UUID
    changed_at: datetime = Field(sa_type=Timestamp)
