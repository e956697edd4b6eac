"""What feedback does by the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from kit.scheduler import Job
from services.feedback.actions.tickets import breach_overdue

BATCH = 500

BREACHES = Counter("feedback_sla_breaches_total", "Tickets whose promised first answer came late.")


async def mark_breaches(session: AsyncSession, now: datetime) -> bool:
    """Mark tickets whose first answer is overdue."""
    breached = await breach_overdue(session, now, BATCH)
    BREACHES.inc(breached)
    return breached == BATCH


SCHEDULE: Sequence[Job] = (Job("feedback.mark_breaches", timedelta(seconds=10), mark_breaches),)
