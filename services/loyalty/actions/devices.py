"""Knowing the devices members sign in on."""

import hashlib
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.events import SessionApproved, SessionStarted
from services.loyalty.store import devices
from services.loyalty.store.devices import DeviceTold


async def remember_devices(session: AsyncSession, started: Sequence[SessionStarted]) -> None:
    """Remember on which devices sessions began; of a device only a digest of its id."""
    told = [
        DeviceTold(item.member_id, digest(item.device_id), str(item.session_id), item.started_at)
        for item in started
        if item.device_id
    ]
    await devices.keep(session, told)


async def trust_devices(session: AsyncSession, approved: Sequence[SessionApproved]) -> None:
    """Trust devices their members have approved by a code; without a device, the session alone."""
    told = [
        DeviceTold(
            item.member_id,
            digest(item.device_id or f"session {item.session_id}"),
            str(item.session_id),
            item.approved_at,
        )
        for item in approved
    ]
    await devices.trust(session, told)


def digest(name: str) -> str:
    """What stands for a device or an address: the same for the same, and no way back."""
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
