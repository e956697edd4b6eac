"""Members being erased, and the proof that they were."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text, text
from sqlmodel import Field

from gateway.tables.registry import Table
from kit.db import Timestamp


class ErasureReceipt(Table, table=True):
    """That a member is being erased, or was: proof of it, and of nothing else.

    `member_id`, and where to write once it is done, are kept until then. The digest tells whoever
    knows the id that this was the member.
    """

    __tablename__ = "erasure_receipts"
    __table_args__ = (
        CheckConstraint("(finished_at IS NULL) = (member_id IS NOT NULL)", name="member_id"),
        CheckConstraint("finished_at IS NULL OR sealed_email IS NULL", name="sealed_email"),
        Index("ix_erasure_receipts_member_digest", "member_digest"),
        Index(
            "uq_erasure_receipts_member_id",
            "member_id",
            unique=True,
            postgresql_where=text("member_id IS NOT NULL"),
        ),
    )

    erasure_id: UUID = Field(primary_key=True)
    member_digest: bytes = Field(sa_type=LargeBinary)
    member_id: UUID | None = None
    sealed_email: bytes | None = Field(default=None, sa_type=LargeBinary)
    language: str = Field(sa_type=Text)
    requested_at: datetime = Field(sa_type=Timestamp)
    finished_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ErasureStep(Table, table=True):
    """That one service has erased the member."""

    __tablename__ = "erasure_steps"

    erasure_id: UUID = Field(primary_key=True, foreign_key="erasure_receipts.erasure_id")
    service: str = Field(primary_key=True, sa_type=Text)
    erased_at: datetime = Field(sa_type=Timestamp)
