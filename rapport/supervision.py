"""Starting servers together, bringing back what crashes, stopping together.

A server is anything with these five members: an embedded store, or a part in a process of its own.
"""

import asyncio
import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Protocol

from rapport.errors import OperatorError
from rapport.processes import POLL_S, Child
from rapport.reports import Report

log = logging.getLogger(__name__)

READY_WITHIN_S = 180.0
BACK_OFF_S = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_AFTER_S = 60.0


class Server(Protocol):
    """What is started, asked and stopped."""

    @property
    def name(self) -> str: ...

    @property
    def child(self) -> Child: ...

    async def prepare(self) -> None:
        """Make what the start needs; harmless when repeated."""

    def start(self) -> None:
        """Start the child; `answers` says when it is ready."""

    async def answers(self) -> bool:
        """Whether it does its work now."""


@contextmanager
def running(servers: Collection[Server], report: Report) -> Iterator[None]:
    """Run `servers` while the block runs."""
    try:
        asyncio.run(start_all(servers, report))
        yield
    finally:
        stop_all(servers, report)


async def start_all(servers: Collection[Server], report: Report) -> None:
    """Start all at once; the first failure ends the wait for the others."""
    try:
        async with asyncio.TaskGroup() as group:
            for server in servers:
                group.create_task(start(server, report))
    except* OperatorError as failures:
        raise failures.exceptions[0] from None


async def start(server: Server, report: Report) -> None:
    """Start one server and wait until it really answers."""
    began = time.monotonic()
    report(server.name, "starting", 0)
    await server.prepare()
    server.start()
    while not await server.answers():
        if not server.child.running:
            raise OperatorError(f"{server.name} ended at its start:\n{server.child.last_words()}")
        if time.monotonic() - began > READY_WITHIN_S:
            raise OperatorError(f"{server.name} is not ready in time; see {server.child.log}")
        await asyncio.sleep(POLL_S)
    report(server.name, "ready", time.monotonic() - began)


async def keep_running(server: Server, report: Report) -> None:
    """Bring `server` back whenever it ends, with a growing pause while it keeps ending."""
    pauses = iter(BACK_OFF_S)
    while True:
        up_since = time.monotonic()
        await server.child.ended()
        steady_s = time.monotonic() - up_since
        report(server.name, "crashed", steady_s)
        if steady_s > STEADY_AFTER_S:
            pauses = iter(BACK_OFF_S)
        await asyncio.sleep(next(pauses, BACK_OFF_S[-1]))
        await try_to_start(server, report)


async def try_to_start(server: Server, report: Report) -> None:
    """Start `server`; when that fails its child has ended, and `keep_running` tries again."""
    try:
        await start(server, report)
    except Exception:
        log.exception("%s does not start and will be tried again", server.name)
        server.child.ask_to_stop()


def stop_all(servers: Collection[Server], report: Report) -> None:
    """Stop all at once and wait for each."""
    for server in servers:
        server.child.ask_to_stop()
    for server in servers:
        began = time.monotonic()
        server.child.wait_until_stopped()
        report(server.name, "stopped", time.monotonic() - began)
