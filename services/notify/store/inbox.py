"""Mailboxes and their items. Whoever numbers or reads items off holds the mailbox row's lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.notify.events import InboxAdded
from services.notify.tables import InboxItem, Mailbox

_MAKE_MAILBOXES = text("""
    INSERT INTO mailboxes (member_id) SELECT unnest(CAST(:member_ids AS uuid[]))
    ON CONFLICT DO NOTHING
""")
_LOCK_MAILBOXES = text("""
    SELECT member_id, last_seq, unread FROM mailboxes
    WHERE member_id = ANY(CAST(:member_ids AS uuid[])) ORDER BY member_id FOR UPDATE
""")
_SAVE_MAILBOXES = text("""
    UPDATE mailboxes SET last_seq = new.last_seq, unread = new.unread
    FROM unnest(
        CAST(:member_ids AS uuid[]), CAST(:last_seqs AS bigint[]), CAST(:unreads AS bigint[]))
        AS new (member_id, last_seq, unread)
    WHERE mailboxes.member_id = new.member_id
""")
_TOLD = text("""
    SELECT member_id, cause FROM inbox_items JOIN
        unnest(CAST(:member_ids AS uuid[]), CAST(:causes AS text[])) AS wanted (member_id, cause)
        USING (member_id, cause)
""")
_INSERT_ITEMS = text("""
    INSERT INTO inbox_items
        (member_id, seq, item_id, cause, category, title, body, action, created_at)
    SELECT * FROM unnest(
        CAST(:member_ids AS uuid[]), CAST(:seqs AS bigint[]), CAST(:item_ids AS uuid[]),
        CAST(:causes AS text[]), CAST(:categories AS text[]), CAST(:titles AS text[]),
        CAST(:bodies AS text[]), CAST(:actions AS text[]), CAST(:created_ats AS timestamptz[]))
""")


@dataclass(slots=True)
class Counts:
    """A locked mailbox: its highest number, and how many items are unread."""

    last_seq: int
    unread: int


async def lock_mailboxes(session: AsyncSession, member_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Lock the members' mailboxes, made where they are not there, in the order of their ids."""
    members = {"member_ids": sorted(member_ids)}
    await session.execute(_MAKE_MAILBOXES, members)
    rows = await session.execute(_LOCK_MAILBOXES, members)
    return {row.member_id: Counts(row.last_seq, row.unread) for row in rows}


async def save_mailboxes(session: AsyncSession, mailboxes: Mapping[UUID, Counts]) -> None:
    await session.execute(
        _SAVE_MAILBOXES,
        {
            "member_ids": list(mailboxes),
            "last_seqs": [counts.last_seq for counts in mailboxes.values()],
            "unreads": [counts.unread for counts in mailboxes.values()],
        },
    )


async def told_already(
    session: AsyncSession, causes: Collection[tuple[UUID, str]]
) -> set[tuple[UUID, str]]:
    """Those of the (member id, cause) pairs for which the member has an item."""
    wanted = {
        "member_ids": [member_id for member_id, _ in causes],
        "causes": [cause for _, cause in causes],
    }
    return {(row.member_id, row.cause) for row in await session.execute(_TOLD, wanted)}


async def insert_items(
    session: AsyncSession, added: Sequence[InboxAdded], causes: Sequence[str]
) -> None:
    """Store the items as they are said, each with its cause."""
    await session.execute(
        _INSERT_ITEMS,
        {
            "member_ids": [item.member_id for item in added],
            "seqs": [item.seq for item in added],
            "item_ids": [item.item_id for item in added],
            "causes": causes,
            "categories": [item.category for item in added],
            "titles": [item.title for item in added],
            "bodies": [item.body for item in added],
            "actions": [item.action for item in added],
            "created_ats": [item.created_at for item in added],
        },
    )


async def unread_count(session: AsyncSession, member_id: UUID) -> int:
    statement = select(col(Mailbox.unread)).where(col(Mailbox.member_id) == member_id)
    return (await session.execute(statement)).scalar_one_or_none() or 0


async def newest_items(
    session: AsyncSession, member_id: UUID, before: int | None, limit: int
) -> Sequence[InboxItem]:
    """Up to `limit` items, newest first, those below the number `before` if it is given."""
    statement = select(InboxItem).where(col(InboxItem.member_id) == member_id)
    if before is not None:
        statement = statement.where(col(InboxItem.seq) < before)
    statement = statement.order_by(col(InboxItem.seq).desc()).limit(limit)
    return (await session.execute(statement)).scalars().all()


async def items_after(
    session: AsyncSession, member_id: UUID, after: int, limit: int
) -> Sequence[InboxItem]:
    """Up to `limit` items above the number `after`, oldest first."""
    statement = (
        select(InboxItem)
        .where(col(InboxItem.member_id) == member_id, col(InboxItem.seq) > after)
        .order_by(col(InboxItem.seq))
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()


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
