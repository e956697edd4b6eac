"""Messages somebody waits for, such as codes: no preference, quiet hour or campaign is before them.

They are kept as they came, sealed, and opened in memory to be sent; `urgent` does that.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify import store
from services.notify.events import MessageIssued
from services.notify.rules import UrgentOutcome, UrgentState
from services.notify.store.urgent import Claimed

LEASE = timedelta(seconds=60)
"""How long one attempt may take; longer than sending anything ever does."""
KEPT = timedelta(days=7)
PORTION = 500


async def take_messages(session: AsyncSession, issued: Sequence[MessageIssued]) -> None:
    """Queue messages to be sent at once."""
    rows = [
        {
            "message_id": each.message_id,
            "channel": each.channel,
            "sealed": each.sealed,
            "state": UrgentState.QUEUED,
            "issued_at": each.issued_at,
            "due_at": each.issued_at,
            "expires_at": each.expires_at,
        }
        for each in issued
    ]
    await store.urgent.insert_new(session, rows)


async def claim_messages(session: AsyncSession, now: datetime, limit: int) -> list[Claimed]:
    """Take due messages for one attempt each; if we die, they are due again after the lease."""
    return await store.urgent.claim(session, now=now, leased_until=now + LEASE, limit=limit)


async def settle_message(
    session: AsyncSession, claimed: Claimed, outcome: UrgentOutcome, now: datetime
) -> None:
    await store.urgent.settle(session, claimed, outcome, now)


async def expire_messages(session: AsyncSession, now: datetime) -> bool:
    """Give up what came too late; True when there may be more."""
    return await store.urgent.expire(session, now, PORTION) == PORTION


async def forget_messages(session: AsyncSession, now: datetime) -> bool:
    """Delete what ended a while ago; True when there may be more."""
    return await store.urgent.delete_ended(session, now - KEPT, PORTION) == PORTION
