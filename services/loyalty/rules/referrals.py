"""Referrals: a member brings a friend, and both are rewarded once the friend has really bought.

What is paid at sign-up is farmed: the reward waits until the friend's first order has passed its
return window, and nobody is paid for a friend who has their device.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.loyalty.rules.orders import Order
from services.loyalty.rules.prizes import NOTHING, Prize


class ReferralState(StrEnum):
    PENDING = "pending"
    REWARDED = "rewarded"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    """The friend did not order in time, or nothing they ordered ever came."""


class Doubt(StrEnum):
    """Why a referral is not rewarded."""

    SAME_DEVICE = "same_device"
    DEVICE_BROUGHT_BEFORE = "device_brought_before"
    NETWORK_LIMIT = "network_limit"
    CIRCLE = "circle"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A friend is new for `new_days`, and has `lapse_days` to order.

    A referrer is rewarded at most `most_rewarded` times in 30 days; of one network at most
    `most_per_network` friends are taken in a day.
    """

    referrer_prize: Prize = NOTHING
    friend_prize: Prize = NOTHING
    minimum_order_minor: int = 0
    return_days: int = 15
    new_days: int = 14
    lapse_days: int = 90
    most_rewarded: int = 10
    most_per_network: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What ties a friend to the one who brought them, and to other friends."""

    friend_devices: AbstractSet[str] = frozenset()
    referrer_devices: AbstractSet[str] = frozenset()
    brought_devices: AbstractSet[str] = frozenset()
    """Devices of other friends, whoever brought them."""
    from_network_today: int = 0
    is_circle: bool = False
    """The friend brought the referrer."""
    rewarded_lately: int = 0


def doubt(traces: Traces, terms: Terms) -> Doubt | None:
    """Why the referral earns nothing, if so."""
    if traces.is_circle:
        return Doubt.CIRCLE
    if traces.friend_devices & traces.referrer_devices:
        return Doubt.SAME_DEVICE
    if traces.friend_devices & traces.brought_devices:
        return Doubt.DEVICE_BROUGHT_BEFORE
    if traces.from_network_today >= terms.most_per_network:
        return Doubt.NETWORK_LIMIT
    if traces.rewarded_lately >= terms.most_rewarded:
        return Doubt.TOO_MANY
    return None


def lapses_at(accepted_at: datetime, order: Order | None, terms: Terms) -> datetime | None:
    """When nothing more is awaited: of the order that counts, if there is one, its delivery."""
    if order is not None and order.delivered_at is not None:
        return None
    awaited_since = max(accepted_at, (order and order.placed_at) or accepted_at)
    return awaited_since + timedelta(days=terms.lapse_days)


def rewarding_at(order: Order, terms: Terms) -> datetime | None:
    """When an order has passed its return window; None while it cannot."""
    kept = order.amount_minor - order.refunded_minor
    if order.undone or order.delivered_at is None or kept < terms.minimum_order_minor:
        return None
    return order.delivered_at + timedelta(days=terms.return_days)
