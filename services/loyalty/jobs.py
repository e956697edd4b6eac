"""What runs by the clock, and back-tests, which take as long as the past is."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.app import Runtime
from kit.db import transaction
from kit.scheduler import Job
from services.loyalty.actions.boards import award_places, settle_boards
from services.loyalty.actions.codes import load_codes
from services.loyalty.actions.coupons import remind
from services.loyalty.actions.expiring import remind_of_expiry
from services.loyalty.actions.finance.adding import add_up_next, compare_sums
from services.loyalty.actions.importing.receiving import discard_forgotten
from services.loyalty.actions.importing.running import advance_import, count_stopped
from services.loyalty.actions.members import gather_strays
from services.loyalty.actions.referrals import settle_referrals
from services.loyalty.actions.settling import settle_due_wallets
from services.loyalty.actions.simulating import run_next_backtest
from services.loyalty.actions.tier_reviews import recompute_next_tiers, review_due_tiers
from services.loyalty.actions.verifying import prove, seal_ledger, verify_chain
from services.loyalty.actions.watching import watch_trial
from services.loyalty.store import chains, codes, occasions

SWEEP = 50
"""Lots settled in one transaction: few, as who reads a wallet meanwhile waits for no more."""
STRAYS = 100
"""Merged members looked after in one transaction."""
ENDING_SOON = timedelta(days=3)
"""How long before a coupon ends its member is reminded of it."""
REFERRALS = 100
"""Referrals looked at in one transaction."""
PLACES = 100
"""Places on leaderboards whose prizes are given in one transaction."""
REMINDERS = 500
"""Coupons reminded of in one transaction."""
OCCASIONS_KEPT = timedelta(days=100)
"""For explanations and back-tests, which look back 90 days."""
LONGEST_COUNTED = timedelta(days=31)
"""Of the periods whose counts are deleted; those of years and of ever are few."""
FORGOTTEN = 5000
"""Occasions deleted in one transaction."""
REVIEWED = 500
"""Members whose tiers are looked at in one transaction."""
BACKTEST_PAUSE_S = 1.0
IMPORT_PAUSE_S = 0.5
IMPORTS_COUNTED_S = 20.0
"""How often each process says how many imports are stopped."""
FILES_KEPT = timedelta(days=7)
"""How long a file waits to be committed."""
FILES = 10


async def expire_points(session: AsyncSession, now: datetime) -> bool:
    """Settle wallets with lots that are due, for members who do not look at theirs."""
    return await settle_due_wallets(session, now, SWEEP)


async def gather_points(session: AsyncSession, now: datetime) -> bool:
    """Bring to members what those merged into them got too late, such as a guest's check-in."""
    return await gather_strays(session, now, STRAYS)


async def prove_ledger(session: AsyncSession, _: datetime) -> bool:
    """Keep the gauge `loyalty_ledger_drift_points` true of what has been written since."""
    await prove(session, whole=False)
    return False


async def prove_whole_ledger(session: AsyncSession, _: datetime) -> bool:
    """Prove all there is, and that nothing sealed has been changed."""
    await prove(session, whole=True)
    await verify_chain(session)
    return False


async def seal(session: AsyncSession, now: datetime) -> bool:
    """Seal what has been written, so that later changes show."""
    return await seal_ledger(session, now)


async def add_up_finance(session: AsyncSession, _: datetime) -> bool:
    """Add up what has been sealed, for finance's reports."""
    return await add_up_next(session)


async def compare_finance_sums(session: AsyncSession, _: datetime) -> bool:
    """Keep the gauge `loyalty_finance_drift_points` true."""
    await compare_sums(session)
    return False


async def remind_of_points(session: AsyncSession, now: datetime) -> bool:
    """Tell members which points will expire, as many days before as the point type says."""
    return await remind_of_expiry(session, now, REMINDERS)


async def fill_pools(session: AsyncSession, now: datetime) -> bool:
    """Read and make up codes, a portion at a time."""
    return await load_codes(session, now)


async def remind_of_coupons(session: AsyncSession, now: datetime) -> bool:
    """Say of unused coupons that end within days that they do."""
    return await remind(session, now, now + ENDING_SOON, REMINDERS)


async def end_bad_trials(session: AsyncSession, now: datetime) -> bool:
    """End a trial of the programme whose members earn suspiciously much."""
    await watch_trial(session, now)
    return False


async def forget_occasions(session: AsyncSession, now: datetime) -> bool:
    """Delete what is too old to be explained or replayed, and counts nothing so old can move."""
    before = now - OCCASIONS_KEPT
    more = await occasions.forget(session, before, FORGOTTEN) == FORGOTTEN
    more |= await chains.forget(session, before, FORGOTTEN) == FORGOTTEN
    over = (before - LONGEST_COUNTED).date()
    return await occasions.forget_counts(session, over, FORGOTTEN) == FORGOTTEN or more


async def review_tiers(session: AsyncSession, now: datetime) -> bool:
    """Warn of tiers whose period ends, keep them, or let them lapse."""
    return await review_due_tiers(session, now, REVIEWED)


async def recompute_tiers(session: AsyncSession, now: datetime) -> bool:
    """Bring members to the tiers of a version that was published with others."""
    return await recompute_next_tiers(session, now, REVIEWED)


async def run_backtests(runtime: Runtime) -> None:
    """Run back-tests as they are asked for, one at a time, for ever."""
    while True:
        async with transaction(runtime.sessions) as session:
            busy = await run_next_backtest(session, clock.now())
        if not busy:
            await asyncio.sleep(BACKTEST_PAUSE_S)


async def run_imports(runtime: Runtime) -> None:
    """Check, commit and undo imports, a chunk of rows in each transaction, for ever."""
    while True:
        async with transaction(runtime.sessions) as session:
            busy = await advance_import(session, clock.now())
        if not busy:
            await asyncio.sleep(IMPORT_PAUSE_S)


async def watch_imports(runtime: Runtime) -> None:
    """Keep saying how many imports are stopped, for ever."""
    while True:
        async with transaction(runtime.sessions) as session:
            await count_stopped(session)
        await asyncio.sleep(IMPORTS_COUNTED_S)


async def discard_imports(session: AsyncSession, now: datetime) -> bool:
    """Delete files that were checked and then left: they hold what erased members had elsewhere."""
    return await discard_forgotten(session, now - FILES_KEPT, FILES)


async def finish_boards(session: AsyncSession, now: datetime) -> bool:
    """Make leaderboards final whose period is over, and give what their places bring."""
    await settle_boards(session, now)
    return await award_places(session, now, PLACES)


async def reward_referrals(session: AsyncSession, now: datetime) -> bool:
    """Reward those whose friend has really bought."""
    return await settle_referrals(session, now, REFERRALS)


SCHEDULE: Sequence[Job] = (
    Job("loyalty.expire_points", timedelta(minutes=1), expire_points),
    Job("loyalty.gather_points", timedelta(minutes=1), gather_points),
    Job("loyalty.remind_of_points", timedelta(minutes=5), remind_of_points),
    Job("loyalty.load_codes", timedelta(seconds=2), fill_pools, codes.LOADING),
    Job("loyalty.remind_of_coupons", timedelta(minutes=5), remind_of_coupons),
    Job("loyalty.reward_referrals", timedelta(minutes=5), reward_referrals),
    Job("loyalty.finish_boards", timedelta(minutes=1), finish_boards),
    Job("loyalty.review_tiers", timedelta(minutes=1), review_tiers),
    Job("loyalty.recompute_tiers", timedelta(seconds=10), recompute_tiers),
    Job("loyalty.prove_ledger", timedelta(minutes=1), prove_ledger),
    Job("loyalty.prove_whole_ledger", timedelta(days=1), prove_whole_ledger),
    Job("loyalty.seal_ledger", timedelta(seconds=5), seal),
    Job("loyalty.add_up_finance", timedelta(seconds=5), add_up_finance),
    Job("loyalty.compare_finance_sums", timedelta(days=1), compare_finance_sums),
    Job("loyalty.end_bad_trials", timedelta(minutes=1), end_bad_trials),
    Job("loyalty.discard_imports", timedelta(hours=1), discard_imports),
    Job("loyalty.forget_occasions", timedelta(hours=1), forget_occasions),
)
