"""Audiences: a segment's members, listed for a campaign in pages, each page exactly once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from services.profile.events import MOST_LISTED, AudienceListed, AudienceRequested
from services.profile.store import audiences as store
from services.profile.store import segments as store_segments


async def note_requests(session: AsyncSession, requests: Sequence[AudienceRequested]) -> None:
    """Remember whom to list; a job lists them. A repeated request is answered once."""
    for request in requests:
        await store.add_audience(
            session, request.audience_id, request.segment, request.requested_at
        )


async def list_audience(session: AsyncSession, now: datetime) -> bool:
    """Publish the next page of the audience waiting longest; whether there was one.

    Pages are in the order of member ids, and a page and the place reached commit together: who dies
    half-way is followed by one who goes on from there. A segment without members, or unknown, is
    one empty page.
    """
    audience = await store.lock_audience_open(session)
    if audience is None:
        return False
    ids = await store_segments.ids_after(
        session, audience.segment, audience.listed_to, MOST_LISTED + 1
    )
    listed, last = ids[:MOST_LISTED], len(ids) <= MOST_LISTED
    page = AudienceListed(
        audience_id=audience.audience_id, page=audience.next_page, member_ids=listed, last=last
    )
    await outbox.publish(session, page)
    await store.set_listed(
        session,
        audience.audience_id,
        listed_to=listed[-1] if listed else audience.listed_to,
        next_page=audience.next_page + 1,
        listed_at=now if last else None,
    )
    return True
