"""What is heard only while somebody asks: all that was said since, and nothing without need."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, demand
from kit.bus import Bus
from kit.consumer import Consumer
from kit.demand import Demand, Watch, by_demand, on_demand
from kit.events import Event
from kit.testing import Harness, until
from tests.kit.delivery import consuming, greeting, pinned, send
from tests.kit.notes import Greeted


class Asking:
    """Somebody who asks for events from a moment on, or does not."""

    def __init__(self) -> None:
        self.moment: datetime | None = None
        self.looks = 0
        self.demand = Demand("asking", self.since)

    async def since(self, _: AsyncSession) -> datetime | None:
        self.looks += 1
        return self.moment


async def on_greeted(session: AsyncSession, events: Sequence[Event]) -> None:
    """Not called: the tests' handlers are the harness's."""


async def test_what_was_said_since_somebody_asks_is_heard(
    harness: Harness, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demand, "LOOK_S", 0.01)
    monkeypatch.setattr("kit.bus.SLACK", timedelta(0))
    asking = Asking()
    watch = Watch(harness.sessions, asking.demand)
    await send(bus, harness, greeting("before"))
    async with consuming(harness.runtime, bus, on_demand=watch) as consumer:
        await until(lambda: _looked(asking))
        assert consumer.standing_by
        assert not consumer.is_wanted
        moment = clock.now()
        await send(bus, harness, greeting("said before we look"))
        asking.moment = moment
        await until(lambda: _says(harness, ["said before we look"]))
        assert consumer.is_wanted
        asking.moment = None
        await send(bus, harness, greeting("after"))  # wakes it, handled now or kept
        await until(lambda: _rests(consumer))
    asking.moment = moment
    again = Watch(harness.sessions, asking.demand)
    async with consuming(harness.runtime, bus, on_demand=again):
        await send(bus, harness, greeting("asked again"))
        await until(lambda: _says(harness, ["said before we look", "after", "asked again"]))


async def _looked(asking: Asking) -> bool:
    """Whether somebody has looked twice more: what was found the first time is then known."""
    asking.looks = 0

    async def twice() -> bool:
        return asking.looks > 1

    return bool(await until(twice))


async def _rests(consumer: Consumer) -> bool:
    return not consumer.is_wanted


async def _says(harness: Harness, words: list[str]) -> bool:
    return await pinned(harness) == words


def test_handlers_are_told_apart_by_what_asks_for_their_events() -> None:
    one = Asking().demand

    async def always(session: AsyncSession, events: Sequence[Event]) -> None:
        """Heard whether somebody asks or not."""

    handlers = {"a.b.c.v1": always, Greeted.type: on_demand(one, on_greeted)}
    assert by_demand(handlers) == {None: {"a.b.c.v1": always}, one: {Greeted.type: on_greeted}}
