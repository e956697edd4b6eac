"""Settling wallets nobody looks at."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import close_book, settle
from services.loyalty.store import locking


async def settle_due_wallets(session: AsyncSession, now: datetime, lots: int) -> bool:
    """Settle the wallets of up to `lots` due lots, but not those somebody holds; if any was."""
    book = await locking.lock_due(session, now, lots)
    await settle(session, book)
    await close_book(session, book)
    return bool(book.entries)
