"""What an occasion earns under a rule."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import uuid7
from services.loyalty.rules.earning import EarningRule, Occasion, local_day, points_earned
from services.loyalty.rules.ledger import Source

FIXED = EarningRule(key="survey", trigger="survey.answered", points=20)
CAPPED = replace(FIXED, daily_cap=50)
PER_YUAN = EarningRule(key="order", trigger="order.placed", points=1, per_amount_minor=100)
STREAK = EarningRule(key="checkin", trigger="checkin.recorded", streak_points=(5, 5, 30))


def occasion(**changes) -> Occasion:
    return replace(
        Occasion(
            member_id=uuid7(),
            trigger="survey.answered",
            source=Source("survey", "S-1"),
            at=datetime(2026, 3, 2, tzinfo=UTC),
        ),
        **changes,
    )


def order(amount_minor: int, currency: str = "CNY") -> Occasion:
    return occasion(amount_minor=amount_minor, currency=currency)


@pytest.mark.parametrize(
    ("rule", "what", "earned_today", "points"),
    [
        pytest.param(FIXED, occasion(), 10_000, 20, id="a rule without a cap always pays"),
        pytest.param(CAPPED, occasion(), 0, 20, id="under the cap it pays in full"),
        pytest.param(CAPPED, occasion(), 40, 10, id="at the cap it pays what the day has left"),
        pytest.param(CAPPED, occasion(), 50, 0, id="over the cap it pays nothing"),
        pytest.param(CAPPED, occasion(), 90, 0, id="a cap that was lowered takes nothing back"),
        pytest.param(PER_YUAN, order(12_900), 0, 129, id="a point for every yuan"),
        pytest.param(PER_YUAN, order(12_999), 0, 129, id="a yuan begun is not a yuan"),
        pytest.param(PER_YUAN, order(99), 0, 0, id="less than a yuan earns nothing"),
        pytest.param(
            replace(PER_YUAN, points=3, per_amount_minor=200),
            order(299),
            0,
            4,
            id="rounding comes last",
        ),
        pytest.param(replace(PER_YUAN, currency="CNY"), order(900), 0, 9, id="its currency earns"),
        pytest.param(
            replace(PER_YUAN, currency="CNY"),
            order(900, "RUB"),
            0,
            0,
            id="another currency earns nothing",
        ),
        pytest.param(STREAK, occasion(streak=1), 0, 5, id="the first day of a streak"),
        pytest.param(STREAK, occasion(streak=3), 0, 30, id="the last day of the cycle"),
        pytest.param(STREAK, occasion(streak=4), 0, 5, id="after the last day it begins again"),
    ],
)
def test_points(rule: EarningRule, what: Occasion, earned_today: int, points: int) -> None:
    assert points_earned(what, rule, earned_today) == points


@given(st.integers(0, 2**53), st.integers(0, 1000), st.integers(1, 10_000), st.integers(0, 10_000))
def test_two_orders_never_earn_more_than_one_of_their_sum(
    amount: int, points: int, per: int, part: int
) -> None:
    rule = replace(PER_YUAN, points=points, per_amount_minor=per)
    part = min(part, amount)
    apart = points_earned(order(part), rule) + points_earned(order(amount - part), rule)
    assert 0 <= apart <= points_earned(order(amount), rule)


@given(st.lists(st.integers(0, 100)), st.integers(0, 300))
def test_a_day_never_exceeds_its_cap(paid: list[int], cap: int) -> None:
    total = 0
    for points in paid:
        total += points_earned(occasion(), replace(FIXED, points=points, daily_cap=cap), total)
    assert total == min(sum(paid), cap)


@pytest.mark.parametrize(
    ("moment", "time_zone", "day"),
    [
        pytest.param("2026-03-02T15:59:59Z", "Asia/Shanghai", "2026-03-02", id="before midnight"),
        pytest.param("2026-03-02T16:00:00Z", "Asia/Shanghai", "2026-03-03", id="at midnight"),
        pytest.param("2026-03-02T01:00:00Z", "America/New_York", "2026-03-01", id="west of us"),
        pytest.param("2026-03-29T00:30:00Z", "Europe/Berlin", "2026-03-29", id="a day of 23 hours"),
    ],
)
def test_a_day_is_the_members_own(moment: str, time_zone: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(moment), time_zone) == date.fromisoformat(day)
