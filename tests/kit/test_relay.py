"""Outbox and relay: what is committed is published, once and in order, whoever dies."""

import contextlib
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.bus import ATOMIC_FROM, Bus
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, until
from tests.kit.delivery import (
    all_published,
    count_in_stream,
    make_stream,
    pinned,
    relay_of,
    running,
    say,
    unpublished,
)
from tests.kit.notes import NotePinned


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


async def test_marks_wait_for_no_disk_and_what_others_commit_does(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = text("SELECT setting, source FROM pg_settings WHERE name = 'synchronous_commit'")
    relay = relay_of(harness, bus)
    seen: list[tuple[str, str]] = []
    mark = relay._mark

    async def look(session: AsyncSession, places: dict[int, int], created: datetime) -> None:
        setting, source = (await session.execute(asked)).one()
        seen.append((setting, source))
        await mark(session, places, created)

    monkeypatch.setattr(relay, "_mark", look)
    await make_stream(bus, harness)
    await say(harness, "a")
    assert await relay.publish_batch() == 1
    async with harness.transaction() as session:
        setting, source = (await session.execute(asked)).one()
        seen.append((setting, source))
    assert seen[0] == ("off", "session")
    assert seen[1][1] != "session"


async def test_two_relays_publish_each_event_once(harness: Harness, bus: Bus) -> None:
    await say(harness, *map(str, range(300)))
    async with running(relay_of(harness, bus)), running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
    assert await count_in_stream(bus, harness) == 300
