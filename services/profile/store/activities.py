"""What members did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.profile.rules.identities import Namespace
from services.profile.rules.messages import Activity
from services.profile.tables import ActivityRow, IdentityRow

_activities = ActivityRow.__table__  # type: ignore[attr-defined]

_ADD = inserting(
    ActivityRow,
    "member_id message_id kind name properties context occurred_at received_at",
    """
    WHERE NOT EXISTS (
        SELECT FROM identities AS absorbed
        JOIN activities AS old
            ON old.member_id = CAST(absorbed.value AS uuid) AND old.message_id = given.message_id
        WHERE absorbed.member_id = given.member_id AND absorbed.namespace = 'member'
            AND absorbed.value <> CAST(given.member_id AS text))
    ON CONFLICT DO NOTHING RETURNING member_id, message_id
    """,
)


async def add_activities(
    session: AsyncSession, activities: Sequence[Activity], received_at: datetime
) -> list[Activity]:
    """Record what is new, in the order given.

    A message id counts once for a member for ever, also when it was recorded before a merge, for
    the member that has been merged away since.
    """
    found = {(a.member_id, a.message.message_id): a for a in reversed(activities)}
    rows = [_row(activity, received_at) for activity in found.values()]
    added = {tuple(row) for row in await _ADD.execute(session, rows)}
    return [activity for key, activity in reversed(found.items()) if key in added]


def _row(activity: Activity, received_at: datetime) -> tuple[Any, ...]:
    message = activity.message
    return (
        activity.member_id,
        message.message_id,
        message.kind,
        message.name,
        message.properties,
        message.context,
        message.occurred_at,
        received_at,
    )


async def activities_of(
    session: AsyncSession, member_id: UUID, before: tuple[datetime, str] | None, limit: int
) -> Sequence[RowMapping]:
    """A member's activities, those of absorbed members among them, newest first."""
    family = select(col(IdentityRow.value)).where(
        col(IdentityRow.member_id) == member_id,
        col(IdentityRow.namespace) == Namespace.MEMBER,
    )
    ids = [UUID(value) for value in (await session.execute(family)).scalars()]
    key = tuple_(col(ActivityRow.occurred_at), col(ActivityRow.message_id))
    statement = (
        select(_activities)
        .where(col(ActivityRow.member_id).in_(ids))
        .order_by(col(ActivityRow.occurred_at).desc(), col(ActivityRow.message_id).desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(key < before)
    return (await session.execute(statement)).mappings().all()
