"""What a part runs goes on until the part is told to stop, and then ends."""

import asyncio
from dataclasses import replace

import pytest

from kit.app import Runtime, create_app
from kit.lifespan import running
from kit.tasks import end
from kit.testing import Harness


async def test_a_task_that_loses_a_cancellation_is_cancelled_again() -> None:
    lost = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            lost.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(end(task), 30)
    assert lost.is_set()
    assert task.cancelled()


async def test_a_worker_that_an_error_ended_is_begun_again(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.app.WORKER_PAUSE_S", 0.0)
    begun = asyncio.Semaphore(0)

    async def worker(_: Runtime) -> None:
        begun.release()
        raise ConnectionError

    service = replace(harness.service, workers={"worker": worker})
    settings = harness.settings.model_copy(update={"roles": frozenset({"scheduler"})})
    async with running(create_app(service, settings)):
        for _ in range(3):
            await asyncio.wait_for(begun.acquire(), 30)
