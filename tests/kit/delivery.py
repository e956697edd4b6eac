"""A relay, a consumer and a stream under test, and what goes through them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import text

from kit import dead_letters, outbox
from kit.app import Runtime
from kit.bus import Bus
from kit.consumer import Consumer
from kit.events import Event
from kit.ids import uuid7
from kit.leases import Leases
from kit.relay import Relay
from kit.tasks import end
from kit.testing import Harness, event
from tests.kit.notes import Greeted, NotePinned


def greeter_stream(harness: Harness) -> str:
    return f"{harness.settings.subject_prefix}_GREETER".upper()


def greeting(words: str = "hello", member_id: object = None) -> Event:
    return event(Greeted.type, {"member_id": member_id or uuid7(), "text": words})


async def send(bus: Bus, harness: Harness, *events: Event) -> None:
    """Publish `events` as the service `greeter` would."""
    prefix = harness.settings.subject_prefix
    await bus.ensure_stream(greeter_stream(harness), [f"{prefix}.greeter.>"])
    messages = [(f"{prefix}.{e.type}.p{e.partition:02d}", str(uuid7()), e.encode()) for e in events]
    while None in await bus.publish(messages):  # not acknowledged in time, and known by its id
        pass


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


async def all_published(harness: Harness) -> bool:
    return await unpublished(harness) == 0


async def has(harness: Harness, number: int) -> bool:
    return len(await pinned(harness)) >= number


async def caught_up(bus: Bus, harness: Harness) -> bool:
    return await bus.lag(greeter_stream(harness), "notes") == 0


async def parked(harness: Harness) -> list:
    async with harness.transaction() as session:
        return list(await dead_letters.waiting(session))
