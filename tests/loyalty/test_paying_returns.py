"""Orders paid with points that come back: their points do, too, in proportion, and never more."""

from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.auth import Caller
from kit.events import Event
from kit.testing import Harness, admin, example
from tests.loyalty.finances import added_up, seen
from tests.loyalty.members import PLACED, changed, execute, make_due, post, proved, with_points
from tests.loyalty.paying import cancel, paid, payment_of, set_terms, stands

ORDERS = count(1)
ITEMS = [
    {"sku": "tea", "name": None, "category": "drinks", "quantity": 3, "amount_minor": 1_000},
    {"sku": "cup", "name": None, "category": "china", "quantity": 1, "amount_minor": 7_900},
    {"sku": "pot", "name": None, "category": "china", "quantity": 2, "amount_minor": 3_000},
]
WHOLE = 11_900


class Bought:
    """Tea and china, partly paid with points; and what of it comes back."""

    def __init__(self, caller: Caller, discount: int = 0) -> None:
        self.caller, self.order_id = caller, f"bought-{next(ORDERS)}"
        self.amount = WHOLE - discount
        self.back: dict[int, int] = {}

    def placed(self) -> Event:
        about = {"order_id": self.order_id, "amount_minor": self.amount, "items": ITEMS}
        return example(PLACED, member_id=self.caller.subject, **about)

    def returned(self, line: int, quantity: int = 1) -> Event:
        """What profile says after so many more units came back."""
        self.back[line] = min(self.back.get(line, 0) + quantity, ITEMS[line]["quantity"])
        lines = [self._line(number) for number in sorted(self.back)]
        whole = [self.back.get(n, 0) for n in range(3)] == [item["quantity"] for item in ITEMS]
        refunded = self.amount if whole else sum(line["amount_minor"] for line in lines)
        return self.told("refunded" if whole else "partially_refunded", refunded, lines)

    def told(self, status: str, refunded_minor: int, lines: Any = ()) -> Event:
        about = {
            "amount_minor": self.amount,
            "refunded_minor": min(refunded_minor, self.amount),
            "returned": list(lines),
        }
        return changed(self.caller, status, self.order_id, **about)

    def _line(self, line: int) -> dict[str, Any]:
        """Of each line the money comes back that was paid for it: rounded down."""
        item, quantity = ITEMS[line], self.back[line]
        amount = item["amount_minor"] * quantity * self.amount // (item["quantity"] * WHOLE)
        return {"line": line, "quantity": quantity, "amount_minor": amount}


async def bought(harness: Harness, caller: Caller, points: int) -> Bought:
    """An order that is placed, of which so many points pay a part."""
    order = Bought(caller)
    made = await paid(harness, caller, points, order_id=order.order_id, amount_minor=WHOLE)
    order.amount = made["to_pay_minor"]
    return order


async def back_of(harness: Harness, order: Bought) -> int:
    return (await payment_of(harness, order.order_id))["returned_points"]


async def test_what_comes_back_of_an_order_brings_its_points(harness: Harness) -> None:
    await set_terms(harness)
    caller = await with_points(harness, 1_000)
    order = await bought(harness, caller, 100)
    await harness.deliver(order.placed())
    seen = []
    for line in (1, 0, 2, 0, 0, 2):
        told = order.returned(line)
        await harness.deliver(told, told)
        seen.append(await back_of(harness, order))
    assert seen == [66, 69, 81, 84, 87, 100]
    assert await stands(harness, caller) == (1_000, 0)
    await proved(harness)


async def test_finance_knows_what_the_points_took_off(harness: Harness, at: list[datetime]) -> None:
    """At their real worth, whatever a point is said to be worth; to nothing once all is back."""
    await set_terms(harness, {"points": 3, "minor": 1})
    caller = await with_points(harness, 1_000)
    order = await bought(harness, caller, 100)
    shown = []
    for told in (order.placed(), order.returned(1), order.returned(0), order.told("cancelled", 0)):
        await harness.deliver(told)
        await added_up(harness)
        [cost] = (await seen(harness, f"/costs?from=2026-10-01&until={at[0]:%F}"))["rewards"]
        assert (cost["source_type"], cost["item"]) == ("hold", "CNY")
        shown.append((cost["cost_minor"], cost["points"], cost["times"]))
    assert shown == [(33, 100, 1), (11, 34, 1), (10, 31, 1), (0, 0, 0)]
    assert (await seen(harness, "/verify"))["sound"]


async def test_an_order_paid_whole_with_points_comes_back_by_its_lines(harness: Harness) -> None:
    await set_terms(harness)
    caller = await with_points(harness, WHOLE)
    order = await bought(harness, caller, WHOLE)
    assert order.amount == 0
    await harness.deliver(order.placed(), order.returned(1))
    assert await back_of(harness, order) == 7_900
    await harness.deliver(order.told("cancelled", 0))
    assert await stands(harness, caller) == (WHOLE, 0)
    await proved(harness)


async def test_a_refund_without_lines_brings_its_share(harness: Harness) -> None:
    await set_terms(harness)
    caller = await with_points(harness, 1_000)
    order = await bought(harness, caller, 900)
    await harness.deliver(order.placed(), order.told("partially_refunded", 5_500))
    assert await back_of(harness, order) == 450
    await harness.deliver(order.told("partially_refunded", order.amount))
    assert await stands(harness, caller) == (1_000, 0)
    await proved(harness)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), points=st.integers(1, 500), lots=st.integers(1, 3))
async def test_any_sequence_and_division_of_returns_ends_in_the_same(
    harness: Harness, data: st.DataObject, points: int, lots: int
) -> None:
    """Told late, twice, in any sequence: never more than was paid, and all in the end."""
    await set_terms(harness)
    caller = await with_points(harness, points)
    for _ in range(1, lots):
        await post(
            harness,
            admin(),
            f"/v1/members/{caller.subject}/points/adjustments",
            {"points": 7, "reason": "more"},
        )
    before = (await stands(harness, caller))[0]
    order = await bought(harness, caller, data.draw(st.integers(1, before)))
    units = data.draw(st.permutations([0, 0, 0, 1, 2, 2]))
    kept = data.draw(st.integers(0, 6))
    told = [order.placed(), *(order.returned(line) for line in units[:kept])]
    for event in data.draw(st.permutations([*told, *told])):
        await harness.deliver(event)
        payment = await payment_of(harness, order.order_id)
        assert 0 <= payment["returned_points"] <= payment["points"]
    lines = sum(ITEMS[line]["amount_minor"] // ITEMS[line]["quantity"] for line in units[:kept])
    payment = await payment_of(harness, order.order_id)
    due = payment["points"] if kept == 6 else payment["points"] * lines // WHOLE
    assert abs(payment["returned_points"] - due) <= 1, "a third of a fen at most is rounded"
    await harness.deliver(order.told("cancelled", 0))
    assert await stands(harness, caller) == (before, 0)
    await proved(harness)


async def test_by_hand_and_by_return_no_more_comes_back_than_was_paid(harness: Harness) -> None:
    await set_terms(harness)
    caller = await with_points(harness, 1_000)
    order = await bought(harness, caller, 100)
    await harness.deliver(order.placed())
    entry = await execute(harness, "SELECT id FROM entries WHERE kind = 'capture'")
    path = f"/v1/loyalty/entries/{entry[0].id}/refunds"
    answer = await post(harness, admin(), path, {"points": 80, "reason": "late"})
    assert answer.status_code == 201, answer.text
    await harness.deliver(order.returned(1))
    assert await back_of(harness, order) == 80
    await harness.deliver(order.told("cancelled", 0))
    assert await stands(harness, caller) == (1_000, 0)
    assert (await cancel(harness, order.order_id)).json()["state"] == "returned"
    assert await stands(harness, caller) == (1_000, 0)
    await proved(harness)


@pytest.mark.parametrize(("grace_days", "left"), [(0, 0), (7, 300)], ids=["none", "grace"])
async def test_points_that_have_expired_meanwhile_come_back_with_grace_or_go(
    harness: Harness, grace_days: int, left: int
) -> None:
    await set_terms(harness)
    async with harness.client(admin()) as client:
        about = {"grace_days": grace_days}
        assert (await client.patch("/v1/loyalty/point-types/points", json=about)).is_success
    caller = await with_points(harness, 300, valid_days=5)
    order = await bought(harness, caller, 300)
    await harness.deliver(order.placed())
    [lot] = await execute(harness, "SELECT now() - interval '1 second' AS past")
    await make_due(harness, lot.past)
    await harness.deliver(order.told("cancelled", 0))
    assert await back_of(harness, order) == 300
    assert await stands(harness, caller) == (left, 0)
    await proved(harness)
