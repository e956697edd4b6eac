"""Payments with points of which several things happen at once: done once, and in no circle."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from kit import clock
from kit.auth import Caller
from kit.erasure import Erasure
from kit.ids import uuid7
from kit.testing import Harness, member, until
from services.loyalty.actions.holds import HoldMoving
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import (
    changed,
    execute,
    merged,
    placed,
    proved,
    reviewed,
    waits_for_a_lock,
    with_points,
)
from tests.loyalty.paying import cancel, confirm, paid, payment_of, set_terms, stands, with_terms
from tests.loyalty.test_sharing import household

[EXPIRING] = [job for job in SCHEDULE if job.name == "loyalty.expire_points"]

Act = Callable[[Harness, Caller, Caller], Awaitable[Any]]
"""What happens to the payment of a member, who may be merged into the other."""


async def confirmed(harness: Harness, *_: Caller) -> None:
    assert (await confirm(harness)).status_code in {200, 409}


async def cancelled(harness: Harness, *_: Caller) -> None:
    assert (await cancel(harness)).status_code in {200, 409}


async def order_placed(harness: Harness, caller: Caller, _: Caller) -> None:
    """What is refused because a member is just being merged comes again, as the consumer has it."""
    event = placed(caller)

    async def is_heard() -> bool:
        try:
            await harness.deliver(event)
        except HoldMoving:
            return False
        return True

    await until(is_heard)


async def order_cancelled(harness: Harness, caller: Caller, _: Caller) -> None:
    await harness.deliver(changed(caller, "cancelled"))


async def timed_out(harness: Harness, *_: Caller) -> None:
    statement = "UPDATE holds SET authorized_at = authorized_at - interval '1 day', expires_at ="
    await execute(harness, f"{statement} now() WHERE state = 'open'")
    await harness.run(EXPIRING)


async def was_merged(harness: Harness, caller: Caller, other: Caller) -> None:
    await harness.deliver(merged(caller, other))


async def erased(harness: Harness, caller: Caller, _: Caller) -> None:
    asked, now = Erasure(uuid7(), (caller.member_id,), clock.now()), clock.now()
    async with harness.transaction() as session:
        assert harness.service.erase is not None
        await harness.service.erase(session, asked, now)


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param([confirmed, confirmed, order_placed], id="confirmed twice and placed"),
        pytest.param([confirmed, order_cancelled], id="confirmed, and the order cancelled"),
        pytest.param([order_placed, cancelled, cancelled], id="placed and cancelled twice"),
        pytest.param([confirmed, timed_out], id="confirmed and timed out"),
        pytest.param([confirmed, was_merged], id="confirmed and merged"),
        pytest.param([cancelled, was_merged, order_placed], id="cancelled, placed and merged"),
    ],
)
async def test_at_once_a_payments_points_are_spent_once_or_the_members_again(
    harness: Harness, acts: list[Act]
) -> None:
    caller, other = await with_terms(harness), member()
    await paid(harness, caller, 400)
    await asyncio.gather(*(act(harness, caller, other) for act in acts))
    if cancelled in acts:
        await cancelled(harness)  # again, where the member was just being merged
    elif timed_out not in acts:
        await confirmed(harness)
    payment, keeper = await payment_of(harness), other if was_merged in acts else caller
    spent = payment["points"] if payment["state"] == "paid" else 0
    assert await stands(harness, keeper) == (1_000 - spent, 0)
    if not {cancelled, timed_out, order_cancelled} & set(acts):
        assert payment["state"] == "paid"
    await proved(harness)


@pytest.mark.parametrize("act", [confirmed, cancelled, order_placed, timed_out])
async def test_at_once_with_an_erasure_nothing_of_a_payment_is_left_open(
    harness: Harness, act: Act
) -> None:
    caller = await with_terms(harness)
    await paid(harness, caller, 400)
    await asyncio.gather(act(harness, caller, caller), erased(harness, caller, caller))
    [(held,)] = await execute(harness, "SELECT sum(held) FROM wallets")
    assert held == 0
    assert await execute(harness, "SELECT FROM holds WHERE state = 'open'") == []
    await proved(harness)


async def test_who_cancels_a_households_payment_waits_in_no_circle_with_its_payer(
    harness: Harness,
) -> None:
    await set_terms(harness, {})
    caller = await with_points(harness, 1_000)
    await household(harness, caller, member())
    await paid(harness, caller, 400)
    await confirmed(harness)
    async with harness.transaction() as session:
        statement = text("SELECT FROM wallets WHERE member_id = :member_id FOR UPDATE")
        await session.execute(statement, {"member_id": caller.member_id})
        earning = asyncio.create_task(harness.deliver(reviewed(caller)))
        await until(lambda: waits_for_a_lock(harness))
        cancelling = asyncio.create_task(cancel(harness))
        await until(lambda: waits_for_a_lock(harness, 2))
    await earning
    assert (await cancelling).status_code == 200
    assert await stands(harness, caller) == (1_030, 0)
    await proved(harness)
