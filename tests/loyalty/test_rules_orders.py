"""Orders: merging what is told, and what refunds take back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import uuid7
from services.loyalty.rules.orders import Order, Units, lines_of, merged, points_due_back

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
    lines=st.sampled_from([(), (Units(1, 400), Units(3, 600))]),
    returned=st.dictionaries(
        st.integers(0, 1), st.builds(Units, st.integers(0, 3), st.integers(0, 600))
    ),
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


LINES = (Units(3, 1000), Units(1, 2000), Units(2, 0), Units(7, 900))
WEIGHTS = {"whole order": None, "some lines": (0, 2000, 0, 900), "made joint": (3, 5, 7, 11)}

returns = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 7)), max_size=12)


def with_back(back: dict[int, int], *, beside: int = 0) -> Order:
    """The order with so many units of its lines back, at what they cost, and more refunded."""
    units = {n: Units(q, LINES[n].amount_minor * q // LINES[n].quantity) for n, q in back.items()}
    return Order(
        order_id="A-1",
        member_id=MEMBER,
        amount_minor=4500,
        currency="CNY",
        lines=LINES,
        returned=units,
        refunded_minor=sum(unit.amount_minor for unit in units.values()) + beside,
    )


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
@given(returns, st.integers(0, 600), st.integers(0, 10**9))
def test_returns_one_by_one_take_back_what_was_earned_and_never_more(
    weights: tuple[int, ...] | None, steps: list[tuple[int, int]], beside: int, earned: int
) -> None:
    """Line by line in any sequence: what is due only grows, and ends with all that was earned."""
    back, due = dict.fromkeys(range(4), 0), 0
    everything = [(n, line.quantity) for n, line in enumerate(LINES)]
    for line, quantity in [*steps, *everything]:
        back[line] = min(back[line] + quantity, LINES[line].quantity)
        before, due = due, points_due_back(with_back(back, beside=beside), earned, weights)
        assert before <= due <= earned
    assert due == earned


@pytest.mark.parametrize(
    ("back", "weights", "due"),
    [
        pytest.param({1: 1}, None, 51, id="a line takes back its share by amount"),
        pytest.param({0: 1}, None, 8, id="a unit of three a third of it, rounded down"),
        pytest.param({0: 3}, None, 25, id="and all three the whole of it"),
        pytest.param({2: 2}, None, 0, id="what cost nothing takes back nothing"),
        pytest.param({0: 3}, (0, 2000, 0, 900), 0, id="a line the rule did not pay for nothing"),
        pytest.param({3: 7}, (0, 0, 0, 900), 100, id="the only line it paid for everything"),
    ],
)
def test_points_due_back_for_lines(
    back: dict[int, int], weights: tuple[int, ...] | None, due: int
) -> None:
    assert points_due_back(with_back(back), 100, weights) == due


def test_what_is_refunded_beside_returns_takes_its_share_of_the_amount() -> None:
    assert points_due_back(with_back({1: 1}, beside=450), 100) == 61


def test_lines_nobody_told_of_come_back_by_what_was_refunded() -> None:
    known = replace(with_back({1: 1}), lines=())
    assert points_due_back(known, 100) == 100 * 2000 // 4500


@pytest.mark.parametrize("items", [None, "x", ["x"], [{}], [{"quantity": 0, "amount_minor": 1}]])
def test_lines_that_make_no_sense_are_none(items: object) -> None:
    assert lines_of({"items": items}) == ()
