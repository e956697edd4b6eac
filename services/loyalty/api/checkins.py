"""Daily check-ins."""

from datetime import date, datetime

from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import MemberId, Role, requires
from kit.bodies import Answer
from kit.db import Tx
from kit.idempotency import RequiresKey
from services.loyalty.actions.checkins import check_in

router = Router(tags=["Check-in"])


class CheckedInAnswer(Answer):
    day: date = Field(description="The member's calendar day, in their time zone.")
    streak: int = Field(description="Consecutive days, this one included.")
    points: int
    balance: int
    next_at: datetime


@router.post("/v1/checkins", status_code=201, dependencies=[requires(Role.MEMBER), RequiresKey])
async def record_checkin(member_id: MemberId, tx: Tx) -> CheckedInAnswer:
    """Check in for today. Once a day: a second time is 409 `loyalty.already_checked_in`."""
    return CheckedInAnswer.model_validate(await check_in(tx, member_id, clock.now()))
