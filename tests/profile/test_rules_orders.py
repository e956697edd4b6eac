"""Which changes of an order are allowed."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.rules.orders import (
    CURRENCIES,
    REFUNDS,
    NotAllowed,
    Order,
    Status,
    allowed_from,
    changed,
    same_as_placed,
)

T0 = datetime(2026, 3, 1, tzinfo=UTC)
PLACED, PAID, SHIPPED, DELIVERED, CANCELLED, PARTLY, REFUNDED = Status


def an_order(**changes) -> Order:
    known = {
        "order_id": "SO-1",
        "member_id": UUID(int=1),
        "amount_minor": 1000,
        "currency": "CNY",
        "placed_at": T0,
        "changed_at": T0,
    }
    return Order(**(known | changes))


def after(*steps) -> Order:
    order = an_order()
    for step in steps:
        status, refunded = step if isinstance(step, tuple) else (step, None)
        order = changed(order, status, refunded, T0)
    return order


@pytest.mark.parametrize(
    ("steps", "progress", "refunded"),
    [
        pytest.param([PAID, SHIPPED, DELIVERED], DELIVERED, 0, id="the usual way"),
        pytest.param([DELIVERED], DELIVERED, 0, id="cash on delivery skips steps"),
        pytest.param([CANCELLED], CANCELLED, 0, id="cancelled before it is paid"),
        pytest.param([PAID, SHIPPED, CANCELLED], CANCELLED, 0, id="returned on the way"),
        pytest.param([PAID, REFUNDED], PAID, 1000, id="refunded whole without naming the amount"),
        pytest.param([PAID, (REFUNDED, 1000)], PAID, 1000, id="refunded whole, named"),
        pytest.param([PAID, CANCELLED, REFUNDED], CANCELLED, 1000, id="cancelled, then refunded"),
        pytest.param(
            [PAID, (PARTLY, 200), SHIPPED, DELIVERED], DELIVERED, 200,
            id="a part refunded, the rest delivered",
        ),
        pytest.param(
            [DELIVERED, (PARTLY, 200), (PARTLY, 700), REFUNDED], DELIVERED, 1000,
            id="refunded in parts, then whole",
        ),
    ],
)  # fmt: skip
def test_allowed_ways(steps, progress, refunded) -> None:
    order = after(*steps)
    assert (order.progress, order.refunded_minor) == (progress, refunded)


@pytest.mark.parametrize(
    ("steps", "then"),
    [
        pytest.param([PAID], PLACED, id="nothing becomes placed"),
        pytest.param([DELIVERED], SHIPPED, id="never backwards"),
        pytest.param([DELIVERED], CANCELLED, id="what is delivered is refunded, not cancelled"),
        pytest.param([], REFUNDED, id="what was never paid is not refunded"),
        pytest.param([CANCELLED], DELIVERED, id="what is cancelled stays so"),
        pytest.param([PAID, REFUNDED], SHIPPED, id="what is refunded whole has ended"),
        pytest.param([PAID], PARTLY, id="a partial refund must name its amount"),
        pytest.param([PAID], (PARTLY, 1000), id="a partial refund is less than the order"),
        pytest.param([PAID, (PARTLY, 300)], (PARTLY, 200), id="the total refunded only grows"),
        pytest.param([PAID, (PARTLY, 300)], (PARTLY, 300), id="the same total is no new refund"),
        pytest.param([PAID], (REFUNDED, 500), id="a whole refund is the whole amount"),
        pytest.param([PAID], (SHIPPED, 5), id="an amount goes with a refund only"),
    ],
)
def test_refused_changes(steps, then) -> None:
    order = after(*steps)
    with pytest.raises(NotAllowed) as refusal:
        changed(order, *(then if isinstance(then, tuple) else (then, None)), T0)
    assert refusal.value.allowed == allowed_from(order)


changes = st.tuples(st.sampled_from(Status), st.none() | st.integers(-10, 1100))


@given(st.lists(changes, max_size=10), st.integers(0, 1000))
def test_refunds_only_grow_and_progress_never_turns_back(steps, amount) -> None:
    order = an_order(amount_minor=amount)
    way = list(Status)
    for status, refunded in steps:
        before = order
        try:
            order = changed(order, status, refunded, T0)
        except NotAllowed:
            continue
        assert before.refunded_minor <= order.refunded_minor <= amount
        assert way.index(order.progress) >= way.index(before.progress)
        assert order.progress not in REFUNDS


def test_the_same_report_is_recognised_whatever_became_of_the_order() -> None:
    placed = an_order(items=[{"sku": "tea"}])
    assert same_as_placed(changed(placed, PAID, None, T0), placed)
    assert not same_as_placed(placed, an_order(items=[{"sku": "tea"}], amount_minor=999))
    assert not same_as_placed(placed, an_order(items=[{"sku": "coffee"}]))


def test_currencies_are_codes_of_three_letters() -> None:
    assert {"CNY", "RUB", "USD", "EUR", "JPY"} <= CURRENCIES
    assert not {"XAU", "XXX", "XTS", "DEM", "BTC"} & CURRENCIES
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
