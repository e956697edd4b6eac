"""Fulfilment: the way of a physical gift from the shelf to the member."""

from enum import StrEnum


class Fulfilment(StrEnum):
    NONE = "none"
    """There is nothing to send."""
    REQUESTED = "requested"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    """Not sent: the points went back to the member, the gift to the shelf."""


NEXT = {
    Fulfilment.NONE: frozenset({Fulfilment.CANCELLED}),
    Fulfilment.REQUESTED: frozenset(
        {Fulfilment.PACKED, Fulfilment.SHIPPED, Fulfilment.DELIVERED, Fulfilment.CANCELLED}
    ),
    Fulfilment.PACKED: frozenset({Fulfilment.SHIPPED, Fulfilment.DELIVERED, Fulfilment.CANCELLED}),
    Fulfilment.SHIPPED: frozenset({Fulfilment.DELIVERED, Fulfilment.CANCELLED}),
    Fulfilment.DELIVERED: frozenset(),
    Fulfilment.CANCELLED: frozenset(),
}
"""What may follow each state. A shipment that comes back undelivered is cancelled."""
