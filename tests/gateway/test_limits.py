"""Quotas hold exactly, in one process and across replicas, with Valkey and without."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from gateway import limits
from gateway.limits import (
    STORE_ERRORS,
    LocalCount,
    Quota,
    SharedCount,
    SignInLimit,
    client_address,
    connect,
    network_of,
)
from kit.ids import uuid7
from kit.problems import TooMany
from tests.gateway.edge import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def count(clock: Clock) -> LocalCount:
    return LocalCount(clock)


def test_a_full_bucket_gives_all_at_once_then_refuses(count: LocalCount) -> None:
    verdicts = [count.take("read", "a", Quota(3, 60)) for _ in range(4)]
    assert [verdict.allowed for verdict in verdicts] == [True, True, True, False]
    assert [verdict.left for verdict in verdicts] == [2, 1, 0, 0]
    assert verdicts[3].retry_in_s == pytest.approx(20)


def test_it_refills_evenly(count: LocalCount, clock: Clock) -> None:
    quota = Quota(3, 60)
    for _ in range(3):
        count.take("read", "a", quota)
    allowed = []
    for _ in range(6):
        clock.now += 10
        allowed.append(count.take("read", "a", quota).allowed)
    assert allowed == [False, True, False, True, False, True]


def test_a_refusal_costs_nothing(count: LocalCount, clock: Clock) -> None:
    quota = Quota(1, 10)
    for _ in range(100):
        count.take("read", "a", quota)
    clock.now += 10
    assert count.take("read", "a", quota).allowed


def test_callers_and_paces_are_counted_apart(count: LocalCount) -> None:
    quota = Quota(1, 60)
    taken = [("read", "a"), ("read", "b"), ("write", "a"), ("read", "a")]
    assert [count.take(*key, quota).allowed for key in taken] == [True, True, True, False]


@given(
    calls=st.integers(1, 50),
    window=st.integers(1, 100),
    gaps=st.lists(st.floats(0, 20), min_size=1, max_size=200),
)
def test_no_window_ever_sees_more_than_bucket_and_refill(
    calls: int, window: int, gaps: list[float]
) -> None:
    clock = Clock()
    count = LocalCount(clock)
    allowed = []
    for gap in gaps:
        clock.now += gap
        if count.take("read", "a", Quota(calls, window)).allowed:
            allowed.append(clock.now)
    for start in range(len(allowed)):
        for end in range(start, len(allowed)):
            passed = allowed[end] - allowed[start]
            assert end - start + 1 <= calls + passed * calls / window + 1e-6


def test_forgotten_callers_leave_no_trace(
    count: LocalCount, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.limits.MOST_REMEMBERED", 100)
    for number in range(100):
        count.take("read", str(number), Quota(1, 10))
    clock.now += 11
    count.take("read", "new", Quota(1, 10))
    assert len(count._full_at) == 1


def test_many_callers_do_not_make_each_call_look_at_all_of_them(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 100)
    count, sifted = LocalCount(clock), []
    forget = count._forget
    monkeypatch.setattr(count, "_forget", lambda now: (sifted.append(now), forget(now)))
    for number in range(1_000):
        count.take("read", str(number), Quota(10, 49))
        clock.now += 0.05  # a bucket is full again after 4.9 s: those of 98 callers never are
    assert len(sifted) <= 20
    assert len(count._full_at) <= 100


def test_the_headers_follow_the_draft(count: LocalCount) -> None:
    quota = Quota(10, 60)
    headers = dict(count.take("read", "a", quota).headers())
    assert headers == {b"ratelimit-policy": b'"read";q=10;w=60', b"ratelimit": b'"read";r=9;t=6'}


@pytest.mark.parametrize("text", ["", "10", "0/60", "10/0", "-1/5", "a/b"])
def test_what_is_no_quota_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (some of these come from int and float)
        Quota.of(text)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_household_is_one_caller(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_forged_forwarded_for_changes_nothing() -> None:
    forged = [f"6.6.6.{number}, 198.51.100.1".encode() for number in range(5)]
    assert {client_address("10.0.0.1", given, 1) for given in forged} == {"198.51.100.1"}


@pytest.fixture
async def valkey() -> AsyncIterator[Redis]:
    async with connect(os.environ["VALKEY_URL"]) as connected:
        yield connected


async def test_replicas_share_one_count(valkey: Redis) -> None:
    replicas = [SharedCount(valkey, LocalCount()) for _ in range(3)]
    caller = str(uuid7())
    taken = [replica.take("sign-in", caller, Quota(30, 600)) for replica in replicas * 20]
    verdicts = await asyncio.gather(*taken)
    assert sum(verdict.allowed for verdict in verdicts) == 30
    refused = next(verdict for verdict in verdicts if not verdict.allowed)
    assert 0 < refused.retry_in_s <= 20


async def test_the_shared_count_forgets_by_itself(valkey: Redis) -> None:
    caller = str(uuid7())
    await SharedCount(valkey, LocalCount()).take("sign-in", caller, Quota(10, 60))
    assert 0 < await valkey.pttl(f"limit:sign-in:{caller}") <= 6_000


async def test_a_clock_that_is_set_back_keeps_nobody_out(valkey: Redis) -> None:
    caller = str(uuid7())
    await valkey.set(f"limit:sign-in:{caller}", f"{time.time() + 3_600:.6f}", px=3_600_000)
    verdict = await SharedCount(valkey, LocalCount()).take("sign-in", caller, Quota(2, 60))
    assert (verdict.allowed, verdict.left) == (True, 1)


@pytest.fixture
async def no_valkey() -> AsyncIterator[Redis]:
    async with connect("redis://127.0.0.1:1") as away:
        yield away


async def test_without_valkey_a_process_counts_by_itself_and_more_strictly(
    no_valkey: Redis,
) -> None:
    shared = SharedCount(no_valkey, LocalCount())
    verdicts = [await shared.take("sign-in", "a", Quota(10, 60)) for _ in range(10)]
    assert sum(verdict.allowed for verdict in verdicts) == 5


async def test_who_is_away_is_not_asked_for_each_attempt(no_valkey: Redis) -> None:
    shared = SharedCount(no_valkey, LocalCount())
    before = STORE_ERRORS._value.get()
    for _ in range(10):
        await shared.take("sign-in", "a", Quota(10, 60))
    assert STORE_ERRORS._value.get() == before + 1


async def test_sign_in_is_limited_for_one_account_from_one_address(valkey: Redis) -> None:
    limit = sign_in_limit(valkey)
    account, address = f"{uuid7()}@a.example", "203.0.113.9"
    for _ in range(3):
        await limit.admit(account, address)
    with pytest.raises(TooMany) as raised:
        await limit.admit(account, address)
    assert int(raised.value.headers["retry-after"]) > 0
    await limit.admit(account, "203.0.113.10")


async def test_sign_in_is_limited_for_one_household_over_all_accounts(valkey: Redis) -> None:
    limit = sign_in_limit(valkey)
    household = f"2001:db8:{uuid7().int & 0xFFFF:x}:{uuid7().int & 0xFFFF:x}"
    for number in range(1, 101):
        await limit.admit(f"{number}@a.example", f"{household}::{number:x}")
    with pytest.raises(TooMany):
        await limit.admit("101@a.example", f"{household}::101")


async def test_codes_are_limited_for_one_household_over_all_destinations(valkey) -> None:
    limit = sign_in_limit(valkey)
    household = f"2001:db8:{uuid7().int & 0xFFFF:x}"
    for number in range(5):
        await limit.admit_code("phone", f"{household}:1::{number}")
    with pytest.raises(TooMany):
        await limit.admit_code("phone", f"{household}:1:ffff::1")
    await limit.admit_code("email", f"{household}:1::1")
    await limit.admit_code("phone", f"{household}:2::1")
    await limit.admit("member:mei@example.com", f"{household}:1::1")


@pytest.mark.parametrize("is_away", [False, True], ids=["counted in Valkey", "Valkey is away"])
async def test_codes_that_are_entered_leave_room_for_the_next_up_to_a_bound(
    valkey: Redis, *, is_away: bool
) -> None:
    """Of the phones behind one address of a mobile network each enters its code."""
    counted_at = connect("redis://127.0.0.1:1") if is_away else valkey
    limit = sign_in_limit(counted_at, codes=Quota(5, 86_400))
    address = f"2001:db8:{uuid7().int & 0xFFFF:x}:{uuid7().int & 0xFFFF:x}::1"
    for _ in range(25 if is_away else 50):
        await limit.admit_code("phone", address)
        await limit.note_answer("phone", address)
    with pytest.raises(TooMany, match="phone-codes calls"):  # not those that stay unanswered
        await limit.admit_code("phone", address)


async def test_an_answer_nobody_was_asked_for_makes_no_room(valkey: Redis) -> None:
    limit = sign_in_limit(valkey, codes=Quota(5, 86_400))
    address = f"2001:db8:{uuid7().int & 0xFFFF:x}:{uuid7().int & 0xFFFF:x}::1"
    for _ in range(3):
        await limit.note_answer("phone", address)
    for _ in range(5):
        await limit.admit_code("phone", address)
    for _ in range(3):
        with pytest.raises(TooMany):
            await limit.admit_code("phone", address)


async def test_no_name_of_an_account_is_in_valkey(valkey: Redis) -> None:
    await sign_in_limit(valkey).admit("mei@brand.example", "203.0.113.77")
    keys = [key async for key in valkey.scan_iter(match="limit:sign-in-account:*")]
    assert keys
    assert not any(b"mei" in key for key in keys)


def sign_in_limit(valkey: Redis, codes: Quota = Quota(5, 600)) -> SignInLimit:  # noqa: B008
    return SignInLimit(
        SharedCount(valkey, LocalCount()),
        per_account=Quota(3, 600),
        per_address=Quota(100, 600),
        codes=codes,
    )
