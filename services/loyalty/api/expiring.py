"""Letting a member's points last longer."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name, Time
from kit.db import Tx
from kit.idempotency import RequiredKey
from services.loyalty.actions.expiring import Extension, extend_points
from services.loyalty.rules.ledger import PointType

router = Router(tags=["Wallet"])

MemberPath = Annotated[UUID, Path(description="The member's id.")]


class ExtensionBody(Body):
    point_type: PointType = PointType.POINTS
    until: Time = Field(description="What would expire before will expire then.")
    reason: Name


class ExtensionAnswer(Answer):
    points: int = Field(description="How many points last longer now.")


@router.post(
    "/v1/members/{member_id}/points/extensions",
    status_code=201,
    dependencies=[requires(Role.AGENT, Role.MARKETER, scope="points:write")],
)
async def extend(
    member_id: MemberPath, body: ExtensionBody, caller: CurrentCaller, key: RequiredKey, tx: Tx
) -> ExtensionAnswer:
    """Let a member's points last longer, for a reason that is kept. Expired points stay so."""
    extension = Extension(key=key, actor=caller.subject, **body.model_dump())
    return ExtensionAnswer(points=await extend_points(tx, member_id, extension, clock.now()))
