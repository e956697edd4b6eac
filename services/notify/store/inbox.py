"""Mailboxes and their items. Whoever numbers or reads items off holds the mailbox row's lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.bodies import BIGGEST
from kit.rows import inserting, over, updating
from services.notify.events import InboxAdded
from services.notify.tables import InboxItem, Mailbox

_CONCERNED = """
    WITH concerned AS MATERIALIZED (
        SELECT unnest(CAST(:member_ids AS uuid[])) AS member_id UNION
        SELECT merged_into FROM contacts
        WHERE member_id = ANY(CAST(:member_ids AS uuid[])) AND merged_into IS NOT NULL
    )
"""
_MAKE_MAILBOXES = text(f"""
    {_CONCERNED} INSERT INTO mailboxes (member_id) SELECT member_id FROM concerned
    ORDER BY member_id ON CONFLICT DO NOTHING
""")  # noqa: S608
_LOCK_MAILBOXES = text(f"""
    {_CONCERNED} SELECT member_id, last_seq, unread FROM mailboxes
    WHERE member_id = ANY(ARRAY(SELECT member_id FROM concerned)) AND (
        SELECT count(*) FROM mailboxes JOIN concerned USING (member_id)
    ) = (SELECT count(*) FROM concerned)
    ORDER BY member_id FOR UPDATE OF mailboxes
""")  # noqa: S608
_SAVE_MAILBOXES = updating(Mailbox, "last_seq unread")
_TOLD = over(
    InboxItem,
    "member_id cause",
    "SELECT member_id, cause FROM inbox_items JOIN {given} USING (member_id, cause)",
)
_INSERT_ITEMS = inserting(
    InboxItem, "member_id seq item_id cause category title body action created_at"
)


_CONTENTS = """
    SELECT box.unread, item_id, seq, category, title, body, action, created_at, read_at
    FROM (SELECT coalesce(max(unread), 0) AS unread FROM mailboxes WHERE member_id = :member_id)
        AS box
    LEFT JOIN LATERAL (
        SELECT * FROM inbox_items WHERE member_id = :member_id AND seq {place} LIMIT :limit
    ) AS item ON true
    ORDER BY seq {order}
"""
_NEWEST = text(_CONTENTS.format(place="< :seq ORDER BY seq DESC", order="DESC"))
_AFTER = text(_CONTENTS.format(place="> :seq ORDER BY seq", order="ASC"))


class Shown(NamedTuple):
    """An item as its member sees it."""

    item_id: UUID
    seq: int
    category: str
    title: str
    body: str
    action: str | None
    created_at: datetime
    read_at: datetime | None


class Contents(NamedTuple):
    """Items of an inbox, and how many of all its items are unread: seen at one moment."""

    unread: int
    items: Sequence[Shown]


@dataclass(slots=True)
class Counts:
    """A locked mailbox: its highest number, and how many items are unread."""

    last_seq: int
    unread: int


async def lock_mailboxes(session: AsyncSession, member_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Lock the mailboxes of the members and of who goes on for them, in the order of their ids.

    Those not there are made. None is locked before all are there: who held some while making
    others would deadlock with who waits for those.
    """
    members = {"member_ids": sorted(set(member_ids))}
    rows = (await session.execute(_LOCK_MAILBOXES, members)).all()
    while len(rows) < len(members["member_ids"]):
        await session.execute(_MAKE_MAILBOXES, members)
        rows = (await session.execute(_LOCK_MAILBOXES, members)).all()
    return {row.member_id: Counts(row.last_seq, row.unread) for row in rows}


async def save_mailboxes(session: AsyncSession, mailboxes: Mapping[UUID, Counts]) -> None:
    rows = [(member_id, counts.last_seq, counts.unread) for member_id, counts in mailboxes.items()]
    await _SAVE_MAILBOXES.execute(session, rows)


async def told_already(
    session: AsyncSession, causes: Collection[tuple[UUID, str]]
) -> set[tuple[UUID, str]]:
    """Those of the (member id, cause) pairs for which the member has an item."""
    return {(row.member_id, row.cause) for row in await _TOLD.execute(session, list(causes))}


async def insert_items(
    session: AsyncSession, added: Sequence[InboxAdded], causes: Sequence[str]
) -> None:
    """Store the items as they are said, each with its cause."""
    rows = [
        (
            item.member_id,
            item.seq,
            item.item_id,
            cause,
            item.category,
            item.title,
            item.body,
            item.action,
            item.created_at,
        )
        for item, cause in zip(added, causes, strict=True)
    ]
    await _INSERT_ITEMS.execute(session, rows)


async def newest_items(
    session: AsyncSession, member_id: UUID, before: int | None, limit: int
) -> Contents:
    """Up to `limit` items, newest first, those below the number `before` if it is given."""
    given = {"member_id": member_id, "seq": before or BIGGEST, "limit": limit}
    return _contents((await session.execute(_NEWEST, given)).all())


async def items_after(session: AsyncSession, member_id: UUID, after: int, limit: int) -> Contents:
    """Up to `limit` items above the number `after`, oldest first."""
    given = {"member_id": member_id, "seq": after, "limit": limit}
    return _contents((await session.execute(_AFTER, given)).all())


def _contents(rows: Sequence[Row[Any]]) -> Contents:
    """The row of an inbox without such items holds the count alone."""
    shown = [Shown._make(row[1:]) for row in rows if row.item_id is not None]
    return Contents(rows[0].unread, shown)


async def unread_items(session: AsyncSession, member_id: UUID, limit: int) -> Sequence[InboxItem]:
    """Up to `limit` items that the member has not read, newest first."""
    statement = (
        select(InboxItem)
        .where(col(InboxItem.member_id) == member_id, col(InboxItem.read_at).is_(None))
        .order_by(col(InboxItem.seq).desc())
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()


async def absent_items(
    session: AsyncSession, member_id: UUID, item_ids: Collection[UUID]
) -> set[UUID]:
    """Those of `item_ids` that the member has not."""
    statement = select(col(InboxItem.item_id)).where(
        col(InboxItem.item_id).in_(item_ids), col(InboxItem.member_id) == member_id
    )
    return set(item_ids) - set((await session.execute(statement)).scalars())


_READ_UP_TO = text("""
    UPDATE inbox_items SET read_at = :now
    WHERE member_id = :member_id AND seq <= :up_to_seq AND read_at IS NULL RETURNING seq
""")
_READ_ITEMS = text("""
    UPDATE inbox_items SET read_at = :now
    WHERE member_id = :member_id AND item_id = ANY(CAST(:item_ids AS uuid[])) AND read_at IS NULL
    RETURNING seq
""")


async def read_up_to(session: AsyncSession, member_id: UUID, up_to_seq: int, now: datetime) -> int:
    """Mark the unread items up to that number as read; how many there were."""
    known = {"member_id": member_id, "up_to_seq": up_to_seq, "now": now}
    return len((await session.execute(_READ_UP_TO, known)).all())


async def read_items(
    session: AsyncSession, member_id: UUID, item_ids: Collection[UUID], now: datetime
) -> int:
    """Mark those of the member's items as read that are not; how many there were."""
    known = {"member_id": member_id, "item_ids": list(item_ids), "now": now}
    return len((await session.execute(_READ_ITEMS, known)).all())
