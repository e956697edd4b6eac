"""Holds: the company's backend sets points aside for an order, then captures or voids them."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name, Points
from kit.db import Tx
from kit.idempotency import RequiredKey, RequiresKey
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.holds import (
    Held,
    Reservation,
    capture_hold,
    hold_points,
    show_hold,
    void_hold,
)
from services.loyalty.rules.ledger import HoldState
from services.loyalty.store import holds
from services.loyalty.tables import Hold

router = Router(tags=["Holds"])

DAY_S = 86_400
_CASHIER = requires(Role.ADMIN, scope="points:write")

HoldPath = Annotated[UUID, Path(description="The hold's id.")]
MemberPath = Annotated[UUID, Path(description="The member's id.")]


class HoldBody(Body):
    member_id: UUID
    points: Points
    reference: Name | None = Field(None, description="What they are held for, such as an order.")
    lasts_s: int = Field(
        900, ge=30, le=30 * DAY_S, strict=True, description="The hold ends by itself after this."
    )


class CaptureBody(Body):
    points: Points | None = Field(None, description="Null: all that is left.")
    final: bool = Field(True, description="Give back what is left; false: more will be captured.")


class HoldAnswer(Answer):
    hold_id: UUID
    member_id: UUID
    points: int
    captured: int
    released: int = Field(description="Given back.")
    remaining: int = Field(description="Still held.")
    state: HoldState
    reference: str | None
    authorized_at: datetime
    expires_at: datetime


class HeldAnswer(HoldAnswer):
    available: int = Field(description="What the member can spend now.")

    @classmethod
    def of(cls, held: Held) -> "HeldAnswer":
        hold = held.hold
        return cls(
            hold_id=hold.id,
            member_id=hold.member_id,
            points=hold.points,
            captured=hold.captured,
            released=hold.released,
            remaining=hold.remaining,
            state=hold.state,
            reference=hold.reference,
            authorized_at=hold.authorized_at,
            expires_at=hold.expires_at,
            available=held.available,
        )


@router.post("/v1/holds", status_code=201, dependencies=[_CASHIER])
async def authorize(body: HoldBody, caller: CurrentCaller, key: RequiredKey, tx: Tx) -> HeldAnswer:
    """Set a member's points aside: nothing else can spend them, and they do not expire meanwhile.

    409 `loyalty.insufficient_points` says how many are missing.
    """
    wish = Reservation(
        member_id=body.member_id,
        points=body.points,
        reference=body.reference,
        lasts=timedelta(seconds=body.lasts_s),
        key=key,
        actor=caller.subject,
    )
    return HeldAnswer.of(await hold_points(tx, wish, clock.now()))


@router.get("/v1/holds/{hold_id}", dependencies=[requires(*STAFF, scope="points:read")])
async def show(hold_id: HoldPath, tx: Tx) -> HeldAnswer:
    """A hold as it is now."""
    return HeldAnswer.of(await show_hold(tx, hold_id, clock.now()))


@router.post("/v1/holds/{hold_id}/captures", status_code=201, dependencies=[_CASHIER])
async def capture(
    hold_id: HoldPath, body: CaptureBody, caller: CurrentCaller, key: RequiredKey, tx: Tx
) -> HeldAnswer:
    """Spend what is held, or a part of it.

    409 `loyalty.hold_ended` when it was captured or voided, or its time is out; 409
    `loyalty.hold_too_small` when it has fewer points left.
    """
    held = await capture_hold(
        tx,
        hold_id,
        points=body.points,
        final=body.final,
        key=key,
        actor=caller.subject,
        now=clock.now(),
    )
    return HeldAnswer.of(held)


@router.post("/v1/holds/{hold_id}/voids", status_code=201, dependencies=[_CASHIER, RequiresKey])
async def void(hold_id: HoldPath, caller: CurrentCaller, tx: Tx) -> HeldAnswer:
    """Give back what is held. Voiding what is voided changes nothing."""
    return HeldAnswer.of(await void_hold(tx, hold_id, caller.subject, clock.now()))


@router.get("/v1/members/{member_id}/holds", dependencies=[requires(*STAFF, scope="points:read")])
async def list_members_holds(
    member_id: MemberPath, tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[HoldAnswer]:
    """A member's holds, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await holds.listed(tx, member_id, limit + 1, before)
    return page(found, limit, _answer, lambda hold: (hold.hold_id,))


def _answer(hold: Hold) -> HoldAnswer:
    remaining = hold.points - hold.captured - hold.released
    shown = {"member_id": hold.by_member_id or hold.member_id, "remaining": remaining}
    return HoldAnswer.model_validate({**hold.model_dump(), **shown})
