"""Point types: the policies that points of each obey."""

from typing import Annotated

from pydantic import Field

from kit.app import Router
from kit.auth import STAFF, Role, requires
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page, page_of
from services.loyalty.actions.point_types import change_point_type
from services.loyalty.api.gates import UNCHANGED
from services.loyalty.rules.ledger import LARGEST, Clawback, Expiry, Period, PointType
from services.loyalty.store import point_types

router = Router(tags=["Ledger"])


class PolicyAnswer(Answer):
    key: PointType
    clawback: Clawback = Field(
        description="What becomes of points that are taken back, as of a returned order, and have "
        "been spent: with `pending_only` only pending points are taken back; `clamp_to_zero` takes "
        "what is available and waives the rest; `allow_debt` lets the rest be owed."
    )
    debt_limit: int | None = Field(description="The most a member can owe; null: no limit.")
    grace_days: int = Field(
        description="For how long points can be spent that come back after they have expired."
    )
    expiry: Expiry = Field(
        description="Until when points can be spent: `as_earned`, as long as the rule says that "
        "paid them; `period_end`, until the `period` ends (in UTC) in which they would so expire; "
        "`inactivity`, what has no date of its own until the member has neither earned nor spent "
        "for `inactivity_days`."
    )
    period: Period | None
    inactivity_days: int | None
    reminder_days: list[int] = Field(
        description="How many days before points expire their members are reminded."
    )
    approval_above: int | None = Field(
        description="Adjustments of more points need two people; null: none does."
    )
    transferable: bool = Field(description="Whether members can give such points to others.")
    transfer_daily_limit: int | None = Field(
        description="The most a member can give away within 24 hours; null: no limit."
    )


class PolicyChanges(Body):
    """What is left out stays as it is."""

    clawback: Clawback = UNCHANGED
    debt_limit: int | None = Field(UNCHANGED, ge=0, le=LARGEST, strict=True)
    grace_days: int = Field(UNCHANGED, ge=0, le=3650, strict=True)
    expiry: Expiry = UNCHANGED
    period: Period | None = UNCHANGED
    inactivity_days: int | None = Field(UNCHANGED, ge=1, le=3650, strict=True)
    reminder_days: list[Annotated[int, Field(ge=1, le=365, strict=True)]] = Field(
        UNCHANGED, max_length=5
    )
    approval_above: int | None = Field(UNCHANGED, ge=0, le=LARGEST, strict=True)
    transferable: bool = UNCHANGED
    transfer_daily_limit: int | None = Field(UNCHANGED, ge=0, le=LARGEST, strict=True)


@router.get(
    "/v1/loyalty/point-types",
    dependencies=[requires(*STAFF, scope="points:read")],
)
async def list_point_types(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[PolicyAnswer]:
    """The kinds of points, and how each behaves."""
    kinds = await point_types.listed(tx)
    return page_of(
        kinds, limit, cursor, PolicyAnswer.model_validate, lambda row: (str(row.key),), str
    )


@router.patch("/v1/loyalty/point-types/{key}", dependencies=[requires(Role.ADMIN)])
async def change_policy(key: PointType, body: PolicyChanges, tx: Tx) -> PolicyAnswer:
    """Change how points behave from now on. What happened stays as it is.

    `period` goes with `period_end`, `inactivity_days` with `inactivity`, neither with `as_earned`.
    """
    changes = body.model_dump(exclude_unset=True)
    return PolicyAnswer.model_validate(await change_point_type(tx, key, changes))
