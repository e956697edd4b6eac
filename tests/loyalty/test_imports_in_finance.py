"""What is imported is in the books: outstanding and owed as the file says, and gone when undone."""

from datetime import UTC, datetime
from typing import Any

from kit.testing import Harness
from tests.loyalty.finances import added_up, booked, bought, close, declare, lines, seen
from tests.loyalty.importing import committed, named, order
from tests.loyalty.members import balances, new_reward, proved, redeem, with_points

VALUE_MINOR = 1.5
ROWS = {"C-1": [1200, 300], "C-2": [40], "C-3": [-80]}
"""What each member had in the programme before, and owed."""
FILE = "external_id,points,reference\n" + "".join(
    f"{who},{points},{who}-{number}\n"
    for who, all_of_them in ROWS.items()
    for number, points in enumerate(all_of_them)
)
BROUGHT = sum(points for row in ROWS.values() for points in row if points > 0)
OWED = -sum(points for row in ROWS.values() for points in row if points < 0)
SPAN = "from=2026-10-01&until=2026-10-05"


async def moved(harness: Harness, span: str = SPAN) -> tuple[dict[str, int], dict[str, Any]]:
    """What moved points, and how they stood at the end."""
    points = (await seen(harness, f"/roll-forward?{span}"))["items"][0]
    return {name: n for name, n in points["movements"].items() if n}, points["closing"]


async def test_what_is_imported_is_in_every_report_and_goes_with_the_import(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness, value_minor=str(VALUE_MINOR))
    callers = [await named(harness, who) for who in ROWS]
    here = await with_points(harness, 10)
    found = await committed(harness, "balances", FILE)
    assert found["accepted"] == 4, found
    await added_up(harness)

    [points, growth] = (await seen(harness, "/liability"))["items"]
    assert points["points"]["outstanding"] == BROUGHT + 10
    assert points["points"]["debt"] == OWED
    assert points["value_minor"] == (BROUGHT + 10) * VALUE_MINOR
    by_origin = {c["origin"]: c["points"]["outstanding"] for c in points["cohorts"]}
    assert by_origin == {"import": BROUGHT, "other": 10}
    assert growth["points"]["outstanding"] == 0
    movements, closing = await moved(harness)
    assert movements == {"imported": BROUGHT, "owed": -OWED, "adjusted": 10}
    assert (closing["outstanding"], closing["debt"]) == (BROUGHT + 10, OWED)
    journal = await lines(harness, "2026-10")
    assert booked(journal, "imported_balances") == BROUGHT * VALUE_MINOR
    assert booked(journal, "contract_liability") == -BROUGHT * VALUE_MINOR

    reward = await new_reward(harness)
    assert (await redeem(harness, callers[0], reward)).status_code == 201
    undone = await order(harness, found["import_id"], "reversals")
    assert undone["state"] == "undone"
    await added_up(harness)
    stands = [await balances(harness, caller) for caller in callers]
    assert [(available, debt) for available, _, debt, _ in stands] == [(0, 80), (0, 0), (0, 0)]
    points = (await seen(harness, "/liability"))["items"][0]
    assert (points["points"]["outstanding"], points["points"]["debt"]) == (10, 80)
    movements, closing = await moved(harness)
    assert movements == {"adjusted": 10, "redeemed": -80}, "the import and its undoing cancel out"
    assert closing["net"] == 10 - 80
    assert (await balances(harness, here))[0] == 10
    assert (await seen(harness, "/verify"))["sound"]
    await proved(harness)


async def test_undone_after_the_month_was_closed_it_goes_in_the_next(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness, value_minor=str(VALUE_MINOR))
    for who in ROWS:
        await named(harness, who)
    found = await committed(harness, "balances", FILE)
    await added_up(harness)
    at[0] = datetime(2026, 11, 2, tzinfo=UTC)
    assert (await close(harness, "2026-10")).status_code == 201
    await order(harness, found["import_id"], "reversals")
    await added_up(harness)
    october, closing = await moved(harness, "from=2026-10-01&until=2026-10-31")
    assert october == {"imported": BROUGHT, "owed": -OWED}
    assert (closing["outstanding"], closing["debt"]) == (BROUGHT, OWED)
    assert booked(await lines(harness, "2026-10"), "contract_liability") == -BROUGHT * VALUE_MINOR
    november, closing = await moved(harness, "from=2026-11-01&until=2026-11-02")
    assert november == {"imported": -BROUGHT, "owed": OWED}
    assert (closing["outstanding"], closing["debt"], closing["net"]) == (0, 0, 0)
    journal = await lines(harness, "2026-11")
    assert booked(journal, "contract_liability") == BROUGHT * VALUE_MINOR
    assert [booked(journal, name) for name in ("revenue", "breakage_revenue")] == [0, 0]
    assert (await seen(harness, "/verify"))["sound"]


async def test_points_that_pay_a_debt_brought_along_count_as_redeemed(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness, value_minor=str(VALUE_MINOR))
    owing = await named(harness, "C-3")
    found = await committed(harness, "balances", "external_id,points\nC-3,-80\n")
    await bought(harness, owing)
    await added_up(harness)
    assert (await balances(harness, owing))[:3] == (49, 0, 0)
    movements, closing = await moved(harness)
    assert movements == {"earned": 129, "owed": -80}
    assert closing["outstanding"] == 49
    journal = await lines(harness, "2026-10")
    deferred = round(12_900 * 129 * VALUE_MINOR / (12_900 + 129 * VALUE_MINOR))
    assert booked(journal, "contract_liability") == round(deferred * 80 / 129) - deferred
    await order(harness, found["import_id"], "reversals")
    await added_up(harness)
    assert (await balances(harness, owing))[:3] == (129, 0, 0)
    assert (await moved(harness))[0] == {"earned": 129, "owed": -80, "imported": 80}
    assert (await seen(harness, "/verify"))["sound"]
    await proved(harness)
