"""Announcements: written by marketers, seen by every member for a while, withdrawn at need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import Invalid, NotFound
from services.notify import store
from services.notify.tables import Announcement


class AnnouncementNotFound(NotFound):
    code = "notify.announcement_not_found"
    title = "No such announcement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be announced, and when. `content` is title and body by language."""

    content: Mapping[str, Mapping[str, str]]
    action: str | None
    starts_at: datetime
    ends_at: datetime


async def announce(
    session: AsyncSession, plan: Plan, created_by: str, now: datetime
) -> Announcement:
    """A new announcement. Raises Invalid when it would be over before it begins, or is over."""
    if plan.ends_at <= max(plan.starts_at, now):
        detail = "must be after starts_at, and still to come"
        raise Invalid([{"field": "ends_at", "code": "too_early", "detail": detail}])
    announcement = Announcement(
        announcement_id=uuid7(),
        content={language: dict(texts) for language, texts in plan.content.items()},
        action=plan.action,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        created_by=created_by,
        created_at=now,
    )
    store.announcements.add(session, announcement)
    await session.flush()
    return announcement


async def withdraw(session: AsyncSession, announcement_id: UUID, now: datetime) -> Announcement:
    """Show it to nobody any more; what was withdrawn before stays so. Raises if there is none."""
    announcement = await store.announcements.lock(session, announcement_id)
    if announcement is None:
        raise AnnouncementNotFound("GET /v1/announcements/all lists those there are.")
    announcement.withdrawn_at = announcement.withdrawn_at or now
    await session.flush()
    return announcement
