"""The inbox: items are added once per cause, numbered without gaps, and become read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.events import Event
from kit.ids import uuid7
from kit.problems import NotFound
from services.notify import store
from services.notify.events import InboxAdded
from services.notify.rules import Category
from services.notify.tables import InboxItem


class UnknownItems(NotFound):
    code = "notify.unknown_items"
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


async def add_items(session: AsyncSession, drafts: Sequence[Draft], now: datetime) -> None:
    """Add an item for each draft whose member was not told of its cause before.

    The mailboxes are locked from the check to the commit, so numbers have no gaps and nobody is
    told twice.
    """
    if not drafts:
        return
    mailboxes = await store.inbox.lock_mailboxes(session, {draft.member_id for draft in drafts})
    once = {(draft.member_id, draft.cause): draft for draft in reversed(drafts)}
    told = await store.inbox.told_already(session, once)
    items, added = [], []
    for key, draft in reversed(once.items()):
        if key in told:
            continue
        mailbox = mailboxes[draft.member_id]
        mailbox.last_seq += 1
        mailbox.unread += 1
        item = _item(draft, mailbox.last_seq, now)
        items.append(item)
        added.append(_added(item, mailbox.unread, draft.event))
    await store.inbox.insert_items(session, items)
    await store.inbox.save_mailboxes(session, mailboxes.values())
    await outbox.publish(session, *added)


def _item(draft: Draft, seq: int, now: datetime) -> InboxItem:
    return InboxItem(
        member_id=draft.member_id,
        seq=seq,
        item_id=uuid7(),
        cause=draft.cause,
        category=draft.category,
        title=draft.title,
        body=draft.body,
        action=draft.action,
        created_at=now,
    )


def _added(item: InboxItem, unread: int, event: Event | None) -> InboxAdded:
    payload = InboxAdded(
        member_id=item.member_id,
        item_id=item.item_id,
        seq=item.seq,
        unread=unread,
        category=item.category,
        title=item.title,
        body=item.body,
        action=item.action,
        created_at=item.created_at,
    )
    return payload.because(event) if event else payload


async def read_up_to(session: AsyncSession, member_id: UUID, up_to_seq: int, now: datetime) -> int:
    """Mark everything up to that number as read; how many items stay unread."""
    mailbox = (await store.inbox.lock_mailboxes(session, {member_id}))[member_id]
    mailbox.unread -= await store.inbox.read_up_to(session, member_id, up_to_seq, now)
    await store.inbox.save_mailboxes(session, [mailbox])
    return mailbox.unread


async def read_items(
    session: AsyncSession, member_id: UUID, item_ids: Collection[UUID], now: datetime
) -> int:
    """Mark these items as read; how many stay unread. Raises UnknownItems, and then marks none."""
    if absent := await store.inbox.absent_items(session, member_id, item_ids):
        ids = ", ".join(sorted(map(str, absent)))
        raise UnknownItems(f"Name items of your own inbox; these are not in it: {ids}.")
    mailbox = (await store.inbox.lock_mailboxes(session, {member_id}))[member_id]
    mailbox.unread -= await store.inbox.read_items(session, member_id, item_ids, now)
    await store.inbox.save_mailboxes(session, [mailbox])
    return mailbox.unread
