"""Orders: which changes of status are allowed, and what they leave.

An order moves forward (placed, paid, shipped, delivered; steps may be skipped, as cash on delivery
does), may be cancelled until it is delivered, and may be refunded, in parts or whole, once it is
paid or cancelled. Refunds do not stop its progress: a parcel whose one item was refunded is still
delivered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

LARGEST_AMOUNT = 10**14
"""Minor units. Far above any order, and far enough below 2^63 for sums."""

CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED
    VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905  (a table of codes reads best as one)
)
"""Money in circulation: ISO 4217, list one, without funds, metals and test codes."""


class Status(StrEnum):
    """What was last said of an order."""

    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"


REFUNDS = frozenset({Status.PARTIALLY_REFUNDED, Status.REFUNDED})

_FOLLOWING: dict[Status, frozenset[Status]] = {
    Status.PLACED: frozenset({Status.PAID, Status.SHIPPED, Status.DELIVERED, Status.CANCELLED}),
    Status.PAID: frozenset({Status.SHIPPED, Status.DELIVERED, Status.CANCELLED, *REFUNDS}),
    Status.SHIPPED: frozenset({Status.DELIVERED, Status.CANCELLED, *REFUNDS}),
    Status.DELIVERED: REFUNDS,
    Status.CANCELLED: REFUNDS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as it stands. `progress` is its last status that was not a refund.

    `amount_minor` is what the member pays: after the discount, with tax and shipping.
    """

    order_id: str
    member_id: UUID
    amount_minor: int
    discount_minor: int = 0
    tax_minor: int = 0
    shipping_minor: int = 0
    currency: str
    items: Sequence[Mapping[str, Any]] = ()
    channel: str | None = None
    status: Status = Status.PLACED
    progress: Status = Status.PLACED
    refunded_minor: int = 0
    placed_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A member's orders, cancelled ones aside: how many, and by currency the net of refunds."""

    order_count: int = 0
    net_minor: Mapping[str, int] = field(default_factory=dict)


def same_as_placed(order: Order, placed: Order) -> bool:
    """Whether `placed` reports `order` again, whatever has become of it since."""
    return placed == replace(
        order,
        items=placed.items if list(order.items) == list(placed.items) else order.items,
        status=placed.status,
        progress=placed.progress,
        refunded_minor=placed.refunded_minor,
        changed_at=placed.changed_at,
    )


class NotAllowed(ValueError):  # noqa: N818  (a verdict on the change)
    """The change does not fit the order. `allowed` are the statuses that would."""

    def __init__(self, reason: str, allowed: frozenset[Status]) -> None:
        super().__init__(reason)
        self.allowed = allowed


def allowed_from(order: Order) -> frozenset[Status]:
    """The statuses `order` may take next."""
    if order.refunded_minor == order.amount_minor and order.status is Status.REFUNDED:
        return frozenset()
    return _FOLLOWING[order.progress]


def changed(
    order: Order, status: Status, refunded_minor: int | None, changed_at: datetime
) -> Order:
    """`order` after a change to `status`; `refunded_minor` is the total refunded so far.

    Raises NotAllowed. A whole refund need not name its amount; a partial one must, and must be more
    than the last and less than the order.
    """
    allowed = allowed_from(order)
    if status not in allowed:
        raise NotAllowed(f"An order that is {order.status} cannot become {status}.", allowed)
    if status in REFUNDS:
        total = _refunded_total(order, status, refunded_minor, allowed)
        status = order.status if order.status is Status.REFUNDED else status  # all came back
        return replace(order, status=status, refunded_minor=total, changed_at=changed_at)
    if refunded_minor not in (None, order.refunded_minor):
        raise NotAllowed("refunded_minor goes with a refund.", allowed)
    return replace(order, status=status, progress=status, changed_at=changed_at)


def _refunded_total(
    order: Order, status: Status, refunded_minor: int | None, allowed: frozenset[Status]
) -> int:
    if status is Status.REFUNDED:
        if refunded_minor not in (None, order.amount_minor):
            raise NotAllowed(
                f"A whole refund is {order.amount_minor}; a smaller one is partially_refunded.",
                allowed,
            )
        return order.amount_minor
    if refunded_minor is None or not order.refunded_minor < refunded_minor < order.amount_minor:
        raise NotAllowed(
            "refunded_minor must be the total refunded so far: more than "
            f"{order.refunded_minor} and less than {order.amount_minor}.",
            allowed,
        )
    return refunded_minor
