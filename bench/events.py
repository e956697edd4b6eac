"""Events through outbox, JetStream, inbox and effect, beside pgbench with single rows.

The reference: one transaction per event that writes the inbox row and adds to a member's row, from
16 connections. Ours: events committed to the outbox 50 at a time, relayed, consumed in batches.
"""

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid5

import asyncpg
import uvloop
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncSession

from bench.rounds import alternate, show
from kit import outbox
from kit.app import Runtime, Service
from kit.db import transaction
from kit.events import Event, Payload, Reading
from kit.migrate import migrate
from kit.settings import Settings
from rapport import embedded
from rapport.embedded.postgres import binary
from rapport.serving import calm_the_collector

MEMBERS = 10_000
EVENTS = 20_000
PER_TRANSACTION = 50
PRODUCERS = 8
ROUNDS = 5
SECONDS = 5
CLIENTS = 16
_NAMESPACE = UUID("0d7b7e0a-6a6e-4f0e-9a3a-0c9f6f3d2b11")

PGBENCH = f"""
\\set member random(1, {MEMBERS})
BEGIN;
INSERT INTO inbox (event_id, type) VALUES (gen_random_uuid(), 'bench') ON CONFLICT DO NOTHING;
UPDATE tallies SET points = points + 1 WHERE number = :member;
COMMIT;
"""


class Counted(Payload):
    type: ClassVar[str] = "bench.thing.counted.v1"
    member_id: UUID
    number: int


class Heard(Reading):
    type: ClassVar[str] = Counted.type
    number: int


async def on_counted(session: AsyncSession, events: Sequence[Event]) -> None:
    numbers = [Heard.of(event).number for event in events]
    statement = text("""
        UPDATE tallies SET points = points + gained.times
        FROM (SELECT number, count(*) AS times FROM unnest(CAST(:numbers AS bigint[])) AS number
              GROUP BY number) AS gained
        WHERE tallies.number = gained.number
    """)
    await session.execute(statement, {"numbers": numbers})


SERVICE = Service(
    name="bench",
    title="Bench",
    metadata=MetaData(),
    migrations=Path(__file__).parent / "migrations",
    routers=[],
    handlers={Counted.type: on_counted},
    publishes=[Counted],
)


async def prepare(settings: Settings) -> None:
    await migrate(SERVICE, settings)
    connection = await asyncpg.connect(settings.database_url("postgresql"))
    await connection.execute("CREATE TABLE tallies (number bigint PRIMARY KEY, points bigint)")
    await connection.execute(
        f"INSERT INTO tallies SELECT n, 0 FROM generate_series(1, {MEMBERS}) n"
    )
    await connection.close()


async def ours(settings: Settings) -> float:
    """Events a second, from the first commit until the last effect."""
    runtime = Runtime(SERVICE, settings)
    await runtime.start()
    await runtime.bus.wait_connected()
    before = await total(runtime)
    started = time.perf_counter()
    share = EVENTS // PRODUCERS
    await asyncio.gather(*(produce(runtime, n * share, share) for n in range(PRODUCERS)))
    while await total(runtime) < before + EVENTS:
        await asyncio.sleep(0.1)
    elapsed = time.perf_counter() - started
    await runtime.stop()
    return EVENTS / elapsed


async def produce(runtime: Runtime, start: int, count: int) -> None:
    for first in range(start, start + count, PER_TRANSACTION):
        numbers = [n % MEMBERS + 1 for n in range(first, first + PER_TRANSACTION)]
        async with transaction(runtime.sessions) as session:
            await outbox.publish(
                session,
                *(Counted(member_id=uuid5(_NAMESPACE, str(n)), number=n) for n in numbers),
            )


async def total(runtime: Runtime) -> int:
    async with transaction(runtime.sessions) as session:
        return int((await session.execute(text("SELECT sum(points) FROM tallies"))).scalar_one())


def pgbench(script: Path, sockets: Path, database: str) -> float:
    command = [
        *(str(binary("pgbench")), "-n", "-f", str(script), "-c", str(CLIENTS), "-j", "2"),
        *("-T", str(SECONDS), "-M", "prepared", "-h", str(sockets), "-U", "postgres", database),
    ]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    return float(printed.split("tps = ")[1].split()[0])


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        embedded.servers(Path(folder), only=["postgres", "nats"]) as servers,
    ):
        calm_the_collector()  # as a process that serves does
        settings = Settings(
            postgres_url=servers.postgres_url,
            nats_url=servers.nats_url,
            database="bench",
            jwks='{"keys": []}',
        )
        uvloop.run(prepare(settings))
        script = Path(folder) / "single.sql"
        script.write_text(PGBENCH)
        script.chmod(0o644)
        reference = "pgbench, one event a transaction"
        figures = alternate(
            {
                reference: lambda: pgbench(script, servers.folder.sockets, "bench"),
                "outbox to effect": lambda: uvloop.run(ours(settings)),
            },
            ROUNDS,
        )
        show("Events through the whole path", "events/s", reference, figures)


if __name__ == "__main__":
    main()
