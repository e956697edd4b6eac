"""Any operations in any sequence leave the real service as they leave the reference.

Everything goes through routes and event handlers, on a clock of its own; after each step every
wallet is compared, and the ledger proves each of its claims.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, agent, backend, member
from services.loyalty.actions.verifying import verify_ledger
from tests.loyalty.members import adjust, changed, execute, lives_in, merged, placed, post, read
from tests.loyalty.reference import NEVER, Capture, Hold, Lot, Reference, Terms

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CASHIER = backend("points:write", "points:read")
NAMES = ("ann", "bob", "cid")

T = TypeVar("T")

names = st.sampled_from(NAMES)
shares = st.integers(1, 4)
lines = st.tuples(st.integers(0, 1), st.integers(0, 2))


@dataclass
class Bought:
    """An order of one unit of a line and two of another, and what has become of it."""

    name: str
    order_id: str
    one: int
    two: int
    lot: Lot
    back: list[int]
    beside: int = 0

    @property
    def points(self) -> int:
        return self.one + self.two

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What has come back so far, as profile tells of it."""
        costs = (self.one * 100, self.two * 50)
        return [
            {"line": line, "sku": f"s{line}", "quantity": units, "amount_minor": units * cost}
            for line, (units, cost) in enumerate(zip(self.back, costs, strict=True))
            if units
        ]

    @property
    def refunded_minor(self) -> int:
        return sum(line["amount_minor"] for line in self.lines) + self.beside * 100

    @property
    def due(self) -> int:
        """The points to be taken back by now."""
        due = self.back[0] * self.one + Fraction(self.back[1] * self.two, 2) + self.beside
        return min(int(due), self.points)


class Ledger(RuleBasedStateMachine):
    """The service on one side, the reference on the other."""

    harness: Harness
    loop: asyncio.AbstractEventLoop
    clock: list[datetime]
    terms: Terms
    orders = count(1)

    def __init__(self) -> None:
        super().__init__()
        self.clock[0] = START
        self.model = Reference(START.replace(tzinfo=None), self.terms)
        self.callers = {name: member() for name in NAMES}
        self.ids: dict[str, UUID] = {n: c.member_id for n, c in self.callers.items()}
        self.codes: dict[str, str] = {}
        self.holds: list[tuple[str, str, Hold]] = []
        self.captures: list[tuple[str, Capture]] = []
        self.bought: list[Bought] = []
        for caller in self.callers.values():
            self.wait_for(self.harness.deliver(lives_in(caller, "UTC")))

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=240)

    def ask(self, caller: Caller, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.wait_for(post(self.harness, caller, path, body))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def share_of(self, name: str, share: int) -> int:
        return self.model.available(self.model.home(name)) // share

    @initialize(name=names, points=st.integers(1, 25))
    def begin_with_what_chance_leaves_out(self, name: str, points: int) -> None:
        """Few examples choose every rule: these are tried in each."""
        self.return_what_is_spent(name, points, (1, 1))
        self.merge_a_guest(name, points + 1, None)

    @rule(name=names, points=st.integers(1, 40), days=st.none() | st.integers(1, 9))
    def earn(self, name: str, points: int, days: int | None) -> None:
        answer = self.wait_for(
            adjust(self.harness, self.callers[name], points=points, valid_days=days)
        )
        assert answer.status_code == 201, answer.text
        self.model.earn(name, points, days)

    @rule(name=names, one=st.integers(1, 25), two=st.integers(1, 25))
    def buy(self, name: str, one: int, two: int) -> None:
        order_id = f"machine-{next(self.orders)}"
        event = placed(self.callers[name], order_id, (one + two) * 100)
        units = enumerate(((1, one), (2, two)))
        event.data["items"] = [
            {"sku": f"s{line}", "quantity": quantity, "amount_minor": points * 100}
            for line, (quantity, points) in units
        ]
        self.wait_for(self.harness.deliver(event))
        lot = self.model.order(name, one + two)
        self.bought.append(Bought(name, order_id, one, two, lot, [0, 0]))

    @precondition(lambda self: self.bought)
    @rule(data=st.data(), delivered=st.booleans(), back=lines, beside=st.integers(0, 20))
    def hear_of_an_order(
        self, data: st.DataObject, back: tuple[int, int], beside: int, *, delivered: bool
    ) -> None:
        """More units of its lines come back, more is refunded beside, in what order ever."""
        self.tell(data.draw(st.sampled_from(self.bought)), back, beside, delivered=delivered)

    @rule(name=names, points=st.integers(1, 25), back=lines)
    def return_what_is_spent(self, name: str, points: int, back: tuple[int, int]) -> None:
        """An order's points become available and are spent before some of it comes back."""
        self.buy(name, points, points)
        self.tell(self.bought[-1], (0, 0), 0, delivered=True)
        self.lose(name, 1)
        self.tell(self.bought[-1], back, 0, delivered=True)

    def tell(self, order: Bought, back: tuple[int, int], beside: int, *, delivered: bool) -> None:
        order.back = [max(pair) for pair in zip(order.back, back, strict=True)]
        order.beside = max(order.beside, min(beside, order.points - order.refunded_minor // 100))
        status = "delivered" if delivered else "partially_refunded"
        about = {
            "amount_minor": order.points * 100,
            "refunded_minor": order.refunded_minor,
            "returned": order.lines,
        }
        event = changed(self.callers[order.name], status, order.order_id, **about)
        for _ in range(3):
            self.wait_for(self.harness.deliver(event))
        self.model.claw_back(order.lot, order.due - order.lot.reversed)
        if delivered:
            self.model.deliver(order.lot)

    @rule(name=names, points=st.integers(2, 40), days=st.none() | st.integers(1, 9))
    def merge_a_guest(self, name: str, points: int, days: int | None) -> None:
        """A guest earns, buys and sets aside, and turns out to be the member."""
        guest = f"guest-{next(self.orders)}"
        self.callers[guest] = member()
        self.ids[guest] = self.callers[guest].member_id
        self.wait_for(self.harness.deliver(lives_in(self.callers[guest], "UTC")))
        self.earn(guest, points, days)
        self.buy(guest, 3, 4)
        self.hold(guest, 2, 3)
        event = merged(self.callers[guest], self.callers[name])
        for _ in range(2):
            self.wait_for(self.harness.deliver(event))
        self.model.merge(guest, name)
        for order in self.bought:
            order.name = name if order.name == guest else order.name
        self.holds = [(name if n == guest else n, key, hold) for n, key, hold in self.holds]

    @rule(name=names, share=shares)
    def lose(self, name: str, share: int) -> None:
        if points := self.share_of(name, share):
            self.wait_for(adjust(self.harness, self.callers[name], points=-points))
            self.model.lose(name, points)

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
        self.clock[0] += timedelta(milliseconds=1)  # nobody joins twice at one moment
        self.model.now = self.model.today = self.clock[0].replace(tzinfo=None)
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


@pytest.mark.parametrize(
    ("terms", "written"),
    [
        pytest.param(
            Terms(), "expiry = 'as_earned'", id="owed, and good for as long as the rule says"
        ),
        pytest.param(
            Terms(clawback="clamp_to_zero", monthly=True),
            "expiry = 'period_end', period = 'month'",
            id="clamped at zero, and good until a month ends",
        ),
        pytest.param(
            Terms(clawback="pending_only", idle_days=4),
            "expiry = 'inactivity', inactivity_days = 4",
            id="pending points alone, and good for who is active",
        ),
    ],
)
async def test_any_sequence_of_operations(
    harness: Harness, virtual_clock: list[datetime], terms: Terms, written: str
) -> None:
    await execute(
        harness,
        "UPDATE point_types SET transfer_daily_limit = NULL WHERE key = 'points'",
    )
    await execute(
        harness,
        f"UPDATE point_types SET clawback = '{terms.clawback}', {written} WHERE key = 'points'",
    )
    about = {
        "harness": harness,
        "loop": asyncio.get_running_loop(),
        "clock": virtual_clock,
        "terms": terms,
    }
    machine = type("Machine", (Ledger,), about)
    await asyncio.to_thread(
        run_state_machine_as_test,
        machine,
        settings=settings(
            max_examples=2,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # a failure is told as it is found: shrinking takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
