"""What points take off an order, by hand and as laws."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.paying import (
    PayingTerms,
    PaymentRefusal,
    Purse,
    hindrance,
    misfit,
    offer,
)
from services.loyalty.rules.velocity import DeviceStanding, Limits, Pace

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
FEN = PayingTerms(currency="CNY", points=1, minor=1)
THIRD = PayingTerms(currency="CNY", points=3, minor=1)


def purse(available: int, **changes: object) -> Purse:
    known = Purse(
        available=available, pace=Pace(), device=DeviceStanding(trusted=True), limits=Limits()
    )
    return replace(known, **changes)


@pytest.mark.parametrize(
    ("terms", "amount", "available", "offered"),
    [
        pytest.param(FEN, 500, 1_000, (500, 500), id="the whole order, and no point more"),
        pytest.param(FEN, 500, 120, (120, 120), id="all the points there are"),
        pytest.param(THIRD, 500, 100, (99, 33), id="not a point that takes nothing off"),
        pytest.param(THIRD, 33, 1_000, (99, 33), id="rounded down, never above the order"),
        pytest.param(replace(FEN, step=100), 555, 1_000, (500, 500), id="whole steps"),
        pytest.param(replace(FEN, most_percent=50), 999, 1_000, (499, 499), id="half an order"),
        pytest.param(replace(FEN, most_minor=300), 999, 1_000, (300, 300), id="so much at most"),
        pytest.param(replace(THIRD, step=10), 33, 1_000, (90, 30), id="steps that fall between"),
        pytest.param(replace(FEN, points=1, minor=7), 20, 9, (2, 14), id="dear points"),
    ],
)
def test_an_order_takes_so_many_points(
    terms: PayingTerms, amount: int, available: int, offered: tuple[int, int]
) -> None:
    made = offer(terms, amount, purse(available), NOW)
    assert (made.points, made.discount_minor, made.refusal) == (*offered, None)


@pytest.mark.parametrize(
    ("terms", "amount", "has_coupons", "refusal"),
    [
        pytest.param(None, 500, False, PaymentRefusal.OFF, id="no terms"),
        pytest.param(FEN, 0, False, PaymentRefusal.ORDER_TOO_SMALL, id="nothing to pay"),
        pytest.param(
            replace(FEN, least_points=501),
            500,
            False,
            PaymentRefusal.ORDER_TOO_SMALL,
            id="the fewest points are worth more than the order",
        ),
        pytest.param(
            replace(FEN, with_coupons=False), 500, True, PaymentRefusal.COUPONS, id="coupons"
        ),
        pytest.param(FEN, 500, True, None, id="coupons, and points on top"),
    ],
)
def test_some_orders_take_none(
    *, terms: PayingTerms | None, amount: int, has_coupons: bool, refusal: PaymentRefusal | None
) -> None:
    assert hindrance(terms, amount, has_coupons=has_coupons) is refusal


def test_what_is_missing_is_said() -> None:
    made = offer(replace(FEN, least_points=150, step=100), 900, purse(120), NOW)
    assert (made.refusal, made.missing_points) == (PaymentRefusal.INSUFFICIENT_POINTS, 80)


@pytest.mark.parametrize(
    ("points", "refusal"),
    [
        (100, PaymentRefusal.TOO_FEW_POINTS),
        (250, PaymentRefusal.NOT_A_STEP),
        (600, PaymentRefusal.TOO_MANY_POINTS),
        (500, None),
    ],
)
def test_points_must_fit_the_order(points: int, refusal: PaymentRefusal | None) -> None:
    terms = replace(FEN, least_points=150, step=100)
    assert misfit(terms, 599, points) is refusal


def test_a_pace_and_a_new_device_leave_less() -> None:
    new = DeviceStanding(known_since=NOW - timedelta(hours=1))
    assert offer(FEN, 5_000, purse(5_000, device=new), NOW).points == 1_000
    none = offer(FEN, 5_000, purse(5_000, device=new, limits=Limits(new_device_points=0)), NOW)
    assert none.refusal is PaymentRefusal.STEP_UP_REQUIRED
    pace = Pace(in_day=1, points_in_day=700, oldest_in_day=NOW)
    limits = Limits(daily_points=1_000)
    assert offer(FEN, 5_000, purse(5_000, pace=pace, limits=limits), NOW).points == 300
    spent = replace(pace, points_in_day=1_000)
    none = offer(FEN, 5_000, purse(5_000, pace=spent, limits=limits), NOW)
    assert none.refusal is PaymentRefusal.TOO_MANY_REDEMPTIONS


TERMS = st.builds(
    PayingTerms,
    currency=st.just("CNY"),
    points=st.integers(1, 1_000),
    minor=st.integers(1, 1_000),
    least_points=st.integers(1, 500),
    step=st.integers(1, 500),
    most_percent=st.integers(1, 100),
    most_minor=st.none() | st.integers(1, 10_000),
)


@given(terms=TERMS, amount=st.integers(0, 100_000), available=st.integers(0, 100_000))
def test_what_is_offered_fits_and_none_that_is_worth_more_does(
    terms: PayingTerms, amount: int, available: int
) -> None:
    if hindrance(terms, amount, has_coupons=False):
        assert all(misfit(terms, amount, n * terms.step) for n in range(1, 200))
        return
    made = offer(terms, amount, purse(available), NOW)
    if made.refusal:
        assert available < terms.least
        assert made.missing_points == terms.least - available
        return
    assert misfit(terms, amount, made.points) is None
    assert made.points <= available
    assert 1 <= made.discount_minor <= amount * terms.most_percent // 100
    assert made.discount_minor == int(Fraction(made.points * terms.minor, terms.points))
    more = [made.points + n * terms.step for n in range(1, 20)]
    better = [n for n in more if n <= available and not misfit(terms, amount, n)]
    assert all(terms.worth(n) == made.discount_minor for n in better)
    fewer = made.points - terms.step
    assert fewer < terms.least or terms.worth(fewer) < made.discount_minor
