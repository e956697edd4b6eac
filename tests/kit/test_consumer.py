"""Consumer and inbox: an event has one effect, however often it comes and whoever dies."""

import asyncio
import contextlib
from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import consumer
from kit.bus import PULL_EXPIRES_S, Bus
from kit.consumer import Consumer
from kit.events import Event
from kit.ids import uuid7
from kit.inbox import Handler, planned_once, receive
from kit.testing import Harness, event, until
from tests.kit.delivery import (
    caught_up,
    consuming,
    greeter_stream,
    greeting,
    has,
    parked,
    pinned,
    send,
)
from tests.kit.notes import Greeted


async def test_an_event_delivered_three_times_has_one_effect(harness: Harness, bus: Bus) -> None:
    hello = greeting()
    await send(bus, harness, hello, hello, hello, greeting("last"))
    async with consuming(harness.runtime, bus):
        await until(lambda: has(harness, 2))
    assert await pinned(harness) == ["hello", "last"]


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


async def test_what_a_handler_locked_is_free_before_the_next_waits(
    harness: Harness, bus: Bus
) -> None:
    """Handlers that each lock in order would together lock in none: each has a transaction."""
    held, parted = text("SELECT pg_advisory_xact_lock(1)"), "greeter.member.parted.v1"
    tries: list[str] = []

    async def greeted(session: AsyncSession, events: Sequence[Event]) -> None:
        tries.append("greeted")
        await harness.service.handlers[Greeted.type](session, events)

    async def waits(session: AsyncSession, _: Sequence[Event]) -> None:
        await session.execute(held)

    async with harness.transaction() as session:
        await session.execute(held)
        await send(bus, harness, greeting(), event(parted, {"member_id": uuid7()}))
        async with consuming(harness.runtime, bus, handlers={Greeted.type: greeted, parted: waits}):
            await until(lambda: has(harness, 1))
    assert tries == ["greeted"]


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
        await until(lambda: has(harness, 2), within_s=PULL_EXPIRES_S - 5)


class Trying:
    """A handler that fails a while with what is said first."""

    def __init__(self, handle: Handler, *failures: Exception) -> None:
        self._handle = handle
        self._failures = list(failures)
        self._all = len(failures)

    async def __call__(self, session: AsyncSession, events: Sequence[Event]) -> None:
        await self._handle(session, events)
        if self._failures and any(event.data["text"] == "first" for event in events):
            raise self._failures.pop()

    async def has_failed(self) -> bool:
        return len(self._failures) < self._all


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what failed tried again soon."""
    monkeypatch.setattr(consumer, "DELAYS_S", (0.3,))
    monkeypatch.setattr(consumer, "PASSING_DELAY_S", 0.3)
    monkeypatch.setattr(consumer, "PAUSE_AFTER_ERROR_S", 0.01)


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize(
    "failures",
    [
        pytest.param([RuntimeError("not yet")] * 4, id="it is refused, in its batch and alone"),
        pytest.param([ConnectionRefusedError()] * 2, id="a store is away"),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["in a batch", "one after another"])
async def test_what_follows_an_event_waits_until_it_is_handled(
    harness: Harness, bus: Bus, failures: list[Exception], *, together: bool
) -> None:
    mei, first = uuid7(), Trying(harness.service.handlers[Greeted.type], *failures)
    words = ("first", "second", "third", "fourth")
    greetings = [greeting(said, mei) for said in words]
    await send(bus, harness, greeting("of another"), *(greetings if together else ()))
    async with consuming(harness.runtime, bus, handlers={Greeted.type: first}) as heard:
        await until(lambda: attached(heard))
        if not together:
            await send(bus, harness, greetings[0])
            await until(first.has_failed)
            await send(bus, harness, *greetings[1:])
        await until(lambda: has(harness, 5))
    assert [said for said in await pinned(harness) if said != "of another"] == list(words)


@pytest.mark.usefixtures("quickly")
async def test_what_follows_a_parked_event_goes_ahead_and_each_try_is_said(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(consumer, "MAX_TRIES", 2)
    mei = uuid7()
    await send(bus, harness, *(greeting(said, mei) for said in ("poison", "second", "third")))
    async with consuming(harness.runtime, bus):
        await until(lambda: has(harness, 2))
    assert await pinned(harness) == ["second", "third"]
    assert len(await parked(harness)) == 1
    said = [record.getMessage() for record in caplog.records if record.name == consumer.__name__]
    assert said == ["refused, and tried again in about 0.3 s", "parked after 2 tries"]
    assert all(record.exc_info for record in caplog.records if record.name == consumer.__name__)


@pytest.mark.parametrize(("marked", "mode"), [(True, "force_generic_plan"), (False, "auto")])
async def test_a_marked_handlers_statements_are_planned_once(
    harness: Harness, *, marked: bool, mode: str
) -> None:
    async def look(session: AsyncSession, _: Sequence[Event]) -> None:
        modes.append((await session.execute(text("SHOW plan_cache_mode"))).scalar_one())

    modes: list[str] = []
    handlers: dict[str, Handler] = {Greeted.type: planned_once(look) if marked else look}
    for _ in range(2):
        async with harness.transaction() as session:
            await receive(session, "notes", handlers, [greeting(), greeting()])
    async with harness.transaction() as session:
        await look(session, [])
    assert modes == [mode, mode, "auto"]
