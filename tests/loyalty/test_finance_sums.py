"""What finance adds up is what the ledger says, whatever happens in it and whenever it is added."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from kit import clock
from kit.testing import Harness, admin, member
from services.loyalty.actions.finance.adding import add_up_anew, compare_sums
from tests.loyalty.finances import BASE, added_up, booked, bought, declare, job, lines, seen, sums
from tests.loyalty.members import changed, execute, post, read
from tests.loyalty.reference import Terms
from tests.loyalty.test_machine import START, Ledger

NET = "available + pending + held - debt"


class Books(Ledger):
    """Any operations in any sequence, over months, and the books beside them."""

    @rule(days=st.integers(15, 45))
    def wait_long(self, days: int) -> None:
        self.clock[0] += timedelta(days=days)
        self.model.wait(self.clock[0].replace(tzinfo=None))
        for caller in self.callers.values():
            self.wait_for(read(self.harness, caller, "/v1/wallet"))

    @invariant()
    def wallets_are_as_the_reference_says(self) -> None:
        """The ledger itself is tried by the other machine."""

    @invariant()
    def lots_are_as_the_reference_says(self) -> None:
        """The same."""

    @invariant()
    def the_ledger_proves_every_claim(self) -> None:
        """The same."""

    @invariant()
    def the_books_are_what_the_ledger_says(self) -> None:
        self.wait_for(books_tie(self.harness))

    def teardown(self) -> None:
        self.wait_for(sums_are_the_same_anew(self.harness))
        self.wait_for(self.harness.empty())
        self.wait_for(execute(self.harness, NO_LIMIT))


NO_LIMIT = "UPDATE point_types SET transfer_daily_limit = NULL"


async def books_tie(harness: Harness) -> None:
    """To the wallets, to the lots of each month, and movement by movement to the entries."""
    await added_up(harness)
    wallets = await execute(
        harness,
        "SELECT point_type, sum(available), sum(pending), sum(held), sum(debt) FROM wallets"
        " GROUP BY 1 HAVING sum(available + pending + held + debt) > 0 ORDER BY 1",
    )
    booked = await execute(
        harness,
        "SELECT point_type, sum(available), sum(pending), sum(held), sum(debt)"
        " FROM finance_days GROUP BY 1 HAVING sum(available + pending + held + debt) > 0"
        " ORDER BY 1",
    )
    assert booked == wallets
    assert await movements(harness) == await movements_of_entries(harness)
    assert await cohorts(harness) == await cohorts_of_lots(harness)
    async with harness.transaction() as session:
        assert (await compare_sums(session)).sound


async def movements(harness: Harness) -> dict[str, int]:
    rows = await execute(
        harness,
        f"SELECT replace(replace(movement, '_in', ''), '_out', '') AS name, sum({NET})"
        " FROM finance_days WHERE point_type = 'points' AND movement <> 'shifted' GROUP BY 1"
        f" HAVING sum({NET}) <> 0",
    )
    by_rule = await execute(
        harness,
        "SELECT replace(replace(movement, '_in', ''), '_out', '') AS name, sum(points)"
        " FROM finance_rules WHERE point_type = 'points' GROUP BY 1 HAVING sum(points) <> 0",
    )
    assert sorted(map(tuple, rows)) == sorted(map(tuple, by_rule))
    shifted = await execute(
        harness, f"SELECT sum({NET}) FROM finance_days WHERE movement = 'shifted'"
    )
    assert shifted[0][0] in (None, 0)
    return {row.name: int(row[1]) for row in rows}


NAMES = {
    "earn": "earned",
    "spend": "redeemed",
    "capture": "redeemed",
    "refund": "refunded",
    "reverse": "reversed",
    "expire": "expired",
    "adjust": "adjusted",
    "transfer": "transferred",
}


async def movements_of_entries(harness: Harness) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind, points in await execute(
        harness,
        "SELECT kind, sum(points) FROM entries WHERE point_type = 'points' GROUP BY kind",
    ):
        if kind in NAMES:
            found[NAMES[kind]] = found.get(NAMES[kind], 0) + int(points)
    return {name: points for name, points in found.items() if points}


async def cohorts(harness: Harness) -> dict[str, tuple[int, int]]:
    rows = await execute(
        harness,
        "SELECT cohort, sum(available + pending), sum(held) FROM finance_days"
        " WHERE point_type = 'points' GROUP BY 1 HAVING sum(available + pending + held) <> 0",
    )
    return {str(row.cohort): (int(row[1]), int(row[2])) for row in rows}


async def cohorts_of_lots(harness: Harness) -> dict[str, tuple[int, int]]:
    """Followed lot by lot, in Python, from the ledger alone."""
    lots = {
        row.id: row
        for row in await execute(
            harness,
            "SELECT lots.id, lots.remaining, lots.held, kind, source_type, source_id, rule, leg,"
            " least(occurred_at, recorded_at) AS began, seq FROM lots JOIN entries USING (id)"
            " WHERE lots.point_type = 'points'",
        )
    }
    moves = await execute(
        harness,
        "SELECT source_id, lot_id, lot_moves.points FROM lot_moves JOIN entries ON id = entry_id"
        " WHERE rule = 'transfer' AND leg = 'out' ORDER BY lot_moves.points, lot_id",
    )

    def began(lot_id: object) -> datetime:
        lot = lots[lot_id]
        if lot.kind == "refund":
            return began(next(each for each in lots if str(each) == lot.rule[-36:]))
        if lot.kind == "transfer" and lot.rule.startswith("transfer:"):
            return began(next(move.lot_id for move in moves if move.source_id == lot.source_id))
        if lot.kind == "transfer":
            same = [
                each
                for each in lots.values()
                if (each.source_type, each.source_id, each.rule)
                == (lot.source_type, lot.source_id, lot.rule)
            ]
            return began(min(same, key=lambda each: each.seq).id)
        return lot.began

    found: dict[str, tuple[int, int]] = {}
    for lot in lots.values():
        month = str(began(lot.id).date().replace(day=1))
        remaining, held = found.get(month, (0, 0))
        found[month] = (remaining + lot.remaining, held + lot.held)
    return {month: points for month, points in found.items() if any(points)}


async def sums_are_the_same_anew(harness: Harness) -> None:
    before = await sums(harness)
    async with harness.transaction() as session:
        await add_up_anew(session)
    assert not any((await sums(harness)).values())
    await harness.run(job("add_up_finance"))
    assert await sums(harness) == before


@pytest.fixture
def virtual_clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


async def test_the_books_tie_after_any_sequence_of_operations(
    harness: Harness, virtual_clock: list[datetime]
) -> None:
    await execute(harness, NO_LIMIT)
    about = {
        "harness": harness,
        "loop": asyncio.get_running_loop(),
        "clock": virtual_clock,
        "terms": Terms(),
    }
    machine = type("Machine", (Books,), about)
    await asyncio.to_thread(
        run_state_machine_as_test,
        machine,
        settings=settings(
            max_examples=4,
            stateful_step_count=24,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


async def test_sums_that_were_tampered_with_are_found_and_made_anew(harness: Harness) -> None:
    await bought(harness, member())
    await added_up(harness)
    await execute(harness, "UPDATE finance_days SET available = available + 7")
    found = await seen(harness, "/verify")
    assert not found["sound"]
    assert found["drift_points"]["points"] >= 7
    answer = await post(harness, admin(), f"{BASE}/rebuilds")
    assert (answer.status_code, answer.json()["seq"]) == (202, 0)
    await harness.run(job("add_up_finance"))
    assert (await seen(harness, "/verify"))["sound"]


async def test_orders_returned_in_their_month_brought_nothing_to_share(
    harness: Harness, virtual_clock: list[datetime]
) -> None:
    """Half of one order came back, and another whole, with their points."""
    virtual_clock[0] = datetime(2026, 10, 5, 9, tzinfo=UTC)
    await declare(harness, value_minor="100")
    kept, half, whole = member(), member(), member()
    for caller, order_id in ((kept, "F-1"), (half, "F-2"), (whole, "F-3")):
        await bought(harness, caller, order_id)
    back = {"F-2": ("partially_refunded", 6_500), "F-3": ("refunded", 12_900)}
    for caller, (order_id, (status, amount)) in zip((half, whole), back.items(), strict=True):
        event = changed(caller, status, order_id, refunded_minor=amount)
        await harness.deliver(event)
        await added_up(harness)
    held = "SELECT sum(available) FROM wallets WHERE point_type = 'points'"
    [(points,)] = await execute(harness, held)
    paid = 12_900 + 12_900 * (int(points) - 129) // 129
    own = 100 * int(points)
    share = round(paid * own / (paid + own))
    assert booked(await lines(harness, "2026-10"), "revenue") == share
    await sums_are_the_same_anew(harness)
