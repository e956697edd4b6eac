"""Supervision: a crash is said and brought back; a failing start ends the others' wait."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rapport import supervision
from rapport.errors import OperatorError
from rapport.processes import Child
from rapport.reports import silent

RUN_FOR_EVER = "import time; time.sleep(600)"


class Sleeper:
    """A server that answers as soon as it runs."""

    def __init__(self, folder: Path, name: str, program: str = RUN_FOR_EVER) -> None:
        self.name = name
        self.child = Child(name, folder / f"{name}.log")
        self.program = program

    async def prepare(self) -> None: ...

    def start(self) -> None:
        self.child.start([sys.executable, "-c", self.program])

    async def answers(self) -> bool:
        return self.child.running and self.program == RUN_FOR_EVER


class Reports:
    """What was reported, to wait for."""

    def __init__(self) -> None:
        self.states: list[str] = []
        self.said = asyncio.Event()

    def __call__(self, _name: str, state: str, _seconds: float) -> None:
        self.states.append(state)
        self.said.set()

    async def until(self, count: int, state: str) -> None:
        async with asyncio.timeout(60):
            while self.states.count(state) < count:
                self.said.clear()
                await self.said.wait()


@pytest.fixture
async def sleeper(tmp_path: Path) -> AsyncIterator[Sleeper]:
    server = Sleeper(tmp_path, "sleeper")
    yield server
    supervision.stop_all([server], silent)


async def test_a_crashed_server_is_said_and_brought_back(sleeper: Sleeper) -> None:
    reports = Reports()
    await supervision.start(sleeper, reports)
    keeper = asyncio.create_task(supervision.keep_running(sleeper, reports))
    for times in (1, 2):
        os.kill(sleeper.child.pid or 0, signal.SIGKILL)
        await reports.until(times + 1, "ready")
    keeper.cancel()
    assert reports.states[:5] == ["starting", "ready", "crashed", "starting", "ready"]


async def test_a_start_that_fails_says_the_last_words(tmp_path: Path) -> None:
    failing = Sleeper(tmp_path, "failing", "raise SystemExit('no port is free')")
    with pytest.raises(OperatorError, match=r"failing ended at its start:\nno port is free"):
        await supervision.start(failing, silent)


async def test_a_failing_start_ends_the_wait_for_the_others(tmp_path: Path) -> None:
    slow = Sleeper(tmp_path, "slow", f"{RUN_FOR_EVER} # never answers")
    failing = Sleeper(tmp_path, "failing", "raise SystemExit(1)")
    try:
        with pytest.raises(OperatorError, match="failing ended"):
            await supervision.start_all([slow, failing], silent)
    finally:
        supervision.stop_all([slow], silent)
    assert not slow.child.running


async def test_a_child_that_ignores_its_stop_signal_is_killed(tmp_path: Path) -> None:
    deaf = f"import signal; signal.signal(15, signal.SIG_IGN); print(1, flush=True); {RUN_FOR_EVER}"
    server = Sleeper(tmp_path, "deaf", deaf)
    server.start()
    async with asyncio.timeout(60):
        while not server.child.last_words():  # noqa: ASYNC110 -- it says so to its log
            await asyncio.sleep(0.01)
    server.child.ask_to_stop()
    server.child.wait_until_stopped(grace_s=0.2)
    assert not server.child.running
