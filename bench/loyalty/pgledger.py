"""pgledger's transfer beside our redemption. Its SQL comes from a checkout, never from here.

A transfer of theirs locks two accounts and writes a transfer with two entries, in one call. Each of
ours also decides by the programme, consumes lots, says what happened, and keeps its answer.
"""

from pathlib import Path

import asyncpg

from bench.events import pgbench
from bench.loyalty.redeeming import redeemed
from bench.loyalty.world import MEMBERS, World, run
from bench.rounds import alternate, console, show

DATABASE = "pgledger"
FILES = (
    "vendor/scoville-pgsql-ulid/ulid-to-uuid.sql",
    "vendor/scoville-pgsql-ulid/uuid-to-ulid.sql",
    "pgledger.sql",
)
ACCOUNTS = f"""
    CREATE TABLE bench_accounts AS
    SELECT n AS number, (pgledger_create_account('member ' || n, 'POINTS')).id AS id
    FROM generate_series(1, {MEMBERS}) AS n;
    ALTER TABLE bench_accounts ADD PRIMARY KEY (number)
"""
TRANSFER = f"""
\\set giver random(1, {MEMBERS})
\\set taker 1 + (:giver - 1 + random(1, {MEMBERS - 1})) % {MEMBERS}
SELECT pgledger_create_transfer(
    (SELECT id FROM bench_accounts WHERE number = :giver),
    (SELECT id FROM bench_accounts WHERE number = :taker), 1);
"""


def measure(world: World, checkout: Path | None, rounds: int) -> None:
    if checkout is None:
        console.print("pgledger: left out; --pgledger names a checkout of it")
        return
    run(prepare(world, checkout))
    file = world.folder / "transfer.sql"
    file.write_text(TRANSFER)
    file.chmod(0o644)
    figures = alternate(
        {
            "pgledger": lambda: pgbench(file, world.servers.folder.sockets, DATABASE),
            "loyalty": lambda: run(redeemed(world, world.members)),
        },
        rounds,
    )
    show("A transfer of pgledger, a redemption of ours", "transactions/s", "pgledger", figures)


async def prepare(world: World, checkout: Path) -> None:
    connection = await world.connect()
    await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()
    settings = world.loyalty.model_copy(update={"database": DATABASE})
    connection = await asyncpg.connect(settings.database_url("postgresql"))
    for name in FILES:
        await connection.execute((checkout / name).read_text())
    await connection.execute(ACCOUNTS)
    await connection.close()
