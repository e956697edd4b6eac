"""Erasing members: their tickets with all that was said and sent in them; scores stay, nobody's.

Files go first, and only then what is known of them. If that fails, or we die in between, it is done
again until they are gone.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit import erasure
from kit.erasure import Erase, Erasure
from services.feedback.events import ErasureAsked, MemberErased
from services.feedback.files import Files
from services.feedback.store import erasure as store
from services.feedback.store import members

log = logging.getLogger(__name__)


async def note_erasures(
    session: AsyncSession, asked: Sequence[ErasureAsked], now: datetime
) -> None:
    """Have members erased, with those who were merged into them."""
    for each in asked:
        member_ids = [each.member_id, *each.former_ids]
        await erasure.note(session, each.erasure_id, member_ids, now)


def erasing(files: Files) -> Erase:
    """How feedback erases a member whose files are in `files`."""

    async def erase_member(
        session: AsyncSession, asked: Erasure, now: datetime
    ) -> MemberErased | None:
        await members.lock_members(session, asked.member_ids)
        tickets = await store.lock_tickets(session, asked.member_ids)
        try:
            await files.delete(await store.attachments_in(session, tickets))
        except OSError:
            log.exception(
                "erasure %s: deleting files failed and will be tried again", asked.erasure_id
            )
            return None
        await store.erase(session, asked.member_ids, tickets)
        return MemberErased(erasure_id=asked.erasure_id, member_id=asked.member_id, erased_at=now)

    return erase_member
