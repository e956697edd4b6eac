"""What is known of files; the files themselves are elsewhere (services.feedback.files)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.feedback.rules.tickets import Author
from services.feedback.tables import Attachment, Message


async def insert_attachment(session: AsyncSession, attachment: Attachment) -> Attachment:
    """The attachment, or the one its author has waiting in the ticket with the same content."""
    statement = insert(Attachment).values(attachment.model_dump()).on_conflict_do_nothing()
    added = (await session.scalars(statement.returning(Attachment))).one_or_none()
    if added is not None:
        return added
    waiting = select(Attachment).where(
        col(Attachment.ticket_id) == attachment.ticket_id,
        col(Attachment.author_id) == attachment.author_id,
        col(Attachment.sha256) == attachment.sha256,
        col(Attachment.message_id).is_(None),
    )
    return (await session.scalars(waiting)).one()


async def count_attachments(session: AsyncSession, ticket_id: UUID) -> int:
    statement = select(func.count()).where(col(Attachment.ticket_id) == ticket_id)
    return (await session.scalars(statement)).one()


async def attachment_of(
    session: AsyncSession, ticket_id: UUID, attachment_id: UUID
) -> Attachment | None:
    statement = select(Attachment).where(
        col(Attachment.attachment_id) == attachment_id, col(Attachment.ticket_id) == ticket_id
    )
    return (await session.scalars(statement)).one_or_none()


_SEND = text("""
    UPDATE attachments SET message_id = :message_id, ticket_id = :ticket_id, place = wanted.place
    FROM unnest(CAST(:attachment_ids AS uuid[])) WITH ORDINALITY AS wanted (attachment_id, place)
    WHERE attachments.attachment_id = wanted.attachment_id
        AND author_id = :author_id AND message_id IS NULL
    RETURNING attachments.attachment_id
""")


async def send_attachments(
    session: AsyncSession, message: Message, attachment_ids: Sequence[UUID]
) -> set[UUID]:
    """Let files its author has waiting go with the message, in this order; those that do."""
    rows = await session.execute(
        _SEND,
        {
            "message_id": message.message_id,
            "ticket_id": message.ticket_id,
            "author_id": message.author_id,
            "attachment_ids": list(attachment_ids),
        },
    )
    return set(rows.scalars())


async def attachments_of(
    session: AsyncSession, message_ids: Collection[UUID]
) -> Mapping[UUID, list[Attachment]]:
    """The files of each message, in order."""
    statement = (
        select(Attachment)
        .where(col(Attachment.message_id).in_(message_ids))
        .order_by(col(Attachment.place))
    )
    found: dict[UUID, list[Attachment]] = defaultdict(list)
    for attachment in await session.scalars(statement):
        if attachment.message_id is not None:
            found[attachment.message_id].append(attachment)
    return found


async def drop_unsent(session: AsyncSession, before: datetime, limit: int) -> int:
    """Forget up to `limit` files that were sent before and no message has named; how many."""
    old = (
        select(col(Attachment.attachment_id))
        .where(col(Attachment.message_id).is_(None), col(Attachment.created_at) < before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    dropped = delete(Attachment).where(col(Attachment.attachment_id).in_(old))
    return len((await session.scalars(dropped.returning(col(Attachment.attachment_id)))).all())


async def any_attachment(session: AsyncSession) -> bool:
    """Whether there is one."""
    return bool(await session.scalar(select(exists(select(col(Attachment.attachment_id))))))


async def known_attachments(session: AsyncSession, attachment_ids: Sequence[UUID]) -> set[UUID]:
    """Those of `attachment_ids` that there are."""
    statement = select(col(Attachment.attachment_id)).where(
        col(Attachment.attachment_id) == func.any(attachment_ids)
    )
    return set(await session.scalars(statement))


async def move_attachments(session: AsyncSession, from_member: UUID, to_member: UUID) -> None:
    """Let what one member has sent be another's."""
    await session.execute(
        update(Attachment)
        .where(
            col(Attachment.author) == Author.MEMBER,
            col(Attachment.author_id) == str(from_member),
        )
        .values(author_id=str(to_member))
    )
