"""Coupons: what they take off, and why they do not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import uuid7
from services.loyalty.rules.audience import Audience, Person
from services.loyalty.rules.coupons import (
    Basket,
    Coupon,
    CouponRefusal,
    Series,
    SeriesKind,
    Shopper,
    discount,
    judge,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MEMBER = uuid7()
BASKET = Basket(member_id=MEMBER, amount_minor=10_000, currency="CNY")
SHOPPER = Shopper(Person(tier="gold", segments=frozenset({"vip"})), {})


def series(**terms: Any) -> Series:
    """Ten off."""
    amount = {"kind": SeriesKind.AMOUNT, "amount_minor": 1_000, "currency": "CNY"}
    if "percent" in terms:
        amount = {"kind": SeriesKind.PERCENT}
    texts = {"name": {"en": "Ten off"}, "description": {"en": "Ten off."}}
    return Series(series_id=uuid7(), **{**texts, **amount, **terms})


def coupon(code: str, of: Series | None = None, **changes: Any) -> Coupon:
    return Coupon(coupon_id=uuid7(), code=code, series=of or series(), **changes)


def judged(*coupons: Coupon, basket: Basket = BASKET, shopper: Shopper = SHOPPER) -> list[Any]:
    """What each coupon takes off, or why it does not."""
    codes = [item.code for item in coupons]
    verdicts = judge(basket, codes, coupons, shopper, NOW)
    return [verdict.refusal or verdict.discount_minor for verdict in verdicts]


@pytest.mark.parametrize(
    ("terms", "changes", "expected"),
    [
        pytest.param({}, {}, 1_000, id="it works"),
        pytest.param({"percent": 15}, {}, 1_500, id="a percentage"),
        pytest.param({"percent": 50, "most_minor": 700}, {}, 700, id="a percentage with a limit"),
        pytest.param({"amount_minor": 20_000}, {}, 10_000, id="never more than the order"),
        pytest.param({"minimum_spend_minor": 10_000}, {}, 1_000, id="exactly the minimum"),
        pytest.param(
            {"minimum_spend_minor": 10_001}, {}, CouponRefusal.MINIMUM_SPEND, id="below the minimum"
        ),
        pytest.param({"currency": "EUR"}, {}, CouponRefusal.CURRENCY, id="another currency"),
        pytest.param({"active": False}, {}, CouponRefusal.UNKNOWN, id="a series that is off"),
        pytest.param({}, {"member_id": uuid7()}, CouponRefusal.UNKNOWN, id="another member's"),
        pytest.param({}, {"member_id": MEMBER}, 1_000, id="the member's own"),
        pytest.param({}, {"uses": 1}, CouponRefusal.USED_UP, id="used before"),
        pytest.param({}, {"uses": 7, "most_uses": None}, 1_000, id="as often as one likes"),
        pytest.param({}, {"revoked": True}, CouponRefusal.REVOKED, id="revoked"),
        pytest.param({"valid_until": NOW}, {}, CouponRefusal.ENDED, id="the series has ended"),
        pytest.param({}, {"valid_until": NOW}, CouponRefusal.ENDED, id="the coupon has ended"),
        pytest.param({"valid_from": NOW + HOUR}, {}, CouponRefusal.NOT_YET, id="too early"),
        pytest.param(
            {"audience": Audience(tiers=frozenset({"platinum"}))},
            {},
            CouponRefusal.TIER,
            id="for another tier",
        ),
        pytest.param(
            {"audience": Audience(segments=frozenset({"silent"}))},
            {},
            CouponRefusal.UNKNOWN,
            id="for others, who alone know of it",
        ),
    ],
)
def test_one_coupon(terms: dict[str, Any], changes: dict[str, Any], expected: object) -> None:
    assert judged(coupon("A", series(**terms), **changes)) == [expected]


def test_a_code_nobody_made_is_unknown() -> None:
    [verdict] = judge(BASKET, ["NOPE"], [], SHOPPER, NOW)
    assert verdict.refusal is CouponRefusal.UNKNOWN


def test_a_member_uses_a_series_only_so_often() -> None:
    terms = series(member_uses=2)
    shopper = replace(SHOPPER, used={terms.series_id: 2})
    assert judged(coupon("A", terms), shopper=shopper) == [CouponRefusal.MEMBER_LIMIT]


def test_coupons_are_applied_by_priority_each_to_what_the_others_left() -> None:
    half = coupon("HALF", series(percent=50, priority=2))
    ten = coupon("TEN", series(priority=1))
    assert judged(half, ten) == [4_500, 1_000]


def test_of_a_stacking_group_an_order_takes_one() -> None:
    first = coupon("A", series(stacking_group="welcome", priority=1))
    second = coupon("B", series(stacking_group="welcome", priority=2))
    assert judged(second, first) == [CouponRefusal.NOT_STACKABLE, 1_000]


def test_two_coupons_of_a_series_do_not_stack() -> None:
    terms = series()
    assert sorted(map(str, judged(coupon("A", terms), coupon("B", terms)))) == [
        "1000",
        "not_stackable",
    ]


def test_an_exclusive_coupon_stands_alone() -> None:
    alone, other = coupon("A", series(exclusive=True)), coupon("B")
    assert judged(alone, other) == [CouponRefusal.NOT_STACKABLE] * 2
    assert judged(alone) == [1_000]


@given(
    st.integers(0, 10**12),
    st.lists(
        st.one_of(
            st.builds(lambda n: {"amount_minor": n}, st.integers(1, 10**9)),
            st.builds(lambda n: {"percent": n}, st.integers(1, 100)),
        ),
        max_size=10,
    ),
)
def test_coupons_never_take_more_than_the_order(amount: int, terms: list[dict[str, int]]) -> None:
    coupons = [coupon(str(n), series(**given)) for n, given in enumerate(terms)]
    taken = judged(*coupons, basket=replace(BASKET, amount_minor=amount))
    assert all(minor >= 0 for minor in taken)
    assert sum(taken) <= amount


def test_a_code_to_claim_is_unknown_on_an_order() -> None:
    poster = series(kind=SeriesKind.CLAIM, key="poster", amount_minor=None, currency=None)
    assert judged(coupon("POSTER", poster)) == [CouponRefusal.UNKNOWN]


@pytest.mark.parametrize("kind", [SeriesKind.SHIPPING, SeriesKind.GIFT])
def test_shipping_and_gifts_take_nothing_off(kind: SeriesKind) -> None:
    assert discount(series(kind=kind, amount_minor=None, gift="tea-01"), 10_000) == 0
