"""Orders: an order's points are a function of what is known of it, in whatever sequence that came.

Two tellings of an order merge into the union of what they say: merging is commutative, associative
and idempotent, so late, repeated and reordered events end in the same points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.loyalty.rules.ledger import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is known of an order. It earns once `placed_at` is known."""

    order_id: str
    member_id: UUID
    amount_minor: int
    currency: str
    placed_at: datetime | None = None
    delivered_at: datetime | None = None
    undone: bool = False
    """Cancelled, or refunded whole."""
    refunded_minor: int = 0
    event: Mapping[str, Any] | None = field(default=None, compare=False)
    """What was said when it was placed, if that is being told just now: only then it earns."""

    @property
    def lost_minor(self) -> int:
        """What was refunded of it so far."""
        return self.amount_minor if self.undone else self.refunded_minor

    @property
    def source(self) -> Source:
        return Source("order", self.order_id)


def merged(one: Order, other: Order) -> Order:
    """What both tellings of an order say together."""
    return Order(
        order_id=one.order_id,
        member_id=one.member_id,
        amount_minor=one.amount_minor,
        currency=one.currency,
        placed_at=_earlier(one.placed_at, other.placed_at),
        delivered_at=_earlier(one.delivered_at, other.delivered_at),
        undone=one.undone or other.undone,
        refunded_minor=max(one.refunded_minor, other.refunded_minor),
        event=one.event or other.event,
    )


def points_due_back(order: Order, earned: int) -> int:
    """The share of the points `earned` that the refunds so far take back, rounded down."""
    if order.undone or (order.refunded_minor and order.refunded_minor >= order.amount_minor):
        return earned
    return earned * order.refunded_minor // max(1, order.amount_minor)


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)
