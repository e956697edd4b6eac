"""Point types: the policies that points of each obey."""

from typing import Any

from pydantic import Field

from kit.app import Router
from kit.auth import STAFF, Role, requires
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.pages import Page
from services.loyalty.rules.ledger import LARGEST, Clawback, PointType
from services.loyalty.store import point_types

router = Router(tags=["Ledger"])

UNCHANGED: Any = None
"""Stands for a field that is left out; a null that is sent is a value, where one may be."""


class PolicyAnswer(Answer):
    key: PointType
    clawback: Clawback = Field(
        description="What becomes of points that are taken back, as of a returned order, and have "
        "been spent: with `pending_only` only pending points are taken back; `clamp_to_zero` takes "
        "what is available and waives the rest; `allow_debt` lets the rest be owed."
    )
    debt_limit: int | None = Field(description="The most a member can owe; null: no limit.")
    grace_days: int = Field(
        description="For how long refunded points can be spent that have expired meanwhile."
    )


class PolicyChanges(Body):
    """What is left out stays as it is."""

    clawback: Clawback = UNCHANGED
    debt_limit: int | None = Field(UNCHANGED, ge=0, le=LARGEST, strict=True)
    grace_days: int = Field(UNCHANGED, ge=0, le=3650, strict=True)


@router.get(
    "/v1/loyalty/point-types",
    dependencies=[requires(*STAFF, scope="points:read")],
)
async def list_point_types(tx: Tx) -> Page[PolicyAnswer]:
    """The kinds of points, and how each behaves."""
    return Page(items=[PolicyAnswer.model_validate(row) for row in await point_types.listed(tx)])


@router.patch("/v1/loyalty/point-types/{key}", dependencies=[requires(Role.ADMIN)])
async def change_policy(key: PointType, body: PolicyChanges, tx: Tx) -> PolicyAnswer:
    """Change how points behave from now on. What happened stays as it is."""
    changes = body.model_dump(exclude_unset=True)
    return PolicyAnswer.model_validate(await point_types.change(tx, key, changes))
