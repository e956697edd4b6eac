"""A ticket's promise to the member and its states.

A ticket is open while the company owes an answer, pending while the member does, resolved when an
agent has closed the matter. A member's reply reopens a resolved ticket within `REOPEN_PERIOD`;
later it begins a follow-up ticket.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

MESSAGE_LIMIT = 10_000
"""Characters a message may have."""

SUBJECT_LIMIT = 200
SUBJECT_LENGTH = 80
"""Longest subject made from a message."""

EXCERPT_LENGTH = 500
"""Characters of a message that its event carries."""

REOPEN_PERIOD = timedelta(days=7)


class Status(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Author(StrEnum):
    MEMBER = "member"
    AGENT = "agent"
    SYSTEM = "system"


class Channel(StrEnum):
    APP = "app"
    WEB = "web"


class Reply(StrEnum):
    """What a member's reply does to the ticket."""

    CONTINUES = "continues"
    REOPENS = "reopens"
    FOLLOWS_UP = "follows_up"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as its author sent it: it has no number yet."""

    author: Author
    author_id: str
    client_msg_id: UUID
    text: str
    attachment_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """What the company promises a ticket: its place in the queue and the time to a first answer."""

    priority: Priority
    first_response: timedelta

    def due_at(self, opened_at: datetime) -> datetime:
        return opened_at + self.first_response


PROMISES: Mapping[str, Promise] = MappingProxyType(
    {
        "normal": Promise(Priority.NORMAL, timedelta(hours=24)),
        "silver": Promise(Priority.NORMAL, timedelta(hours=12)),
        "gold": Promise(Priority.HIGH, timedelta(hours=4)),
        "platinum": Promise(Priority.URGENT, timedelta(hours=1)),
    }
)
"""The promise to a member of each loyalty tier."""

FIRST_TIER = "normal"
"""The tier of a member loyalty has said nothing of."""


def promise_to(tier: str) -> Promise:
    """The promise to a tier; one this table does not know is served as the first."""
    return PROMISES.get(tier, PROMISES[FIRST_TIER])


def lesser_tiers(tier: str) -> tuple[str, ...]:
    """The tiers promised less than `tier`: their open tickets gain when the member rises to it."""
    promise = promise_to(tier)
    return tuple(t for t, p in PROMISES.items() if p.first_response > promise.first_response)


def effect_of_reply(status: Status, resolved_at: datetime | None, now: datetime) -> Reply:
    """What a member's reply at `now` does to a ticket in `status`."""
    if status is not Status.RESOLVED or resolved_at is None:
        return Reply.CONTINUES
    return Reply.REOPENS if now <= resolved_at + REOPEN_PERIOD else Reply.FOLLOWS_UP


def status_after(author: Author, status: Status) -> Status:
    """The status once `author` has spoken: after a member the company owes an answer."""
    if author is Author.MEMBER:
        return Status.OPEN
    return status if status is Status.RESOLVED else Status.PENDING


def is_late(first_response_due_at: datetime, now: datetime) -> bool:
    return now > first_response_due_at


def subject_of(text: str) -> str:
    """A subject for a ticket that came without one: its message's first line, cut to fit."""
    first_line = text.strip().splitlines()[0].strip()
    return (
        first_line if len(first_line) <= SUBJECT_LENGTH else first_line[: SUBJECT_LENGTH - 1] + "…"
    )


def excerpt(text: str) -> str:
    """The beginning of a message, as its event carries it."""
    return text[:EXCERPT_LENGTH]
