"""What the gateway says to the services."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kit.events import Payload


class GuestCreated(Payload):
    """An app was opened by somebody not known yet."""

    type: ClassVar[str] = "gateway.guest.created.v1"

    member_id: UUID
    device_id: str
    platform: str
    app: str
    language: str
    created_at: datetime


class AccountRegistered(Payload):
    """A member registered; a guest who did keeps their `member_id`.

    `anonymous_id` is the Segment anonymousId they were known by.
    """

    type: ClassVar[str] = "gateway.account.registered.v1"

    member_id: UUID
    email: str | None = None
    phone: str | None = None
    display_name: str | None = None
    language: str
    channel: str | None = None
    referral_code: str | None = None
    anonymous_id: str | None = None
    registered_at: datetime


class SessionStarted(Payload):
    """A member signed in on a device."""

    type: ClassVar[str] = "gateway.session.started.v1"

    member_id: UUID
    session_id: UUID
    device_id: str | None = None
    platform: str | None = None
    started_at: datetime


class SessionRevoked(Payload):
    """A session ended before its time, for a reason of `rules.SessionEnd`.

    `member_id` is null where it was a staff member's.
    """

    type: ClassVar[str] = "gateway.session.revoked.v1"

    member_id: UUID | None = None
    session_id: UUID
    reason: str
    revoked_at: datetime


PUBLISHED = (GuestCreated, AccountRegistered, SessionStarted, SessionRevoked)
