"""Keeping feedback's own copies of members, and what their changes mean for their tickets."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.feedback.events import MemberDescribed, MemberMerged, TierChanged
from services.feedback.rules.tickets import lesser_tiers, promise_to
from services.feedback.store import attachments, surveys, tickets
from services.feedback.store import members as store


async def describe_members(session: AsyncSession, described: Sequence[MemberDescribed]) -> None:
    """Keep the latest name and language of each member."""
    latest = {m.member_id: m for m in sorted(described, key=lambda m: m.updated_at)}
    await store.describe_members(session, latest.values())


async def rank_members(
    session: AsyncSession, changes: Sequence[TierChanged], now: datetime
) -> None:
    """Keep each member's latest tier; who has risen is promised more for tickets still open."""
    latest = {c.member_id: c for c in sorted(changes, key=lambda c: c.changed_at)}
    ranked = await store.rank_members(session, latest.values())
    risen: dict[str, list[UUID]] = defaultdict(list)
    for member_id in ranked:
        risen[latest[member_id].tier].append(member_id)
    for tier, member_ids in risen.items():
        await tickets.keep_promise(
            session, member_ids, tier, promise_to(tier), lesser_tiers(tier), now
        )


async def merge_members(session: AsyncSession, merges: Sequence[MemberMerged]) -> None:
    """Hand tickets and surveys of merged members to those who remain."""
    await store.lock_members(session, {merge.merged_member_id for merge in merges})
    for merge in merges:
        await _merge(session, merge)


async def _merge(session: AsyncSession, merge: MemberMerged) -> None:
    merged, survivor = merge.merged_member_id, merge.member_id
    heir = await store.survivor_of(session, survivor)
    survivor = survivor if heir == merged else heir
    await store.merge(session, merged, survivor, merge.merged_at)
    await tickets.move_tickets(session, merged, survivor)
    await attachments.move_attachments(session, merged, survivor)
    await surveys.move_surveys(session, merged, survivor)
