"""Adjustments: staff add points to a wallet or take some away, by two people where it is much."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import AfterValidator, Field

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name
from kit.db import Tx
from kit.idempotency import RequiredKey, RequiresKey
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.adjustments import Adjustment, ask_to_adjust, decide_adjustment
from services.loyalty.rules.ledger import Entry, PointType
from services.loyalty.rules.sharing import AdjustmentState
from services.loyalty.store import sharing

router = Router(tags=["Wallet"])

ADJUSTABLE = 10**9
"""The most points one adjustment moves."""

MemberPath = Annotated[UUID, Path(description="The member's id.")]
AdjustmentPath = Annotated[UUID, Path(description="The adjustment's id.")]


class AdjustedAnswer(Answer):
    entry_id: UUID
    points: int
    available: int
    version: int


class WaitingAnswer(Answer):
    """An adjustment that needs, or needed, a second person."""

    adjustment_id: UUID
    member_id: UUID
    point_type: PointType
    points: int
    valid_days: int | None
    reason: str
    state: AdjustmentState
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None


def _not_zero(points: int) -> int:
    if points == 0:
        message = "must not be 0"
        raise ValueError(message)
    return points


class AdjustmentBody(Body):
    points: Annotated[int, AfterValidator(_not_zero)] = Field(
        strict=True,
        ge=-ADJUSTABLE,
        le=ADJUSTABLE,
        description="Added, or taken away when negative.",
    )
    point_type: PointType = PointType.POINTS
    reason: Name
    valid_days: int | None = Field(None, ge=1, le=3650, description="Null: added for ever.")


@router.post(
    "/v1/members/{member_id}/points/adjustments",
    status_code=201,
    responses={202: {"model": WaitingAnswer, "description": "It waits for a second person."}},
    dependencies=[requires(Role.ADMIN)],
)
async def adjust(
    member_id: MemberPath,
    body: AdjustmentBody,
    caller: CurrentCaller,
    key: RequiredKey,
    tx: Tx,
    response: Response,
) -> AdjustedAnswer | WaitingAnswer:
    """Add points to a member's wallet or take some away, for a reason that is kept.

    What moves more points than the point type's `approval_above` waits for another admin: 202.
    """
    adjustment = Adjustment(key=key, actor=caller.subject, **body.model_dump())
    made = await ask_to_adjust(tx, member_id, adjustment, clock.now())
    if not isinstance(made, Entry):
        response.status_code = 202
        return WaitingAnswer.model_validate(made)
    return AdjustedAnswer(
        entry_id=made.id, points=made.points, available=made.available, version=made.version
    )


@router.get("/v1/loyalty/adjustments", dependencies=[requires(Role.ADMIN)])
async def list_adjustments(
    tx: Tx,
    state: Annotated[AdjustmentState | None, Query()] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[WaitingAnswer]:
    """The adjustments that need, or needed, a second person, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await sharing.adjustments(tx, state, limit + 1, before)
    return page(found, limit, WaitingAnswer.model_validate, lambda row: (row.adjustment_id,))


@router.post(
    "/v1/loyalty/adjustments/{adjustment_id}/approvals",
    status_code=201,
    dependencies=[requires(Role.ADMIN), RequiresKey],
)
async def approve(adjustment_id: AdjustmentPath, caller: CurrentCaller, tx: Tx) -> WaitingAnswer:
    """Make an adjustment that somebody else asked for."""
    decided = await decide_adjustment(
        tx, adjustment_id, approve=True, actor=caller.subject, now=clock.now()
    )
    return WaitingAnswer.model_validate(decided)


@router.post(
    "/v1/loyalty/adjustments/{adjustment_id}/rejections",
    status_code=201,
    dependencies=[requires(Role.ADMIN), RequiresKey],
)
async def reject(adjustment_id: AdjustmentPath, caller: CurrentCaller, tx: Tx) -> WaitingAnswer:
    """Leave an adjustment unmade that somebody else asked for."""
    decided = await decide_adjustment(
        tx, adjustment_id, approve=False, actor=caller.subject, now=clock.now()
    )
    return WaitingAnswer.model_validate(decided)
