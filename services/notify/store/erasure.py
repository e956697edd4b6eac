"""What is deleted of a member who is erased, and what stays of it as a number."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_STATEMENTS = (
    text("DELETE FROM inbox_items WHERE member_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM mailboxes WHERE member_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM contacts WHERE member_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM preferences WHERE member_id = ANY(CAST(:ids AS uuid[]))"),
    text("""
        DELETE FROM webhook_messages
        WHERE subject = ANY(CAST(CAST(:ids AS uuid[]) AS text[]))
            AND type <> 'profile.member.erased.v1'
    """),
    text("""
        UPDATE deliveries SET member_id = gen_random_uuid(), cause = delivery_id::text,
            facts = '{}', action = NULL, language = NULL,
            correlation_id = NULL, causation_id = NULL, receipt_id = NULL,
            reason = CASE state WHEN 'queued' THEN 'erased' ELSE reason END,
            ended_at = CASE state WHEN 'queued' THEN now() ELSE ended_at END,
            state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END
        WHERE member_id = ANY(CAST(:ids AS uuid[]))
    """),
)


async def lock_deliveries(session: AsyncSession, member_ids: Collection[UUID]) -> None:
    """Lock what is sent to the members: who delivers to inboxes does so before mailboxes."""
    statement = text("""
        SELECT FROM deliveries WHERE member_id = ANY(CAST(:ids AS uuid[]))
        ORDER BY delivery_id FOR UPDATE
    """)
    await session.execute(statement, {"ids": list(member_ids)})


async def erase(session: AsyncSession, member_ids: Collection[UUID]) -> None:
    """Delete inbox, address and choices; cancel what waits; leave of what was sent that it was."""
    for statement in _STATEMENTS:
        await session.execute(statement, {"ids": list(member_ids)})
