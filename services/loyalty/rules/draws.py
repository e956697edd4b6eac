"""Draws: a prize by chance, with odds that are published and luck that can be checked.

Commit and reveal: when a draw is made, a secret seed is chosen and its SHA-256 published. Each
entry's ticket is HMAC-SHA256(seed, "<draw id>:<number>:<key>"), where `number` counts the draw's
entries without gaps and `key` is the UUID the member's phone chose before it knew the number. Its
first eight bytes, as an integer, modulo 1,000,000 are the ticket. Prizes lie one after the other
over the tickets, each as wide as its odds; the rest is nothing. Once the draw has closed the seed
is published, and anybody can compute every ticket again: neither the house nor a member could
have chosen one.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.loyalty.rules.audience import EVERYBODY, Audience
from services.loyalty.rules.prizes import Prize
from services.loyalty.rules.rewards import Texts

TICKETS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawPrize:
    """A prize that `odds` of a million tickets win, as long as there are any. No stock: no end."""

    key: str
    name: Texts
    odds: int
    prize: Prize
    stock: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """`entry_points` is what an entry costs, `daily_entries` how many a member has in a day."""

    draw_id: UUID
    name: Texts
    description: Texts
    prizes: Sequence[DrawPrize]
    commitment: str
    entry_points: int = 0
    daily_entries: int | None = 1
    opens_at: datetime | None = None
    closes_at: datetime
    audience: Audience = EVERYBODY
    active: bool = True

    def is_open(self, now: datetime) -> bool:
        begun = self.opens_at is None or self.opens_at <= now
        return self.active and begun and not self.is_closed(now)

    def is_closed(self, now: datetime) -> bool:
        return self.closes_at <= now


def commitment(seed: bytes) -> str:
    """What is published of a seed before it is."""
    return hashlib.sha256(seed).hexdigest()


def ticket(seed: bytes, draw_id: UUID, number: int, key: UUID) -> int:
    """The ticket of an entry, from 0 to 999,999."""
    digest = hmac.new(seed, f"{draw_id}:{number}:{key}".encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) % TICKETS


def prize_of(drawn: int, prizes: Sequence[DrawPrize]) -> DrawPrize | None:
    """What a ticket wins, if anything."""
    for prize in prizes:
        if drawn < prize.odds:
            return prize
        drawn -= prize.odds
    return None
