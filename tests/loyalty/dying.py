"""Acts that die: each is begun again and again, and killed with SIGKILL one step later every time.

A step is a statement, a commit, or a connection given back. `python -m tests.loyalty.dying <worker>
<cashier> <giver> <taker> <reward>` prints one line for each act: its name, how often it died, its
status.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import count
from uuid import UUID

import httpx
from sqlalchemy import event, text

from kit.auth import Caller, Role
from kit.ids import uuid7
from kit.testing import Harness, member, settings_for
from services.loyalty.actions.verifying import verify_ledger
from services.loyalty.main import create_app
from services.loyalty.settings import Settings
from tests.loyalty.members import post

Act = Callable[[Harness], Awaitable[httpx.Response]]

CODE = "WHOLE-OR-NOT"
ORDER = "WHOLE-OR-NONE"
UNSOUND = 2
AT_ONCE = 3
"""Redemptions beside one: the first is a transaction by itself, the others share the next."""
LOOKS = 6
"""After every sixth death, and when an act is done, the ledger is proved."""


def cashier_of(subject: str) -> Caller:
    return Caller(
        subject=subject, role=Role.SERVICE, scopes=frozenset({"points:write", "orders:write"})
    )


def acts(cashier: Caller, giver: Caller, taker: UUID, reward: str) -> dict[str, Act]:
    """A hold, its capture in part, the refund of that, a transfer, a code, redemptions at once.

    And an order paid with points: that confirmed, and cancelled.

    Each has its own key; so has each redemption.
    """
    redemptions = [uuid7() for _ in range(AT_ONCE)]

    async def hold(harness: Harness, key: UUID) -> httpx.Response:
        body = {"member_id": giver.subject, "points": 60}
        return await post(harness, cashier, "/v1/holds", body, key)

    async def capture(harness: Harness, key: UUID) -> httpx.Response:
        hold_id = await only(harness, "SELECT hold_id FROM holds")
        return await post(harness, cashier, f"/v1/holds/{hold_id}/captures", {"points": 45}, key)

    async def refund(harness: Harness, key: UUID) -> httpx.Response:
        entry_id = await only(harness, "SELECT id FROM entries WHERE kind = 'capture'")
        body = {"points": 20, "reason": "returned"}
        return await post(harness, cashier, f"/v1/loyalty/entries/{entry_id}/refunds", body, key)

    async def give(harness: Harness, key: UUID) -> httpx.Response:
        body = {"to_member_id": str(taker), "points": 30}
        return await post(harness, giver, "/v1/points/transfers", body, key)

    async def claim(harness: Harness, key: UUID) -> httpx.Response:
        return await post(harness, giver, "/v1/points/codes", {"code": CODE}, key)

    async def redeem(harness: Harness, key: UUID) -> httpx.Response:
        path = f"/v1/rewards/{reward}/redemptions"
        one, *others = (post(harness, giver, path, key=each) for each in (key, *redemptions))
        answers = await asyncio.gather(one, *others)
        return max(answers, key=lambda answer: answer.status_code)

    async def pay(harness: Harness, key: UUID) -> httpx.Response:
        body = {"order_id": ORDER, "member_id": giver.subject, "points": 10}
        about = {"amount_minor": 100, "currency": "CNY"}
        return await post(harness, cashier, "/v1/points/payments", body | about, key)

    async def confirm(harness: Harness, key: UUID) -> httpx.Response:
        path = "/v1/points/payments/confirmations"
        return await post(harness, cashier, path, {"order_id": ORDER}, key)

    async def cancel(harness: Harness, key: UUID) -> httpx.Response:
        path = "/v1/points/payments/cancellations"
        return await post(harness, cashier, path, {"order_id": ORDER}, key)

    steps = (hold, capture, refund, give, claim, redeem, pay, confirm, cancel)
    return {step.__name__: partial(step, key=uuid7()) for step in steps}


async def only(harness: Harness, query: str) -> UUID:
    async with harness.transaction() as session:
        return UUID(str((await session.execute(text(query))).scalar_one()))


async def run(harness: Harness, act: Act, death: int) -> int:
    """Do an act, and die at the step numbered `death`; the status of its answer."""
    steps = count(1)

    def step(*_: object, **__: object) -> None:
        if next(steps) == death:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = harness.runtime.engine.sync_engine
    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    event.listen(engine, "checkin", step)
    answer = await act(harness)
    await harness.runtime.engine.dispose()
    return answer.status_code


async def is_sound(harness: Harness) -> bool:
    async with harness.transaction() as session:
        found = await verify_ledger(session)
    await harness.runtime.engine.dispose()
    return found.sound


def in_a_child(work: Callable[[], int]) -> int:
    """The wait status of `work` in a process of its own; its answer is the exit code, less 200."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            code = work()
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def main() -> None:
    worker, cashier, giver, taker, reward = sys.argv[1:]
    harness = Harness(create_app(settings_for(Settings, worker)))
    people = cashier_of(cashier), member(UUID(giver)), UUID(taker)
    for name, act in acts(*people, reward).items():
        for death in count(1):
            status = in_a_child(lambda a=act, d=death: asyncio.run(run(harness, a, d)) - 200)
            survived = os.WIFEXITED(status)
            if (survived or death % LOOKS == 0) and not asyncio.run(is_sound(harness)):
                sys.exit(UNSOUND)
            if survived:
                sys.stdout.write(f"{name} {death - 1} {os.WEXITSTATUS(status) + 200}\n")
                break


if __name__ == "__main__":
    main()
