"""Messages of the tracking API, freed of how they were written, and their time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.profile.rules.identities import Identity

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class Kind(StrEnum):
    """Segment's six calls."""

    TRACK = "track"
    PAGE = "page"
    SCREEN = "screen"
    IDENTIFY = "identify"
    GROUP = "group"
    ALIAS = "alias"


ACTIVITIES = frozenset({Kind.TRACK, Kind.PAGE, Kind.SCREEN})
"""What a member did, as against what is said of a member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. `subject` is whom it speaks of; the histories of `joins` are the subject's."""

    kind: Kind
    message_id: str
    subject: Identity
    joins: tuple[Identity, ...] = ()
    name: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    """Properties, or for identify and group the traits."""
    context: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Activity:
    """A message that tells what a member did, and which member that is."""

    member_id: UUID
    message: Message


def occurred_at(
    timestamp: datetime | None, sent_at: datetime | None, received_at: datetime
) -> datetime:
    """When it happened by our clock, from what a device with its own clock says.

    As Segment does: the time between happening and sending is right even where the device's clock
    is wrong. Nothing happens in the future, nor before 2000.
    """
    if timestamp is None:
        return received_at
    age = (sent_at or received_at) - timestamp
    return received_at - max(timedelta(0), min(age, received_at - EARLIEST))
