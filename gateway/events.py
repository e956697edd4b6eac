"""What the gateway says to the services."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from kit import languages
from kit.events import Payload, Reading


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


class SessionApproved(Payload):
    """A member approved the device of a session, by a code sent to an address of theirs."""

    type: ClassVar[str] = "gateway.session.approved.v1"

    member_id: UUID
    session_id: UUID
    device_id: str | None = None
    approved_at: datetime


class SessionRevoked(Payload):
    """A session ended before its time, for a reason of `rules.SessionEnd`.

    `member_id` is null where it was a staff member's.
    """

    type: ClassVar[str] = "gateway.session.revoked.v1"

    member_id: UUID | None = None
    session_id: UUID
    reason: str
    revoked_at: datetime


class GuestMerged(Payload):
    """A guest signed in to an account: what belongs to `guest_id` now belongs to `member_id`."""

    type: ClassVar[str] = "gateway.guest.merged.v1"

    member_id: UUID
    guest_id: UUID
    merged_at: datetime


class IdentifierChanged(Payload):
    """A member proved a new e-mail address or phone number, which replaces `previous`.

    Without a `value` the member lost it: somebody else proved to be the one behind it.
    """

    type: ClassVar[str] = "gateway.identifier.changed.v1"

    member_id: UUID
    kind: Literal["email", "phone"]
    value: str | None = None
    previous: str | None = None
    changed_at: datetime


class AccountClosed(Payload):
    """A member closed the account, and is to be erased everywhere.

    Profile erases first and names to the others whom they are to erase with the member; each says
    that it is done with the same `erasure_id`.
    """

    type: ClassVar[str] = "gateway.account.closed.v1"

    member_id: UUID
    erasure_id: UUID
    closed_at: datetime


class MessageIssued(Payload):
    """Somebody must be told something at once, whatever they prefer: a code, an invitation.

    `sealed` (base64) holds address, template, language and facts, and is for notify alone.
    """

    type: ClassVar[str] = "gateway.message.issued.v1"

    message_id: UUID
    channel: Literal["email", "sms"]
    sealed: str
    issued_at: datetime
    expires_at: datetime

    @property
    def aggregate_id(self) -> str:
        return str(self.message_id)


class MemberErased(Reading):
    """What a service says once it keeps nothing of a member any more."""

    erasure_id: UUID
    erased_at: datetime


class ErasedByProfile(MemberErased):
    type: ClassVar[str] = "profile.member.erased.v1"


class ErasedByFeedback(MemberErased):
    type: ClassVar[str] = "feedback.member.erased.v1"


class ErasedByLoyalty(MemberErased):
    type: ClassVar[str] = "loyalty.member.erased.v1"


class ErasedByNotify(MemberErased):
    type: ClassVar[str] = "notify.member.erased.v1"


class WebhookDisabled(Reading):
    """What notify says once it posts nothing to an endpoint any more.

    `contact` looks after it and has been written to, in `language`.
    """

    type: ClassVar[str] = "notify.webhook.disabled.v1"

    url: str
    why: Literal["gone", "failing"]
    contact: str | None = None
    language: str = languages.DEFAULT


ERASED = (ErasedByProfile, ErasedByFeedback, ErasedByLoyalty, ErasedByNotify)

PUBLISHED = (
    GuestCreated,
    GuestMerged,
    AccountRegistered,
    AccountClosed,
    IdentifierChanged,
    SessionStarted,
    SessionApproved,
    SessionRevoked,
    MessageIssued,
)
