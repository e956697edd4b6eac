"""The points ledger beside pgbench: earning from events, redeeming, a hot household, expiry.

The references are pgbench's own transactions from 16 connections on the same PostgreSQL, with
synchronous commits: for earning the inbox row and the member's row; for redeeming a conditional
UPDATE with an entry. Ours do all a service does: rules, lots, double entry, outbox. At the end the
ledger proves itself.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import uvloop
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError

from bench.events import CLIENTS, SECONDS, pgbench
from bench.rounds import alternate, console, percentile, show
from kit import clock, outbox
from kit.app import Runtime, Service
from kit.db import is_passing, transaction
from kit.ids import uuid7
from kit.migrate import migrate
from kit.settings import Settings
from rapport import embedded
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.households import found_household, join_household
from services.loyalty.actions.rewards import redeem_reward
from services.loyalty.actions.settling import settle_due_wallets
from services.loyalty.actions.verifying import verify_ledger
from services.loyalty.main import SERVICE
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, Terms, WalletKey
from services.loyalty.settings import Settings as LoyaltySettings
from services.profile.events import OrderPlaced

MEMBERS = 2_000
EVENTS = 8_000
PER_TRANSACTION = 50
PRODUCERS = 8
ROUNDS = 3
LOTS = 100_000
HOUSEHOLD = 8
PLENTY = 10**9

EARNING = f"""
\\set member random(1, {MEMBERS})
BEGIN;
INSERT INTO reference_inbox (event_id) VALUES (gen_random_uuid());
UPDATE reference_wallets SET points = points + 1 WHERE number = :member;
COMMIT;
"""
SPENDING = f"""
\\set member random(1, {MEMBERS})
BEGIN;
UPDATE reference_wallets SET points = points - 1 WHERE number = :member AND points >= 1;
INSERT INTO reference_entries (number, points) VALUES (:member, -1);
COMMIT;
"""
TABLES = f"""
CREATE TABLE reference_inbox (event_id uuid PRIMARY KEY);
CREATE TABLE reference_wallets (number bigint PRIMARY KEY, points bigint CHECK (points >= 0));
CREATE TABLE reference_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number bigint, points bigint
);
INSERT INTO reference_wallets SELECT n, {PLENTY} FROM generate_series(1, {MEMBERS}) AS n
"""

SHOP = Service(
    name="profile",
    title="A shop that reports orders",
    metadata=MetaData(),
    migrations=Path(__file__).parent / "migrations",
    routers=[],
    handlers={},
    publishes=[OrderPlaced],
)


@dataclass
class Bench:
    """Loyalty and a shop on the stores of the run."""

    loyalty: LoyaltySettings
    shop: Settings
    members: list[UUID]
    reward_id: UUID
    orders: Iterator[int]

    def runtime(self) -> Runtime:
        return Runtime(SERVICE, self.loyalty)


async def prepare(bench: Bench) -> None:
    """Migrate, give every member plenty, and offer a reward without end."""
    await migrate(SERVICE, bench.loyalty)
    await migrate(SHOP, bench.shop)
    connection = await asyncpg.connect(bench.loyalty.database_url("postgresql"))
    await connection.execute(TABLES)
    await connection.execute(
        "INSERT INTO rewards (reward_id, name, description, points, active, created_at, updated_at)"
        """ VALUES ($1, '{"en": "Tea"}', '{"en": "Tea"}', 1, true, now(), now())""",
        bench.reward_id,
    )
    await connection.close()
    runtime = bench.runtime()
    for first in range(0, MEMBERS, 200):
        await credit(runtime, bench.members[first : first + 200], 10**6, Terms())
    await runtime.engine.dispose()


async def credit(runtime: Runtime, members: list[UUID], points: int, terms: Terms) -> None:
    """Give each of the members a lot."""
    async with transaction(runtime.sessions) as session:
        book = await open_book(session, members, clock.now())
        for member_id in members:
            claim = Claim(Source("bench", str(uuid7())), "bench", "earn")
            memo = Memo(claim=claim, at=book.now)
            book.earn(WalletKey(member_id, PointType.POINTS), points, terms, memo)
        await close_book(session, book)


async def earned_from_events(bench: Bench) -> float:
    """Orders a second, from the shop's first commit until loyalty's last."""
    shop, loyalty = Runtime(SHOP, bench.shop), bench.runtime()
    for runtime in (shop, loyalty):
        await runtime.start()
        await runtime.bus.wait_connected()
    before = await paid(loyalty)
    started = time.perf_counter()
    share = EVENTS // PRODUCERS
    await asyncio.gather(*(report_orders(shop, bench, share) for _ in range(PRODUCERS)))
    while await paid(loyalty) < before + EVENTS:
        await asyncio.sleep(0.1)
    elapsed = time.perf_counter() - started
    for runtime in (shop, loyalty):
        await runtime.stop()
    return EVENTS / elapsed


async def report_orders(shop: Runtime, bench: Bench, share: int) -> None:
    for _ in range(0, share, PER_TRANSACTION):
        async with transaction(shop.sessions) as session:
            orders = [order_of(bench) for _ in range(PER_TRANSACTION)]
            await outbox.publish(session, *orders)


def order_of(bench: Bench) -> OrderPlaced:
    number = next(bench.orders)
    return OrderPlaced(
        order_id=f"bench-{number}",
        member_id=bench.members[number % MEMBERS],
        amount_minor=12_900,
        currency="CNY",
        items=[],
        channel=None,
        placed_at=clock.now(),
    )


async def paid(loyalty: Runtime) -> int:
    """How many orders have been paid for."""
    async with transaction(loyalty.sessions) as session:
        statement = text("SELECT count(*) FROM entries WHERE rule = 'order' AND leg = 'earn'")
        return int((await session.execute(statement)).scalar_one())


async def redeemed(bench: Bench, members: list[UUID], latencies: list[float]) -> float:
    """Redemptions a second from as many tasks as pgbench has clients, each a transaction."""
    runtime = bench.runtime()
    until = time.perf_counter() + SECONDS
    numbers = count()
    done = 0

    async def redeem_on() -> None:
        nonlocal done
        while (started := time.perf_counter()) < until:
            member_id = members[next(numbers) % len(members)]
            await repeated(partial(redeem_once, runtime, member_id, bench.reward_id))
            latencies.append(time.perf_counter() - started)
            done += 1

    await asyncio.gather(*(redeem_on() for _ in range(CLIENTS)))
    await runtime.engine.dispose()
    return done / SECONDS


async def redeem_once(runtime: Runtime, member_id: UUID, reward_id: UUID) -> None:
    async with transaction(runtime.sessions) as session:
        await redeem_reward(session, member_id, reward_id, uuid7(), clock.now())


async def repeated(work: Callable[[], Awaitable[None]]) -> None:
    """Do what the database refused as a victim again, as a client would."""
    while True:
        try:
            return await work()
        except DBAPIError as error:
            if not is_passing(error):
                raise


async def household(bench: Bench) -> list[UUID]:
    """The members of a new household, whose wallet all of them spend from."""
    runtime, members = bench.runtime(), bench.members[:HOUSEHOLD]
    async with transaction(runtime.sessions) as session:
        view = await found_household(session, members[0], "Bench", clock.now())
    for member_id in members[1:]:
        async with transaction(runtime.sessions) as session:
            await join_household(session, member_id, view.household.code, clock.now())
    await runtime.engine.dispose()
    return members


async def expired(bench: Bench) -> float:
    """Lots a second that the sweep lets expire, in one process."""
    runtime = bench.runtime()
    owners = bench.members[HOUSEHOLD:]
    for first in range(0, LOTS, 500):
        some = [owners[(first + n) % len(owners)] for n in range(500)]
        await credit(runtime, some, 1, Terms(valid_days=1))
    later = clock.now() + timedelta(days=2)
    started, more = time.perf_counter(), True
    while more:
        async with transaction(runtime.sessions) as session:
            more = await settle_due_wallets(session, later, 1_000)
    elapsed = time.perf_counter() - started
    await runtime.engine.dispose()
    return LOTS / elapsed


async def drift(bench: Bench) -> dict[str, int]:
    runtime = bench.runtime()
    async with transaction(runtime.sessions) as session:
        found = await verify_ledger(session, whole=True)
    await runtime.engine.dispose()
    return dict(found.drift_points)


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        embedded.servers(Path(folder), only=["postgres", "nats"]) as servers,
    ):
        stores: dict[str, Any] = {
            "postgres_url": servers.postgres_url,
            "nats_url": servers.nats_url,
            "jwks": '{"keys": []}',
            "pool_size": CLIENTS,
        }
        bench = Bench(
            loyalty=LoyaltySettings(**stores),
            shop=Settings(**stores, database="shop"),
            members=[uuid7() for _ in range(MEMBERS)],
            reward_id=uuid7(),
            orders=count(),
        )
        uvloop.run(prepare(bench))
        measure(bench, Path(folder), servers.folder.sockets)


def measure(bench: Bench, folder: Path, sockets: Path) -> None:
    def reference(name: str, script: str) -> float:
        file = folder / f"{name}.sql"
        file.write_text(script)
        file.chmod(0o644)
        return pgbench(file, sockets, bench.loyalty.database)

    figures = alternate(
        {
            "pgbench": lambda: reference("earning", EARNING),
            "loyalty": lambda: uvloop.run(earned_from_events(bench)),
        },
        ROUNDS,
    )
    show("Earning from events, end to end", "orders/s", "pgbench", figures)
    latencies: list[float] = []
    figures = alternate(
        {
            "pgbench": lambda: reference("spending", SPENDING),
            "loyalty": lambda: uvloop.run(redeemed(bench, bench.members, latencies)),
        },
        ROUNDS,
    )
    show("Redeeming", "redemptions/s", "pgbench", figures)
    console.print(f"99 of 100 redemptions took at most {percentile(latencies, 0.99) * 1000:.0f} ms")
    shared = uvloop.run(household(bench))
    console.print(
        f"one household's wallet: {uvloop.run(redeemed(bench, shared, [])):,.0f} spends/s"
    )
    console.print(f"expiry: {uvloop.run(expired(bench)):,.0f} lots/s")
    console.print(f"drift: {uvloop.run(drift(bench))}")


if __name__ == "__main__":
    main()
