"""Codes sent to addresses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text
from sqlmodel import Field

from gateway.rules import CodePurpose
from gateway.tables.registry import Table
from kit.db import Timestamp, one_of


class IssuedCode(Table, table=True):
    """A code sent to an address. Of code and link there are only keyed hashes.

    `member_id` is who asked to have the address confirmed as theirs, or a device approved.
    `sealed_registration` is what becomes an account once the address is proven.
    """

    __tablename__ = "codes"
    __table_args__ = (
        one_of("purpose", CodePurpose),
        CheckConstraint("tries_left >= 0", name="tries_left"),
        CheckConstraint(
            "(purpose IN ('confirm_identifier', 'approve_device')) = (member_id IS NOT NULL)",
            name="member_id",
        ),
        CheckConstraint(
            "(purpose = 'register') = (sealed_registration IS NOT NULL)", name="registration"
        ),
        Index("ix_codes_destination_hash", "destination_hash", "issued_at"),
        Index("ix_codes_issued_at", "issued_at"),
    )

    code_id: UUID = Field(primary_key=True)
    purpose: str = Field(sa_type=Text)
    destination_hash: bytes = Field(sa_type=LargeBinary)
    sealed_destination: bytes = Field(sa_type=LargeBinary)
    member_id: UUID | None = None
    sealed_registration: bytes | None = Field(default=None, sa_type=LargeBinary)
    code_hash: bytes = Field(sa_type=LargeBinary)
    link_hash: bytes = Field(unique=True, sa_type=LargeBinary)
    tries_left: int
    issued_at: datetime = Field(sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp)
    used_at: datetime | None = Field(default=None, sa_type=Timestamp)
