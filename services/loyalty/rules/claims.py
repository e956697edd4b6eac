"""Claiming codes: who may claim one, and how often a member may try wrong ones."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.loyalty.rules.coupons import (
    Coupon,
    CouponRefusal,
    SeriesKind,
    Shopper,
    hindrance,
)
from services.loyalty.rules.ledger import Source

HOUR = timedelta(hours=1)

OF_ORDERS = frozenset(
    {
        "currency",
        "most_minor",
        "minimum_spend_minor",
        "priority",
        "stacking_group",
        "exclusive",
        "returns_with_order",
    }
)
"""Terms that say nothing of a code to claim."""


class ClaimRefusal(StrEnum):
    """Why a member cannot claim a code."""

    UNKNOWN = "unknown"
    """There is none, or it is not for this member."""
    FOR_ORDERS = "for_orders"
    """It takes something off an order, and is used there."""
    CLAIMED = "claimed"
    """They have claimed it already."""
    REVOKED = "revoked"
    NOT_YET = "not_yet"
    ENDED = "ended"
    USED_UP = "used_up"
    MEMBER_LIMIT = "member_limit"
    TIER = "tier"


def source_of(claim_id: UUID) -> Source:
    """What the points of a claim are owed to."""
    return Source("code", str(claim_id))


def refusal_of(
    coupon: Coupon | None, member_id: UUID, shopper: Shopper, now: datetime
) -> ClaimRefusal | None:
    """Why the member cannot claim the code now."""
    if coupon is None:
        return ClaimRefusal.UNKNOWN
    found = hindrance(coupon, member_id, shopper, now)
    if coupon.series.kind is not SeriesKind.CLAIM and found is not CouponRefusal.UNKNOWN:
        return ClaimRefusal.FOR_ORDERS
    return ClaimRefusal(found) if found else None


def wrong_terms(kind: SeriesKind, given: Collection[str], terms: Mapping[str, Any]) -> str | None:
    """What is wrong with the `given` fields of a series that will have the `terms`; or nothing.

    A code that many can claim, or one can claim again and again, must say how often.
    """
    if kind is not SeriesKind.CLAIM:
        return "`prize` belongs to the kind `claim`, and only there" if "prize" in given else None
    if stray := sorted(OF_ORDERS.intersection(given)):
        return f"`{stray[0]}` is of coupons on orders, and a code to claim has no order"
    if terms["coupon_uses"] != 1 and terms["member_uses"] is None:
        return "say in `member_uses` how often one member may claim, as `coupon_uses` is not 1"
    return None


def free_again_at(tried: Sequence[datetime], most: int | None, now: datetime) -> datetime | None:
    """When a member may try codes again who tried wrong ones at these moments; None: now.

    At most `most` wrong ones in any hour.
    """
    lately = sorted(moment for moment in tried if moment > now - HOUR)
    if most is None or len(lately) < most:
        return None
    return lately[-most] + HOUR
