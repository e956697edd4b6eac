"""What a stream lost is found, and published again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from kit import clock, reconciler
from kit.bus import Bus
from kit.db import transaction
from kit.reconciler import reconcile
from kit.testing import Harness, until
from tests.kit.delivery import (
    all_published,
    count_in_stream,
    make_stream,
    relay_of,
    running,
    say,
    unpublished,
)

RETENTION = timedelta(days=14)


async def test_a_wiped_stream_is_filled_again_and_nothing_is_done_twice(
    harness: Harness, bus: Bus
) -> None:
    await say(harness, "a", "b", "c")
    async with running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
        await bus.jetstream.delete_stream(harness.runtime.stream)
        await make_stream(bus, harness)
        assert await reconciled(harness, bus) == 3
        await until(lambda: all_published(harness))
    assert await count_in_stream(bus, harness) == 3
    assert await reconciled(harness, bus) == 0


async def test_what_is_published_while_the_stream_is_compared_does_not_count_as_lost(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_stream(bus, harness)
    relay = relay_of(harness, bus)
    stream_info = bus.stream_info

    async def busy_meanwhile(stream: str) -> object:
        monkeypatch.setattr(bus, "stream_info", stream_info)
        told = await stream_info(stream)
        await say(harness, "a")
        await relay.publish_batch()
        return told

    monkeypatch.setattr(bus, "stream_info", busy_meanwhile)
    assert await reconciled(harness, bus) == 0


async def reconciled(harness: Harness, bus: Bus, silence: str = "60s") -> int:
    async with transaction(harness.sessions) as session:
        patience = text("SELECT set_config('idle_in_transaction_session_timeout', :for, true)")
        await session.execute(patience, {"for": silence})
        return await reconcile(
            session,
            bus,
            service="notes",
            stream=harness.runtime.stream,
            now=clock.now(),
            retention=RETENTION,
        )


async def test_a_lost_event_within_the_stream_is_found_and_republished(
    harness: Harness, bus: Bus
) -> None:
    await say(harness, "a", "b", "c")
    async with running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
    await bus.jetstream.delete_msg(harness.runtime.stream, 2)
    assert await reconciled(harness, bus) == 1
    assert await unpublished(harness) == 1


async def test_a_long_damaged_stream_is_compared_while_the_database_waits(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL ends a transaction that says nothing for a minute; here, for three seconds."""
    await say(harness, *map(str, range(40)))
    async with running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
    for place in (2, 20, 40):
        await bus.jetstream.delete_msg(harness.runtime.stream, place)
    is_there = reconciler._is_there

    async def slowly(*asked: Any) -> bool:
        await asyncio.sleep(0.25)
        return await is_there(*asked)

    monkeypatch.setattr(reconciler, "_is_there", slowly)
    monkeypatch.setattr(reconciler, "SAMPLES", 400)
    monkeypatch.setattr(reconciler, "PORTION", 16)
    assert await reconciled(harness, bus, silence="3s") == 3
    assert await unpublished(harness) == 3
