"""Work beside requests: a failure is said, and does not end it."""

import asyncio

import pytest

from kit.tasks import end, repeat
from kit.testing import until


async def test_work_that_fails_is_logged_and_done_again(caplog: pytest.LogCaptureFixture) -> None:
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1
        if done == 1:
            raise ConnectionRefusedError

    async def was_done_again() -> bool:
        return done > 1

    task = asyncio.create_task(repeat("counting", 0.001, work))
    await until(was_done_again)
    await end(task)
    assert task.cancelled()
    assert [record.getMessage() for record in caplog.records] == [
        "counting failed and will be tried again"
    ]
