"""Surveys and their answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.feedback.rules.surveys import SURVEY_PERIOD, Kind
from services.feedback.tables import Survey


async def offer_for_ticket(session: AsyncSession, survey: Survey) -> bool:
    """Offer `survey` unless its ticket has one; whether it was offered."""
    statement = insert(Survey).values(_row(survey)).on_conflict_do_nothing()
    offered = await session.execute(statement.returning(col(Survey.survey_id)))
    return offered.first() is not None


async def offer_standing(session: AsyncSession, surveys: Sequence[Survey]) -> list[Survey]:
    """Offer each member the survey, unless one of its kind is still open; those offered.

    One whose time is over gives way to the new.
    """
    statement = insert(Survey).values([_row(survey) for survey in surveys])
    new = statement.excluded
    offered = statement.on_conflict_do_update(
        index_elements=["member_id", "kind"],
        index_where=(col(Survey.answered_at).is_(None)) & (col(Survey.ticket_id).is_(None)),
        set_={"survey_id": new.survey_id, "question": new.question, "offered_at": new.offered_at},
        where=col(Survey.offered_at) <= new.offered_at - SURVEY_PERIOD,
    )
    return list(await session.scalars(offered.returning(Survey)))


async def open_surveys(
    session: AsyncSession, member_id: UUID, now: datetime, before: UUID | None, limit: int
) -> list[Survey]:
    """The surveys the member may answer, newest first, beginning behind `before`."""
    statement = select(Survey).where(
        col(Survey.member_id) == member_id,
        col(Survey.answered_at).is_(None),
        col(Survey.offered_at) > now - SURVEY_PERIOD,
    )
    if before is not None:
        statement = statement.where(col(Survey.survey_id) < before)
    return list(
        await session.scalars(statement.order_by(col(Survey.survey_id).desc()).limit(limit))
    )


async def lock_survey(session: AsyncSession, survey_id: UUID) -> Survey | None:
    return await session.get(Survey, survey_id, with_for_update=True, populate_existing=True)


async def answer(
    session: AsyncSession, survey_id: UUID, *, score: int, comment: str | None, now: datetime
) -> Survey:
    statement = (
        update(Survey)
        .where(col(Survey.survey_id) == survey_id)
        .values(score=score, comment=comment, answered_at=now)
        .returning(Survey)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(statement)).one()


async def count_scores(
    session: AsyncSession, kind: Kind, begin: datetime, end: datetime
) -> Mapping[int, int]:
    """How many answers of [begin, end) gave each score."""
    statement = (
        select(col(Survey.score), func.count())
        .where(
            col(Survey.kind) == kind,
            col(Survey.answered_at) >= begin,
            col(Survey.answered_at) < end,
        )
        .group_by(col(Survey.score))
    )
    return {score: count for score, count in await session.execute(statement) if score is not None}


async def count_offered(session: AsyncSession, kind: Kind, begin: datetime, end: datetime) -> int:
    statement = select(func.count()).where(
        col(Survey.kind) == kind, col(Survey.offered_at) >= begin, col(Survey.offered_at) < end
    )
    return (await session.scalars(statement)).one()


async def move_surveys(session: AsyncSession, from_member: UUID, to_member: UUID) -> None:
    """Hand one member's surveys to another; open ones that no ticket caused are dropped."""
    await session.execute(
        delete(Survey).where(
            col(Survey.member_id) == from_member,
            col(Survey.answered_at).is_(None),
            col(Survey.ticket_id).is_(None),
        )
    )
    await session.execute(
        update(Survey).where(col(Survey.member_id) == from_member).values(member_id=to_member)
    )


def _row(survey: Survey) -> dict[str, Any]:
    return survey.model_dump(exclude={"score", "comment", "answered_at"})
