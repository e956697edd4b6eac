"""Webhooks: which events go where, when an attempt is made again, and which addresses are refused.

Signing is that of Standard Webhooks 1.0; so is the schedule of attempts, over about three days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_TOLD = """
feedback.member.erased.v1
feedback.message.sent.v1
feedback.survey.answered.v1
feedback.survey.offered.v1
feedback.ticket.breached.v1
feedback.ticket.opened.v1
feedback.ticket.resolved.v1
gateway.account.closed.v1
gateway.account.registered.v1
gateway.guest.created.v1
gateway.guest.merged.v1
gateway.identifier.changed.v1
gateway.session.approved.v1
gateway.session.revoked.v1
gateway.session.started.v1
loyalty.badge.awarded.v1
loyalty.checkin.recorded.v1
loyalty.code.claimed.v1
loyalty.coupon.expiring.v1
loyalty.coupon.issued.v1
loyalty.coupon.redeemed.v1
loyalty.coupon.rolled_back.v1
loyalty.draw.won.v1
loyalty.household.joined.v1
loyalty.household.left.v1
loyalty.leaderboard.won.v1
loyalty.ledger.sealed.v1
loyalty.member.erased.v1
loyalty.mission.completed.v1
loyalty.offer.claimed.v1
loyalty.points.activated.v1
loyalty.points.earned.v1
loyalty.points.expired.v1
loyalty.points.expiring.v1
loyalty.points.given.v1
loyalty.points.held.v1
loyalty.points.imported.v1
loyalty.points.received.v1
loyalty.points.refunded.v1
loyalty.points.released.v1
loyalty.points.reversed.v1
loyalty.points.spent.v1
loyalty.referral.accepted.v1
loyalty.referral.rejected.v1
loyalty.referral.rewarded.v1
loyalty.reward.fulfilled.v1
loyalty.reward.redeemed.v1
loyalty.tier.at_risk.v1
loyalty.tier.changed.v1
loyalty.trial.ended.v1
notify.audience.requested.v1
notify.campaign.finished.v1
notify.campaign.started.v1
notify.inbox.added.v1
notify.member.erased.v1
notify.message.failed.v1
notify.message.sent.v1
notify.webhook.disabled.v1
profile.activity.tracked.v1
profile.audience.listed.v1
profile.lifecycle.changed.v1
profile.member.birthday.v1
profile.member.created.v1
profile.member.erased.v1
profile.member.identified.v1
profile.member.merged.v1
profile.member.updated.v1
profile.order.changed.v1
profile.order.placed.v1
profile.segment.entered.v1
profile.segment.exited.v1
"""
EVENT_TYPES: Sequence[str] = tuple(_TOLD.split())
"""Everything any service says, but what is sealed for notify alone. A test compares."""

PING = "webhook.ping"
"""The type of the message that only tries an endpoint."""

SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after the first attempt, the second, and so on."""

LONGEST_WAIT = timedelta(hours=24)
JITTER = 0.2
"""By which share a wait may be longer, so that what failed together returns one by one."""
FAILING_FOR = timedelta(days=5)
"""An endpoint of which every attempt failed for so long is disabled."""
OVERLAP = timedelta(hours=24)
"""For how long the secret before signs too."""

GONE = 410
_PACED = frozenset({429, 503})
_NAT64 = IPv6Network("64:ff9b::/96")


class EndpointState(StrEnum):
    ENABLED = "enabled"
    DISABLED = "disabled"


class WhyDisabled(StrEnum):
    BY_STAFF = "by_staff"
    GONE = "gone"
    """It answered 410."""
    FAILING = "failing"


class HookState(StrEnum):
    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of an attempt: a status, or why there was none."""

    status: int | None
    error: str | None = None
    retry_after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004

    @property
    def is_gone(self) -> bool:
        return self.status == GONE


@dataclass(frozen=True, slots=True)
class HookOutcome:
    """What becomes of a delivery; `due_at` where there will be another attempt."""

    state: HookState
    due_at: datetime | None = None


def wants(patterns: Iterable[str], event_type: str) -> bool:
    """Whether any of the patterns, such as `loyalty.points.*`, stands for the type."""
    return any(fnmatchcase(event_type, pattern) for pattern in patterns)


def after_attempt(
    attempted: Attempted, *, attempt: int, now: datetime, chance: float
) -> HookOutcome:
    """What follows the attempt with this number, counted from 1; `chance` is between 0 and 1."""
    if attempted.is_taken:
        return HookOutcome(HookState.DELIVERED)
    if attempted.is_gone or attempt > len(SCHEDULE):
        return HookOutcome(HookState.FAILED)
    wait = SCHEDULE[attempt - 1] * (1 + JITTER * chance)
    if attempted.retry_after is not None and attempted.status in _PACED:
        wait = max(wait, min(attempted.retry_after, LONGEST_WAIT))
    return HookOutcome(HookState.QUEUED, now + wait)


def why_disable(
    attempted: Attempted, failing_since: datetime | None, now: datetime
) -> WhyDisabled | None:
    """Why an endpoint is not called any more, if it is not."""
    if attempted.is_gone:
        return WhyDisabled.GONE
    if failing_since is not None and now - failing_since >= FAILING_FOR:
        return WhyDisabled.FAILING
    return None


def retry_after_of(header: str | None, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for (RFC 9110): seconds, or a date."""
    if header is None:
        return None
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 10**6))
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(timedelta(0), (at if at.tzinfo else at.replace(tzinfo=UTC)) - now)


def may_call(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is on the public internet, or in a network that is allowed.

    An IPv6 address that stands for an IPv4 one is judged as that.
    """
    inner = _within(address)
    if any(inner in network for network in allowed if network.version == inner.version):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _within(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address
