"""Ending tasks for certain."""

import asyncio
from typing import Any

AGAIN_S = 1.0


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
