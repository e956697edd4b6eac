"""Outbox, relay, stream, consumer, inbox: nothing lost, nothing done twice, whatever dies."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, consumer, dead_letters, outbox, reconciler
from kit.app import Runtime
from kit.bus import ATOMIC_FROM, Bus
from kit.consumer import Consumer
from kit.db import transaction
from kit.events import Event
from kit.ids import uuid7
from kit.leases import Leases
from kit.reconciler import reconcile
from kit.relay import Relay
from kit.tasks import end
from kit.testing import Harness, event, until
from tests.kit.notes import Greeted, NotePinned

RETENTION = timedelta(days=14)


@pytest_asyncio.fixture
async def bus(harness: Harness) -> AsyncIterator[Bus]:
    async with Bus(harness.settings, "test") as connected:
        await connected.wait_connected()
        await remove_streams(connected, harness)
        yield connected
        await remove_streams(connected, harness)


async def remove_streams(bus: Bus, harness: Harness) -> None:
    for stream in (harness.runtime.stream, greeter_stream(harness)):
        with contextlib.suppress(Exception):
            await bus.jetstream.delete_stream(stream)


def greeter_stream(harness: Harness) -> str:
    return f"{harness.settings.subject_prefix}_GREETER".upper()


def greeting(words: str = "hello", member_id: object = None) -> Event:
    return event(Greeted.type, {"member_id": member_id or uuid7(), "text": words})


async def send(bus: Bus, harness: Harness, *events: Event) -> None:
    """Publish `events` as the service `greeter` would."""
    prefix = harness.settings.subject_prefix
    await bus.ensure_stream(greeter_stream(harness), [f"{prefix}.greeter.>"])
    messages = [(f"{prefix}.{e.type}.p{e.partition:02d}", str(uuid7()), e.encode()) for e in events]
    assert None not in await bus.publish(messages)


@contextlib.asynccontextmanager
async def consuming(runtime: Runtime, bus: Bus, **changes: object) -> AsyncIterator[Consumer]:
    leases = Leases(runtime.settings)
    made = Consumer(
        **{
            "leases": leases,
            "sessions": runtime.sessions,
            "bus": bus,
            "service": "notes",
            "source": "greeter",
            "handlers": runtime.service.handlers,
            "prefix": runtime.settings.subject_prefix,
            **changes,
        }
    )
    task = asyncio.create_task(made.run())
    try:
        yield made
    finally:
        await end(task)
        await leases.close()


def relay_of(harness: Harness, bus: Bus) -> Relay:
    return Relay(harness.sessions, bus, "notes", harness.settings.subject_prefix)


@contextlib.asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[None]:
    task = asyncio.create_task(relay.run())
    try:
        yield
    finally:
        await end(task)


async def pinned(harness: Harness) -> list[str]:
    return [note.text for note in await harness.published(NotePinned)]


async def say(harness: Harness, *words: str) -> None:
    async with harness.transaction() as session:
        notes = [NotePinned(member_id=uuid7(), note_id=uuid7(), text=word) for word in words]
        await outbox.publish(session, *notes)


async def unpublished(harness: Harness) -> int:
    async with harness.transaction() as session:
        statement = text("SELECT count(*) FROM outbox WHERE published_at IS NULL")
        return int((await session.execute(statement)).scalar_one())


async def make_stream(bus: Bus, harness: Harness) -> None:
    await bus.ensure_stream(harness.runtime.stream, [f"{harness.settings.subject_prefix}.notes.>"])


async def count_in_stream(bus: Bus, harness: Harness) -> int:
    info = await bus.stream_info(harness.runtime.stream)
    return info.state.messages if info else 0


async def test_what_is_rolled_back_is_never_said(harness: Harness) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with harness.transaction() as session:
            await outbox.publish(session, NotePinned(member_id=uuid7(), note_id=uuid7(), text="a"))
            raise ZeroDivisionError
    assert await pinned(harness) == []


async def test_what_is_committed_is_published_in_order(harness: Harness, bus: Bus) -> None:
    await say(harness, *map(str, range(600)))
    async with running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
    async with harness.transaction() as session:
        places = (await session.scalars(text("SELECT stream_seq FROM outbox ORDER BY seq"))).all()
    seen = []
    for place in places:
        message = await bus.jetstream.get_msg(harness.runtime.stream, place, direct=True)
        seen.append(Event.decode(message.data).data["text"])
    assert places == list(range(1, 601))
    assert seen == list(map(str, range(600)))


async def all_published(harness: Harness) -> bool:
    return await unpublished(harness) == 0


@pytest.mark.parametrize("count", [2, ATOMIC_FROM])
async def test_dying_between_publishing_and_marking_publishes_once(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    await say(harness, *map(str, range(count)))
    relay = relay_of(harness, bus)

    async def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(relay, "_mark", die)
        with contextlib.suppress(KeyboardInterrupt):
            await make_stream(bus, harness)
            await relay.publish_batch()
    assert (await unpublished(harness), await count_in_stream(bus, harness)) == (count, count)
    await say(harness, "more")
    async with running(relay):
        await until(lambda: all_published(harness))
    assert await count_in_stream(bus, harness) == count + 1
    last = await bus.jetstream.get_msg(harness.runtime.stream, count + 1, direct=True)
    assert Event.decode(last.data).data["text"] == "more"


async def test_two_relays_publish_each_event_once(harness: Harness, bus: Bus) -> None:
    await say(harness, *map(str, range(300)))
    async with running(relay_of(harness, bus)), running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
    assert await count_in_stream(bus, harness) == 300


async def test_an_event_delivered_three_times_has_one_effect(harness: Harness, bus: Bus) -> None:
    hello = greeting()
    await send(bus, harness, hello, hello, hello, greeting("last"))
    async with consuming(harness.runtime, bus):
        await until(lambda: has(harness, 2))
    assert await pinned(harness) == ["hello", "last"]


async def has(harness: Harness, number: int) -> bool:
    return len(await pinned(harness)) >= number


async def test_dying_between_commit_and_ack_has_one_effect(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.bus.ACK_WAIT_S", 1)
    await send(bus, harness, greeting())

    async def die(*_: object, **__: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr("nats.aio.msg.Msg.ack_sync", die)
        async with consuming(harness.runtime, bus):
            await until(lambda: has(harness, 1))
    assert await bus.lag(greeter_stream(harness), "notes") == 1
    async with consuming(harness.runtime, bus):
        await until(lambda: caught_up(bus, harness))
    assert await pinned(harness) == ["hello"]


async def caught_up(bus: Bus, harness: Harness) -> bool:
    return await bus.lag(greeter_stream(harness), "notes") == 0


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


async def parked(harness: Harness) -> list:
    async with harness.transaction() as session:
        return list(await dead_letters.waiting(session))


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


async def test_a_batch_in_a_deadlock_is_handled_again_at_once(harness: Harness, bus: Bus) -> None:
    chosen_as_victim = iter(range(consumer.CONFLICT_TRIES - 1))
    victim = text("DO $$ BEGIN RAISE deadlock_detected; END $$")

    async def contending(session: AsyncSession, events: Sequence[Event]) -> None:
        if next(chosen_as_victim, None) is not None:
            await session.execute(victim)
        await handle(session, events)

    handle = harness.service.handlers[Greeted.type]
    await send(bus, harness, greeting())
    async with consuming(harness.runtime, bus, handlers={Greeted.type: contending}):
        await until(lambda: has(harness, 1))
    consumed = await bus.jetstream.consumer_info(greeter_stream(harness), "notes")
    assert consumed.num_redelivered == 0


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
    """PostgreSQL ends a transaction that says nothing for a minute; here, for a second."""
    await say(harness, *map(str, range(40)))
    async with running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
    for place in (2, 20, 40):
        await bus.jetstream.delete_msg(harness.runtime.stream, place)
    is_there = reconciler._is_there

    async def slowly(*asked: Any) -> bool:
        await asyncio.sleep(0.1)
        return await is_there(*asked)

    monkeypatch.setattr(reconciler, "_is_there", slowly)
    monkeypatch.setattr(reconciler, "SAMPLES", 400)
    monkeypatch.setattr(reconciler, "PORTION", 16)
    assert await reconciled(harness, bus, silence="1s") == 3
    assert await unpublished(harness) == 3


async def test_who_listens_to_a_service_that_is_not_there_yet_waits_for_its_stream(
    harness: Harness, bus: Bus
) -> None:
    """Only the service makes its stream; its listeners are ready all the same."""
    async with consuming(harness.runtime, bus) as consumer:
        await until(lambda: waiting(consumer))
        await asyncio.sleep(0.05)
        assert await bus.stream_info(consumer.stream) is None
        assert not consumer.attached
        await send(bus, harness, greeting())
        await until(lambda: has(harness, 1))
        assert not consumer.standing_by


async def test_only_one_of_two_replicas_consumes_and_the_other_takes_over(
    harness: Harness, bus: Bus
) -> None:
    await send(bus, harness, greeting())
    async with contextlib.AsyncExitStack() as first:
        one = await first.enter_async_context(consuming(harness.runtime, bus))
        await until(lambda: attached(one))
        async with consuming(harness.runtime, bus) as two:
            await until(lambda: waiting(two))
            await first.aclose()
            await until(lambda: attached(two))


async def attached(consumer: Consumer) -> bool:
    return consumer.attached


async def waiting(consumer: Consumer) -> bool:
    return consumer.standing_by


async def test_groups_share_the_partitions_and_handle_everything_once(
    harness: Harness, bus: Bus
) -> None:
    await send(bus, harness, *(greeting(str(n)) for n in range(60)))
    async with (
        consuming(harness.runtime, bus, group=0, groups=2),
        consuming(harness.runtime, bus, group=1, groups=2),
    ):
        await until(lambda: has(harness, 60))
    assert sorted(map(int, await pinned(harness))) == list(range(60))


async def test_a_consumer_told_to_stop_leaves_nothing_waiting_for_a_time_out(
    harness: Harness, bus: Bus
) -> None:
    await send(bus, harness, greeting())
    async with consuming(harness.runtime, bus) as first:
        await until(lambda: has(harness, 1))
        await first.stop(5)
        assert not first.attached
    await send(bus, harness, greeting("again"))
    async with consuming(harness.runtime, bus):
        await until(lambda: has(harness, 2), within_s=5)
