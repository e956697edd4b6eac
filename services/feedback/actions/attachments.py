"""Files that go with messages: sent first, then named by the message."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound, Unprocessable
from services.feedback.files import Kept
from services.feedback.rules.attachments import MOST_PER_TICKET, UNSENT_KEPT, shown_name
from services.feedback.rules.tickets import Author
from services.feedback.store import attachments as store
from services.feedback.tables import Attachment, Message


class AttachmentNotFound(NotFound):
    code = "feedback.attachment_not_found"
    title = "No such attachment"

    def __init__(self, attachment_id: UUID) -> None:
        super().__init__(f"You can read no attachment {attachment_id} in this ticket.")


class NotWaiting(Unprocessable):
    code = "feedback.attachment_not_waiting"
    title = "No file of yours waits under this id"


class TooManyAttachments(Conflict):
    code = "feedback.too_many_attachments"
    title = "The ticket has as many files as it may"


async def find_room(session: AsyncSession, ticket_id: UUID) -> None:
    """Raises TooManyAttachments where the ticket takes no more files."""
    if await store.count_attachments(session, ticket_id) >= MOST_PER_TICKET:
        raise TooManyAttachments(f"A ticket takes {MOST_PER_TICKET} files; open another for more.")


async def add_attachment(
    session: AsyncSession,
    kept: Kept,
    *,
    ticket_id: UUID,
    author: Author,
    author_id: str,
    name: str,
    now: datetime,
) -> Attachment:
    """Let a stored file wait for its message. One with the same content that waits is given."""
    attachment = Attachment(
        attachment_id=kept.attachment_id,
        ticket_id=ticket_id,
        author=author,
        author_id=author_id,
        name=shown_name(name, kept.media_type),
        media_type=kept.media_type,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        created_at=now,
    )
    return await store.insert_attachment(session, attachment)


async def readable_attachment(
    session: AsyncSession, ticket_id: UUID, attachment_id: UUID, reader_id: str | None
) -> Attachment:
    """The ticket's attachment: for agents (no `reader_id`) any, else what was said or is theirs."""
    attachment = await store.attachment_of(session, ticket_id, attachment_id)
    if attachment is not None and (
        reader_id is None or attachment.message_id or attachment.author_id == reader_id
    ):
        return attachment
    raise AttachmentNotFound(attachment_id)


async def send_attachments(
    session: AsyncSession, message: Message, attachment_ids: Sequence[UUID]
) -> None:
    """Let files its author has waiting go with the message. Raises NotWaiting."""
    if not attachment_ids:
        return
    sent = await store.send_attachments(session, message, attachment_ids)
    if absent := ", ".join(str(one) for one in attachment_ids if one not in sent):
        raise NotWaiting(
            "Send the file first, then name it once, within a day.",
            errors=[{"field": "attachment_ids", "code": NotWaiting.code, "detail": absent}],
        )


async def drop_unsent(session: AsyncSession, now: datetime, limit: int) -> bool:
    """Forget files that no message has named for too long; True when there may be more."""
    return await store.drop_unsent(session, now - UNSENT_KEPT, limit) == limit
