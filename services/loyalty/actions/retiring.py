"""Retiring versions of the programme; that a trial has ended is said."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from services.loyalty.events import TrialEnded
from services.loyalty.rules.programme.states import VersionState
from services.loyalty.store import versions


async def retire(session: AsyncSession, version: int, because: str, now: datetime) -> None:
    """Let a version pay nobody any more. The versions, or the trial's row, must be locked."""
    found = await versions.find(session, version)
    assert found is not None  # noqa: S101  (who calls knows it)
    was_trial = found.state == VersionState.TRIAL
    await versions.retire(session, version, because, now)
    if was_trial:
        ended = TrialEnded(
            version=version,
            reason=because,
            share=found.share or 0,
            issued_points=found.issued,
            ceiling_points=found.ceiling,
            ended_at=now,
        )
        await outbox.publish(session, ended)
