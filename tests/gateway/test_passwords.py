"""Passwords are computed beside the event loop, bounded in number, and alike for everybody."""

import asyncio
import os
import sys
import threading

import pytest
from argon2 import extract_parameters

from gateway.identity import Identity
from gateway.passwords import NICENESS, Passwords, PasswordsBusy
from kit.testing import Harness, until
from tests.gateway.people import PASSWORD, Door, Settings

STORED = ["the right one", None]


@pytest.fixture
def held(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until it is set a password is compared for ever; then, without more work, it is wrong."""
    may_go_on = threading.Event()

    def slow(_password: str, _stored: str) -> bool:
        assert may_go_on.wait(60)
        return False

    monkeypatch.setattr(identity.passwords, "_verify", slow)
    return may_go_on


async def test_fifty_sign_ins_at_once_hold_nobody_else_up(
    harness: Harness, door: Door, identity: Identity, held: threading.Event
) -> None:
    """While all of them wait for their passwords, another caller is answered."""
    guest = await door.guest()
    names = [f"nobody{number}@brand.example" for number in range(50)]
    bodies = [{"email": name, "password": PASSWORD} for name in names]
    sign_ins = [asyncio.create_task(door.post("/v1/auth/login", body)) for body in bodies]

    async def all_wait() -> bool:
        return identity.passwords._present == 50

    await until(all_wait)
    answer = await door.get("/v1/auth/sessions", guest["access_token"])
    assert answer.status_code == 200
    assert harness.runtime.engine.sync_engine.pool.checkedout() == 0
    assert not any(sign_in.done() for sign_in in sign_ins)
    held.set()
    statuses = {answer.status_code for answer in await asyncio.gather(*sign_ins)}
    assert statuses <= {401, 504}  # on a busy machine the deadline of some is over by now


async def test_a_rush_beyond_the_queue_is_told_to_come_back(
    door: Door, identity: Identity, held: threading.Event
) -> None:
    identity.passwords._most = 3
    waiting = [asyncio.create_task(identity.passwords.matches("x", None)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(PasswordsBusy) as refused:
        await identity.passwords.matches("x", None)
    assert refused.value.headers["Retry-After"] == "2"
    held.set()
    assert await asyncio.gather(*waiting) == [False] * 3
    assert await identity.passwords.matches("x", None) is False


@pytest.mark.parametrize("stored", STORED)
async def test_an_unknown_account_is_compared_with_the_same_work(stored: str | None) -> None:
    """Not the time, which a busy machine changes: what is computed, with which parameters."""
    passwords = Passwords(Settings())
    compared = []
    verify = passwords._verify

    def noted(password: str, with_hash: str) -> bool:
        compared.append(extract_parameters(with_hash))
        return verify(password, with_hash)

    passwords._verify = noted
    hashed = await passwords.hash(PASSWORD) if stored else None
    assert await passwords.matches(PASSWORD, hashed) is (stored is not None)
    (parameters,) = compared
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)
    assert parameters.type.name == "ID"
    passwords.close()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities on Linux only")
async def test_passwords_are_computed_when_the_loop_wants_no_processor() -> None:
    passwords = Passwords(Settings())

    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    ours = niceness()
    assert await passwords._apart(niceness) == max(ours, NICENESS)
    assert niceness() == ours
    passwords.close()


async def test_the_memory_is_given_back_once_nobody_signs_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not while somebody does, and again after each time."""
    given_back: list[int] = []
    passwords = Passwords(Settings(), lambda: given_back.append(passwords._present))
    monkeypatch.setattr("gateway.passwords.REST_S", 0.0)
    for times in (1, 2):
        await asyncio.gather(*(passwords._apart(lambda: None) for _ in range(3)))

        async def is_given_back(so_often: int = times) -> bool:
            return len(given_back) == so_often

        await until(is_given_back)
    passwords._present = 1
    passwords._tidy()
    assert given_back == [0, 0]
    passwords.close()
