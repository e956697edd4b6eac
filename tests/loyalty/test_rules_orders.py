"""Orders: merging what is told, and what refunds take back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import uuid7
from services.loyalty.rules.orders import Order, merged, points_due_back

MEMBER = uuid7()
START = datetime(2026, 3, 2, tzinfo=UTC)

moments = st.none() | st.integers(0, 9).map(lambda days: START + timedelta(days=days))
tellings = st.builds(
    Order,
    order_id=st.just("A-1"),
    member_id=st.just(MEMBER),
    amount_minor=st.just(1000),
    currency=st.just("CNY"),
    placed_at=moments,
    delivered_at=moments,
    undone=st.booleans(),
    refunded_minor=st.integers(0, 1000),
)


def order(amount_minor: int = 1000, refunded_minor: int = 0, *, undone: bool = False) -> Order:
    return Order(
        order_id="A-1",
        member_id=MEMBER,
        amount_minor=amount_minor,
        currency="CNY",
        undone=undone,
        refunded_minor=refunded_minor,
    )


@given(tellings, tellings, tellings)
def test_the_sequence_of_tellings_does_not_matter(one: Order, two: Order, three: Order) -> None:
    assert merged(one, two) == merged(two, one)
    assert merged(merged(one, two), three) == merged(one, merged(two, three))


@given(tellings, tellings)
def test_telling_again_adds_nothing(one: Order, two: Order) -> None:
    assert merged(merged(one, two), two) == merged(one, two)


@pytest.mark.parametrize(
    ("known", "earned", "due"),
    [
        pytest.param(order(), 100, 0, id="an order that stands keeps its points"),
        pytest.param(order(refunded_minor=250), 100, 25, id="a quarter refunded takes a quarter"),
        pytest.param(order(refunded_minor=1), 100, 0, id="a fraction of a point stays"),
        pytest.param(order(refunded_minor=1000), 100, 100, id="refunded whole takes all"),
        pytest.param(order(refunded_minor=1500), 100, 100, id="more than whole takes no more"),
        pytest.param(order(undone=True), 100, 100, id="a cancelled order takes all"),
        pytest.param(order(amount_minor=0), 100, 0, id="a free order keeps its points"),
        pytest.param(order(amount_minor=0, undone=True), 100, 100, id="unless it is cancelled"),
    ],
)
def test_points_due_back(known: Order, earned: int, due: int) -> None:
    assert points_due_back(known, earned) == due


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_further_refunds_take_back_further_points(
    amount: int, refunded: int, more: int, earned: int
) -> None:
    before = points_due_back(order(amount, refunded), earned)
    assert 0 <= before <= points_due_back(order(amount, refunded + more), earned) <= earned
