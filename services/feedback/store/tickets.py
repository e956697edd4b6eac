"""Tickets, their messages and the agents' notes.

Whoever adds a message holds the ticket's row lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.feedback.rules.tickets import Author, Priority, Promise, Status
from services.feedback.tables import Message, Note, Ticket

UNRESOLVED = (Status.OPEN, Status.PENDING)

NOBODY = "none"
"""Stands for tickets without an assignee."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets a list is to show; a field left out does not matter."""

    statuses: Sequence[Status] = ()
    priority: Priority | None = None
    assignee_id: str | None = None

    def restrict(self, statement: Select[Ticket]) -> Select[Ticket]:
        if self.statuses:
            statement = statement.where(col(Ticket.status).in_(self.statuses))
        if self.priority is not None:
            statement = statement.where(col(Ticket.priority) == self.priority)
        if self.assignee_id is not None:
            nobody = self.assignee_id == NOBODY
            statement = statement.where(
                col(Ticket.assignee_id).is_(None)
                if nobody
                else col(Ticket.assignee_id) == self.assignee_id
            )
        return statement


async def insert_ticket(session: AsyncSession, ticket: Ticket) -> None:
    await session.execute(insert(Ticket).values(ticket.model_dump()))


async def ticket_of(session: AsyncSession, ticket_id: UUID) -> Ticket | None:
    return await session.get(Ticket, ticket_id, populate_existing=True)


async def lock_ticket(session: AsyncSession, ticket_id: UUID) -> Ticket | None:
    """The ticket as it is now, its row locked until the transaction ends."""
    return await session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)


async def change_ticket(session: AsyncSession, ticket_id: UUID, **changes: Any) -> Ticket:
    """Change a locked ticket; the ticket as it is then."""
    statement = update(Ticket).where(col(Ticket.ticket_id) == ticket_id).values(**changes)
    changed = statement.returning(Ticket).execution_options(populate_existing=True)
    return (await session.scalars(changed)).one()


async def follow_up_of(session: AsyncSession, ticket_id: UUID) -> UUID | None:
    """The ticket that continues this one, if there is one."""
    statement = select(col(Ticket.ticket_id)).where(col(Ticket.follows_id) == ticket_id)
    return (await session.scalars(statement)).one_or_none()


async def member_tickets(
    session: AsyncSession, member_id: UUID, wanted: Wanted, before: UUID | None, limit: int
) -> list[Ticket]:
    """A member's tickets, newest first, beginning behind `before`."""
    statement = wanted.restrict(select(Ticket).where(col(Ticket.member_id) == member_id))
    if before is not None:
        statement = statement.where(col(Ticket.ticket_id) < before)
    return list(
        await session.scalars(statement.order_by(col(Ticket.ticket_id).desc()).limit(limit))
    )


async def queue(
    session: AsyncSession, wanted: Wanted, after: tuple[datetime, UUID] | None, limit: int
) -> list[Ticket]:
    """Everybody's tickets, the soonest due first, beginning behind `after` (due time, id)."""
    due_at, ticket_id = col(Ticket.first_response_due_at), col(Ticket.ticket_id)
    statement = wanted.restrict(select(Ticket))
    if after is not None:
        statement = statement.where(tuple_(due_at, ticket_id) > tuple_(*map(literal, after)))
    return list(await session.scalars(statement.order_by(due_at, ticket_id).limit(limit)))


async def keep_promise(
    session: AsyncSession,
    member_ids: Sequence[UUID],
    tier: str,
    promise: Promise,
    lesser_tiers: Sequence[str],
    now: datetime,
) -> list[UUID]:
    """Promise the members' unresolved tickets of `lesser_tiers` more, counted from `now`."""
    due_at = func.least(col(Ticket.first_response_due_at), promise.due_at(now))
    unanswered = col(Ticket.first_response_at).is_(None)
    statement = (
        update(Ticket)
        .where(
            col(Ticket.member_id).in_(member_ids),
            col(Ticket.status) != Status.RESOLVED,
            col(Ticket.tier).in_(lesser_tiers),
        )
        .values(
            tier=tier,
            priority=promise.priority,
            first_response_due_at=case(
                (unanswered, due_at), else_=col(Ticket.first_response_due_at)
            ),
        )
        .returning(col(Ticket.ticket_id))
    )
    return list(await session.scalars(statement))


async def mark_breached(session: AsyncSession, now: datetime, limit: int) -> list[Ticket]:
    """Mark up to `limit` tickets whose first answer is overdue; those marked.

    Tickets in use wait a run.
    """
    overdue = (
        select(col(Ticket.ticket_id))
        .where(
            col(Ticket.first_response_at).is_(None),
            col(Ticket.breached_at).is_(None),
            col(Ticket.status) != Status.RESOLVED,
            col(Ticket.first_response_due_at) < now,
        )
        .order_by(col(Ticket.first_response_due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = update(Ticket).where(col(Ticket.ticket_id).in_(overdue)).values(breached_at=now)
    return list(await session.scalars(statement.returning(Ticket)))


async def insert_message(session: AsyncSession, message: Message) -> None:
    await session.execute(insert(Message).values(message.model_dump()))


async def message_sent_as(
    session: AsyncSession, ticket_id: UUID, author_id: str, client_msg_id: UUID
) -> Message | None:
    """The message the author's phone sent under this id, if it has arrived."""
    statement = select(Message).where(
        col(Message.ticket_id) == ticket_id,
        col(Message.author_id) == author_id,
        col(Message.client_msg_id) == client_msg_id,
    )
    return (await session.scalars(statement)).one_or_none()


async def messages_after(
    session: AsyncSession, ticket_id: UUID, after: int, limit: int
) -> list[Message]:
    """The messages numbered above `after`, in order."""
    statement = select(Message).where(
        col(Message.ticket_id) == ticket_id, col(Message.number) > after
    )
    return list(await session.scalars(statement.order_by(col(Message.number)).limit(limit)))


async def insert_note(session: AsyncSession, note: Note) -> Note:
    """The note, or the one the author has already written under the same `client_msg_id`."""
    statement = insert(Note).values(note.model_dump()).on_conflict_do_nothing().returning(Note)
    if (written := (await session.scalars(statement)).one_or_none()) is not None:
        return written
    earlier = select(Note).where(
        col(Note.ticket_id) == note.ticket_id,
        col(Note.author_id) == note.author_id,
        col(Note.client_msg_id) == note.client_msg_id,
    )
    return (await session.scalars(earlier)).one()


async def notes_after(
    session: AsyncSession, ticket_id: UUID, after: UUID | None, limit: int
) -> list[Note]:
    """A ticket's notes in the order they were written, beginning behind `after`."""
    statement = select(Note).where(col(Note.ticket_id) == ticket_id)
    if after is not None:
        statement = statement.where(col(Note.note_id) > after)
    return list(await session.scalars(statement.order_by(col(Note.note_id)).limit(limit)))


async def move_tickets(session: AsyncSession, from_member: UUID, to_member: UUID) -> None:
    """Hand one member's tickets, and what they said in them, to another."""
    moved = update(Ticket).where(col(Ticket.member_id) == from_member).values(member_id=to_member)
    ticket_ids = list(await session.scalars(moved.returning(col(Ticket.ticket_id))))
    await session.execute(
        update(Message)
        .where(
            col(Message.ticket_id).in_(ticket_ids),
            col(Message.author) == Author.MEMBER,
            col(Message.author_id) == str(from_member),
        )
        .values(author_id=str(to_member))
    )
