"""Tickets: a member sees their own, agents see all. Notes are for agents alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.app import Router
from kit.auth import Caller, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Text
from kit.db import Tx
from kit.ids import uuid7
from kit.languages import Language
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.feedback.actions import tickets as actions
from services.feedback.actions.articles import find_answers
from services.feedback.api.attachments import AttachmentAnswer
from services.feedback.api.faq import SummaryAnswer
from services.feedback.rules.articles import SUGGESTIONS
from services.feedback.rules.attachments import MOST_PER_MESSAGE
from services.feedback.rules.tickets import (
    MESSAGE_LIMIT,
    SUBJECT_LIMIT,
    Author,
    Channel,
    Draft,
    Priority,
    Status,
    subject_of,
)
from services.feedback.store import members
from services.feedback.store import tickets as store
from services.feedback.store.attachments import attachments_of
from services.feedback.store.tickets import UNRESOLVED, Wanted
from services.feedback.tables import Attachment, Member, Message, Ticket

SHOWN_MESSAGES = 200
"""Messages a ticket is shown with, the latest; all are at its /messages."""

LAST_NUMBER = 2**31 - 1
"""The highest number the column holds."""

router = Router(prefix="/v1/tickets", tags=["Tickets"])
agents = requires(Role.AGENT)
talkers = requires(Role.MEMBER, Role.AGENT)

MessageText = Annotated[Text, StringConstraints(min_length=1, max_length=MESSAGE_LIMIT)]
Subject = Annotated[Text, StringConstraints(min_length=1, max_length=SUBJECT_LIMIT)]


class QuestionBody(Body):
    """What a member asks. Without a subject, the text's first line is it."""

    subject: Subject | None = None
    text: MessageText
    channel: Channel = Channel.APP


class NoteBody(Body):
    """`client_msg_id` is made once by the client and sent again with every retry."""

    client_msg_id: UUID
    text: MessageText

    def draft_of(self, caller: Caller) -> Draft:
        author = Author.MEMBER if caller.role is Role.MEMBER else Author.AGENT
        return Draft(author, caller.subject, self.client_msg_id, self.text)


class MessageBody(NoteBody):
    """A message; an agent may add the number of the last one read.

    `attachment_ids` are of files sent to /attachments of this ticket before.
    """

    seen: int | None = Field(
        None, ge=0, le=LAST_NUMBER, description="Refuse this where another agent has written since."
    )
    attachment_ids: list[UUID] = Field(default_factory=list, max_length=MOST_PER_MESSAGE)

    def draft_of(self, caller: Caller) -> Draft:
        attachment_ids = tuple(dict.fromkeys(self.attachment_ids))
        return replace(super().draft_of(caller), attachment_ids=attachment_ids)


class AssignmentBody(Body):
    """Whom to give the ticket to: the caller where `assignee_id` is left out, nobody where null."""

    assignee_id: UUID | None = None
    reassign: bool = False

    def assignee_for(self, caller: Caller) -> str | None:
        if "assignee_id" not in self.model_fields_set:
            return caller.subject
        return str(self.assignee_id) if self.assignee_id else None


class MessageAnswer(Answer):
    message_id: UUID
    ticket_id: UUID
    number: int
    author: Author
    author_id: str
    client_msg_id: UUID
    text: str
    sent_at: datetime
    attachments: list[AttachmentAnswer]

    @classmethod
    def of(cls, message: Message, files: Iterable[Attachment]) -> Self:
        sent = [AttachmentAnswer.of(file) for file in files]
        return cls.model_validate({**message.model_dump(), "attachments": sent})


class NoteAnswer(Answer):
    note_id: UUID
    ticket_id: UUID
    author_id: str
    client_msg_id: UUID
    text: str
    written_at: datetime


class MemberAnswer(Answer):
    display_name: str | None
    language: str
    tier: str


class TicketAnswer(Answer):
    """A ticket. `member`, `assignee_id` and `breached_at` are for agents; members read null."""

    ticket_id: UUID
    member_id: UUID
    subject: str
    status: Status
    priority: Priority
    channel: Channel
    last_number: int
    follows_id: UUID | None
    opened_at: datetime
    updated_at: datetime
    first_response_due_at: datetime
    first_response_at: datetime | None
    resolved_at: datetime | None
    assignee_id: str | None = None
    breached_at: datetime | None = None
    member: MemberAnswer | None = None

    @classmethod
    def for_member(cls, ticket: Ticket) -> Self:
        return cls.model_validate(ticket.model_dump(exclude={"assignee_id", "breached_at"}))

    @classmethod
    def for_agent(cls, ticket: Ticket, member: Member | None) -> Self:
        known = MemberAnswer.model_validate(member) if member else None
        return cls.model_validate({**ticket.model_dump(), "member": known})


class ConversationAnswer(TicketAnswer):
    """A ticket with its messages."""

    messages: list[MessageAnswer]


class OpenedAnswer(ConversationAnswer):
    """A new ticket, with articles that may answer it already."""

    suggestions: list[SummaryAnswer]


@router.post("", status_code=201)
async def open_ticket(
    body: QuestionBody, tx: Tx, member_id: MemberId, language: Language
) -> OpenedAnswer:
    """Ask the company. Send an Idempotency-Key, so that a retry opens no second ticket."""
    ticket = await actions.open_ticket(
        tx,
        member_id,
        Draft(Author.MEMBER, str(member_id), uuid7(), body.text),
        subject=body.subject or subject_of(body.text),
        channel=body.channel,
        now=clock.now(),
    )
    asked = f"{body.subject or ''} {body.text}"
    found = await find_answers(tx, asked, language, SUGGESTIONS)
    return OpenedAnswer(
        **TicketAnswer.for_member(ticket).model_dump(),
        messages=await _messages(tx, ticket.ticket_id, 0, 1),
        suggestions=[SummaryAnswer.of_match(match) for match in found],
    )


@router.get("", dependencies=[talkers])
async def list_tickets(
    tx: Tx,
    caller: CurrentCaller,
    status: Annotated[list[Status] | None, Query()] = None,
    priority: Priority | None = None,
    assignee: Annotated[
        str | None, Query(max_length=64, description="An agent's id, `me` or `none`.")
    ] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[TicketAnswer]:
    """A member's own tickets, newest first; for agents the queue, the soonest due first.

    Agents see unresolved tickets unless they name a status.
    """
    if caller.role is Role.MEMBER:
        wanted = Wanted(status or (), priority)
        return await _own_tickets(tx, caller.member_id, wanted, limit, cursor)
    assignee_id = caller.subject if assignee == "me" else assignee
    return await _queue(tx, Wanted(status or UNRESOLVED, priority, assignee_id), limit, cursor)


async def _own_tickets(
    session: AsyncSession, member_id: UUID, wanted: Wanted, limit: int, cursor: str | None
) -> Page[TicketAnswer]:
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await store.member_tickets(session, member_id, wanted, before, limit + 1)
    return page(rows, limit, TicketAnswer.for_member, lambda row: (row.ticket_id,))


async def _queue(
    session: AsyncSession, wanted: Wanted, limit: int, cursor: str | None
) -> Page[TicketAnswer]:
    after = decode_cursor(cursor, datetime.fromisoformat, UUID) if cursor else None
    rows = await store.queue(session, wanted, after and (after[0], after[1]), limit + 1)
    known = await members.members_of(session, [row.member_id for row in rows])
    return page(
        rows,
        limit,
        lambda row: TicketAnswer.for_agent(row, known.get(row.member_id)),
        lambda row: (row.first_response_due_at, row.ticket_id),
    )


@router.get("/{ticket_id}", dependencies=[talkers])
async def read_ticket(ticket_id: UUID, tx: Tx, caller: CurrentCaller) -> ConversationAnswer:
    """A ticket with its messages, at most the latest 200."""
    ticket = await actions.existing_ticket(tx, ticket_id, _owner(caller))
    answer = await _answer(tx, ticket, caller)
    shown = await _messages(tx, ticket_id, ticket.last_number - SHOWN_MESSAGES, SHOWN_MESSAGES)
    return ConversationAnswer(**answer.model_dump(), messages=shown)


@router.get("/{ticket_id}/messages", dependencies=[talkers])
async def list_messages(
    ticket_id: UUID,
    tx: Tx,
    caller: CurrentCaller,
    after: Annotated[int, Query(ge=0, le=LAST_NUMBER, description="Last number known.")] = 0,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[MessageAnswer]:
    """A ticket's messages above a number, in order: what a client that was away has missed."""
    await actions.existing_ticket(tx, ticket_id, _owner(caller))
    last = decode_cursor(cursor, _number)[0] if cursor else after
    rows = await store.messages_after(tx, ticket_id, last, limit + 1)
    files = await attachments_of(tx, [row.message_id for row in rows])
    return page(
        rows,
        limit,
        lambda row: MessageAnswer.of(row, files.get(row.message_id, ())),
        lambda row: (row.number,),
    )


@router.post("/{ticket_id}/messages", status_code=201, dependencies=[talkers])
async def post_message(
    ticket_id: UUID, body: MessageBody, tx: Tx, caller: CurrentCaller
) -> MessageAnswer:
    """Say something in a ticket. Sent again, it is answered as the first time.

    A member's message to a ticket resolved long ago begins a new one: see `ticket_id` of the
    answer.
    """
    draft = body.draft_of(caller)
    if caller.role is Role.MEMBER:
        sent = await actions.post_as_member(tx, caller.member_id, ticket_id, draft, clock.now())
    else:
        sent = await actions.post_as_agent(tx, ticket_id, draft, body.seen, clock.now())
    files = await attachments_of(tx, [sent.message_id])
    return MessageAnswer.of(sent, files.get(sent.message_id, ()))


@router.post("/{ticket_id}/assign", dependencies=[agents])
async def assign_ticket(
    ticket_id: UUID, body: AssignmentBody, tx: Tx, caller: CurrentCaller
) -> TicketAnswer:
    """Give the ticket to an agent. One that another agent has is taken only with `reassign`."""
    assignee_id = body.assignee_for(caller)
    ticket = await actions.assign_ticket(
        tx, ticket_id, assignee_id, reassign=body.reassign, now=clock.now()
    )
    return await _answer(tx, ticket, caller)


@router.post("/{ticket_id}/resolve", dependencies=[agents])
async def resolve_ticket(ticket_id: UUID, tx: Tx, caller: CurrentCaller) -> TicketAnswer:
    """Close the matter; the member is asked how it went. Repeating it changes nothing."""
    ticket = await actions.resolve_ticket(tx, ticket_id, caller.subject, clock.now())
    return await _answer(tx, ticket, caller)


@router.post("/{ticket_id}/notes", status_code=201, dependencies=[agents])
async def write_note(ticket_id: UUID, body: NoteBody, tx: Tx, caller: CurrentCaller) -> NoteAnswer:
    """A remark to the other agents, which no member ever sees."""
    note = await actions.write_note(tx, ticket_id, body.draft_of(caller), clock.now())
    return NoteAnswer.model_validate(note)


@router.get("/{ticket_id}/notes", dependencies=[agents])
async def list_notes(
    ticket_id: UUID, tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[NoteAnswer]:
    """A ticket's notes in the order they were written."""
    await actions.existing_ticket(tx, ticket_id)
    after = decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await store.notes_after(tx, ticket_id, after, limit + 1)
    return page(rows, limit, NoteAnswer.model_validate, lambda row: (row.note_id,))


def _number(value: object) -> int:
    """A message's number as a cursor holds it."""
    if not isinstance(value, int) or not 0 <= value <= LAST_NUMBER:
        raise ValueError(value)
    return value


def _owner(caller: Caller) -> UUID | None:
    """Whose tickets the caller may see; None for everybody's."""
    return caller.member_id if caller.role is Role.MEMBER else None


async def _answer(session: AsyncSession, ticket: Ticket, caller: Caller) -> TicketAnswer:
    if caller.role is Role.MEMBER:
        return TicketAnswer.for_member(ticket)
    known = await members.members_of(session, [ticket.member_id])
    return TicketAnswer.for_agent(ticket, known.get(ticket.member_id))


async def _messages(
    session: AsyncSession, ticket_id: UUID, after: int, limit: int
) -> list[MessageAnswer]:
    rows = await store.messages_after(session, ticket_id, after, limit)
    files = await attachments_of(session, [row.message_id for row in rows])
    return [MessageAnswer.of(row, files.get(row.message_id, ())) for row in rows]
