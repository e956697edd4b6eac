"""Watching a trial of the programme: one that pays suspiciously much is ended."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.publishing import known_version, live_version
from services.loyalty.actions.retiring import retire
from services.loyalty.rules.programme.states import VersionState
from services.loyalty.store import occasions, versions

ANOMALY_MEMBERS = 20
"""Members on either side below whom nothing can be said."""
SETTLED = timedelta(minutes=5)
"""After so long no transaction is under way any more that might still add an occasion."""


async def watch_trial(session: AsyncSession, now: datetime) -> None:
    """End a trial whose members earn suspiciously much more than the others do meanwhile.

    Counting takes its time, in which the trial may have ended, or gone live.
    """
    trial = await versions.in_state(session, VersionState.TRIAL)
    if trial is None or trial.anomaly_percent is None or trial.published_at is None:
        return
    live = await live_version(session)
    since = max(trial.published_at, live.published_at or trial.published_at)
    ours, others = [
        await occasions.earned(session, each.version, since, now - SETTLED)
        for each in (trial, live)
    ]
    if min(ours.members, others.members) < ANOMALY_MEMBERS:
        return
    if ours.points * others.members * 100 > others.points * ours.members * trial.anomaly_percent:
        each = [round(side.points / side.members, 1) for side in (ours, others)]
        because = f"anomaly: {each[0]} points for each member, {each[1]} under the live version"
        await versions.lock_all(session)
        if (await known_version(session, trial.version)).state == VersionState.TRIAL:
            await retire(session, trial.version, because, now)
