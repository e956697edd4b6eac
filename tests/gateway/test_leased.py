"""Leased limits: exact over replicas within 1 %, without asking Valkey for each call."""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from gateway.leased import CREDIT, LeasedCount
from gateway.limits import AWAY_S, LocalCount, Quota, connect
from kit.ids import uuid7
from tests.gateway.edge import Clock

SLOW = Quota(1_000, 100_000)  # refills so slowly that no test notices


@pytest.fixture
async def valkey() -> AsyncIterator[Redis]:
    async with connect(os.environ["VALKEY_URL"]) as connected:
        yield connected


@pytest.fixture
async def no_valkey() -> AsyncIterator[Redis]:
    async with connect("redis://127.0.0.1:1") as away:
        yield away


def replica(valkey: Redis, clock: Clock | None = None) -> LeasedCount:
    return LeasedCount(valkey, LocalCount(), clock or Clock())


async def call(count: LeasedCount, caller: str, quota: Quota = SLOW, name: str = "read") -> bool:
    verdict = count.take(name, caller, quota) or await count.ask(name, caller, quota)
    return verdict.allowed


@pytest.mark.parametrize(
    "shares",
    [
        pytest.param((1, 1, 1), id="evenly"),
        pytest.param((8, 1, 1), id="unevenly"),
        pytest.param((1, 0, 0), id="on one alone"),
    ],
)
async def test_three_replicas_allow_the_quota_within_one_percent(valkey: Redis, shares) -> None:
    replicas = [replica(valkey) for _ in range(3)]
    caller, chance = str(uuid7()), random.Random(7)
    allowed = 0
    for number in range(1_500):
        chosen = chance.choices(replicas, shares)[0]
        allowed += await call(chosen, caller)
        if number % 50 == 0:
            for each in replicas:
                await each.bring()
    assert allowed <= 1_010
    for each in replicas:  # what lies unspent at a replica nobody calls any more comes back
        await each.settle_idle()
        await each.settle_idle()
    fresh = replica(valkey)
    allowed += sum([await call(fresh, caller) for _ in range(100)])
    assert 990 <= allowed <= 1_010


async def test_calls_at_once_on_all_replicas_are_counted_exactly(valkey: Redis) -> None:
    replicas = [replica(valkey) for _ in range(3)]
    caller = str(uuid7())
    results = await asyncio.gather(*(call(each, caller) for each in replicas * 500))
    assert 990 <= sum(results) <= 1_010


async def test_ordinary_calls_ask_nobody(valkey: Redis) -> None:
    quota = Quota(120_000, 60)
    count, caller = replica(valkey), str(uuid7())
    for number in range(10_000):
        verdict = count.take("backend", caller, quota)
        assert verdict is not None
        assert verdict.allowed
        if number % 100 == 0 and count._wanted.is_set():
            await count.bring()
    assert count.round_trips < 10


async def test_the_first_calls_wait_for_nothing(valkey: Redis) -> None:
    count = replica(valkey)
    assert [
        bool(count.take("read", "new", Quota(1_200, 60))) for _ in range(int(1_200 * CREDIT))
    ] == [True] * 3
    assert count.round_trips == 0


async def test_what_is_left_is_said_over_all_replicas(valkey: Redis) -> None:
    caller = str(uuid7())
    one, other = replica(valkey), replica(valkey)
    for _ in range(100):
        await call(one, caller)
    await one.close()
    await call(other, caller)
    await other.bring()
    verdict = other.take("read", caller, SLOW)
    assert verdict is not None
    assert verdict.left == 898


async def test_who_was_refused_is_refused_without_asking(valkey: Redis) -> None:
    count, caller, quota = replica(valkey), str(uuid7()), Quota(2, 1_000)
    assert [await call(count, caller, quota) for _ in range(3)] == [True, True, False]
    asked = count.round_trips
    verdict = count.take("read", caller, quota)
    assert verdict is not None
    assert not verdict.allowed
    assert 0 < verdict.retry_in_s <= 500
    assert count.round_trips == asked


async def test_who_returns_when_told_to_is_let_in(valkey: Redis) -> None:
    clock, caller, quota = Clock(), str(uuid7()), Quota(2, 0.4)
    count = replica(valkey, clock)
    while await call(count, caller, quota):
        pass
    verdict = count.take("read", caller, quota)
    assert verdict is not None
    await asyncio.sleep(verdict.retry_in_s + 0.01)
    clock.now += verdict.retry_in_s + 0.01
    assert await call(count, caller, quota)


async def test_sign_in_is_counted_before_it_is_allowed(valkey: Redis) -> None:
    quota = Quota(20, 1_000)
    replicas = [replica(valkey) for _ in range(4)]
    assert replicas[0].take("sign-in", "x", quota) is None
    caller = str(uuid7())
    results = [await call(each, caller, quota, "sign-in") for each in replicas * 20]
    assert sum(results) == 20


async def test_who_waits_for_an_answer_that_takes_long_is_let_in(valkey: Redis) -> None:
    """As where the process is busy: callers who have not called lately are settled meanwhile."""
    one = replica(valkey)
    asked = one.ask("sign-in", "10.9.9.9", Quota.of("100000/1"))
    answer, *_ = await asyncio.gather(asked, *(one.settle_idle() for _ in range(3)))
    assert answer.allowed


async def test_without_valkey_reads_go_on_and_sign_in_is_strict(no_valkey: Redis) -> None:
    count = replica(no_valkey)
    quota = Quota(100, 1_000)
    reads = [await call(count, "a", quota) for _ in range(150)]
    sign_ins = [await call(count, "a", quota, "sign-in") for _ in range(150)]
    assert sum(sign_ins) == 50
    assert 100 <= sum(reads) <= 102
    assert count.round_trips == 1, "who is away is not asked for each call"


async def test_valkey_is_tried_again_by_itself(valkey: Redis, no_valkey: Redis) -> None:
    clock, caller = Clock(), str(uuid7())
    count = replica(no_valkey, clock)
    assert await call(count, caller, name="sign-in")
    count._settle_script = replica(valkey)._settle_script
    clock.now += AWAY_S
    assert await call(count, caller, name="sign-in")
    assert await valkey.exists(f"limit:sign-in:{caller}")


async def test_a_changed_quota_holds_from_the_next_call(valkey: Redis) -> None:
    count, caller = replica(valkey), str(uuid7())
    for _ in range(50):
        await call(count, caller)
    changed = Quota(2, 1_000)
    assert [await call(count, caller, changed) for _ in range(4)][-1] is False


async def test_sign_in_goes_on_when_its_quota_changes(valkey: Redis) -> None:
    count, caller = replica(valkey), str(uuid7())
    for quota in (Quota.of("100/1"), Quota.of("200/1")):
        assert (await count.ask("sign-in", caller, quota)).allowed


async def test_callers_who_are_gone_take_no_memory(valkey: Redis) -> None:
    count = replica(valkey)
    for number in range(100):
        count.take("read", f"{uuid7()}-{number}", SLOW)
    await count.settle_idle()
    await count.settle_idle()
    assert not count._leases


async def test_a_clock_that_is_set_back_keeps_nobody_out(valkey: Redis) -> None:
    caller, quota = str(uuid7()), Quota(1_000, 60)
    await valkey.set(f"limit:read:{caller}", f"{time.time() + 3_600:.6f}", px=3_600_000)
    count = replica(valkey)
    allowed = sum([await call(count, caller, quota) for _ in range(100)])
    assert allowed == 100
