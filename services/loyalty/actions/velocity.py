"""Keeping points from leaving too fast, or by a device nobody has approved."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Forbidden, NotFound, TooMany
from services.loyalty.rules.velocity import Limits, needs_approval
from services.loyalty.store import velocity
from services.loyalty.store.velocity import KnownDevice


class TooFast(TooMany):
    code = "loyalty.too_many_redemptions"
    title = "Too many redemptions"


class StepUpRequired(Forbidden):
    code = "loyalty.step_up_required"
    title = "This device must be approved first"


class DeviceNotFound(NotFound):
    code = "loyalty.device_not_found"
    title = "No such device"


class NotTrusted(Forbidden):
    code = "loyalty.device_not_trusted"
    title = "This device cannot approve others"


def too_fast(until: datetime, now: datetime) -> TooFast:
    """The refusal of a redemption that may be tried again at `until`."""
    wait_s = max(1, int((until - now).total_seconds()) + 1)
    return TooFast(
        f"You have redeemed a lot lately; go on at {until:%FT%TZ}.",
        headers={"Retry-After": str(wait_s)},
    )


def step_up(limits: Limits) -> StepUpRequired:
    """The refusal to let more points go than a new device may."""
    return StepUpRequired(
        f"A device new to you lets at most {limits.new_device_points} points go at once for"
        f" {limits.new_device_hours} hours; approve it on a device you have had before, or by a"
        " code: POST /v1/auth/account/approvals.",
        new_device_points=limits.new_device_points,
    )


async def may_release(
    session: AsyncSession, member_id: UUID, session_id: str | None, points: int, now: datetime
) -> bool:
    """Whether so many points may leave their member's hands by the device of this session."""
    limits = await velocity.limits(session)
    device = await velocity.device(session, member_id, session_id)
    return not needs_approval(device, points, now, limits)


async def check_device(
    session: AsyncSession, member_id: UUID, session_id: str | None, points: int, now: datetime
) -> None:
    """Raise StepUpRequired if that device must be approved before so many points may go."""
    if not await may_release(session, member_id, session_id, points, now):
        raise step_up(await velocity.limits(session))


async def list_devices(
    session: AsyncSession, member_id: UUID, session_id: str | None, now: datetime
) -> list[KnownDevice]:
    """A member's devices, and which of them may spend without bounds."""
    limits = await velocity.limits(session)
    settled = now - timedelta(hours=limits.new_device_hours)
    return await velocity.devices(session, member_id, session_id, settled)


async def approve_device(
    session: AsyncSession, member_id: UUID, session_id: str | None, device: str, now: datetime
) -> None:
    """Approve a device from one that is trusted. Raises DeviceNotFound or NotTrusted."""
    known = await list_devices(session, member_id, session_id, now)
    if not any(each.is_this and each.trusted for each in known):
        raise NotTrusted("Approve it on a device you have had before.")
    if not await velocity.trust(session, member_id, device, now):
        raise DeviceNotFound(f"You have no device {device}.")
