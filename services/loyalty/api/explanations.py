"""Why something earned points, or did not."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import Field

from kit.app import Router
from kit.auth import STAFF, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer
from kit.db import Tx
from kit.languages import Language
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.explaining import Decided, explain, list_decided
from services.loyalty.actions.members import known_member
from services.loyalty.rules.ledger import Kind, PointType

router = Router(tags=["Explanations"])

ExplainedPath = Annotated[UUID, Path(description="An entry's id, or an occasion's.")]
MemberPath = Annotated[UUID, Path(description="The member's id.")]


class EntryPart(Answer):
    id: UUID
    kind: Kind
    point_type: PointType
    points: int
    rule: str
    source_type: str
    source_id: str
    occurred_at: datetime


class OccasionPart(Answer):
    id: UUID
    trigger: str
    points: int
    at: datetime


class ReasonAnswer(Answer):
    """What one rule said. `text` is in the caller's language."""

    rule: str
    verdict: str
    point_type: PointType
    points: int
    text: str


class ExplanationAnswer(Answer):
    id: UUID
    summary: str = Field(description="In the caller's language.")
    reasons: list[ReasonAnswer]
    entry: EntryPart | None
    occasion: OccasionPart | None = Field(description="What happened, for as long as it is kept.")
    detail: dict[str, Any] | None = Field(
        description="For staff: the event, the member's facts and what every rule said."
    )


class DecidedAnswer(Answer):
    occasion_id: UUID
    trigger: str
    points: int
    summary: str
    at: datetime

    @classmethod
    def of(cls, decided: Decided) -> "DecidedAnswer":
        row = decided.occasion
        return cls(
            occasion_id=row.id,
            trigger=row.trigger,
            points=row.points,
            summary=decided.summary,
            at=row.at,
        )


@router.get(
    "/v1/points/history/{explained_id}/explanation",
    dependencies=[requires(Role.MEMBER, *STAFF, scope="points:read")],
)
async def show_explanation(
    explained_id: ExplainedPath, caller: CurrentCaller, language: Language, tx: Tx
) -> ExplanationAnswer:
    """Why an entry of the history, or an occasion, earned what it did.

    A member hears it in words, of their own history alone; others see every rule and condition.
    """
    member_id = caller.member_id if caller.role is Role.MEMBER else None
    found = await explain(tx, explained_id, language, member_id=member_id)
    return ExplanationAnswer.model_validate(found)


@router.get("/v1/points/occasions")
async def list_own_occasions(
    member_id: MemberId,
    language: Language,
    tx: Tx,
    limit: Limit = 20,
    cursor: CursorParameter = None,
) -> Page[DecidedAnswer]:
    """What the caller did that the programme speaks of, and what it earned: also nothing."""
    return await _listed(tx, member_id, language, limit, cursor)


@router.get(
    "/v1/members/{member_id}/points/occasions",
    dependencies=[requires(*STAFF, scope="points:read")],
)
async def list_members_occasions(
    member_id: MemberPath,
    language: Language,
    tx: Tx,
    limit: Limit = 20,
    cursor: CursorParameter = None,
) -> Page[DecidedAnswer]:
    """What a member did that the programme speaks of, and what it earned."""
    return await _listed(tx, await known_member(tx, member_id), language, limit, cursor)


async def _listed(
    tx: Tx, member_id: UUID, language: str, limit: int, cursor: str | None
) -> Page[DecidedAnswer]:
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await list_decided(tx, member_id, language, limit + 1, before)
    return page(found, limit, DecidedAnswer.of, lambda decided: (decided.occasion.id,))
