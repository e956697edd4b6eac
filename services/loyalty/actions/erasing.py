"""Erasing members: points are forfeited, households left, coupons revoked, the person forgotten.

The ledger is never rewritten. The member's id stays in it, and leads to nobody.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import erasure
from kit.erasure import Erasure
from services.loyalty.actions.bookkeeping import open_book
from services.loyalty.actions.households import depart
from services.loyalty.events import ErasureAsked, MemberErased
from services.loyalty.rules.forfeiting import forfeit
from services.loyalty.rules.ledger import PointType, WalletKey
from services.loyalty.store import books, holds
from services.loyalty.store import erasure as store


async def note_erasures(
    session: AsyncSession, asked: Sequence[ErasureAsked], now: datetime
) -> None:
    """Have members erased, with those who were merged into them."""
    for each in asked:
        member_ids = [each.member_id, *each.former_ids]
        await erasure.note(session, each.erasure_id, member_ids, now)


async def erase_member(session: AsyncSession, asked: Erasure, now: datetime) -> MemberErased:
    """Erase a member. Whoever loyalty has never heard of is not even enrolled."""
    if known := await store.known_among(session, asked.member_ids):
        await _forfeit(session, known, asked.erasure_id, now)
        await store.wipe(session, known, now)
    return MemberErased(erasure_id=asked.erasure_id, member_id=asked.member_id, erased_at=now)


async def _forfeit(
    session: AsyncSession, member_ids: Sequence[UUID], erasure_id: UUID, now: datetime
) -> None:
    """Empty the members' wallets. Nobody is told: there is nobody to tell."""
    book = await open_book(session, member_ids, now)
    for member_id in member_ids:
        await depart(session, book, member_id)
        await books.bring_all(session, book, member_id)
        await holds.bring_all(session, book, member_id)
        for point_type in PointType:
            forfeit(book, WalletKey(member_id, point_type), erasure_id)
    await books.save(session, book)
    await holds.save(session, book)
