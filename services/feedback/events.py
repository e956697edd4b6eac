"""What feedback says, and the parts it reads of what others say.

Shapes agree with tests/contracts/examples.
"""

from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from pydantic import Field

from kit.events import Payload, Reading
from services.feedback.rules.surveys import Kind
from services.feedback.rules.tickets import Author, Channel, Priority, excerpt
from services.feedback.tables import Message, Survey, Ticket


class TicketOpened(Payload):
    type: ClassVar[str] = "feedback.ticket.opened.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("ticket_id",)
    member_id: UUID
    ticket_id: UUID
    subject: str
    priority: Priority
    channel: Channel
    first_response_due_at: datetime
    opened_at: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> Self:
        return cls(
            member_id=ticket.member_id,
            ticket_id=ticket.ticket_id,
            subject=ticket.subject,
            priority=ticket.priority,
            channel=ticket.channel,
            first_response_due_at=ticket.first_response_due_at,
            opened_at=ticket.opened_at,
        )


class MessageSent(Payload):
    """A message members may read.

    `text` is its beginning; the whole is at GET /v1/tickets/{ticket_id}.
    """

    type: ClassVar[str] = "feedback.message.sent.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("ticket_id", "message_id")
    member_id: UUID
    ticket_id: UUID
    message_id: UUID
    number: int = Field(ge=1)
    author: Author
    author_id: str
    text: str
    sent_at: datetime

    @classmethod
    def of(cls, message: Message, member_id: UUID) -> Self:
        return cls(
            member_id=member_id,
            ticket_id=message.ticket_id,
            message_id=message.message_id,
            number=message.number,
            author=message.author,
            author_id=message.author_id,
            text=excerpt(message.text),
            sent_at=message.sent_at,
        )


class TicketResolved(Payload):
    type: ClassVar[str] = "feedback.ticket.resolved.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("ticket_id",)
    member_id: UUID
    ticket_id: UUID
    resolved_by: str
    resolved_at: datetime


class TicketBreached(Payload):
    """The first answer was not given in the promised time."""

    type: ClassVar[str] = "feedback.ticket.breached.v1"
    member_id: UUID
    ticket_id: UUID
    priority: Priority
    assignee_id: str | None
    first_response_due_at: datetime
    breached_at: datetime

    @classmethod
    def of(cls, ticket: Ticket, breached_at: datetime) -> Self:
        return cls(
            member_id=ticket.member_id,
            ticket_id=ticket.ticket_id,
            priority=ticket.priority,
            assignee_id=ticket.assignee_id,
            first_response_due_at=ticket.first_response_due_at,
            breached_at=breached_at,
        )


class SurveyOffered(Payload):
    type: ClassVar[str] = "feedback.survey.offered.v1"
    member_id: UUID
    survey_id: UUID
    kind: Kind
    ticket_id: UUID | None
    question: dict[str, str]
    offered_at: datetime

    @classmethod
    def of(cls, survey: Survey) -> Self:
        return cls(
            member_id=survey.member_id,
            survey_id=survey.survey_id,
            kind=survey.kind,
            ticket_id=survey.ticket_id,
            question=survey.question,
            offered_at=survey.offered_at,
        )


class SurveyAnswered(Payload):
    type: ClassVar[str] = "feedback.survey.answered.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("survey_id",)
    member_id: UUID
    survey_id: UUID
    kind: Kind
    ticket_id: UUID | None
    score: int
    comment: str | None
    answered_at: datetime


class MemberErased(Payload):
    """Nothing is kept of a member any more; what they answered to surveys is still counted."""

    type: ClassVar[str] = "feedback.member.erased.v1"
    erasure_id: UUID
    member_id: UUID
    erased_at: datetime


PUBLISHED: tuple[type[Payload], ...] = (
    TicketOpened,
    MessageSent,
    TicketResolved,
    TicketBreached,
    SurveyOffered,
    SurveyAnswered,
    MemberErased,
)


class MemberDescribed(Reading):
    """Who a member is, as profile last said."""

    member_id: UUID
    display_name: str | None = None
    language: str
    updated_at: datetime


class MemberCreated(MemberDescribed):
    type: ClassVar[str] = "profile.member.created.v1"


class MemberUpdated(MemberDescribed):
    type: ClassVar[str] = "profile.member.updated.v1"


class MemberMerged(Reading):
    type: ClassVar[str] = "profile.member.merged.v1"
    member_id: UUID
    merged_member_id: UUID
    merged_at: datetime


class ErasureAsked(Reading):
    """Profile erased a member; so is everybody to do."""

    type: ClassVar[str] = "profile.member.erased.v1"
    erasure_id: UUID
    member_id: UUID
    former_ids: list[UUID]


class TierChanged(Reading):
    type: ClassVar[str] = "loyalty.tier.changed.v1"
    member_id: UUID
    tier: str
    changed_at: datetime
