"""What runs by the clock."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from kit.scheduler import Job
from services.loyalty.actions.members import gather_strays
from services.loyalty.actions.settling import settle_due_wallets
from services.loyalty.actions.verifying import verify_ledger

SWEEP = 1000
"""Lots settled in one transaction."""
STRAYS = 100
"""Merged members looked after in one transaction."""


async def expire_points(session: AsyncSession, now: datetime) -> bool:
    """Settle wallets with lots that are due, for members who do not look at theirs."""
    return await settle_due_wallets(session, now, SWEEP)


async def gather_points(session: AsyncSession, now: datetime) -> bool:
    """Bring to members what those merged into them got too late, such as a guest's check-in."""
    return await gather_strays(session, now, STRAYS)


async def prove_ledger(session: AsyncSession, _: datetime) -> bool:
    """Keep the gauge `loyalty_ledger_drift_points` true."""
    await verify_ledger(session)
    return False


SCHEDULE: Sequence[Job] = (
    Job("loyalty.expire_points", timedelta(minutes=1), expire_points),
    Job("loyalty.gather_points", timedelta(minutes=1), gather_points),
    Job("loyalty.prove_ledger", timedelta(minutes=15), prove_ledger),
)
