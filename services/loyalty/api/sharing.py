"""Points from hand to hand: gifts to other members, and households."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, MemberId
from kit.bodies import Answer, Body, Name, Points
from kit.db import Tx
from kit.idempotency import RequiredKey, RequiresKey
from services.loyalty.actions.households import (
    HouseholdView,
    Joiner,
    found_household,
    join_household,
    leave_household,
    own_household,
)
from services.loyalty.actions.transfers import Gift, give_points

router = Router(tags=["Sharing"])


class TransferBody(Body):
    to_member_id: UUID
    points: Points
    message: Name | None = None


class TransferAnswer(Answer):
    transfer_id: UUID
    to_member_id: UUID
    points: int
    available: int = Field(description="What the giver can spend now.")
    made_at: datetime


class HouseholdBody(Body):
    name: Name


class JoinBody(Body):
    code: Name = Field(description="Of the household, from one of its members.")


class StayAnswer(Answer):
    member_id: UUID
    joined_at: datetime
    left_at: datetime | None
    earned: int = Field(description="What they earned in the household.")
    spent: int = Field(description="What they spent of it, less what came back.")


class HouseholdAnswer(Answer):
    household_id: UUID
    name: str
    code: str | None = Field(
        description="Who has it can join. Null once one has left, and on a device that must be"
        " approved first."
    )
    points: int = Field(description="Available to spend, for each of its members.")
    members: list[StayAnswer] = Field(description="Who is in it, and the last who were.")

    @classmethod
    def of(cls, view: HouseholdView) -> "HouseholdAnswer":
        return cls(
            household_id=view.household.household_id,
            name=view.household.name,
            code=view.code,
            points=view.available,
            members=[StayAnswer.model_validate(stay) for stay in view.stays],
        )


@router.post("/v1/points/transfers", status_code=201)
async def transfer(
    body: TransferBody, member_id: MemberId, caller: CurrentCaller, key: RequiredKey, tx: Tx
) -> TransferAnswer:
    """Give points to another member. They expire when they would have.

    409 `loyalty.not_transferable` where that is not allowed, and `loyalty.transfer_limit` when it
    would be too much within 24 hours. 403 `loyalty.step_up_required`: approve this device first.
    """
    gift = Gift(member_id=member_id, key=key, session_id=caller.session_id, **body.model_dump())
    given = await give_points(tx, gift, clock.now())
    made = given.transfer
    return TransferAnswer(
        transfer_id=made.transfer_id,
        to_member_id=made.to_member_id,
        points=made.points,
        available=given.available,
        made_at=made.made_at,
    )


@router.post("/v1/households", status_code=201, dependencies=[RequiresKey])
async def found(
    body: HouseholdBody, member_id: MemberId, caller: CurrentCaller, tx: Tx
) -> HouseholdAnswer:
    """Make a household, to share points with others; tiers stay each member's own.

    403 `loyalty.step_up_required`: approve this device first.
    """
    by = Joiner(member_id, caller.session_id)
    return HouseholdAnswer.of(await found_household(tx, by, body.name, clock.now()))


@router.post("/v1/households/joins", status_code=201, dependencies=[RequiresKey])
async def join(
    body: JoinBody, member_id: MemberId, caller: CurrentCaller, tx: Tx
) -> HouseholdAnswer:
    """Join a household by its code, and bring one's points.

    403 `loyalty.step_up_required`: approve this device first.
    """
    by = Joiner(member_id, caller.session_id)
    return HouseholdAnswer.of(await join_household(tx, by, body.code, clock.now()))


@router.post("/v1/households/departures", status_code=201, dependencies=[RequiresKey])
async def leave(member_id: MemberId, tx: Tx) -> HouseholdAnswer:
    """Leave the household, with what is left of what one brought to it and earned in it."""
    return HouseholdAnswer.of(await leave_household(tx, member_id, clock.now()))


@router.get("/v1/households")
async def show(member_id: MemberId, caller: CurrentCaller, tx: Tx) -> HouseholdAnswer:
    """The caller's household: its points, its members, and who spent what."""
    by = Joiner(member_id, caller.session_id)
    return HouseholdAnswer.of(await own_household(tx, by, clock.now()))
