"""Leases: one process at a time, evenly divided, gone with the process that held them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

import kit.leases
from kit.fault_proxy import HEALTHY, FaultProxy, Faults
from kit.leases import Leases
from kit.testing import Harness, until

WORK = "the work of a test"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit.leases, "RETRY_S", 0.02)
    monkeypatch.setattr(kit.leases, "CHECK_S", 0.02)


class Process:
    """Something with leases, which works at whatever parts it is given."""

    def __init__(self, harness: Harness, parts: int) -> None:
        self.leases = Leases(harness.settings)
        self.parts = parts
        self.at_work: set[int] = set()
        self.taken = 0
        self.tasks: list[asyncio.Task[None]] = []

    async def work_at(self, part: int) -> None:
        while True:
            with contextlib.suppress(ConnectionError, TimeoutError):
                async with self.leases.hold(WORK, part, self.parts) as lease:
                    self.at_work.add(part)
                    self.taken += 1
                    try:
                        while await self.leases.keeps(lease):  # noqa: ASYNC110
                            await asyncio.sleep(0.01)
                    finally:
                        self.at_work.remove(part)


@contextlib.asynccontextmanager
async def process(harness: Harness, parts: int = 1) -> AsyncIterator[Process]:
    made = Process(harness, parts)
    made.tasks = [asyncio.create_task(made.work_at(part)) for part in range(parts)]
    try:
        yield made
    finally:
        for task in made.tasks:
            task.cancel()
        await asyncio.gather(*made.tasks, return_exceptions=True)
        await made.leases.close()


async def holds(owner: Process, count: int) -> None:
    async def has_it() -> bool:
        return len(owner.at_work) == count

    await until(has_it)


async def knows_of_two(process: Process) -> None:
    async def has_counted() -> bool:
        return process.leases._present == 2

    await until(has_counted)


async def test_one_process_alone_does_all_parts(harness: Harness) -> None:
    async with process(harness, parts=4) as alone:
        await holds(alone, 4)


async def test_a_second_process_stands_by_until_the_first_is_gone(harness: Harness) -> None:
    async with process(harness) as first:
        await holds(first, 1)
        async with process(harness) as second:
            await knows_of_two(second)
            assert (len(first.at_work), len(second.at_work)) == (1, 0)
            for task in first.tasks:
                task.cancel()
            await holds(second, 1)


async def test_parts_are_divided_evenly_among_those_who_come_and_go(harness: Harness) -> None:
    async with process(harness, parts=4) as first:
        await holds(first, 4)
        async with process(harness, parts=4) as second:
            await holds(first, 2)
            await holds(second, 2)
            assert first.at_work | second.at_work == {0, 1, 2, 3}
        await holds(first, 4)


async def test_who_loses_the_connection_notices_and_takes_up_work_again(harness: Harness) -> None:
    async with process(harness, parts=2) as owner:
        await holds(owner, 2)
        assert owner.leases._connection is not None
        owner.leases._connection.terminate()

        async def took_them_again() -> bool:
            return owner.taken == 4

        await until(took_them_again)


async def test_leases_take_nothing_from_the_pool(harness: Harness) -> None:
    async with process(harness, parts=16) as owner:
        await holds(owner, 16)
        assert harness.app.state.runtime.engine.pool.checkedout() == 0


async def test_a_lease_that_cannot_be_given_back_ends_with_its_connection(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = urlsplit(harness.settings.postgres_url)
    async with FaultProxy(server.hostname or "", server.port or 0) as network:
        through = server._replace(netloc=server.netloc.replace(str(server.port), str(network.port)))
        settings = harness.settings.model_copy(update={"postgres_url": through.geturl()})
        behind, beside = Leases(settings), Leases(harness.settings)
        with monkeypatch.context() as impatient_now:
            async with behind.hold(WORK):
                network.faults = Faults(half_open=True)
                impatient_now.setattr(kit.leases, "TIMEOUT_S", 0.5)  # it has its connection
        network.faults = HEALTHY
        for leases in (behind, beside):
            async with asyncio.timeout(60), leases.hold(WORK):
                pass
        await behind.close()
        await beside.close()
