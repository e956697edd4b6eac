"""The devices members sign in on, as the gateway tells."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlmodel import Field

from kit.db import Timestamp
from services.loyalty.tables.registry import Table


class Device(Table, table=True):
    """A device a member has signed in on. `device` is a digest: loyalty keeps no device's name.

    `trusted_at` is when the member approved it, from a device they had before or by a code.
    """

    __tablename__ = "devices"
    __table_args__ = (Index("ix_devices_device", "device"), Index("ix_devices_session", "session"))

    member_id: UUID = Field(primary_key=True)
    device: str = Field(primary_key=True, sa_type=Text)
    session: str = Field(sa_type=Text)
    first_seen_at: datetime = Field(sa_type=Timestamp)
    last_seen_at: datetime = Field(sa_type=Timestamp)
    trusted_at: datetime | None = Field(None, sa_type=Timestamp)
