"""Orders: an order's points are a function of what is known of it, in whatever sequence that came.

Two tellings of an order merge into the union of what they say: merging is commutative, associative
and idempotent, so late, repeated and reordered events end in the same points.

What is taken back is a share of what each rule paid. Lines that came back take the share that the
rule paid for them: by their amounts, those of the lines it spoke of alone. What was refunded beside
returns takes its share of the order's amount. The shares are added up exactly and the points due
rounded down once, of all that has come back so far: so the last line takes back whatever is left,
and no sequence or division of returns ends in other points.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from services.loyalty.rules.ledger import Source


class Units(NamedTuple):
    """So many units of a line, and their amount."""

    quantity: int
    amount_minor: int


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
    lines: Sequence[Units] = ()
    """What was ordered; nothing where that was not told."""
    returned: Mapping[int, Units] = field(default_factory=dict)
    """What has come back so far, by the line's place."""
    event: Mapping[str, Any] | None = field(default=None, compare=False)
    """What was said when it was placed, if that is being told just now: only then it earns."""

    @property
    def has_shrunk(self) -> bool:
        """Whether anything of it came back or was refunded."""
        return self.undone or self.refunded_minor > 0 or bool(self.returned)

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
        lines=max(tuple(one.lines), tuple(other.lines)),
        returned=_more(one.returned, other.returned),
        event=one.event or other.event,
    )


def points_due_back(order: Order, earned: int, weights: Sequence[int] | None = None) -> int:
    """What has to be taken back of the points `earned` by one rule, rounded down.

    `weights` say how much of them is for which line; None: for all, by their amounts.
    """
    if order.undone or (order.refunded_minor and order.refunded_minor >= order.amount_minor):
        return earned
    share, paid_back = _returned_share(order, weights or even_weights(order.lines))
    beside = max(0, order.refunded_minor - paid_back)
    share += Fraction(beside, max(1, order.amount_minor))
    return int(earned * min(share, Fraction(1)))


def even_weights(lines: Sequence[Units]) -> Sequence[int]:
    """The weights of lines a rule makes no difference between: their amounts, or else units."""
    amounts = [line.amount_minor for line in lines]
    return amounts if any(amounts) else [line.quantity for line in lines]


def lines_of(event: Mapping[str, Any]) -> tuple[Units, ...]:
    """The lines of an order as it was told; none where one of them makes no sense."""
    items = event.get("items") or ()
    try:
        lines = tuple(Units(int(item["quantity"]), int(item["amount_minor"])) for item in items)
    except (KeyError, TypeError, ValueError):
        return ()
    return lines if all(line.quantity > 0 and line.amount_minor >= 0 for line in lines) else ()


def _returned_share(order: Order, weights: Sequence[int]) -> tuple[Fraction, int]:
    """The share that came back by lines, and what was paid back for them."""
    share, paid_back, whole = Fraction(0), 0, sum(weights)
    for number, back in order.returned.items():
        if whole and number < len(order.lines) == len(weights):
            ordered = order.lines[number].quantity
            share += Fraction(weights[number] * min(back.quantity, ordered), whole * ordered)
            paid_back += back.amount_minor
    return share, paid_back


def _more(one: Mapping[int, Units], other: Mapping[int, Units]) -> Mapping[int, Units]:
    """Of each line the more of what has come back by either."""
    none = Units(0, 0)
    return {
        line: Units(*map(max, one.get(line, none), other.get(line, none)))
        for line in sorted(one.keys() | other.keys())
    }


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)
