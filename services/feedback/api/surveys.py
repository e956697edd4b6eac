"""Surveys: members answer their own; marketers ask."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from annotated_types import MaxLen, MinLen
from pydantic import Field, StringConstraints

from kit import clock
from kit.app import Router
from kit.auth import MemberId, Role, requires
from kit.bodies import Answer, Body, Text, Texts
from kit.db import Tx
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.feedback.actions import surveys as actions
from services.feedback.rules.surveys import COMMENT_LIMIT, SCALES, Kind, closes_at
from services.feedback.store import surveys as store
from services.feedback.tables import Survey

router = Router(prefix="/v1/surveys", tags=["Surveys"])


class OfferBody(Body):
    """A question to some members."""

    kind: Kind
    question: Texts
    member_ids: Annotated[list[UUID], MinLen(1), MaxLen(500)]


class OfferAnswer(Answer):
    """How many members were asked: those who exist and have no open survey of this kind."""

    offered: int


class AnswerBody(Body):
    """A score on the survey's scale, and why."""

    score: Annotated[int, Field(strict=True, ge=0, le=10)]
    comment: Annotated[Text, StringConstraints(min_length=1, max_length=COMMENT_LIMIT)] | None = (
        None
    )


class SurveyAnswer(Answer):
    """A survey, its question in the reader's language."""

    survey_id: UUID
    kind: Kind
    ticket_id: UUID | None
    question: str
    lowest: int
    highest: int
    offered_at: datetime
    closes_at: datetime
    score: int | None
    comment: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, survey: Survey, language: str) -> Self:
        scale = SCALES[survey.kind]
        return cls(
            **survey.model_dump(exclude={"member_id", "question"}),
            question=pick(survey.question, language),
            lowest=scale.lowest,
            highest=scale.highest,
            closes_at=closes_at(survey.offered_at),
        )


@router.get("")
async def list_surveys(
    tx: Tx,
    member_id: MemberId,
    language: Language,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[SurveyAnswer]:
    """What the caller may still answer, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await store.open_surveys(tx, member_id, clock.now(), before, limit + 1)
    return page(
        rows, limit, lambda row: SurveyAnswer.of(row, language), lambda row: (row.survey_id,)
    )


@router.post("", status_code=201, dependencies=[requires(Role.MARKETER)])
async def offer_survey(body: OfferBody, tx: Tx) -> OfferAnswer:
    """Ask up to 500 members. Who has an open survey of this kind is not asked again."""
    offered = await actions.offer_survey(tx, body.kind, body.question, body.member_ids, clock.now())
    return OfferAnswer(offered=offered)


@router.post("/{survey_id}/answers", status_code=201)
async def answer_survey(
    survey_id: UUID, body: AnswerBody, tx: Tx, member_id: MemberId, language: Language
) -> SurveyAnswer:
    """Answer once. The same answer again is harmless, another is refused."""
    survey = await actions.answer_survey(
        tx, survey_id, member_id, score=body.score, comment=body.comment, now=clock.now()
    )
    return SurveyAnswer.of(survey, language)
