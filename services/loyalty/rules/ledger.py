"""The ledger of points: append-only entries, each with postings that sum to zero.

A `Wallet` is one member's account of one point type. What was credited lies in its `Lot`s, each
with its own term. An `Entry` changes one wallet, once: its `Claim` is never written again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
    REVERSE = "reverse"
    EXPIRE = "expire"
    ADJUST = "adjust"
    TRANSFER = "transfer"


class Account(StrEnum):
    """Where points are. The first three are the member's, and the wallet keeps their balances.

    The others are the programme's. Every entry posts to one of them, so a row with their balance
    would be a queue: they are summed when somebody asks.
    """

    AVAILABLE = "available"
    PENDING = "pending"
    DEBT = "debt"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    ADJUSTED = "adjusted"
    TRANSFERRED = "transferred"


COUNTERPART = {
    Kind.EARN: Account.ISSUED,
    Kind.ACTIVATE: Account.ISSUED,
    Kind.SPEND: Account.REDEEMED,
    Kind.REVERSE: Account.ISSUED,
    Kind.EXPIRE: Account.EXPIRED,
    Kind.ADJUST: Account.ADJUSTED,
    Kind.TRANSFER: Account.TRANSFERRED,
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
    """What an entry took out of a lot, as a negative number."""

    entry_id: UUID
    lot_id: UUID
    points: int


class PointsOverflowError(ValueError):
    """A balance would exceed `LARGEST`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When credited points become available, and for how long."""

    awaits_delivery: bool = False
    pending_days: int = 0
    valid_days: int | None = None


IMMEDIATE = Terms()
"""Available at once and for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """What an entry is written for, and when; where a person did it, who that was, and why."""

    claim: Claim
    at: datetime
    actor: str | None = None
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class Wallet:
    key: WalletKey
    available: int = 0
    pending: int = 0
    debt: int = 0
    version: int = 0
    due_at: datetime | None = None
    """No lot changes by itself before this."""

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
    reversed: int = 0
    expired: int = 0

    @property
    def reversible(self) -> int:
        """The points that may still be taken back: what expired was never of use to the member."""
        return self.original - self.reversed - self.expired

    def is_due(self, now: datetime) -> bool:
        return self.remaining > 0 and self.due_at is not None and self.due_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change of one wallet; `available`, `pending` and `debt` are the balances after it."""

    id: UUID
    key: WalletKey
    version: int
    kind: Kind
    memo: Memo
    points: int
    postings: Mapping[Account, int]
    available: int
    pending: int
    debt: int

    @property
    def source(self) -> Source:
        return self.memo.claim.source
