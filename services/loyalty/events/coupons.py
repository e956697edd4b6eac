"""What loyalty says of coupons. Codes are secrets and are in no event."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kit.events import Payload


class CouponIssued(Payload):
    """A member has got a personal coupon. `name` is in each language."""

    type: ClassVar[str] = "loyalty.coupon.issued.v1"
    member_id: UUID
    coupon_id: UUID
    series_id: UUID
    name: dict[str, str]
    valid_until: datetime | None
    issued_at: datetime


class CodeClaimed(Payload):
    """A member has claimed a code: the `nth` of theirs in the `series`.

    `points` are what it earned at once or will, not what missions gave that it completed.
    """

    type: ClassVar[str] = "loyalty.code.claimed.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("series", "points")
    member_id: UUID
    claim_id: UUID
    series_id: UUID
    series: str
    name: dict[str, str]
    nth: int
    points: int
    growth_points: int
    claimed_at: datetime


class CouponExpiring(Payload):
    """A member's unused coupon ends soon."""

    type: ClassVar[str] = "loyalty.coupon.expiring.v1"
    member_id: UUID
    coupon_id: UUID
    series_id: UUID
    name: dict[str, str]
    valid_until: datetime


class CouponRedeemed(Payload):
    """An order took coupons: `discount_minor` off in all."""

    type: ClassVar[str] = "loyalty.coupon.redeemed.v1"
    member_id: UUID
    order_id: str
    coupon_ids: list[UUID]
    discount_minor: int
    currency: str
    redeemed_at: datetime


class CouponRolledBack(Payload):
    """An order gave its coupons back."""

    type: ClassVar[str] = "loyalty.coupon.rolled_back.v1"
    member_id: UUID
    order_id: str
    coupon_ids: list[UUID]
    rolled_back_at: datetime
