"""What feedback stores.

A ticket's row is the lock of its conversation and the counter of its messages.

Notes of agents have a table of their own: what members read never touches it.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Enum,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from kit.db import NAMING, Timestamp
from services.feedback.rules.articles import Stage
from services.feedback.rules.surveys import Kind
from services.feedback.rules.tickets import FIRST_TIER, Author, Channel, Priority, Status


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """The registry of this service alone."""


def choice_of(kind: type[StrEnum]) -> Enum:
    """A text column that holds a value of `kind`; a CHECK keeps others out."""
    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda values: [value.value for value in values],
    )


class Member(Table, table=True):
    """A copy of what profile and loyalty say of a member, each with the time it was true.

    Of a member found to be another, `merged_into` goes on for both.
    """

    __tablename__ = "members"
    __table_args__ = (
        Index(
            "ix_members_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    member_id: UUID = Field(primary_key=True)
    display_name: str | None = None
    language: str = "en"
    described_at: datetime | None = Field(default=None, sa_type=Timestamp)
    tier: str = FIRST_TIER
    tier_changed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    merged_into: UUID | None = None
    merged_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Article(Table, table=True):
    """An answer to a frequent question. Its texts are per language."""

    __tablename__ = "articles"

    article_id: UUID = Field(primary_key=True)
    category: str = Field(index=True)
    stage: Stage = Field(sa_type=choice_of(Stage))
    version: int = 1
    written_by: str
    created_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)
    published_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ArticleText(Table, table=True):
    """An article in one language, with the terms it is found by.

    A lexeme's positions in `terms` are only counted, never compared: there are as many as its
    weighed frequency.
    """

    __tablename__ = "article_texts"
    __table_args__ = (Index("ix_article_texts_terms", "terms", postgresql_using="gin"),)

    article_id: UUID = Field(
        primary_key=True, foreign_key="articles.article_id", ondelete="CASCADE"
    )
    language: str = Field(primary_key=True)
    title: str
    body: str
    terms: str = Field(sa_type=TSVECTOR)
    length: int = Field(description="Terms in the text, repetitions included.")


class Ticket(Table, table=True):
    """A member's question and its state."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_member_id_ticket_id", "member_id", "ticket_id"),
        Index("ix_tickets_queue", "status", "first_response_due_at", "ticket_id"),
        Index("ix_tickets_assignee_id", "assignee_id", "first_response_due_at", "ticket_id"),
        Index(
            "ix_tickets_unanswered",
            "first_response_due_at",
            postgresql_where=text(
                "first_response_at IS NULL AND breached_at IS NULL AND status <> 'resolved'"
            ),
        ),
        CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name="resolution"),
    )

    ticket_id: UUID = Field(primary_key=True)
    member_id: UUID
    follows_id: UUID | None = Field(default=None, foreign_key="tickets.ticket_id", unique=True)
    subject: str
    status: Status = Field(sa_type=choice_of(Status))
    priority: Priority = Field(sa_type=choice_of(Priority))
    tier: str
    channel: Channel = Field(sa_type=choice_of(Channel))
    assignee_id: str | None = None
    last_number: int = 0
    opened_at: datetime = Field(sa_type=Timestamp)
    updated_at: datetime = Field(sa_type=Timestamp)
    first_response_due_at: datetime = Field(sa_type=Timestamp)
    first_response_at: datetime | None = Field(default=None, sa_type=Timestamp)
    breached_at: datetime | None = Field(default=None, sa_type=Timestamp)
    resolved_at: datetime | None = Field(default=None, sa_type=Timestamp)
    resolved_by: str | None = None


class Message(Table, table=True):
    """What was said in a ticket, numbered from 1 without gaps.

    `client_msg_id` makes a phone's retry harmless.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("ticket_id", "author_id", "client_msg_id"),
        CheckConstraint("number > 0", name="number"),
    )

    ticket_id: UUID = Field(primary_key=True, foreign_key="tickets.ticket_id")
    number: int = Field(primary_key=True)
    message_id: UUID = Field(unique=True)
    author: Author = Field(sa_type=choice_of(Author))
    author_id: str
    client_msg_id: UUID
    text: str
    sent_at: datetime = Field(sa_type=Timestamp)


class Attachment(Table, table=True):
    """A file sent to a ticket; it goes with a message once one names it.

    While it waits, the same content sent again is the same attachment.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="size_bytes"),
        CheckConstraint("(message_id IS NULL) = (place IS NULL)", name="place"),
        UniqueConstraint("message_id", "place"),
        Index(
            "uq_attachments_unsent",
            "ticket_id",
            "author_id",
            "sha256",
            unique=True,
            postgresql_where=text("message_id IS NULL"),
        ),
        Index("ix_attachments_unsent", "created_at", postgresql_where=text("message_id IS NULL")),
        Index("ix_attachments_ticket_id", "ticket_id"),
    )

    attachment_id: UUID = Field(primary_key=True)
    ticket_id: UUID = Field(foreign_key="tickets.ticket_id")
    author: Author = Field(sa_type=choice_of(Author))
    author_id: str
    name: str
    media_type: str
    size_bytes: int = Field(sa_type=BigInteger)
    sha256: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=Timestamp)
    message_id: UUID | None = Field(default=None, foreign_key="messages.message_id")
    place: int | None = Field(default=None, sa_type=SmallInteger)


class Note(Table, table=True):
    """A remark of one agent to the others."""

    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("ticket_id", "author_id", "client_msg_id"),)

    note_id: UUID = Field(primary_key=True)
    ticket_id: UUID = Field(foreign_key="tickets.ticket_id")
    author_id: str
    client_msg_id: UUID
    text: str
    written_at: datetime = Field(sa_type=Timestamp)


class Survey(Table, table=True):
    """A question to one member, and the answer once there is one."""

    __tablename__ = "surveys"
    __table_args__ = (
        Index("ix_surveys_member_id", "member_id", postgresql_where=text("answered_at IS NULL")),
        Index("ix_surveys_kind_answered_at", "kind", "answered_at"),
        Index(
            "uq_surveys_standing",
            "member_id",
            "kind",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND ticket_id IS NULL"),
        ),
        CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name="answer"),
    )

    survey_id: UUID = Field(primary_key=True)
    member_id: UUID
    kind: Kind = Field(sa_type=choice_of(Kind))
    ticket_id: UUID | None = Field(default=None, foreign_key="tickets.ticket_id", unique=True)
    question: dict[str, str] = Field(sa_column=Column(JSONB, nullable=False))
    offered_at: datetime = Field(sa_type=Timestamp)
    score: int | None = Field(default=None, sa_type=SmallInteger)
    comment: str | None = None
    answered_at: datetime | None = Field(default=None, sa_type=Timestamp)


metadata = Table.metadata
