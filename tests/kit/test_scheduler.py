"""Jobs: once whichever replica, and again when one died."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.scheduler import Job, Scheduler
from kit.testing import Harness, member
from tests.kit.notes import TIDY

MINUTE = timedelta(minutes=1)


def counting(name: str = "count") -> Job:
    async def run(session: AsyncSession, now: datetime) -> bool:
        del now
        await session.execute(text("INSERT INTO notes VALUES (gen_random_uuid(), 'job', 'ran')"))
        return False

    return Job(name, MINUTE, run)


async def runs(harness: Harness) -> int:
    async with harness.transaction() as session:
        return int((await session.execute(text("SELECT count(*) FROM notes"))).scalar_one())


async def registered(harness: Harness, job: Job) -> Scheduler:
    scheduler = Scheduler(harness.sessions, "notes", [job])
    await scheduler._register()
    return scheduler


async def test_a_due_job_runs_once_however_many_replicas_try(harness: Harness) -> None:
    job = counting()
    replicas = [await registered(harness, job) for _ in range(5)]
    now = clock.now()
    await asyncio.gather(*(replica.run_once(job, now) for replica in replicas))
    assert await runs(harness) == 1


async def test_a_job_is_not_run_before_its_time(harness: Harness) -> None:
    job = counting()
    scheduler, now = await registered(harness, job), clock.now()
    for later in (timedelta(0), MINUTE / 2, MINUTE):
        await scheduler.run_once(job, now + later)
    assert await runs(harness) == 2


async def test_a_run_that_fails_leaves_no_trace_and_is_run_again(harness: Harness) -> None:
    good = counting("flaky")

    async def fail(session: AsyncSession, now: datetime) -> bool:
        await good.run(session, now)
        raise ZeroDivisionError

    scheduler = await registered(harness, good)
    with pytest.raises(ZeroDivisionError):
        await scheduler.run_once(Job("flaky", MINUTE, fail), clock.now())
    assert await runs(harness) == 0
    await scheduler.run_once(good, clock.now())
    assert await runs(harness) == 1


async def test_a_job_goes_on_while_there_is_more(harness: Harness) -> None:
    async with harness.client(member()) as client:
        for n in range(5):
            await client.post("/v1/notes", json={"text": str(n)})
    await harness.run(TIDY)
    assert await runs(harness) == 0


WAITING = "SELECT FROM notes WHERE author = 'to do'"


async def write(harness: Harness, statement: str) -> None:
    async with harness.transaction() as session:
        await session.execute(text(statement))


async def test_a_job_without_work_is_not_run_and_is_due_until_there_is_some(
    harness: Harness,
) -> None:
    idle = replace(counting("idle"), work=WAITING)
    every = counting("every")
    scheduler = Scheduler(harness.sessions, "notes", [idle, every])
    await scheduler._register()
    now = clock.now()
    assert await scheduler._due(now) == [every]
    assert await scheduler._due(now + 5 * MINUTE) == [every]
    await write(harness, "INSERT INTO notes VALUES (gen_random_uuid(), 'to do', 'it')")
    assert await scheduler._due(now + 5 * MINUTE) == [idle, every]
    await scheduler.run_once(idle, now + 5 * MINUTE)
    assert await scheduler._due(now + 5 * MINUTE) == [every]
