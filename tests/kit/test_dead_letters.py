"""What cannot be handled: it costs itself only, is parked, and replayed once."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, consumer, dead_letters
from kit.bus import Bus
from kit.ids import uuid7
from kit.testing import Harness, event, until
from tests.kit.delivery import caught_up, consuming, greeting, has, parked, pinned, send
from tests.kit.notes import Greeted


async def test_a_poisoned_event_costs_itself_only(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "DELAYS_S", (0.01,))
    await send(bus, harness, greeting("a"), greeting("poison"), greeting("b"))
    async with consuming(harness.runtime, bus):
        await until(lambda: parked(harness))
        await until(lambda: caught_up(bus, harness))
    (letter,) = await parked(harness)
    assert await pinned(harness) == ["a", "b"]
    assert letter["tries"] == consumer.MAX_TRIES
    assert "this one always fails" in letter["error"]


async def test_what_can_never_be_handled_is_parked_at_once(harness: Harness, bus: Bus) -> None:
    without_text = event(Greeted.type, {"member_id": uuid7()})
    await send(bus, harness, without_text, greeting("b"))
    prefix = harness.settings.subject_prefix
    await bus.publish([(f"{prefix}.{Greeted.type}.p00", str(uuid7()), b"not json")])
    async with consuming(harness.runtime, bus):
        await until(lambda: has(harness, 1))
        await until(lambda: caught_up(bus, harness))
    assert await pinned(harness) == ["b"]
    assert [letter["tries"] for letter in await parked(harness)] == [1, 1]


async def test_a_dead_letter_is_replayed_once_after_the_repair(harness: Harness) -> None:
    hello = greeting()
    async with harness.transaction() as session:
        await dead_letters.park(session, hello.id, hello.type, hello.encode(), "Error: broken", 8)
    handlers = harness.service.handlers
    replayed = []
    for _ in range(2):
        async with harness.transaction() as session:
            done = await dead_letters.replay(session, "notes", handlers, hello.id, clock.now())
            replayed.append(done)
    await harness.deliver(hello)
    assert replayed == [True, False]
    assert await pinned(harness) == ["hello"]


async def test_a_store_that_is_away_parks_nothing(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "PASSING_DELAY_S", 0.01)
    monkeypatch.setattr(consumer, "PAUSE_AFTER_ERROR_S", 0.01)
    failures = iter(range(20))

    async def away(*args: object) -> None:
        if next(failures, None) is not None:
            raise ConnectionRefusedError
        await handle(*args)

    handle = harness.service.handlers[Greeted.type]
    await send(bus, harness, greeting())
    async with consuming(harness.runtime, bus, handlers={Greeted.type: away}):
        await until(lambda: has(harness, 1))
    assert await parked(harness) == []
    assert await pinned(harness) == ["hello"]


async def test_a_store_that_was_away_spends_none_of_an_event_s_tries(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "PASSING_DELAY_S", 0.01)
    monkeypatch.setattr(consumer, "PAUSE_AFTER_ERROR_S", 0.01)
    monkeypatch.setattr(consumer, "DELAYS_S", (0.01,))
    away: list[Exception] = [ConnectionRefusedError()] * (consumer.MAX_TRIES + 2)
    failures = iter([*away, *[RuntimeError("not yet")] * (consumer.MAX_TRIES - 1)])

    async def failing(*args: object) -> None:
        if (failure := next(failures, None)) is not None:
            raise failure
        await handle(*args)

    handle = harness.service.handlers[Greeted.type]
    await send(bus, harness, greeting())
    async with consuming(harness.runtime, bus, handlers={Greeted.type: failing}):
        await until(lambda: has(harness, 1))
    assert await parked(harness) == []


async def test_an_event_that_is_always_too_slow_is_parked(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "DELAYS_S", (0.01,))

    async def slow(session: AsyncSession, _: object) -> None:
        await session.execute(text("SET LOCAL statement_timeout = 20"))
        await session.execute(text("SELECT pg_sleep(60)"))

    await send(bus, harness, greeting())
    async with consuming(harness.runtime, bus, handlers={Greeted.type: slow}):
        await until(lambda: parked(harness))
    (letter,) = await parked(harness)
    assert letter["tries"] == consumer.MAX_TRIES
    assert "statement timeout" in letter["error"]
