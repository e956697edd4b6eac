"""PostgreSQL, NATS JetStream and Valkey from wheels, as child processes over one data folder.

    with embedded.servers(Path(".rapport")) as servers:
        servers.postgres_url, servers.nats_url, servers.valkey_url

Started in parallel, handed over when all answer, stopped when the block ends. Nothing is left
behind when this process is killed (see `processes`), and one data folder is used by one process at
a time (see `folder`). Call it from the main thread.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rapport.embedded.folder import DataFolder
from rapport.embedded.nats import Nats
from rapport.embedded.postgres import Postgres
from rapport.embedded.valkey import Valkey
from rapport.processes import POLL_S, CannotStart

Server = Postgres | Nats | Valkey
State = Literal["starting", "ready", "crashed", "stopped"]
Report = Callable[[str, State, float], None]
KINDS: dict[str, type[Server]] = {"postgres": Postgres, "nats": Nats, "valkey": Valkey}
READY_WITHIN_S = 60.0


def silent(name: str, state: State, seconds: float) -> None:
    """Report nothing."""


@dataclass(frozen=True, slots=True)
class Servers:
    """The running servers by name; a URL is empty for a server that was not asked for."""

    running: dict[str, Server]

    @property
    def postgres_url(self) -> str:
        """`postgresql://postgres@/postgres?host=<socket folder>`."""
        return self._url("postgres")

    @property
    def nats_url(self) -> str:
        """`nats://<token>@127.0.0.1:<port>`."""
        return self._url("nats")

    @property
    def valkey_url(self) -> str:
        """`unix://<socket>`."""
        return self._url("valkey")

    @property
    def urls(self) -> dict[str, str]:
        """The URLs under the names the settings of every part read from the environment."""
        return {f"{name.upper()}_URL": server.url for name, server in self.running.items()}

    def _url(self, name: str) -> str:
        return self.running[name].url if name in self.running else ""


@contextmanager
def servers(
    data: Path,
    *,
    durable: bool = True,
    only: Collection[str] = tuple(KINDS),
    report: Report = silent,
) -> Iterator[Servers]:
    """Run the servers named in `only` over `data`; raise `CannotStart` with what to do.

    `durable=False` trades every guarantee for speed: for tests, whose data is thrown away.
    """
    with DataFolder.taken(data) as folder:
        started = {name: KINDS[name](folder, durable=durable) for name in only}
        try:
            asyncio.run(start_all(started.values(), report))
            yield Servers(started)
        finally:
            stop_all(started.values(), report)


async def start_all(started: Collection[Server], report: Report) -> None:
    """Start all at once; the first failure stops the wait for the others."""
    try:
        async with asyncio.TaskGroup() as group:
            for server in started:
                group.create_task(start(server, report))
    except* CannotStart as failures:
        raise failures.exceptions[0] from None


async def start(server: Server, report: Report) -> None:
    """Start one server and wait until it really answers. Also how a crashed one comes back."""
    began = time.monotonic()
    report(server.name, "starting", 0)
    await server.prepare()
    server.start()
    server.folder.remember(server.child)
    while not await server.answers():
        if not server.child.running:
            raise CannotStart(f"{server.name} ended at its start:\n{server.child.last_words()}")
        if time.monotonic() - began > READY_WITHIN_S:
            raise CannotStart(f"{server.name} is not ready in time; see {server.child.log}")
        await asyncio.sleep(POLL_S)
    report(server.name, "ready", time.monotonic() - began)


def stop_all(started: Collection[Server], report: Report) -> None:
    """Stop all at once and wait for each."""
    for server in started:
        server.child.ask_to_stop()
    for server in started:
        began = time.monotonic()
        server.child.wait_until_stopped()
        report(server.name, "stopped", time.monotonic() - began)
