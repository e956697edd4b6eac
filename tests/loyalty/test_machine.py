"""Any operations in any sequence leave the real service as they leave the reference.

Everything goes through routes and event handlers, on a clock of its own; after each step every
wallet is compared, and the ledger proves each of its claims.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, agent, backend, member
from services.loyalty.actions.verifying import verify_ledger
from tests.loyalty.members import adjust, changed, execute, lives_in, placed, post, read
from tests.loyalty.reference import NEVER, Capture, Hold, Lot, Reference

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CASHIER = backend("points:write", "points:read")
NAMES = ("ann", "bob", "cid")

T = TypeVar("T")

names = st.sampled_from(NAMES)
shares = st.integers(1, 4)


class Ledger(RuleBasedStateMachine):
    """The service on one side, the reference on the other."""

    harness: Harness
    loop: asyncio.AbstractEventLoop
    clock: list[datetime]
    orders = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.clock[0] = START
        self.model = Reference(START.replace(tzinfo=None))
        self.callers = {name: member() for name in NAMES}
        self.ids: dict[str, UUID] = {n: c.member_id for n, c in self.callers.items()}
        self.codes: dict[str, str] = {}
        self.holds: list[tuple[str, str, Hold]] = []
        self.captures: list[tuple[str, Capture]] = []
        self.bought: list[tuple[str, str, int, Lot]] = []
        for caller in self.callers.values():
            self.wait_for(self.harness.deliver(lives_in(caller, "UTC")))

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=60)

    def ask(self, caller: Caller, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.wait_for(post(self.harness, caller, path, body))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def share_of(self, name: str, share: int) -> int:
        return self.model.available(self.model.home(name)) // share

    @rule(name=names, points=st.integers(1, 40), days=st.none() | st.integers(1, 9))
    def earn(self, name: str, points: int, days: int | None) -> None:
        answer = self.wait_for(
            adjust(self.harness, self.callers[name], points=points, valid_days=days)
        )
        assert answer.status_code == 201, answer.text
        self.model.earn(name, points, NEVER if days is None else self.model.now + days * DAY)

    @rule(name=names, points=st.integers(1, 40))
    def buy(self, name: str, points: int) -> None:
        order_id = f"machine-{next(self.orders)}"
        event = placed(self.callers[name], order_id, points * 100)
        self.wait_for(self.harness.deliver(event))
        self.bought.append((name, order_id, points, self.model.order(name, points)))

    @precondition(lambda self: self.bought)
    @rule(data=st.data(), delivered=st.booleans(), refunded=st.integers(0, 40))
    def hear_of_an_order(self, data: st.DataObject, *, delivered: bool, refunded: int) -> None:
        name, order_id, points, lot = data.draw(st.sampled_from(self.bought))
        about = {"amount_minor": points * 100, "refunded_minor": min(refunded, points) * 100}
        status = "delivered" if delivered else "partially_refunded"
        event = changed(self.callers[name], status, order_id, **about)
        for _ in range(3):
            self.wait_for(self.harness.deliver(event))
        self.model.claw_back(lot, min(refunded, points) - lot.reversed)
        if delivered:
            self.model.deliver(lot)

    @rule(name=names, share=shares)
    def lose(self, name: str, share: int) -> None:
        if points := self.share_of(name, share):
            self.wait_for(adjust(self.harness, self.callers[name], points=-points))
            self.model.take(self.model.home(name), points)

    @rule(name=names, share=shares, days=st.integers(1, 6))
    def hold(self, name: str, share: int, days: int) -> None:
        if points := self.share_of(name, share):
            lasts = days * 86_400 + 60 * len(self.holds) + 60
            body = {"member_id": self.callers[name].subject, "points": points, "lasts_s": lasts}
            made = self.ask(CASHIER, "/v1/holds", body)
            ends = self.model.now + timedelta(seconds=lasts)
            self.holds.append((name, made["hold_id"], self.model.hold(name, points, ends)))

    @precondition(lambda self: any(hold.left for *_, hold in self.holds))
    @rule(data=st.data(), share=shares, final=st.booleans())
    def capture(self, data: st.DataObject, share: int, *, final: bool) -> None:
        still = [each for each in self.holds if each[2].left]
        name, hold_id, hold = data.draw(st.sampled_from(still))
        if points := hold.left // share:
            body = {"points": points, "final": final}
            self.ask(CASHIER, f"/v1/holds/{hold_id}/captures", body)
            [row] = self.wait_for(
                execute(
                    self.harness,
                    "SELECT id FROM entries WHERE source_id = :id AND kind = 'capture'"
                    " ORDER BY seq DESC LIMIT 1",
                    id=hold_id,
                )
            )
            self.captures.append((str(row.id), self.model.capture(hold, name, points)))
            if final:
                self.model.void(hold, self.model.now)

    @precondition(lambda self: any(hold.left for *_, hold in self.holds))
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        _, hold_id, hold = data.draw(st.sampled_from([h for h in self.holds if h[2].left]))
        self.ask(CASHIER, f"/v1/holds/{hold_id}/voids")
        self.model.void(hold, self.model.now)

    @precondition(lambda self: any(c.points > c.refunded for _, c in self.captures))
    @rule(data=st.data(), share=shares)
    def refund(self, data: st.DataObject, share: int) -> None:
        left = [each for each in self.captures if each[1].points > each[1].refunded]
        entry_id, capture = data.draw(st.sampled_from(left))
        if points := (capture.points - capture.refunded) // share:
            body = {"points": points, "reason": "returned"}
            self.ask(CASHIER, f"/v1/loyalty/entries/{entry_id}/refunds", body)
            self.model.refund(capture, points)

    @rule(giver=names, taker=names, share=shares)
    def give(self, giver: str, taker: str, share: int) -> None:
        points = self.share_of(giver, share)
        if points and self.model.home(giver) != self.model.home(taker):
            body = {"to_member_id": self.callers[taker].subject, "points": points}
            self.ask(self.callers[giver], "/v1/points/transfers", body)
            self.model.give(giver, taker, points)

    @rule(name=names)
    def found_or_join_a_household(self, name: str) -> None:
        if name in self.model.households:
            return
        shared = sorted(set(self.model.households.values()))
        if shared:
            self.ask(self.callers[name], "/v1/households/joins", {"code": self.codes[shared[0]]})
            self.model.join(name, shared[0])
            return
        made = self.ask(self.callers[name], "/v1/households", {"name": "Home"})
        self.codes[made["household_id"]] = made["code"]
        self.ids[made["household_id"]] = UUID(made["household_id"])
        self.model.join(name, made["household_id"])

    @precondition(lambda self: self.model.households)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.model.households)))
        self.ask(self.callers[name], "/v1/households/departures")
        others = [n for n, home in self.model.households.items() if n != name]
        self.model.leave(name, last=not others)

    @rule(name=names, days=st.integers(1, 9))
    def extend(self, name: str, days: int) -> None:
        until = self.clock[0] + days * DAY
        path = f"/v1/members/{self.callers[name].subject}/points/extensions"
        self.ask(agent(), path, {"until": until.isoformat(), "reason": "kindness"})
        self.model.extend(name, until.replace(tzinfo=None))

    @rule(days=st.integers(1, 5))
    def wait(self, days: int) -> None:
        for _ in range(days):
            self.clock[0] += DAY
            self.model.wait(self.clock[0].replace(tzinfo=None))
            for caller in self.callers.values():
                self.wait_for(read(self.harness, caller, "/v1/wallet"))

    @invariant()
    def wallets_are_as_the_reference_says(self) -> None:
        rows = self.wait_for(
            execute(
                self.harness,
                "SELECT member_id, available, pending, held, debt FROM wallets"
                " WHERE point_type = 'points' AND member_id = ANY(:ids)",
                ids=list(self.ids.values()),
            )
        )
        found = {row.member_id: tuple(row)[1:] for row in rows}
        assert found == {self.ids[name]: self.model.stands(name) for name in self.ids}

    @invariant()
    def lots_are_as_the_reference_says(self) -> None:
        rows = self.wait_for(
            execute(
                self.harness,
                "SELECT member_id, coalesce(due_at, :never) AS due, state = 'active' AS active,"
                " sum(remaining)::bigint AS points FROM lots WHERE point_type = 'points'"
                " AND remaining > 0 AND member_id = ANY(:ids) GROUP BY 1, 2, 3",
                ids=list(self.ids.values()),
                never=NEVER.replace(tzinfo=UTC),
            )
        )
        found = {(r.member_id, r.due.replace(tzinfo=None), r.active): r.points for r in rows}
        expected: Counter[tuple[UUID, datetime, bool]] = Counter()
        for lot in self.model.lots:
            if lot.left:
                expected[self.ids[lot.owner], lot.due, not lot.pending] += lot.left
        assert found == expected

    @invariant()
    def the_ledger_proves_every_claim(self) -> None:
        assert self.wait_for(self.proofs()) == []

    async def proofs(self) -> list[str]:
        async with self.harness.transaction() as session:
            found = await verify_ledger(session)
        return [check.claim for check in found.checks if check.contradictions]


@pytest.fixture
def virtual_clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


async def test_any_sequence_of_operations(harness: Harness, virtual_clock: list[datetime]) -> None:
    await execute(harness, "UPDATE point_types SET transfer_daily_limit = NULL")
    about = {"harness": harness, "loop": asyncio.get_running_loop(), "clock": virtual_clock}
    machine = type("Machine", (Ledger,), about)
    await asyncio.to_thread(
        run_state_machine_as_test,
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=24,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # a failure is told as it is found: shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
