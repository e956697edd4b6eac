"""An application's lifespan, run by us: for who serves an application, or calls one directly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp, Message


@asynccontextmanager
async def running(application: ASGIApp) -> AsyncIterator[None]:
    """Start an application through the ASGI lifespan protocol, and shut it down at the end.

    Raises what stopped it, or RuntimeError with its own words, when it does not start.
    """
    told: asyncio.Queue[Message] = asyncio.Queue()
    said: asyncio.Queue[Message] = asyncio.Queue()
    scope: dict[str, Any] = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    life = asyncio.ensure_future(application(scope, told.get, said.put))
    await _pass_through("startup", life, told, said)
    try:
        yield
    finally:
        await _pass_through("shutdown", life, told, said)
        await life


async def _pass_through(
    phase: str,
    life: asyncio.Future[None],
    told: asyncio.Queue[Message],
    said: asyncio.Queue[Message],
) -> None:
    """Have the application go through one phase of its life."""
    await told.put({"type": f"lifespan.{phase}"})
    answer = asyncio.create_task(said.get())
    either: set[asyncio.Future[Any]] = {answer, life}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        await life
        raise RuntimeError(f"the application ended during {phase}")
    if answer.result()["type"] == f"lifespan.{phase}.failed":
        await life
        raise RuntimeError(answer.result().get("message") or f"{phase} failed")
