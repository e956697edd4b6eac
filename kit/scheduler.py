"""Scheduled jobs: each run is one transaction, and happens once, whichever replica is first.

A job's row in `job_runs` is its lock and its clock. A run that fails, or dies, rolls back with its
effects and is run again a little later. Jobs that look every second for what is seldom there say
what that is: one look is then enough for all of them, and what is not run need not reach the disk.

The SQL is put together from what jobs of this program say.
"""

# ruff: noqa: S608

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Table, Text, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, metrics
from kit.db import Sessions, Timestamp, metadata, transaction
from kit.pace import turn_s

log = logging.getLogger(__name__)

TICK_S = 0.5
PAUSE_AFTER_ERROR_S = 5.0

table = Table(
    "job_runs",
    metadata,
    Column("job", Text, primary_key=True),
    Column("next_run_at", Timestamp, nullable=False),
    Column("finished_at", Timestamp),
)

_REGISTER = text("""
    INSERT INTO job_runs (job, next_run_at) SELECT unnest(CAST(:jobs AS text[])), now()
    ON CONFLICT DO NOTHING
""")
_CLAIM = text("""
    SELECT job FROM job_runs WHERE job = :job AND next_run_at <= :now FOR UPDATE SKIP LOCKED
""")
_FINISH = text("UPDATE job_runs SET next_run_at = :next, finished_at = :now WHERE job = :job")


@dataclass(frozen=True, slots=True)
class Job:
    """`run(session, now)` does one bounded portion of work.

    True when there is more to do, after a rest as long as the portion took. `work` is a query that
    has a row whenever there may be something to do; a job that has one is not run while it has not,
    and is due until it has.
    """

    name: str
    every: timedelta
    run: Callable[[AsyncSession, datetime], Awaitable[bool]]
    work: str | None = None


class Scheduler:
    def __init__(self, sessions: Sessions, service: str, jobs: Sequence[Job]) -> None:
        self._sessions = sessions
        self._service = service
        self._jobs = jobs
        self._look = _look(jobs)

    async def run(self) -> None:
        """Run what is due, for ever."""
        registered = False
        while self._jobs:
            try:
                if not registered:
                    await self._register()
                    registered = True
                for job in await self._due(clock.now()):
                    await self._run_while_due(job)
            except Exception:
                log.exception("scheduling jobs failed and will be tried again")
                await asyncio.sleep(PAUSE_AFTER_ERROR_S)
            await asyncio.sleep(TICK_S)

    async def _register(self) -> None:
        async with transaction(self._sessions) as session:
            await session.execute(_REGISTER, {"jobs": [job.name for job in self._jobs]})

    async def _due(self, now: datetime) -> list[Job]:
        """The jobs whose time has come and that may have something to do, asked in one look."""
        async with transaction(self._sessions) as session:
            rows = await session.execute(self._look, {"now": now})
            due = {row.job for row in rows}
        return [job for job in self._jobs if job.name in due]

    async def _run_while_due(self, job: Job) -> None:
        try:
            began = time.monotonic()
            while await self.run_once(job, clock.now()):
                await asyncio.sleep(turn_s(time.monotonic() - began))
                began = time.monotonic()
        except Exception:
            metrics.JOB_FAILURES.labels(self._service, job.name).inc()
            log.exception("job %s failed and will be run again", job.name)
            await self._postpone(job)

    async def run_once(self, job: Job, now: datetime) -> bool:
        """Run `job` if it is due and nobody else is running it.

        True when it should go on at once.
        """
        started = time.perf_counter()
        async with transaction(self._sessions) as session:
            claimed = (await session.execute(_CLAIM, {"job": job.name, "now": now})).first()
            if claimed is None:
                return False
            more = await job.run(session, now)
            next_run = now if more else now + job.every
            await session.execute(_FINISH, {"job": job.name, "next": next_run, "now": now})
        metrics.JOB_SECONDS.labels(self._service, job.name).observe(time.perf_counter() - started)
        return more

    async def _postpone(self, job: Job) -> None:
        later = clock.now() + min(job.every, timedelta(seconds=30))
        async with transaction(self._sessions) as session:
            statement = text("UPDATE job_runs SET next_run_at = :later WHERE job = :job")
            await session.execute(statement, {"later": later, "job": job.name})


def _look(jobs: Sequence[Job]) -> TextClause:
    """Which jobs are due. Those with `work` of their own only where there may be some."""
    asked = [f"WHEN '{job.name}' THEN EXISTS ({job.work})" for job in jobs if job.work]
    wanted = f"CASE job {' '.join(asked)} ELSE true END" if asked else "true"
    return text(f"SELECT job FROM job_runs WHERE next_run_at <= :now AND {wanted}")
