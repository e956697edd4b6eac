"""The ledger of points: append-only entries, each with postings that sum to zero.

A `Wallet` is one member's account of one point type. What was credited lies in its `Lot`s, each
with its own term. An `Entry` changes one wallet, once: its `Claim` is never written again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

LARGEST = 2**53 - 1
"""The largest balance: every JSON reader, JavaScript's included, holds it exactly."""


class PointType(StrEnum):
    POINTS = "points"
    """Spendable."""
    GROWTH = "growth"
    """Raises the tier and is never spent."""


class Kind(StrEnum):
    EARN = "earn"
    ACTIVATE = "activate"
    SPEND = "spend"
    HOLD = "hold"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"
    REVERSE = "reverse"
    EXPIRE = "expire"
    EXTEND = "extend"
    ADJUST = "adjust"
    TRANSFER = "transfer"
    IMPORT = "import"


class Account(StrEnum):
    """Where points are. The first four are the member's, and the wallet keeps their balances.

    The others are the programme's. Every entry posts to one of them, so a row with their balance
    would be a queue: they are summed when somebody asks.
    """

    AVAILABLE = "available"
    PENDING = "pending"
    HELD = "held"
    DEBT = "debt"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"
    TRANSFERRED = "transferred"
    IMPORTED = "imported"


COUNTERPART = {
    Kind.EARN: Account.ISSUED,
    Kind.ACTIVATE: Account.ISSUED,
    Kind.SPEND: Account.REDEEMED,
    Kind.HOLD: Account.REDEEMED,
    Kind.CAPTURE: Account.REDEEMED,
    Kind.VOID: Account.REDEEMED,
    Kind.REFUND: Account.REDEEMED,
    Kind.REVERSE: Account.ISSUED,
    Kind.EXPIRE: Account.EXPIRED,
    Kind.EXTEND: Account.EXPIRED,
    Kind.ADJUST: Account.ADJUSTED,
    Kind.TRANSFER: Account.TRANSFERRED,
    Kind.IMPORT: Account.IMPORTED,
}
"""The programme's account that balances each kind of entry."""


class LotState(StrEnum):
    AWAITING = "awaiting"
    """Pending until something happens, such as a delivery."""
    MATURING = "maturing"
    """Pending until `due_at`."""
    ACTIVE = "active"
    """Available until `due_at`, or for ever."""
    MOVED = "moved"
    """Gone on as a lot of another wallet."""


class Clawback(StrEnum):
    """What becomes of points that must be taken back and are no longer there."""

    PENDING_ONLY = "pending_only"
    """Nothing: what has become available is not taken back at all."""
    CLAMP_TO_ZERO = "clamp_to_zero"
    """What is available is taken, and the rest is waived."""
    ALLOW_DEBT = "allow_debt"
    """The rest is owed, up to a limit, and the next points to arrive pay it."""


class Expiry(StrEnum):
    """Until when points can be spent."""

    AS_EARNED = "as_earned"
    """As long after they became available as the rule says that paid them."""
    PERIOD_END = "period_end"
    """Until that period ends in which they would expire as earned."""
    INACTIVITY = "inactivity"
    """For as long as the member is active; what has a date of its own, until then."""


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class HoldState(StrEnum):
    OPEN = "open"
    CAPTURED = "captured"
    VOIDED = "voided"
    TIMED_OUT = "timed_out"


class Source(NamedTuple):
    """What an entry is owed to, such as ("order", "A-1001")."""

    type: str
    id: str


class Claim(NamedTuple):
    """The permanent name of an entry: none is ever written twice, by whatever path it arrives."""

    source: Source
    rule: str
    leg: str


class WalletKey(NamedTuple):
    member_id: UUID
    point_type: PointType


class Move(NamedTuple):
    """What an entry put into a lot, or took out of it when negative.

    `points` may be spent, `held` are set aside for a hold.
    """

    entry_id: UUID
    lot_id: UUID
    points: int
    held: int

    @property
    def spent(self) -> int:
        """What left the lot for good."""
        return -(self.points + self.held)


class PointsOverflowError(ValueError):
    """A balance would exceed `LARGEST`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When credited points become available, and for how long."""

    awaits_delivery: bool = False
    pending_days: int = 0
    valid_days: int | None = None
    valid_until: datetime | None = None


IMMEDIATE = Terms()
"""Available at once and for ever."""


class Stay(NamedTuple):
    """How points lie in a wallet: in what state, until when, and by whom of a household."""

    terms: Terms
    state: LotState
    due_at: datetime | None
    by: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What an entry is written for, and when; where a person did it, who that was, and why."""

    claim: Claim
    at: datetime
    actor: str | None = None
    reason: str | None = None
    """A word of ours, such as `order_undone`."""
    remark: str | None = None
    """Or words of theirs, which can be wiped."""
    reverses: UUID | None = None
    """The entry whose effect this one takes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How points of one type behave."""

    clawback: Clawback = Clawback.ALLOW_DEBT
    debt_limit: int | None = None
    """The most a member can owe; None: there is no limit."""
    grace_days: int = 0
    """For how long points can be spent that come back after they have expired."""
    expiry: Expiry = Expiry.AS_EARNED
    period: Period | None = None
    inactivity_days: int | None = None

    @property
    def takes_available(self) -> bool:
        """Whether points are taken back that have become available."""
        return self.clawback is not Clawback.PENDING_ONLY


USUAL = Policy()


@dataclass(slots=True, kw_only=True)
class Wallet:
    key: WalletKey
    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    version: int = 0
    due_at: datetime | None = None
    """Nothing changes by itself before this."""
    idle_at: datetime | None = None
    """When points expire that have no date of their own, unless the member does something."""
    household_id: UUID | None = None
    """Whose wallet this member's points are in, if they share one."""
    policy: Policy = USUAL

    def can_owe(self, points: int) -> int:
        """How many of `points` may be owed beside what already is."""
        if self.policy.clawback is not Clawback.ALLOW_DEBT:
            return 0
        limit = LARGEST if self.policy.debt_limit is None else self.policy.debt_limit
        return min(points, max(0, limit - self.debt))

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now


@dataclass(slots=True, kw_only=True)
class Lot:
    """What is left of one credit. Its id is the id of the entry that made it."""

    id: UUID
    key: WalletKey
    source: Source
    rule: str
    original: int
    remaining: int
    state: LotState
    due_at: datetime | None
    terms: Terms
    by: UUID | None = None
    """Who brought it, of a household."""
    held: int = 0
    """Set aside by holds, beside what is `remaining`."""
    reversed: int = 0
    """Taken back, or waived."""
    waived: int = 0
    """Of those, what was not there any more and is not owed either."""
    expired: int = 0

    @property
    def reversible(self) -> int:
        """The points that may still be taken back: what expired was never of use to the member."""
        return self.original - self.reversed - self.expired

    @property
    def matters(self) -> bool:
        """Whether anything can still become of it."""
        return bool(self.reversible or self.remaining or self.held)

    def is_due(self, now: datetime) -> bool:
        return self.remaining > 0 and self.due_at is not None and self.due_at <= now


@dataclass(slots=True, kw_only=True)
class Hold:
    """Points set aside for an order that is not paid yet: captured, or given back.

    It ends by itself at `expires_at`. `lots` are what it holds of which.
    """

    id: UUID
    key: WalletKey
    idempotency_key: UUID
    """What the caller named it: no retry holds twice."""
    by: UUID | None = None
    """For whom, of a household."""
    reference: str | None = None
    """What the caller holds the points for, such as an order."""
    points: int
    authorized_at: datetime
    expires_at: datetime
    state: HoldState = HoldState.OPEN
    captured: int = 0
    released: int = 0
    lots: dict[UUID, int] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        return Source("hold", str(self.id))

    @property
    def remaining(self) -> int:
        return self.points - self.captured - self.released

    @property
    def due_at(self) -> datetime:
        return self.expires_at

    @property
    def member_id(self) -> UUID:
        """For whom it is."""
        return self.by or self.key.member_id

    def is_due(self, now: datetime) -> bool:
        return self.state is HoldState.OPEN and self.expires_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change of one wallet; `available` and the like are the balances after it."""

    id: UUID
    key: WalletKey
    version: int
    kind: Kind
    memo: Memo
    by: UUID | None
    """Whose doing it is, of a household."""
    points: int
    postings: Mapping[Account, int]
    available: int
    pending: int
    held: int
    debt: int

    @property
    def source(self) -> Source:
        return self.memo.claim.source

    @property
    def member_id(self) -> UUID:
        """Whom it concerns."""
        return self.by or self.key.member_id
