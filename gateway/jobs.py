"""What identity does by the clock: forgetting what nobody can use or needs to notice any more."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.erasures import ACCOUNT_KEPT
from gateway.rules import CODE_PACE, FAILURES_FORGOTTEN_AFTER
from gateway.store import accounts, codes, erasures, identifiers, quotas, sessions
from kit.scheduler import Job

PORTION = 5_000
USAGE_KEPT = timedelta(days=400)
ENDED_SESSIONS_KEPT = timedelta(days=7)
USED_TOKENS_KEPT = timedelta(days=7)  # so long a second use is noticed as a theft


async def forget_sessions(session: AsyncSession, now: datetime) -> bool:
    """Delete sessions that expired a while ago."""
    return await sessions.delete_ended(session, now - ENDED_SESSIONS_KEPT, PORTION) == PORTION


async def forget_used_tokens(session: AsyncSession, now: datetime) -> bool:
    """Delete refresh tokens used a while ago."""
    return await sessions.delete_used_tokens(session, now - USED_TOKENS_KEPT, PORTION) == PORTION


async def forget_failures(session: AsyncSession, now: datetime) -> bool:
    """Delete counters of failed sign-ins that no longer count."""
    before = now - FAILURES_FORGOTTEN_AFTER
    return await accounts.delete_old_failures(session, before, PORTION) == PORTION


async def forget_codes(session: AsyncSession, now: datetime) -> bool:
    """Delete codes of which not even the number counts any more."""
    longest = max(window for _, window in CODE_PACE)
    return await codes.delete_old(session, now - longest, PORTION) == PORTION


async def forget_id_tokens(session: AsyncSession, now: datetime) -> bool:
    """Delete used ID tokens that would be refused for their age."""
    return await identifiers.delete_used_id_tokens(session, now, PORTION) == PORTION


async def forget_usage(session: AsyncSession, now: datetime) -> bool:
    """Delete what API keys used too long ago to be shown."""
    before = (now - USAGE_KEPT).date()
    return await quotas.delete_older(session, before, PORTION) == PORTION


async def forget_accounts(session: AsyncSession, now: datetime) -> bool:
    """Delete what is left of accounts whose members are erased."""
    return await erasures.delete_erased(session, now - ACCOUNT_KEPT, PORTION) >= PORTION


SCHEDULE = (
    Job("forget_sessions", timedelta(hours=1), forget_sessions),
    Job("forget_used_tokens", timedelta(hours=1), forget_used_tokens),
    Job("forget_failures", timedelta(hours=1), forget_failures),
    Job("forget_codes", timedelta(hours=1), forget_codes),
    Job("forget_id_tokens", timedelta(hours=1), forget_id_tokens),
    Job("forget_usage", timedelta(hours=1), forget_usage),
    Job("forget_accounts", timedelta(hours=1), forget_accounts),
)
