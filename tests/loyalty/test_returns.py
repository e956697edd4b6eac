"""Lines that come back take back what they earned, whatever the sequence they are told in."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.auth import Caller
from kit.events import Event
from kit.testing import Harness, example, member
from tests.loyalty.members import PLACED, balances, changed, execute, lives_in, merged, proved
from tests.loyalty.programmes import NAME, programme, rule, run_programme

ORDERS = count(1)
ITEMS = [
    {"sku": "tea", "name": None, "category": "drinks", "quantity": 3, "amount_minor": 1_000},
    {"sku": "cup", "name": None, "category": "china", "quantity": 1, "amount_minor": 7_900},
    {"sku": "pot", "name": None, "category": "china", "quantity": 2, "amount_minor": 3_000},
]
CHINA = {"field": "item.category", "op": "eq", "value": "china"}
ORDER = {"trigger": "profile.order.placed"}
BY_LINE = programme(
    rule("order", **ORDER, earn={"points": 1, "per": 100, "currency": "CNY"}),
    rule("china", **ORDER, earn={"points": 1, "per": 1_000, "items": CHINA}),
    rule("tea", **ORDER, when={"item": {"field": "item.sku", "op": "eq", "value": "tea"}}),
    rule("double", **ORDER, earn={"multiply": "1.5", "rules": ["china"]}),
    rule("growth", **ORDER, point_type="growth", earn={"points": 1, "per": 100}),
)
EARNED = 119 + 10 + 10 + 5
"""Of the order whole, the china, the tea, and the china half as much again."""


@pytest.fixture
async def by_line(harness: Harness) -> Harness:
    await run_programme(harness, BY_LINE)
    return harness


class Ordered:
    """An order of tea and china, and what of it comes back."""

    def __init__(self, caller: Caller) -> None:
        self.caller, self.order_id = caller, f"back-{next(ORDERS)}"
        self.back: dict[int, int] = {}

    def placed(self) -> Event:
        about = {"order_id": self.order_id, "amount_minor": 11_900, "items": ITEMS}
        return example(PLACED, member_id=self.caller.subject, **about)

    def returned(self, *lines: tuple[int, int], status: str = "partially_refunded") -> Event:
        """What profile says after so many more units of lines came back."""
        for line, quantity in lines:
            self.back[line] = min(self.back.get(line, 0) + quantity, ITEMS[line]["quantity"])
        returned = [self._line(line) for line in sorted(self.back)]
        whole = [self.back.get(n, 0) for n in range(3)] == [item["quantity"] for item in ITEMS]
        return self.told("refunded" if whole else status, returned)

    def told(self, status: str, returned: list[dict[str, Any]]) -> Event:
        about = {
            "amount_minor": 11_900,
            "refunded_minor": sum(line["amount_minor"] for line in returned),
            "returned": returned,
        }
        return changed(self.caller, status, self.order_id, **about)

    def _line(self, line: int) -> dict[str, Any]:
        item, quantity = ITEMS[line], self.back[line]
        amount = item["amount_minor"] * quantity // item["quantity"]
        return {"line": line, "sku": item["sku"], "quantity": quantity, "amount_minor": amount}


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        pytest.param([(0, 3)], EARNED - 10 - 10, id="the tea: its part, and its own rule's"),
        pytest.param([(0, 1)], EARNED - 3 - 3, id="a third of it"),
        pytest.param([(1, 1)], EARNED - 79 - 7 - 3, id="the cup: its part of both china's rules"),
        pytest.param([(1, 1), (2, 2)], EARNED - 109 - 10 - 5, id="all the china"),
        pytest.param([(0, 3), (1, 1), (2, 2)], 0, id="everything"),
    ],
)
async def test_lines_take_back_what_they_earned(by_line: Harness, lines, left: int) -> None:
    ordered = Ordered(member())
    await by_line.deliver(ordered.placed())
    assert (await balances(by_line, ordered.caller))[0] == EARNED
    await by_line.deliver(ordered.returned(*lines))
    assert (await balances(by_line, ordered.caller))[0] == left
    await proved(by_line)


async def test_lines_of_an_order_not_delivered_yet_take_back_what_is_pending(
    by_line: Harness,
) -> None:
    rules = [r | {"awaits_delivery": r["key"] != "growth"} for r in BY_LINE["rules"]]
    await run_programme(by_line, {**BY_LINE, "rules": rules})
    ordered = Ordered(member())
    await by_line.deliver(ordered.placed())
    await by_line.deliver(ordered.returned((1, 1)))
    assert (await balances(by_line, ordered.caller))[:3] == (0, EARNED - 89, 0)
    await by_line.deliver(ordered.returned(status="delivered"))
    assert (await balances(by_line, ordered.caller))[:3] == (EARNED - 89, 0, 0)
    await proved(by_line)


async def test_a_rule_changed_since_takes_back_what_it_paid_for_then(by_line: Harness) -> None:
    ordered = Ordered(member())
    await by_line.deliver(ordered.placed())
    await execute(by_line, "DELETE FROM occasions")
    await run_programme(by_line, programme(rule("china", **ORDER, name=NAME)))
    await by_line.deliver(ordered.returned((1, 1)))
    assert (await balances(by_line, ordered.caller))[0] == EARNED - 89


async def test_a_merged_members_lines_are_taken_back_of_the_one_who_goes_on(
    by_line: Harness,
) -> None:
    guest, survivor = member(), member()
    ordered = Ordered(guest)
    await by_line.deliver(lives_in(survivor, "UTC"), ordered.placed(), merged(guest, survivor))
    await by_line.deliver(ordered.returned((1, 1)))
    assert (await balances(by_line, survivor))[0] == EARNED - 89
    await proved(by_line)


pieces = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=4)
divisions = st.lists(pieces, min_size=1, max_size=4)


async def test_no_division_sequence_or_repetition_of_returns_matters(by_line: Harness) -> None:
    """However what comes back is divided, shuffled and told again, the balances end the same."""

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(division=divisions, data=st.data())
    def check(division: list[list[tuple[int, int]]], data: st.DataObject) -> None:
        at_once, bit_by_bit = Ordered(member()), Ordered(member())
        tellings = [bit_by_bit.placed(), *(bit_by_bit.returned(*lines) for lines in division)]
        repeated = data.draw(st.lists(st.sampled_from(tellings), max_size=4))
        shuffled = data.draw(st.permutations([*tellings, *repeated]))
        once = at_once.returned(*(line for lines in division for line in lines))
        cases.append((at_once, [at_once.placed(), once]))
        cases.append((bit_by_bit, shuffled))

    cases: list[tuple[Ordered, list[Event]]] = []
    check()
    ended = []
    for ordered, tellings in cases:
        for event in tellings:
            await by_line.deliver(event)
        ended.append(await balances(by_line, ordered.caller))
    assert ended[::2] == ended[1::2]
    assert {points > 0 for points, *_ in ended} == {True, False}
    await proved(by_line)
