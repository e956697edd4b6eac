"""What is deleted of a member who is erased, and what stays of it as a number."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_LOCK_TICKETS = text("""
    SELECT ticket_id FROM tickets WHERE member_id = ANY(CAST(:ids AS uuid[]))
    ORDER BY ticket_id FOR UPDATE
""")
_ATTACHMENTS = text(
    "SELECT attachment_id FROM attachments WHERE ticket_id = ANY(CAST(:ids AS uuid[]))"
)
_FREE_SURVEYS = text("""
    UPDATE surveys SET member_id = gen_random_uuid(), ticket_id = NULL, comment = NULL
    WHERE member_id = ANY(CAST(:ids AS uuid[]))
""")
_OF_TICKETS = (
    text("DELETE FROM attachments WHERE ticket_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM notes WHERE ticket_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM messages WHERE ticket_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM tickets WHERE ticket_id = ANY(CAST(:ids AS uuid[]))"),
)
_MEMBERS = text("DELETE FROM members WHERE member_id = ANY(CAST(:ids AS uuid[]))")


async def lock_tickets(session: AsyncSession, member_ids: Collection[UUID]) -> list[UUID]:
    """The members' tickets: until the transaction ends nobody says anything in them."""
    return list((await session.execute(_LOCK_TICKETS, {"ids": list(member_ids)})).scalars())


async def attachments_in(session: AsyncSession, ticket_ids: Collection[UUID]) -> list[UUID]:
    return list((await session.execute(_ATTACHMENTS, {"ids": list(ticket_ids)})).scalars())


async def erase(
    session: AsyncSession, member_ids: Collection[UUID], ticket_ids: Collection[UUID]
) -> None:
    """Delete members and their tickets; leave surveys, with their scores, nobody's."""
    await session.execute(_FREE_SURVEYS, {"ids": list(member_ids)})
    for statement in _OF_TICKETS:
        await session.execute(statement, {"ids": list(ticket_ids)})
    await session.execute(_MEMBERS, {"ids": list(member_ids)})
