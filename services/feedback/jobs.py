"""What feedback does by the clock."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from kit.scheduler import Job
from services.feedback.actions.attachments import drop_unsent
from services.feedback.actions.tickets import breach_overdue
from services.feedback.files import Files
from services.feedback.rules.attachments import UNSENT_KEPT
from services.feedback.store.attachments import any_attachment, known_attachments

BATCH = 500

BREACHES = Counter("feedback_sla_breaches_total", "Tickets whose promised first answer came late.")


async def mark_breaches(session: AsyncSession, now: datetime) -> bool:
    """Mark tickets whose first answer is overdue."""
    breached = await breach_overdue(session, now, BATCH)
    BREACHES.inc(breached)
    return breached == BATCH


async def drop_attachments(session: AsyncSession, now: datetime) -> bool:
    """Forget files that no message has named."""
    return await drop_unsent(session, now, BATCH)


def file_jobs(files: Files) -> Sequence[Job]:
    """What is done to the files themselves."""

    async def sweep_files(session: AsyncSession, _: datetime) -> bool:
        """Delete files nothing is known of: forgotten ones, and those whose upload was cut off.

        None where no file at all is known: that is a database not yet restored.
        """
        if not await any_attachment(session):
            return False
        folders = files.stray(UNSENT_KEPT.total_seconds())
        while found := await asyncio.to_thread(next, folders, None):
            known = await known_attachments(session, found)
            await files.delete(set(found) - known)
        return False

    return [Job("feedback.sweep_files", timedelta(hours=6), sweep_files)]


SCHEDULE: Sequence[Job] = (
    Job("feedback.mark_breaches", timedelta(seconds=10), mark_breaches),
    Job("feedback.drop_attachments", timedelta(hours=1), drop_attachments),
)
