"""kill -9 between any two steps: an act has happened whole or not at all, and once in the end.

And events told twice, thrice, in any sequence: the points are what all tellings together say.
"""

import asyncio
import random
import sys

import pytest

from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, member
from services.loyalty.events import CodeClaimed, RewardRedeemed
from tests.loyalty.claims import claimable
from tests.loyalty.dying import CODE
from tests.loyalty.members import (
    balances,
    changed,
    execute,
    new_reward,
    placed,
    proved,
    registered,
    reviewed,
    wallet,
    with_points,
)
from tests.loyalty.paying import set_terms
from tests.loyalty.promotions import new_code


async def test_acts_killed_at_every_step_happen_once(harness: Harness, worker_id: str) -> None:
    giver, taker = await with_points(harness, 100), await with_points(harness, 0)
    reward = await new_reward(harness, points=7, stock=5)
    await new_code(harness, await claimable(harness, prize={"points": 9}), CODE)
    await set_terms(harness)
    arguments = (worker_id, str(uuid7()), giver.subject, taker.subject, reward)
    await harness.runtime.engine.dispose()  # the child needs the connections
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.loyalty.dying", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()[-2000:]
    done = [line.split() for line in printed.decode().splitlines()]
    made = ("hold", "capture", "refund", "give", "claim", "redeem", "pay")
    assert [(name, status) for name, _, status in done] == [
        *((name, "201") for name in made),
        ("confirm", "200"),
        ("cancel", "200"),
    ]
    assert all(int(deaths) > 5 for _, deaths, _ in done)
    shown = await wallet(harness, giver)
    assert (shown["points"], shown["held"]) == (100 - 45 + 20 - 30 + 9 - 4 * 7, 0)
    assert (await balances(harness, taker))[0] == 30
    kinds = await execute(
        harness,
        "SELECT kind, count(*) AS n FROM entries WHERE kind <> 'adjust'"
        " GROUP BY kind ORDER BY kind",
    )
    assert [tuple(row) for row in kinds] == [
        ("capture", 2),
        ("earn", 1),
        ("hold", 2),
        ("refund", 2),
        ("spend", 4),
        ("transfer", 2),
        ("void", 1),
    ]
    [left] = await execute(harness, "SELECT stock FROM rewards")
    assert left.stock == 1
    claimed = await execute(
        harness, "SELECT number, uses FROM code_claims JOIN coupons USING (coupon_id)"
    )
    assert [tuple(row) for row in claimed] == [(1, 1)]
    assert len(await harness.published(CodeClaimed)) == 1
    told = [said.redemption_id for said in await harness.published(RewardRedeemed)]
    assert len(set(told)) == len(told) == 4
    await proved(harness)


@pytest.mark.parametrize("seed", range(4))
async def test_events_shuffled_and_tripled_end_in_the_same_points(
    harness: Harness, seed: int
) -> None:
    chance = random.Random(seed)
    plain, tossed = member(), member()
    for caller, times in ((plain, 1), (tossed, 3)):
        events: list[Event] = [registered(caller), reviewed(caller, "r1"), reviewed(caller, "r2")]
        for number in (1, 2, 3):
            order = f"{caller.subject}-{number}"
            events.append(placed(caller, order))
            events.append(changed(caller, "delivered", order))
        refund = {"refunded_minor": 6_000}
        events.append(changed(caller, "partially_refunded", f"{caller.subject}-2", **refund))
        events.append(changed(caller, "cancelled", f"{caller.subject}-3"))
        told = events * times
        if times > 1:
            chance.shuffle(told)
        while told:
            portion = chance.randint(1, 5)
            await harness.deliver(*told[:portion])
            told = told[portion:]
    assert await balances(harness, tossed) == await balances(harness, plain)
    assert (await balances(harness, plain))[0] > 0
    await proved(harness)
