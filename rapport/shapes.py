"""The two shapes of one machine: everything in this process, or a process for each part.

Either way what crashes is said and brought back: the stores, and the parts that are processes.
"""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from rapport import migrations, serving
from rapport.embedded.folder import DataFolder
from rapport.parts import GATEWAY, PARTS, SERVICES, Part
from rapport.ports import LOOPBACK, Claim, claim, is_well
from rapport.reports import Report
from rapport.supervision import Server, keep_running, start_all, stop_all

READY_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Machine:
    """What a shape is given: the folder, the stores that run, and where the gateway shall be."""

    folder: DataFolder
    stores: Collection[Server]
    host: str
    gateway: Claim
    operations: Claim
    report: Report
    ready: Callable[[], None]


async def one_process(machine: Machine, told: asyncio.Event) -> None:
    """Gateway and services in this process; the gateway calls the services directly."""
    await migrations.migrate(list(PARTS.values()), machine.report)
    began = time.monotonic()
    services = {part.name: part.create_app(part.settings()) for part in SERVICES}
    settings = GATEWAY.settings()
    app = GATEWAY.create_app(settings, services)

    async def ready() -> None:
        await all_ready(services, machine, began)
        machine.ready()

    async with kept_running(machine.stores, machine.report):
        await serving.serve(
            app,
            told,
            host=machine.host,
            port=machine.gateway,
            drain_s=settings.drain_s,
            operations=(GATEWAY.create_operations_app(app), LOOPBACK, machine.operations),
            ready=ready,
        )


async def all_ready(services: Mapping[str, Any], machine: Machine, began: float) -> None:
    """Wait until every part says it is ready, and report each."""
    async with asyncio.TaskGroup() as group:
        for name, app in services.items():
            group.create_task(reported(name, partial(is_ready, app), began, machine.report))
        gateway = partial(is_well, machine.gateway.port, "/readyz", machine.host)
        group.create_task(reported(GATEWAY.name, gateway, began, machine.report))


async def is_ready(app: Any) -> bool:
    """Whether a service in this process has all it needs."""
    checks = await app.state.runtime.readiness()
    return all(state == "ok" for state in checks.values())


async def reported(
    name: str, ready: Callable[[], Awaitable[bool]], began: float, report: Report
) -> None:
    """Report `name` as starting, and as ready when it is."""
    report(name, "starting", 0)
    while not await ready():  # noqa: ASYNC110 -- readiness lies outside this process
        await asyncio.sleep(READY_POLL_S)
    report(name, "ready", time.monotonic() - began)


class PartProcess:
    """A part in a process of its own, by `rapport serve`; it migrates its own database first.

    Its ports stay ours while it is down, so it comes back to them.
    """

    def __init__(
        self,
        part: Part,
        folder: DataFolder,
        *,
        host: str,
        claim: Claim,
        operations: Claim | None = None,
    ) -> None:
        self.name = part.name
        self.host = host
        self.port = claim.port
        self.claims = [claim, *([operations] if operations else [])]
        self.where = ["--host", host, "--port", str(claim.port)]
        if operations:
            self.where += ["--operations-host", LOOPBACK]
            self.where += ["--operations-port", str(operations.port)]
        for kept in self.claims:
            self.where += ["--kept", str(kept.port)] if kept.kept else []
        self.child = folder.child(part.name)

    async def prepare(self) -> None:
        """Nothing to prepare."""

    def start(self) -> None:
        """Start the process; it inherits the environment."""
        command = [sys.executable, "-m", "rapport", "serve", self.name, "--migrate"]
        self.child.start([*command, *self.where])

    async def answers(self) -> bool:
        """Whether its stores are reachable and its consumers attached."""
        return await is_well(self.port, "/readyz", self.host)


async def process_per_part(machine: Machine, told: asyncio.Event) -> None:
    """Every part in a process of its own; the gateway calls them over HTTP."""
    services = [
        PartProcess(part, machine.folder, host=LOOPBACK, claim=claim(part.port))
        for part in SERVICES
    ]
    gateway = PartProcess(
        GATEWAY,
        machine.folder,
        host=machine.host,
        claim=machine.gateway,
        operations=machine.operations,
    )
    os.environ.update({f"{s.name.upper()}_URL": f"http://{LOOPBACK}:{s.port}" for s in services})
    try:
        if await are_started([*services, gateway], machine.report, told):
            machine.ready()
            async with kept_running([*machine.stores, *services, gateway], machine.report):
                await told.wait()
    finally:
        # The gateway first: nothing new comes in while the services finish what they have.
        for group in ([gateway], services):
            await asyncio.to_thread(stop_all, group, machine.report)


async def are_started(servers: Collection[Server], report: Report, told: asyncio.Event) -> bool:
    """Start `servers`; False when told to stop before they are ready."""
    starting = asyncio.create_task(start_all(servers, report))
    stopping = asyncio.create_task(told.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if told.is_set():
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return False
    await starting
    return True


@contextlib.asynccontextmanager
async def kept_running(servers: Collection[Server], report: Report) -> AsyncIterator[None]:
    """Bring `servers` back when they crash, while the block runs."""
    keepers = [asyncio.create_task(keep_running(server, report)) for server in servers]
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


Shape = Callable[[Machine, asyncio.Event], Coroutine[Any, Any, None]]
SHAPES: dict[str, Shape] = {"process": one_process, "services": process_per_part}
