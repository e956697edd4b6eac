"""Asking members, and taking their answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.ids import uuid7
from kit.problems import Conflict, NotFound, Unprocessable
from services.feedback.events import SurveyAnswered, SurveyOffered
from services.feedback.rules.surveys import CSAT_QUESTION, SCALES, Kind, is_open
from services.feedback.store import members
from services.feedback.store import surveys as store
from services.feedback.tables import Survey, Ticket


class SurveyNotFound(NotFound):
    code = "feedback.survey_not_found"
    title = "No such survey"

    def __init__(self, survey_id: UUID) -> None:
        super().__init__(f"You have no survey {survey_id}.")


class SurveyAnsweredBefore(Conflict):
    code = "feedback.survey_answered"
    title = "The survey has an answer"


class SurveyClosed(Conflict):
    code = "feedback.survey_closed"
    title = "The survey's time is over"


class ScoreOutOfScale(Unprocessable):
    code = "feedback.score_out_of_scale"
    title = "The score is not on the scale"


async def offer_csat(session: AsyncSession, ticket: Ticket, now: datetime) -> None:
    """Ask the member about a resolved ticket, once in the ticket's life."""
    survey = _new_survey(ticket.member_id, Kind.CSAT, CSAT_QUESTION, now)
    survey.ticket_id = ticket.ticket_id
    if await store.offer_for_ticket(session, survey):
        await outbox.publish(session, SurveyOffered.of(survey))


async def offer_survey(
    session: AsyncSession,
    kind: Kind,
    question: Mapping[str, str],
    member_ids: Sequence[UUID],
    now: datetime,
) -> int:
    """Ask the members who exist and have no open survey of this kind; how many were asked."""
    known = await members.known_members(session, member_ids)
    if not known:
        return 0
    surveys = [_new_survey(member_id, kind, question, now) for member_id in known]
    offered = await store.offer_standing(session, surveys)
    await outbox.publish(session, *(SurveyOffered.of(survey) for survey in offered))
    return len(offered)


async def answer_survey(
    session: AsyncSession,
    survey_id: UUID,
    member_id: UUID,
    *,
    score: int,
    comment: str | None,
    now: datetime,
) -> Survey:
    """Take the member's answer, once; the same answer again is taken as said.

    Raises SurveyNotFound (also for another member's), ScoreOutOfScale, SurveyAnsweredBefore,
    SurveyClosed.
    """
    survey = await store.lock_survey(session, survey_id)
    if survey is None or survey.member_id != member_id:
        raise SurveyNotFound(survey_id)
    if survey.answered_at is not None and (survey.score, survey.comment) == (score, comment):
        return survey
    _refuse_unfit(survey, score, now)
    answered = await store.answer(session, survey_id, score=score, comment=comment, now=now)
    told = SurveyAnswered(
        member_id=member_id,
        survey_id=survey_id,
        kind=survey.kind,
        ticket_id=survey.ticket_id,
        score=score,
        comment=comment,
        answered_at=now,
    )
    await outbox.publish(session, told)
    return answered


def _refuse_unfit(survey: Survey, score: int, now: datetime) -> None:
    scale = SCALES[survey.kind]
    if survey.answered_at is not None:
        raise SurveyAnsweredBefore("You have answered this survey; an answer stays as it is.")
    if not is_open(survey.offered_at, survey.answered_at, now):
        raise SurveyClosed("This survey takes no answers any more.")
    if not scale.holds(score):
        raise ScoreOutOfScale(f"Give a whole number from {scale.lowest} to {scale.highest}.")


def _new_survey(member_id: UUID, kind: Kind, question: Mapping[str, str], now: datetime) -> Survey:
    return Survey(
        survey_id=uuid7(),
        member_id=member_id,
        kind=kind,
        question=dict(question),
        offered_at=now,
    )
