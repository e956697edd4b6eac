import contextlib
from collections.abc import AsyncIterator

import pytest_asyncio

from kit.bus import Bus
from kit.testing import Harness, harness_of
from tests.kit.delivery import greeter_stream
from tests.kit.notes import Settings, create_app

harness = harness_of(create_app, Settings)


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
