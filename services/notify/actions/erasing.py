"""Erasing members: their inbox, address and choices; of what was sent, only that it was, stays."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit import erasure
from kit.erasure import Erasure
from services.notify import store
from services.notify.events import ErasureAsked, MemberErased
from services.notify.store import erasure as stored


async def note_erasures(
    session: AsyncSession, asked: Sequence[ErasureAsked], now: datetime
) -> None:
    """Have members erased, with those who were merged into them."""
    for each in asked:
        member_ids = [each.member_id, *each.former_ids]
        await erasure.note(session, each.erasure_id, member_ids, now)


async def erase_member(session: AsyncSession, asked: Erasure, now: datetime) -> MemberErased:
    """Erase a member. With the mailboxes locked, nothing is added to them meanwhile."""
    await stored.lock_deliveries(session, asked.member_ids)
    await store.inbox.lock_mailboxes(session, asked.member_ids)
    await stored.erase(session, asked.member_ids)
    return MemberErased(erasure_id=asked.erasure_id, member_id=asked.member_id, erased_at=now)
