"""Looking at tiers by the clock, and after the programme's tiers have changed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.tiers import recompute, review
from services.loyalty.rules.programme.states import VersionState
from services.loyalty.store import tiers, versions


async def review_due_tiers(session: AsyncSession, now: datetime, limit: int) -> bool:
    """Look at up to `limit` tiers that are due; whether there may be more."""
    member_ids = await tiers.due(session, now, limit)
    if not member_ids:
        return False
    book = await open_book(session, set(member_ids), now)
    await close_book(session, book, said=await review(session, book))
    return len(member_ids) == limit


async def recompute_next_tiers(session: AsyncSession, now: datetime, limit: int) -> bool:
    """Bring the next `limit` members to the live version's tiers, if that is to be done."""
    live = await versions.in_state(session, VersionState.LIVE)
    if live is None or live.recomputed_after is None:
        return False
    member_ids = await tiers.after(session, live.recomputed_after, limit)
    if member_ids:
        book = await open_book(session, set(member_ids), now)
        said = await recompute(session, book, falling=live.recompute_falling)
        await close_book(session, book, said=said)
    last = member_ids[-1] if len(member_ids) == limit else None
    await versions.change(session, live.version, recomputed_after=last)
    return last is not None
