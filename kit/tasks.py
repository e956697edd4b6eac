"""Tasks: work done again and again beside requests, and ending tasks for certain."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

AGAIN_S = 1.0


async def repeat(what: str, every_s: float, work: Callable[[], Awaitable[object]]) -> None:
    """Do `work` every so many seconds, for ever; a failure is logged, as that of `what`."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception:
            log.exception("%s failed and will be tried again", what)


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until they have ended, however they do.

    Once is not enough: `asyncio.wait_for` of Python 3.11, which nats-py uses too, loses a
    cancellation that comes together with what it waits for.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)
