"""Refunds: points that were spent come back."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name, Points
from kit.db import Tx
from kit.idempotency import RequiredKey
from services.loyalty.actions.refunds import RefundWish, refund_entry

router = Router(tags=["Ledger"])

EntryPath = Annotated[UUID, Path(description="The entry that spent the points, of the history.")]


class RefundBody(Body):
    points: Points | None = Field(None, description="Null: all that has not come back yet.")
    reason: Name


class RefundAnswer(Answer):
    entry_id: UUID
    points: int = Field(description="What the entry spent.")
    refunded: int = Field(description="What has come back of it.")
    available: int = Field(description="What the member can spend now.")


@router.post(
    "/v1/loyalty/entries/{entry_id}/refunds",
    status_code=201,
    dependencies=[requires(Role.ADMIN, scope="points:write")],
)
async def refund(
    entry_id: EntryPath, body: RefundBody, caller: CurrentCaller, key: RequiredKey, tx: Tx
) -> RefundAnswer:
    """Give back points that a spend or a capture took, to the lots they came from.

    They expire when they would have; what a member owes is paid first. 409
    `loyalty.refund_too_large` says how many can still be refunded.
    """
    wish = RefundWish(entry_id=entry_id, key=key, actor=caller.subject, **body.model_dump())
    refunded = await refund_entry(tx, wish, clock.now())
    return RefundAnswer(
        entry_id=entry_id,
        points=refunded.spend.points,
        refunded=refunded.spend.refunded,
        available=refunded.available,
    )
