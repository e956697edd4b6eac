"""An administrator who asks one replica sees them all."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from gateway.breaker import State
from gateway.limits import connect
from gateway.replicas import FRESH_S, KEY, Replicas
from gateway.traffic import Traffic
from kit.tasks import end
from kit.testing import Harness, admin, until
from rapport.ports import free_port
from tests.gateway.edge import Clock


@pytest.fixture
async def valkey(harness: Harness) -> AsyncIterator[Redis]:
    async with connect(harness.settings.valkey_url) as client:
        await client.delete(KEY)
        yield client
        await client.delete(KEY)


def replica(valkey: Redis, name: str, clock: Clock) -> Replicas:
    async def now() -> float:
        return clock.now

    return Replicas(valkey, lambda: {"replica": name, "policy": 7}, name, now)


async def test_each_hears_of_the_others_and_not_of_itself(valkey: Redis) -> None:
    clock = Clock()
    first, second, third = [replica(valkey, name, clock) for name in ("a:1", "b:1", "c:1")]
    assert await first.others() == []
    for each in (third, second, first):
        await each.tell()
    assert [state["replica"] for state in await first.others() or ()] == ["b:1", "c:1"]
    assert [state["replica"] for state in await second.others() or ()] == ["a:1", "c:1"]
    await third.leave()
    [told] = await first.others() or ()
    assert told == {"replica": "b:1", "policy": 7, "told_at": clock.now}


async def test_who_died_is_forgotten(valkey: Redis) -> None:
    clock = Clock()
    living, dead = replica(valkey, "living", clock), replica(valkey, "dead", clock)
    await dead.tell()
    clock.now += FRESH_S
    await living.tell()
    assert await living.others() == []
    assert await valkey.hkeys(KEY) == [b"living"]
    assert 0 < await valkey.ttl(KEY) <= FRESH_S, "with the last replica the hash goes, too"


async def test_replicas_whose_clocks_differ_see_each_other(
    valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = (Replicas(valkey, lambda n=name: {"replica": n}, name) for name in ("a", "b"))
    with monkeypatch.context() as late:
        late.setattr("time.time", lambda now=time.time: now() + 300)
        await there.tell()
    assert [state["replica"] for state in await here.others() or ()] == ["b"]


async def test_valkey_may_go_away_at_any_moment(
    valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(*_: object) -> int:
        raise ConnectionError

    clock = Clock()
    await replica(valkey, "dead", clock).tell()
    clock.now += FRESH_S
    monkeypatch.setattr(valkey, "hdel", gone)
    assert await replica(valkey, "living", clock).others() is None


async def test_while_valkey_is_away_the_others_are_unknown_and_nothing_fails() -> None:
    away = connect(f"redis://127.0.0.1:{free_port()}")
    alone = replica(away, "alone", Clock())
    assert await alone.others() is None
    await alone.leave()
    await away.aclose()


async def test_the_breaker_another_replica_has_opened_is_shown(
    harness: Harness, valkey: Redis
) -> None:
    here, there = (Traffic(harness.settings, None, valkey) for _ in range(2))
    there.replicas.name = name = f"there:{uuid4().hex}"
    harness.app.state.traffic = here
    there.upstreams["loyalty"].breaker.force(State.OPEN)
    await there.replicas.tell()
    async with harness.client(admin()) as client:
        shown = (await client.get("/v1/traffic")).json()
        assert shown["replica"] == here.replicas.name
        assert shown["upstreams"]["loyalty"]["breaker"] == "closed"
        [other] = [each for each in shown["others"] if each["replica"] == name]
        assert other["upstreams"]["loyalty"]["breaker"] == "open"
        assert other["upstreams"]["loyalty"]["targets"][0]["healthy"]
        await there.close()
        assert (await client.get("/v1/traffic")).json()["others"] == []
    await here.close()


async def test_a_replica_tells_again_and_again(
    valkey: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.replicas.TELL_S", 0.01)
    clock = Clock()
    running, looking = replica(valkey, "running", clock), replica(valkey, "looking", clock)

    async def is_told() -> bool:
        return any(state["told_at"] == clock.now for state in await looking.others() or ())

    task = asyncio.create_task(running.run())
    await until(is_told)
    clock.now += 5
    await until(is_told)
    await end(task)
