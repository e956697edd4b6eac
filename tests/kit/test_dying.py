"""kill -9 between the COMMIT of an event and its publication: it is published, once, in order."""

import asyncio
import os
import sys

from kit.bus import Bus
from kit.events import Event
from kit.testing import Harness, until
from tests.kit.delivery import all_published, count_in_stream, make_stream, relay_of, running

KILLS = int(os.environ.get("KILLS", "30"))


async def test_what_was_committed_is_published_though_the_service_is_killed_each_time(
    harness: Harness, bus: Bus
) -> None:
    await make_stream(bus, harness)
    names = (harness.settings.database, harness.settings.subject_prefix)
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kit.dying_notes", *names, str(KILLS)
    )
    assert await dying.wait() == 0, "each was killed right after its COMMIT"
    async with running(relay_of(harness, bus)):
        await until(lambda: all_published(harness))
    assert await count_in_stream(bus, harness) == KILLS
    messages = [
        await bus.jetstream.get_msg(harness.runtime.stream, place + 1, direct=True)
        for place in range(KILLS)
    ]
    assert [Event.decode(message.data).data["text"] for message in messages] == [
        str(number) for number in range(KILLS)
    ]
