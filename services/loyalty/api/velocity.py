"""Devices that may spend, and how fast points may leave."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Response
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page, page_of
from services.loyalty.actions.velocity import approve_device, list_devices
from services.loyalty.rules.velocity import Limits
from services.loyalty.store import velocity
from services.loyalty.store.velocity import KnownDevice

router = Router(tags=["Rewards"])


class DeviceAnswer(Answer):
    """A device the caller signs in on. `device` is a digest: loyalty knows no device's name."""

    device: str
    first_seen_at: datetime
    last_seen_at: datetime
    is_this: bool
    trusted: bool = Field(description="Whether it may redeem as much as any other.")


class LimitsBody(Body):
    hourly_redemptions: int | None = Field(
        20, ge=1, le=10**6, description="Of a member. Null: any."
    )
    daily_redemptions: int | None = Field(50, ge=1, le=10**6)
    daily_points: int | None = Field(None, ge=1, le=10**12)
    new_device_hours: int = Field(24, ge=0, le=8760, description="How long a device is new.")
    new_device_points: int | None = Field(
        1_000, ge=0, le=10**12, description="The most it then redeems at once. Null: any number."
    )
    hourly_wrong_codes: int | None = Field(
        10, ge=1, le=10**6, description="Codes a member may try in vain. Null: any number."
    )


class LimitsAnswer(Answer):
    hourly_redemptions: int | None
    daily_redemptions: int | None
    daily_points: int | None
    new_device_hours: int
    new_device_points: int | None
    hourly_wrong_codes: int | None


@router.get("/v1/redemptions/devices")
async def show_devices(
    member_id: MemberId,
    caller: CurrentCaller,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[DeviceAnswer]:
    """The devices the caller signed in on last, and which may redeem without bounds."""
    found = await list_devices(tx, member_id, caller.session_id, clock.now())

    return page_of(found, limit, cursor, _device, _place, float, str)


def _device(known: KnownDevice) -> DeviceAnswer:
    return DeviceAnswer(**known._asdict())


def _place(known: KnownDevice) -> tuple[float, str]:
    return -known.last_seen_at.timestamp(), known.device


@router.put("/v1/redemptions/devices/{device}/approval", status_code=204)
async def approve(
    device: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="As it is listed.")],
    member_id: MemberId,
    caller: CurrentCaller,
    tx: Tx,
) -> Response:
    """Approve a new device, from one the caller has had before."""
    await approve_device(tx, member_id, caller.session_id, device, clock.now())
    return Response(status_code=204)


@router.get("/v1/loyalty/velocity-limits", dependencies=[requires(Role.MARKETER, Role.ANALYST)])
async def show_limits(tx: Tx) -> LimitsAnswer:
    """How fast points may leave a member's hands, and how many wrong codes they may try."""
    return LimitsAnswer.model_validate(await velocity.limits(tx))


@router.put("/v1/loyalty/velocity-limits", dependencies=[requires(Role.ADMIN)])
async def set_limits(body: LimitsBody, tx: Tx) -> LimitsAnswer:
    """Set how fast points may leave a member's hands, and how many wrong codes they may try."""
    await velocity.set_limits(tx, Limits(**body.model_dump()))
    return LimitsAnswer.model_validate(await velocity.limits(tx))
