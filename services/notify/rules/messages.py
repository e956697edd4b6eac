"""What notify decides. Pure: values in, values out; no clock, no database, no network.

`Category` and `Channel` span the preferences; `POLICIES` says what each category may do.
`Recipient` is a member as these decisions see one; `Outcome` is what becomes of a delivery.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from kit.time_zones import zone_of

DEFAULT_TIME_ZONE = "UTC"


class Channel(StrEnum):
    INBOX = "inbox"
    EMAIL = "email"
    PUSH = "push"


class Category(StrEnum):
    ACCOUNT = "account"
    ORDERS = "orders"
    POINTS = "points"
    REWARDS = "rewards"
    """What was won, and what is lost unless the member does something."""
    SUPPORT = "support"
    SURVEYS = "surveys"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a category does until the member chooses, and what no choice can change."""

    on: frozenset[Channel]
    mandatory: frozenset[Channel] = frozenset()
    urgent: bool = False
    """Sent in quiet hours too."""
    marketing: bool = False
    """Carries one-click unsubscribe, and is never sent a second time when in doubt."""


_ALL = frozenset(Channel)
_NO_EMAIL = frozenset({Channel.INBOX, Channel.PUSH})
_INBOX = frozenset({Channel.INBOX})

POLICIES: Mapping[Category, Policy] = MappingProxyType(
    {
        Category.ACCOUNT: Policy(
            on=_ALL, mandatory=frozenset({Channel.INBOX, Channel.EMAIL}), urgent=True
        ),
        Category.ORDERS: Policy(on=_ALL, mandatory=_INBOX),
        Category.POINTS: Policy(on=_NO_EMAIL),
        Category.REWARDS: Policy(on=_ALL),
        Category.SUPPORT: Policy(on=_ALL, mandatory=_INBOX),
        Category.SURVEYS: Policy(on=_ALL),
        Category.MARKETING: Policy(on=_ALL, marketing=True),
    }
)

Choices = Mapping[Category, Mapping[Channel, bool]]
"""What a member has chosen; whatever is absent is as its category's policy has it."""


def allows(choices: Choices, category: Category, channel: Channel) -> bool:
    """Whether a message of `category` may go over `channel` to a member who chose so."""
    policy = POLICIES[category]
    if channel in policy.mandatory:
        return True
    return choices.get(category, {}).get(channel, channel in policy.on)


def refused_choices(choices: Choices) -> list[tuple[Category, Channel]]:
    """The choices that would switch off what is mandatory."""
    return [
        (category, channel)
        for category, channels in choices.items()
        for channel, on in channels.items()
        if not on and channel in POLICIES[category].mandatory
    ]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `starts` until just before `ends` on the member's clock, over midnight if it must."""

    starts: time
    ends: time

    def contain(self, clock: time) -> bool:
        if self.starts <= self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends


def end_of_quiet(quiet: QuietHours, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours around `now` are over, in UTC; None outside them.

    Where clocks go back, `ends` comes twice and the second may be meant; where they go forward it
    may not come at all, and the moment after the gap is taken.
    """
    if not quiet.contain(now.astimezone(zone).time()):
        return None
    return next(
        end
        for end in _ends_after(quiet, now, zone)
        if not quiet.contain(end.astimezone(zone).time())
    )


def _ends_after(quiet: QuietHours, now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    for days in range(3):
        for fold in (0, 1):
            local = datetime.combine(today + timedelta(days=days), quiet.ends, zone)
            end = local.replace(fold=fold).astimezone(UTC)
            if end > now:
                yield end


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member as decisions see one. `known` is False until profile has told of the member."""

    member_id: UUID
    known: bool = False
    email: str | None = None
    display_name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    choices: Choices = field(default_factory=dict)
    quiet_hours: QuietHours | None = None
    unsubscribe_token: UUID | None = None

    def allows(self, category: Category, channel: Channel) -> bool:
        return allows(self.choices, category, channel)

    @property
    def can_have_email(self) -> bool:
        """An address is there, or may still come with the member's profile."""
        return bool(self.email) or not self.known

    def quiet_until(self, category: Category, now: datetime) -> datetime | None:
        """When a message of `category` may go out, if not now."""
        if self.quiet_hours is None or POLICIES[category].urgent:
            return None
        zone = zone_of(self.time_zone) or ZoneInfo(DEFAULT_TIME_ZONE)
        return end_of_quiet(self.quiet_hours, now, zone)


class DeliveryState(StrEnum):
    QUEUED = "queued"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


OPEN_STATES = (DeliveryState.QUEUED, DeliveryState.IN_FLIGHT)

ADDRESS_WAIT = timedelta(minutes=1)
"""How long to wait before looking again for an address that has not arrived."""

LIFETIME = timedelta(days=3)
"""A message not accepted by then is given up: it would be news no more."""

_RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


def retry_delay(attempt: int) -> timedelta:
    """How long to wait after the `attempt`-th failure, from 1: ever longer, up to a longest."""
    return _RETRY_DELAYS[min(attempt, len(_RETRY_DELAYS)) - 1]


class Failure(StrEnum):
    """How an attempt to send went wrong."""

    PERMANENT = "permanent"
    """Refused for good: another attempt would be refused too."""
    TEMPORARY = "temporary"
    """Not accepted, and may be accepted later."""
    UNCERTAIN = "uncertain"
    """Handed over, but the answer was lost: it may have been accepted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a delivery. `due_at` is the next attempt of one that is queued again."""

    state: DeliveryState
    reason: str | None = None
    due_at: datetime | None = None


def after_failure(
    failure: Failure,
    reason: str,
    *,
    attempt: int,
    marketing: bool,
    now: datetime,
    expires_at: datetime,
) -> Outcome:
    """What follows a failed attempt. Marketing is never sent again where it may have arrived."""
    if failure is Failure.PERMANENT:
        return Outcome(DeliveryState.FAILED, reason)
    if failure is Failure.UNCERTAIN and marketing:
        return Outcome(DeliveryState.UNKNOWN, reason)
    due_at = now + retry_delay(attempt)
    if due_at >= expires_at:
        return Outcome(DeliveryState.FAILED, reason)
    return Outcome(DeliveryState.QUEUED, reason, due_at)


def before_sending(recipient: Recipient, category: Category, now: datetime) -> Outcome | None:
    """What keeps a due e-mail from being sent now; None if nothing does."""
    if not recipient.allows(category, Channel.EMAIL):
        return Outcome(DeliveryState.SKIPPED, "preference_off")
    if not recipient.email and recipient.known:
        return Outcome(DeliveryState.SKIPPED, "no_address")
    if not recipient.email:
        return Outcome(DeliveryState.QUEUED, "awaiting_address", now + ADDRESS_WAIT)
    if quiet_until := recipient.quiet_until(category, now):
        return Outcome(DeliveryState.QUEUED, "quiet_hours", quiet_until)
    return None


class CampaignState(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"


_MOVES: Mapping[CampaignState, frozenset[CampaignState]] = MappingProxyType(
    {
        CampaignState.DRAFT: frozenset({CampaignState.RUNNING, CampaignState.CANCELLED}),
        CampaignState.RUNNING: frozenset(
            {CampaignState.PAUSED, CampaignState.CANCELLED, CampaignState.FINISHED}
        ),
        CampaignState.PAUSED: frozenset({CampaignState.RUNNING, CampaignState.CANCELLED}),
    }
)


def may_become(state: CampaignState, wanted: CampaignState) -> bool:
    return wanted in _MOVES.get(state, frozenset())


def sending_outcome(recipient: Recipient, category: Category, channel: Channel) -> Outcome:
    """Whether a campaign's message to `recipient` is queued over `channel`, or skipped and why."""
    if not recipient.allows(category, channel):
        return Outcome(DeliveryState.SKIPPED, "preference_off")
    if channel is Channel.EMAIL and not recipient.can_have_email:
        return Outcome(DeliveryState.SKIPPED, "no_address")
    return Outcome(DeliveryState.QUEUED)


class UrgentChannel(StrEnum):
    """How a message that somebody waits for may go."""

    EMAIL = "email"
    SMS = "sms"


class UrgentState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


_URGENT_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (1, 3, 10, 30))


@dataclass(frozen=True, slots=True)
class UrgentOutcome:
    """What becomes of an urgent message. `due_at` is the next attempt of one queued again."""

    state: UrgentState
    reason: str | None = None
    due_at: datetime | None = None


def after_urgent_failure(
    failure: Failure, reason: str, *, attempt: int, now: datetime, expires_at: datetime
) -> UrgentOutcome:
    """What follows a failed attempt. In doubt it is sent again: twice is better than never."""
    due_at = now + _URGENT_DELAYS[min(attempt, len(_URGENT_DELAYS)) - 1]
    if failure is Failure.PERMANENT or due_at >= expires_at:
        return UrgentOutcome(UrgentState.FAILED, reason)
    return UrgentOutcome(UrgentState.QUEUED, reason, due_at)
