"""Redemptions: what members bought, and how far gifts have come."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name
from kit.db import Tx
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.fulfilling import fulfil
from services.loyalty.rules.fulfilment import Fulfilment
from services.loyalty.store import redemptions
from services.loyalty.store.redemptions import Bought

router = Router(tags=["Rewards"])

RedemptionPath = Annotated[UUID, Path(description="The redemption's id.")]


class RedemptionAnswer(Answer):
    redemption_id: UUID
    member_id: UUID
    reward_id: UUID
    name: str
    points: int
    code: str | None = Field(description="The code it gave; staff do not see it.")
    fulfilment: Fulfilment
    tracking: str | None
    redeemed_at: datetime
    fulfilment_at: datetime | None = Field(description="When the gift came as far as it is.")


class FulfilmentBody(Body):
    fulfilment: Fulfilment
    tracking: Name | None = Field(None, description="The carrier and its number.")


@router.get(
    "/v1/redemptions",
    dependencies=[requires(Role.MEMBER, *STAFF, scope="rewards:read")],
)
async def list_redemptions(
    caller: CurrentCaller,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
    fulfilment: Annotated[list[Fulfilment] | None, Query(description="In these states.")] = None,
    member_id: Annotated[UUID | None, Query(description="For staff: this member's.")] = None,
) -> Page[RedemptionAnswer]:
    """What has been redeemed, newest first: a member's own, or, for staff, everybody's."""
    is_member = caller.role is Role.MEMBER
    found = await redemptions.listed(
        tx,
        limit + 1,
        decode_cursor(cursor, UUID)[0] if cursor else None,
        member_id=caller.member_id if is_member else member_id,
        states=fulfilment or (),
    )

    def shown(bought: Bought) -> RedemptionAnswer:
        fields = {**bought._asdict(), "name": pick(bought.name, language)}
        return RedemptionAnswer(**(fields if is_member else {**fields, "code": None}))

    return page(found, limit, shown, lambda row: (row.redemption_id,))


@router.patch(
    "/v1/redemptions/{redemption_id}",
    dependencies=[requires(Role.AGENT, Role.MARKETER, scope="rewards:write")],
)
async def move_on(
    redemption_id: RedemptionPath,
    body: FulfilmentBody,
    caller: CurrentCaller,
    language: Language,
    tx: Tx,
) -> RedemptionAnswer:
    """Say how far a gift has come.

    Cancelled, its points go back to the member, soonest-expiring as they were. The address is the
    member's in their profile: loyalty keeps none.
    """
    bought = await fulfil(
        tx,
        redemption_id,
        body.fulfilment,
        tracking=body.tracking,
        actor=caller.subject,
        now=clock.now(),
    )
    fields = {**bought._asdict(), "name": pick(bought.name, language), "code": None}
    return RedemptionAnswer(**fields)
