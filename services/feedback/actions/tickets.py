"""The conversation between a member and the company's agents.

A ticket's row lock puts its messages in one order, without gaps. A message sent again under its
`client_msg_id` is answered as the first time, whatever has become of the ticket since.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.ids import uuid7
from kit.problems import Conflict, NotFound, Unprocessable
from services.feedback.actions.attachments import send_attachments
from services.feedback.actions.surveys import offer_csat
from services.feedback.events import MessageSent, TicketBreached, TicketOpened, TicketResolved
from services.feedback.rules.tickets import (
    Author,
    Channel,
    Draft,
    Reply,
    Status,
    effect_of_reply,
    is_late,
    promise_to,
    status_after,
)
from services.feedback.store import attachments, members
from services.feedback.store import tickets as store
from services.feedback.tables import Message, Note, Ticket

UNSEEN_SHOWN = 100
"""Messages looked at for what an agent has not seen."""


class TicketNotFound(NotFound):
    code = "feedback.ticket_not_found"
    title = "No such ticket"

    def __init__(self, ticket_id: UUID) -> None:
        super().__init__(f"You have no ticket {ticket_id}.")


class MessageIdReused(Unprocessable):
    code = "feedback.client_msg_id_reused"
    title = "client_msg_id used for another message"

    def __init__(self) -> None:
        super().__init__("You sent another message under this client_msg_id; make a new one.")


class ReplyStale(Conflict):
    code = "feedback.reply_stale"
    title = "Another agent has replied meanwhile"


class TicketTaken(Conflict):
    code = "feedback.ticket_taken"
    title = "The ticket has an assignee"


async def open_ticket(
    session: AsyncSession,
    member_id: UUID,
    draft: Draft,
    *,
    subject: str,
    channel: Channel,
    now: datetime,
) -> Ticket:
    """A ticket with its first message, promised what the member's tier is promised.

    A member merged into another, whose app does not know it yet, opens it for the other.
    """
    member = await members.hold_member(session, member_id)
    if member.merged_into is not None:
        member = await members.hold_member(session, member.merged_into)
        draft = replace(draft, author_id=str(member.member_id))
    ticket = _new_ticket(member.member_id, member.tier, subject, channel, now)
    await _begin(session, ticket, draft, now)
    return await existing_ticket(session, ticket.ticket_id)


async def post_as_member(
    session: AsyncSession, member_id: UUID, ticket_id: UUID, draft: Draft, now: datetime
) -> Message:
    """The member's message, in this ticket or in the one that follows it.

    It follows where this one is resolved and its time to reopen is over. Raises TicketNotFound for
    another member's ticket, MessageIdReused for another text under a known id.
    """
    member = await members.hold_member(session, member_id)
    ticket = await _locked(session, ticket_id, member_id)
    if sent := await _sent_before(session, ticket, draft):
        return sent
    if effect_of_reply(ticket.status, ticket.resolved_at, now) is not Reply.FOLLOWS_UP:
        return await _append(session, ticket, draft, now)
    if follow_up_id := await store.follow_up_of(session, ticket.ticket_id):
        return await post_as_member(session, member_id, follow_up_id, draft, now)
    follow_up = _new_ticket(member_id, member.tier, ticket.subject, ticket.channel, now)
    follow_up.follows_id = ticket.ticket_id
    return await _begin(session, follow_up, draft, now)


async def post_as_agent(
    session: AsyncSession, ticket_id: UUID, draft: Draft, seen: int | None, now: datetime
) -> Message:
    """An agent's answer; it takes the ticket if nobody has it.

    `seen` is the number of the last message the agent has read: ReplyStale where another agent has
    written since.
    """
    ticket = await _locked(session, ticket_id)
    if sent := await _sent_before(session, ticket, draft):
        return sent
    if seen is not None:
        await _refuse_stale(session, ticket, draft.author_id, seen)
    return await _append(session, ticket, draft, now)


async def write_note(session: AsyncSession, ticket_id: UUID, draft: Draft, now: datetime) -> Note:
    """A remark among agents. No event tells of it and no member reads it."""
    await existing_ticket(session, ticket_id)
    note = Note(
        note_id=uuid7(),
        ticket_id=ticket_id,
        author_id=draft.author_id,
        client_msg_id=draft.client_msg_id,
        text=draft.text,
        written_at=now,
    )
    written = await store.insert_note(session, note)
    if written.text != draft.text:
        raise MessageIdReused
    return written


async def assign_ticket(
    session: AsyncSession,
    ticket_id: UUID,
    assignee_id: str | None,
    *,
    reassign: bool,
    now: datetime,
) -> Ticket:
    """Give the ticket to an agent, or to nobody.

    Raises TicketTaken rather than take it from another.
    """
    ticket = await _locked(session, ticket_id)
    if ticket.assignee_id == assignee_id:
        return ticket
    if ticket.assignee_id is not None and not reassign:
        raise TicketTaken(
            "Another agent has it; say `reassign` to take it over.", assignee_id=ticket.assignee_id
        )
    return await store.change_ticket(
        session, ticket.ticket_id, assignee_id=assignee_id, updated_at=now
    )


async def resolve_ticket(
    session: AsyncSession, ticket_id: UUID, agent_id: str, now: datetime
) -> Ticket:
    """Close the matter and ask the member how it went. A resolved ticket stays as it is."""
    ticket = await _locked(session, ticket_id)
    if ticket.status is Status.RESOLVED:
        return ticket
    changes = await _first_response(session, ticket, agent_id, now)
    resolved = await store.change_ticket(
        session,
        ticket.ticket_id,
        status=Status.RESOLVED,
        resolved_at=now,
        resolved_by=agent_id,
        updated_at=now,
        **changes,
    )
    told = TicketResolved(
        member_id=ticket.member_id,
        ticket_id=ticket.ticket_id,
        resolved_by=agent_id,
        resolved_at=now,
    )
    await outbox.publish(session, told)
    await offer_csat(session, resolved, now)
    return resolved


async def breach_overdue(session: AsyncSession, now: datetime, limit: int) -> int:
    """Mark tickets whose promised first answer is overdue and say so; how many."""
    breached = await store.mark_breached(session, now, limit)
    await outbox.publish(session, *(TicketBreached.of(ticket, now) for ticket in breached))
    return len(breached)


async def existing_ticket(
    session: AsyncSession, ticket_id: UUID, member_id: UUID | None = None
) -> Ticket:
    """The ticket; with `member_id`, only if it is that member's."""
    return _own(await store.ticket_of(session, ticket_id), ticket_id, member_id)


async def _locked(session: AsyncSession, ticket_id: UUID, member_id: UUID | None = None) -> Ticket:
    return _own(await store.lock_ticket(session, ticket_id), ticket_id, member_id)


def _own(ticket: Ticket | None, ticket_id: UUID, member_id: UUID | None) -> Ticket:
    if ticket is None or member_id not in (None, ticket.member_id):
        raise TicketNotFound(ticket_id)
    return ticket


def _new_ticket(
    member_id: UUID, tier: str, subject: str, channel: Channel, now: datetime
) -> Ticket:
    promise = promise_to(tier)
    return Ticket(
        ticket_id=uuid7(),
        member_id=member_id,
        subject=subject,
        status=Status.OPEN,
        priority=promise.priority,
        tier=tier,
        channel=channel,
        opened_at=now,
        updated_at=now,
        first_response_due_at=promise.due_at(now),
    )


async def _begin(session: AsyncSession, ticket: Ticket, draft: Draft, now: datetime) -> Message:
    await store.insert_ticket(session, ticket)
    await outbox.publish(session, TicketOpened.of(ticket))
    return await _append(session, ticket, draft, now)


async def _append(session: AsyncSession, ticket: Ticket, draft: Draft, now: datetime) -> Message:
    """Give the message the ticket's next number, and the ticket the status that follows."""
    message = Message(
        message_id=uuid7(),
        ticket_id=ticket.ticket_id,
        number=ticket.last_number + 1,
        author=draft.author,
        author_id=draft.author_id,
        client_msg_id=draft.client_msg_id,
        text=draft.text,
        sent_at=now,
    )
    await store.insert_message(session, message)
    await send_attachments(session, message, draft.attachment_ids)
    changes = await _changes_by(session, ticket, draft, now)
    await store.change_ticket(
        session, ticket.ticket_id, last_number=message.number, updated_at=now, **changes
    )
    await outbox.publish(session, MessageSent.of(message, ticket.member_id))
    return message


async def _changes_by(
    session: AsyncSession, ticket: Ticket, draft: Draft, now: datetime
) -> dict[str, Any]:
    status = status_after(draft.author, ticket.status)
    if draft.author is Author.AGENT:
        return {"status": status, **await _first_response(session, ticket, draft.author_id, now)}
    return {"status": status, "resolved_at": None, "resolved_by": None}


async def _first_response(
    session: AsyncSession, ticket: Ticket, agent_id: str, now: datetime
) -> dict[str, Any]:
    """What an agent's first answer changes.

    One that comes late breaches the promise, job or no job.
    """
    changes: dict[str, Any] = {"assignee_id": ticket.assignee_id or agent_id}
    if ticket.first_response_at is not None:
        return changes
    changes["first_response_at"] = now
    if ticket.breached_at is None and is_late(ticket.first_response_due_at, now):
        changes["breached_at"] = now
        await outbox.publish(session, TicketBreached.of(ticket, now))
    return changes


async def _sent_before(session: AsyncSession, ticket: Ticket, draft: Draft) -> Message | None:
    """The message if it arrived before. Raises MessageIdReused if it was another."""
    sent = await store.message_sent_as(
        session, ticket.ticket_id, draft.author_id, draft.client_msg_id
    )
    if sent is not None and not await _is_what_was_sent(session, draft, sent):
        raise MessageIdReused
    return sent


async def _is_what_was_sent(session: AsyncSession, draft: Draft, sent: Message) -> bool:
    files = (await attachments.attachments_of(session, [sent.message_id])).get(sent.message_id, [])
    named = tuple(file.attachment_id for file in files)
    return (sent.text, named) == (draft.text, draft.attachment_ids)


async def _refuse_stale(session: AsyncSession, ticket: Ticket, agent_id: str, seen: int) -> None:
    unseen = [
        message.number
        for message in await store.messages_after(session, ticket.ticket_id, seen, UNSEEN_SHOWN)
        if message.author is Author.AGENT and message.author_id != agent_id
    ]
    if unseen:
        raise ReplyStale("Read what another agent has written first.", unseen=unseen)
