"""All of it: the brand, then life after life, then the wait until every service has heard."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

from kit import clock, outbox
from kit.consumer import consumed
from rapport.access import hashed
from rapport.databases import in_transaction
from rapport.doctor import bus_of, lag
from rapport.errors import OperatorError
from rapport.parts import PARTS
from rapport.seed.lives import lives_of_brand
from rapport.seed.planting import ground, is_planted, plant_brand, plant_life

PASSWORD = "demo brand coffee"  # noqa: S105 -- everybody's, in a demonstration
POLL_S = 0.5
STUCK_AFTER_S = 60.0
Progress = Callable[[str, int, int], None]


async def sow(members: int, days: int, say: Progress) -> None:
    """Seed the deployment; `say` hears what is done of how much."""
    today = clock.now().date()
    lives = lives_of_brand(members, days, today)
    opened_at = datetime.combine(today - timedelta(days=days), time_of_day(), UTC)
    password_hash = await hashed(PASSWORD)
    async with ground() as soil:
        if await is_planted(soil, lives[0].person):
            raise OperatorError("this deployment has been seeded; seed another one with --data")
        await plant_brand(soil, password_hash, opened_at)
        for number, life in enumerate(lives, 1):
            await plant_life(soil, life, password_hash)
            say("members' lives", number, members)
    await until_all_have_heard(say)


async def until_all_have_heard(say: Progress) -> None:
    """Wait until no event is on its way; OperatorError when they do not get less."""
    most = fewest = await on_their_way()
    moved_at = time.monotonic()
    while remaining := await on_their_way():
        if remaining < fewest:
            fewest, moved_at = remaining, time.monotonic()
        if time.monotonic() - moved_at > STUCK_AFTER_S:
            raise OperatorError("all is written, but events do not move; see `rapport doctor`")
        most = max(most, remaining)
        say("events heard", most - remaining, most)
        await asyncio.sleep(POLL_S)
    say("events heard", most, most)


async def on_their_way() -> int:
    """How many events wait in outboxes (one for each that is not empty) and before consumers."""
    count = 0
    async with AsyncExitStack() as stack:
        for part in PARTS.values():
            count += await in_transaction(part, outbox.oldest_waiting) is not None
            bus = await stack.enter_async_context(bus_of(part))
            for source in consumed(part.service.handlers):
                count += await lag(part, bus, source)
    return count
