"""The inbox: items are added once per cause, numbered without gaps, and become read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.bodies import BIGGEST
from kit.events import Event
from kit.ids import uuid7
from kit.problems import NotFound
from services.notify import store
from services.notify.events import InboxAdded
from services.notify.rules import Category
from services.notify.store.inbox import Counts


class ItemsNotFound(NotFound):
    code = "notify.items_not_found"
    title = "No such items in your inbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item to be: rendered, not yet numbered. A member gets one item per `cause`."""

    member_id: UUID
    cause: str
    category: Category
    title: str
    body: str
    action: str | None = None
    event: Event | None = None


async def add_items(
    session: AsyncSession,
    drafts: Sequence[Draft],
    now: datetime,
    locked: Mapping[UUID, Counts] = MappingProxyType({}),
) -> None:
    """Add an item for each draft whose member was not told of its cause before.

    The mailboxes are locked from the check to the commit, so numbers have no gaps and nobody is
    told twice. Those in `locked` have been already, and nothing was added to them since.
    """
    if not drafts:
        return
    mailboxes = await _mailboxes(session, {draft.member_id for draft in drafts}, locked)
    once = {(draft.member_id, draft.cause): draft for draft in drafts}
    told = await store.inbox.told_already(session, once)
    new = [draft for key, draft in once.items() if key not in told]
    added = [_added(draft, mailboxes[draft.member_id], now) for draft in new]
    await store.inbox.insert_items(session, added, [draft.cause for draft in new])
    await store.inbox.save_mailboxes(session, mailboxes)
    await outbox.publish(session, *added)


async def _mailboxes(
    session: AsyncSession, member_ids: set[UUID], locked: Mapping[UUID, Counts]
) -> dict[UUID, Counts]:
    if member_ids <= locked.keys():
        return {member_id: locked[member_id] for member_id in member_ids}
    return await store.inbox.lock_mailboxes(session, member_ids)


def _added(draft: Draft, counts: Counts, now: datetime) -> InboxAdded:
    """The draft as the mailbox's next item."""
    counts.last_seq += 1
    counts.unread += 1
    payload = InboxAdded(
        member_id=draft.member_id,
        item_id=uuid7(),
        seq=counts.last_seq,
        unread=counts.unread,
        category=draft.category,
        title=draft.title,
        body=draft.body,
        action=draft.action,
        created_at=now,
    )
    return payload.because(draft.event) if draft.event else payload


MOST_MOVED = 200


async def move_unread(
    session: AsyncSession, giver: UUID, receiver: UUID, event: Event, now: datetime
) -> None:
    """Put the newest of what `giver` has not read in the inbox of `receiver`, as new items."""
    await store.inbox.lock_mailboxes(session, {giver, receiver})
    unread = await store.inbox.unread_items(session, giver, MOST_MOVED)
    drafts = [
        Draft(
            member_id=receiver,
            cause=item.cause,
            category=Category(item.category),
            title=item.title,
            body=item.body,
            action=item.action,
            event=event,
        )
        for item in reversed(unread)
    ]
    await add_items(session, drafts, now)
    await read_up_to(session, giver, BIGGEST, now)


async def read_up_to(session: AsyncSession, member_id: UUID, up_to_seq: int, now: datetime) -> int:
    """Mark everything up to that number as read; how many items stay unread."""
    mailbox = (await store.inbox.lock_mailboxes(session, {member_id}))[member_id]
    mailbox.unread -= await store.inbox.read_up_to(session, member_id, up_to_seq, now)
    await store.inbox.save_mailboxes(session, {member_id: mailbox})
    return mailbox.unread


async def read_items(
    session: AsyncSession, member_id: UUID, item_ids: Collection[UUID], now: datetime
) -> int:
    """Mark these items as read; how many stay unread. Raises ItemsNotFound, and then marks none."""
    if absent := await store.inbox.absent_items(session, member_id, item_ids):
        ids = ", ".join(sorted(map(str, absent)))
        raise ItemsNotFound(f"Name items of your own inbox; these are not in it: {ids}.")
    mailbox = (await store.inbox.lock_mailboxes(session, {member_id}))[member_id]
    mailbox.unread -= await store.inbox.read_items(session, member_id, item_ids, now)
    await store.inbox.save_mailboxes(session, {member_id: mailbox})
    return mailbox.unread
