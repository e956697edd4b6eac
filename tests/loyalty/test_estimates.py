"""What an order would earn: the same as it then does, told before, and nothing written."""

from typing import Any

import pytest

from kit.auth import Caller
from kit.testing import Harness, agent, backend, member
from tests.loyalty.members import adjust, balances, execute, lives_in, placed, post, with_points
from tests.loyalty.programmes import programme, rule, run_programme
from tests.loyalty.test_programme_life import draft, publish

PATH = "/v1/points/estimates"
TRIGGER = "profile.order.placed"
ORDER: dict[str, Any] = {"amount_minor": 12_900, "currency": "CNY"}


async def estimated(harness: Harness, caller: Caller, **changes: Any) -> Any:
    answer = await post(harness, caller, PATH, ORDER | changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


def verdicts(found: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {reason["rule"]: (reason["verdict"], reason["points"]) for reason in found["reasons"]}


async def test_an_estimate_is_what_the_order_then_earns(harness: Harness) -> None:
    caller = member()
    found = await estimated(harness, caller)
    assert (found["points"], found["pending_points"], found["growth_points"]) == (129, 129, 129)
    await harness.deliver(lives_in(caller, "UTC"), placed(caller))
    points, pending, _, growth = await balances(harness, caller)
    assert (points + pending, growth) == (found["points"], found["growth_points"])


async def test_an_estimate_writes_nothing(harness: Harness) -> None:
    caller = await with_points(harness, 5)
    before = await everything(harness)
    for _ in range(2):
        await estimated(harness, caller)
    assert await everything(harness) == before


async def everything(harness: Harness) -> list[Any]:
    tables = ("entries", "occasions", "earned_counts", "budgets", "wallets", "members", "outbox")
    return [await execute(harness, f"SELECT * FROM {name} ORDER BY 1") for name in tables]


async def test_a_member_s_tier_multiplies(harness: Harness) -> None:
    earn = {"points": 1, "per": 100}
    multiplied = rule("order", trigger=TRIGGER, earn=earn, tier_multiplier=True)
    await run_programme(harness, programme(multiplied))
    caller = await with_points(harness, 0)
    plain = await estimated(harness, caller)
    assert (await adjust(harness, caller, points=1_000, point_type="growth")).status_code == 201
    gold = await estimated(harness, caller)
    assert (plain["points"], gold["points"]) == (129, 193)  # half as much again, rounded down


async def test_caps_and_budgets_count_as_they_stand(harness: Harness) -> None:
    capped = rule("order", trigger=TRIGGER, caps=[{"times": 1, "per": "ever"}])
    scarce = rule("scarce", trigger=TRIGGER, earn={"points": 8}, budget_points=12)
    await publish(harness, await draft(harness, programme(capped, scarce)))
    first, second = member(), member()
    assert (await estimated(harness, first))["points"] == 18
    await harness.deliver(placed(first, "A-1"))
    again = await estimated(harness, first)
    assert verdicts(again) == {"order": ("capped", 0), "scarce": ("paid", 4)}
    assert (await estimated(harness, second))["points"] == 14


async def test_an_order_in_another_currency_is_told_why_it_earns_nothing(harness: Harness) -> None:
    earn = {"points": 1, "per": 100, "currency": "CNY"}
    await run_programme(harness, programme(rule("order", trigger=TRIGGER, earn=earn)))
    found = await estimated(harness, member(), currency="EUR")
    assert (found["points"], verdicts(found)) == (0, {"order": ("failed", 0)})
    assert "CNY" in found["reasons"][0]["text"]


async def test_lines_are_looked_at(harness: Harness) -> None:
    tea = {"item": {"field": "item.category", "op": "eq", "value": "tea"}}
    await run_programme(harness, programme(rule("order", trigger=TRIGGER, when=tea)))
    line = {"sku": "t-1", "category": "tea", "quantity": 1, "amount_minor": 900}
    assert (await estimated(harness, member(), items=[line]))["points"] == 10
    assert (await estimated(harness, member(), items=[{**line, "category": "cup"}]))["points"] == 0


async def test_a_backend_asks_for_a_member(harness: Harness) -> None:
    caller = member()
    found = await estimated(harness, backend("points:read"), member_id=caller.subject)
    assert found["points"] == 129


@pytest.mark.parametrize(
    ("caller", "changes", "status"),
    [
        pytest.param(member(), {"member_id": member().subject}, 403, id="another member's"),
        pytest.param(backend("points:read"), {}, 403, id="nobody's"),
        pytest.param(backend(), {}, 403, id="without the scope"),
        pytest.param(agent(), {}, 403, id="staff"),
        pytest.param(member(), {"tax_minor": 12_901}, 422, id="more tax than order"),
        pytest.param(member(), {"currency": "yuan"}, 422, id="no currency"),
        pytest.param(member(), {"surprise": 1}, 422, id="a field there is not"),
    ],
)
async def test_what_is_refused(
    harness: Harness, caller: Caller, changes: dict[str, Any], status: int
) -> None:
    assert (await post(harness, caller, PATH, ORDER | changes)).status_code == status
