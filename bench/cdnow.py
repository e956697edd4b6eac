"""The whole CDNOW log, 69,659 purchases of 23,570 people, on the path from inbox to outbox."""

import asyncio
import tempfile
import time
from itertools import islice
from pathlib import Path

import uvloop

from bench.purchases import PROGRAMME, events
from bench.rounds import console
from bench.rules import BATCH, drift, publish
from kit import inbox
from kit.app import Runtime
from kit.db import transaction
from kit.migrate import migrate
from rapport import embedded
from services.loyalty.main import SERVICE
from services.loyalty.settings import Settings


async def measure(settings: Settings) -> None:
    await migrate(SERVICE, settings)
    runtime = Runtime(SERVICE, settings)
    await publish(runtime, PROGRAMME)
    told, number = events("CDNOW_master.txt"), 0
    started = time.perf_counter()
    while batch := list(islice(told, BATCH)):
        async with transaction(runtime.sessions) as session:
            await inbox.receive(session, "loyalty", SERVICE.handlers, batch)
        number += len(batch)
    elapsed = time.perf_counter() - started
    console.print(f"{number:,} events in {elapsed:.1f} s: {number / elapsed:,.0f} events/s")
    console.print(f"ledger drift: {await drift(runtime)}")
    await runtime.engine.dispose()


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        embedded.servers(Path(folder), only=["postgres"]) as servers,
    ):
        settings = Settings(
            postgres_url=servers.postgres_url, database="loyalty", jwks='{"keys": []}'
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(measure(settings))


if __name__ == "__main__":
    main()
