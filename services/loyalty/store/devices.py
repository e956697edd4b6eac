"""The devices members sign in on."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting
from services.loyalty.tables import Device

_KEEP = inserting(
    Device,
    "member_id device session first_seen_at last_seen_at",
    rest="""
        ON CONFLICT (member_id, device) DO UPDATE SET
            first_seen_at = least(devices.first_seen_at, excluded.first_seen_at),
            last_seen_at = greatest(devices.last_seen_at, excluded.last_seen_at),
            session = CASE WHEN devices.last_seen_at <= excluded.last_seen_at
                THEN excluded.session ELSE devices.session END
    """,
)


_TRUST = inserting(
    Device,
    "member_id device session first_seen_at last_seen_at trusted_at",
    """
        ON CONFLICT (member_id, device) DO UPDATE SET session = excluded.session,
            last_seen_at = greatest(devices.last_seen_at, excluded.last_seen_at),
            trusted_at = coalesce(devices.trusted_at, excluded.trusted_at)
    """,
)


class DeviceTold(NamedTuple):
    """That a member began a session on a device, named by its digest, or approved it."""

    member_id: UUID
    device: str
    session: str
    at: datetime


async def keep(session: AsyncSession, told: Sequence[DeviceTold]) -> None:
    """Remember the devices members sign in on, since when, and the newest session on each."""
    in_order = sorted(told, key=lambda item: item.at)
    first = {(item.member_id, item.device): item for item in reversed(in_order)}
    last = {(item.member_id, item.device): item for item in in_order}
    rows = [(*key, last[key].session, first[key].at, last[key].at) for key in last]
    await _KEEP.execute(session, sorted(rows))


async def trust(session: AsyncSession, told: Sequence[DeviceTold]) -> None:
    """Trust devices, also those nobody has told of yet."""
    by_device = {(item.member_id, item.device): item for item in told}
    rows = [(*key, item.session, *[item.at] * 3) for key, item in by_device.items()]
    await _TRUST.execute(session, sorted(rows))


async def known_since(session: AsyncSession, member_id: UUID, session_id: str) -> datetime | None:
    """When the device of a member's session was first seen; None if nobody has told of it."""
    statement = text("""
        SELECT first_seen_at FROM devices WHERE member_id = :member_id AND session = :session
    """)
    found = await session.execute(statement, {"member_id": member_id, "session": session_id})
    return found.scalar_one_or_none()
