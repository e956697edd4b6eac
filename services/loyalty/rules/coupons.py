"""Coupons: what an order's coupons take off it, and why one does not.

Those of the kind `claim` take nothing off an order: `rules.claims` says what becomes of them.

Coupons are applied one after the other, by priority: each to what is left after those before it,
rounded down to a minor unit, and never below nothing. The minimum spend looks at the order before
any coupon. Of one stacking group an order takes one coupon; a series without a group is its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.loyalty.rules.audience import EVERYBODY, Audience, Person
from services.loyalty.rules.prizes import NOTHING, Prize
from services.loyalty.rules.rewards import Texts

MOST_ON_ORDER = 10


class SeriesKind(StrEnum):
    AMOUNT = "amount"
    """`amount_minor` off."""
    PERCENT = "percent"
    """`percent` off, at most `most_minor`."""
    SHIPPING = "shipping"
    """Free shipping; the shop knows what that is worth."""
    GIFT = "gift"
    """The article `gift` goes with the order."""
    CLAIM = "claim"
    """It is claimed without an order, and earns something."""


class CouponRefusal(StrEnum):
    """Why a coupon does not work on an order."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    NOT_YET = "not_yet"
    ENDED = "ended"
    USED_UP = "used_up"
    MEMBER_LIMIT = "member_limit"
    TIER = "tier"
    CURRENCY = "currency"
    MINIMUM_SPEND = "minimum_spend"
    NOT_STACKABLE = "not_stackable"


class CouponState(StrEnum):
    USABLE = "usable"
    NOT_YET = "not_yet"
    ENDED = "ended"
    USED_UP = "used_up"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The terms coupons share. `coupon_uses` and `member_uses`: None, as often as one likes.

    `valid_days` count from the issue of a personal coupon. What is claimed has a `key`, by which
    rules of the programme speak of it, and gives the `prize`.
    """

    series_id: UUID
    name: Texts
    description: Texts
    kind: SeriesKind
    key: str | None = None
    amount_minor: int | None = None
    percent: int | None = None
    most_minor: int | None = None
    gift: str | None = None
    prize: Prize = NOTHING
    currency: str | None = None
    minimum_spend_minor: int = 0
    priority: int = 0
    stacking_group: str | None = None
    exclusive: bool = False
    coupon_uses: int | None = 1
    member_uses: int | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    valid_days: int | None = None
    audience: Audience = EVERYBODY
    returns_with_order: bool = True
    active: bool = True

    @property
    def group(self) -> str:
        return self.stacking_group or str(self.series_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """One code; personal where it has a `member_id`."""

    coupon_id: UUID
    code: str
    series: Series
    member_id: UUID | None = None
    uses: int = 0
    most_uses: int | None = 1
    valid_until: datetime | None = None
    revoked: bool = False

    def state(self, now: datetime) -> "CouponState":
        """Whether it works now, whatever the order."""
        ends = ends_at(self.series, self.valid_until)
        if self.revoked or not self.series.active:
            return CouponState.REVOKED
        if self.most_uses is not None and self.uses >= self.most_uses:
            return CouponState.USED_UP
        if ends is not None and ends <= now:
            return CouponState.ENDED
        if self.series.valid_from is not None and self.series.valid_from > now:
            return CouponState.NOT_YET
        return CouponState.USABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """An order about to be paid, before any coupon."""

    member_id: UUID
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of one code on an order."""

    code: str
    coupon: Coupon | None = None
    refusal: CouponRefusal | None = None
    discount_minor: int = 0
    missing_minor: int = 0
    """By how much the order falls short of the minimum spend."""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who pays, and how often they have used each series."""

    person: Person
    used: dict[UUID, int]


def judge(
    basket: Basket,
    codes: Sequence[str],
    coupons: Iterable[Coupon],
    shopper: Shopper,
    now: datetime,
) -> list[Verdict]:
    """What each code does on the order, in the sequence they were given."""
    known = {coupon.code: coupon for coupon in coupons}
    verdicts = {code: _alone(basket, code, known.get(code), shopper, now) for code in codes}
    left, groups = basket.amount_minor, set[str]()
    takes = [v for v in verdicts.values() if v.coupon is not None and v.refusal is None]
    for verdict in sorted(takes, key=_turn):
        assert verdict.coupon is not None  # noqa: S101  (for the type checker)
        series = verdict.coupon.series
        alone = series.exclusive or any(_exclusive(v) for v in takes)
        if series.group in groups or (alone and len(takes) > 1):
            verdicts[verdict.code] = replace(verdict, refusal=CouponRefusal.NOT_STACKABLE)
            continue
        groups.add(series.group)
        taken = discount(series, left)
        left -= taken
        verdicts[verdict.code] = replace(verdict, discount_minor=taken)
    return list(verdicts.values())


def discount(series: Series, amount_minor: int) -> int:
    """What a coupon of the series takes off an amount."""
    if series.kind is SeriesKind.AMOUNT:
        return min(series.amount_minor or 0, amount_minor)
    if series.kind is SeriesKind.PERCENT:
        share = amount_minor * (series.percent or 0) // 100
        return share if series.most_minor is None else min(share, series.most_minor)
    return 0


def ends_at(series: Series, days_end: datetime | None) -> datetime | None:
    """When a coupon ends that its own days end at `days_end`."""
    ends = [end for end in (series.valid_until, days_end) if end is not None]
    return min(ends, default=None)


def hindrance(
    coupon: Coupon, member_id: UUID, shopper: Shopper, now: datetime
) -> CouponRefusal | None:
    """Why this member cannot use the coupon now, whatever for.

    Another member's coupon is unknown: nobody learns that a code they tried exists.
    """
    series = coupon.series
    if coupon.member_id not in (None, member_id) or not series.active:
        return CouponRefusal.UNKNOWN
    if not series.audience.targets(shopper.person):
        return CouponRefusal.UNKNOWN
    return _standing(coupon, shopper, now)


def _alone(
    basket: Basket, code: str, coupon: Coupon | None, shopper: Shopper, now: datetime
) -> Verdict:
    """The verdict on a code before the others on the order are looked at.

    Codes to claim are unknown here, where tries are not counted.
    """
    if coupon is None or coupon.series.kind is SeriesKind.CLAIM:
        return Verdict(code=code, refusal=CouponRefusal.UNKNOWN)
    refusal = hindrance(coupon, basket.member_id, shopper, now)
    if refusal is CouponRefusal.UNKNOWN:
        return Verdict(code=code, refusal=refusal)
    series = coupon.series
    missing = max(0, series.minimum_spend_minor - basket.amount_minor)
    if refusal is None and series.currency not in (None, basket.currency):
        refusal, missing = CouponRefusal.CURRENCY, 0
    if refusal is None and missing:
        refusal = CouponRefusal.MINIMUM_SPEND
    return Verdict(code=code, coupon=coupon, refusal=refusal, missing_minor=missing)


def _standing(coupon: Coupon, shopper: Shopper, now: datetime) -> CouponRefusal | None:
    """Why the coupon works on no order of this member's now."""
    series = coupon.series
    ends = ends_at(series, coupon.valid_until)
    used = shopper.used.get(series.series_id, 0)
    hindrances = {
        CouponRefusal.REVOKED: coupon.revoked,
        CouponRefusal.NOT_YET: series.valid_from is not None and series.valid_from > now,
        CouponRefusal.ENDED: ends is not None and ends <= now,
        CouponRefusal.USED_UP: coupon.most_uses is not None and coupon.uses >= coupon.most_uses,
        CouponRefusal.MEMBER_LIMIT: series.member_uses is not None and used >= series.member_uses,
        CouponRefusal.TIER: not series.audience.admits_tier(shopper.person),
    }
    return next((refusal for refusal, holds in hindrances.items() if holds), None)


def _exclusive(verdict: Verdict) -> bool:
    return verdict.coupon is not None and verdict.coupon.series.exclusive


def _turn(verdict: Verdict) -> tuple[int, UUID]:
    assert verdict.coupon is not None  # noqa: S101  (for the type checker)
    return verdict.coupon.series.priority, verdict.coupon.coupon_id
