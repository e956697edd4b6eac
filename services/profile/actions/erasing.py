"""Erasing members: everything but their orders, which are then nobody's.

Profile goes first, because only it knows who was merged into whom: the others erase whom it names,
and hear of that on the stream on which they heard of the merges before it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import erasure
from kit.erasure import Erasure
from services.profile.events import AccountClosed, MemberErased
from services.profile.rules.identities import Identity, Namespace
from services.profile.rules.members import erased
from services.profile.store import erasure as store
from services.profile.store import members as store_members


async def note_closures(
    session: AsyncSession, closures: Sequence[AccountClosed], now: datetime
) -> None:
    """Have the members erased whose accounts were closed."""
    for closed in closures:
        await erasure.note(session, closed.erasure_id, [closed.member_id], now)


async def erase_member(session: AsyncSession, asked: Erasure, now: datetime) -> MemberErased:
    """Erase a member and all who were merged into them.

    Of a guest who was merged into somebody else, what was recorded of the guest goes; the other
    goes on.
    """
    member_id = asked.member_id
    await store_members.lock_members(session, {member_id})
    names = await store.identities_of(session, member_id) | {Identity.of_member(member_id)}
    ids = {UUID(name.value) for name in names if name.namespace is Namespace.MEMBER}
    rows = await store_members.lock_members(session, ids)
    await erasure.bury(session, [name.name for name in names], asked.asked_at)
    await store.delete_all(session, ids)
    await store_members.save_members(session, [erased(row, now) for row in rows.values()])
    return MemberErased(
        erasure_id=asked.erasure_id,
        member_id=member_id,
        former_ids=sorted(ids - {member_id}),
        erased_at=now,
    )
