"""Paying with points: what points take off an order, and how many of them it can take.

So many points are worth so many minor units, exactly, and what a payment takes off is that worth
rounded down to a minor unit, once. Points are offered in whole steps, no more of them than what
they take off needs, and never worth more than may be taken off.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.loyalty.rules.velocity import (
    DeviceStanding,
    Limits,
    Pace,
    needs_approval,
    too_fast_until,
)


class PaymentRefusal(StrEnum):
    """Why points do not pay for an order, or not so many."""

    OFF = "off"
    COUPONS = "coupons"
    ORDER_TOO_SMALL = "order_too_small"
    INSUFFICIENT_POINTS = "insufficient_points"
    TOO_MANY_REDEMPTIONS = "too_many_redemptions"
    STEP_UP_REQUIRED = "step_up_required"
    NOT_A_STEP = "not_a_step"
    TOO_FEW_POINTS = "too_few_points"
    TOO_MANY_POINTS = "too_many_points"


class PaymentState(StrEnum):
    HELD = "held"
    """The points are set aside until the order is placed, or the payment confirmed."""
    PAID = "paid"
    RETURNED = "returned"
    """Paid, and all of it given back since."""
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayingTerms:
    """What points are worth in a currency, and how far an order can be paid with them.

    `points` are worth `minor` minor units. `most_percent` is of the order, `most_minor` of each
    order; None: no more than that share.
    """

    currency: str
    points: int
    minor: int
    least_points: int = 1
    step: int = 1
    most_percent: int = 100
    most_minor: int | None = None
    with_coupons: bool = True
    lasts_s: int = 1_800

    @property
    def least(self) -> int:
        """The fewest points that pay: in whole steps, and worth a minor unit at least."""
        return _up(max(self.least_points, -(-self.points // self.minor)), self.step)

    def worth(self, points: int) -> int:
        """What so many points take off, in minor units."""
        return points * self.minor // self.points

    def most_for(self, amount_minor: int) -> int:
        """The most points an order takes: in whole steps, not worth more than may come off."""
        off = amount_minor * self.most_percent // 100
        off = off if self.most_minor is None else min(off, self.most_minor)
        return _down(off * self.points // self.minor, self.step)

    def trimmed(self, points: int) -> int:
        """The fewest points that are worth as much as these."""
        needed = -(-self.worth(points) * self.points // self.minor)
        return max(_up(needed, self.step), self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What a member can spend now, and what keeps them from spending more."""

    available: int
    pace: Pace
    device: DeviceStanding
    limits: Limits

    def free(self, now: datetime) -> int:
        """How many points the pace and the device let go at once."""
        bounds = [self.available]
        if self.limits.daily_points is not None and self.pace.oldest_in_day:
            bounds.append(self.limits.daily_points - self.pace.points_in_day)
        if needs_approval(self.device, self.available, now, self.limits):
            bounds.append(self.limits.new_device_points or 0)
        return min(bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The most points an order can be paid with, and what they take off; or why none can."""

    points: int = 0
    discount_minor: int = 0
    refusal: PaymentRefusal | None = None
    missing_points: int = 0


def hindrance(
    terms: PayingTerms | None, amount_minor: int, *, has_coupons: bool
) -> PaymentRefusal | None:
    """Why nobody's points pay for the order."""
    if terms is None:
        return PaymentRefusal.OFF
    if has_coupons and not terms.with_coupons:
        return PaymentRefusal.COUPONS
    if terms.most_for(amount_minor) < terms.least:
        return PaymentRefusal.ORDER_TOO_SMALL
    return None


def offer(terms: PayingTerms, amount_minor: int, purse: Purse, now: datetime) -> Offer:
    """What of a purse can pay for an order that points pay for."""
    if purse.available < terms.least:
        missing = terms.least - purse.available
        return Offer(refusal=PaymentRefusal.INSUFFICIENT_POINTS, missing_points=missing)
    if too_fast_until(purse.pace, terms.least, purse.limits):
        return Offer(refusal=PaymentRefusal.TOO_MANY_REDEMPTIONS)
    if needs_approval(purse.device, terms.least, now, purse.limits):
        return Offer(refusal=PaymentRefusal.STEP_UP_REQUIRED)
    free = _down(min(purse.available, purse.free(now)), terms.step)
    points = terms.trimmed(min(terms.most_for(amount_minor), free))
    return Offer(points=points, discount_minor=terms.worth(points))


def misfit(terms: PayingTerms, amount_minor: int, points: int) -> PaymentRefusal | None:
    """Why just so many points do not pay for the order, whoever has them."""
    if points < terms.least:
        return PaymentRefusal.TOO_FEW_POINTS
    if points % terms.step:
        return PaymentRefusal.NOT_A_STEP
    if points > terms.most_for(amount_minor):
        return PaymentRefusal.TOO_MANY_POINTS
    return None


def _down(points: int, step: int) -> int:
    return points // step * step


def _up(points: int, step: int) -> int:
    return -(-points // step) * step
