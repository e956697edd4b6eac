"""The review of who has access: listed, confirmed by an administrator, and asked for in time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.codes import Seals
from gateway.actions.notices import write_to_administrators
from gateway.actions.trail import record
from gateway.store import review
from kit import languages

CONFIRMED = "access_review.confirmed"
ASKED = "access_review.asked"
ASKED_EVERY = timedelta(days=7)


async def confirm(
    session: AsyncSession, actor: UUID, unused_for: timedelta, note: str | None, now: datetime
) -> None:
    """Note that an administrator went through the list."""
    total, unused = await review.counts(session, now - unused_for, now)
    details = {"total": total, "unused": unused, "note": note}
    await record(session, actor, CONFIRMED, "access", now, **details)


async def confirmed_at(session: AsyncSession) -> datetime | None:
    return await review.last(session, CONFIRMED)


async def ask(session: AsyncSession, seals: Seals, every: timedelta, now: datetime) -> bool:
    """Write to the administrators when the review is due, at most once a week; whether it was.

    May run at once in many places.
    """
    await review.lock(session)
    since = await review.last(session, CONFIRMED) or await review.first_staff_at(session)
    asked_at = await review.last(session, ASKED)
    if since is None or now < since + every:
        return False
    if asked_at is not None and now < asked_at + ASKED_EVERY:
        return False
    total, unused = await review.counts(session, now - every, now)
    facts = {"total": total, "unused": unused, "days": every // timedelta(days=1)}
    await write_to_administrators(
        session,
        seals,
        "access_review",
        facts,
        language=languages.DEFAULT,
        action="/access-review",
        now=now,
    )
    await record(session, None, ASKED, "access", now, total=total, unused=unused)
    return True
