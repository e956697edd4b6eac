"""What the parts share: the stores, members, a reward, and pgbench to compare with."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import uvloop
from sqlalchemy import MetaData, text

from bench.events import CLIENTS, pgbench
from kit import clock
from kit.app import Runtime, Service
from kit.db import transaction
from kit.ids import uuid7
from kit.migrate import migrate
from kit.settings import Settings
from rapport import embedded
from rapport.embedded import Servers
from rapport.serving import calm_the_collector
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.verifying import verify_ledger
from services.loyalty.main import SERVICE
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, Terms, WalletKey
from services.loyalty.settings import Settings as LoyaltySettings
from services.profile.events import OrderPlaced

MEMBERS = 2_000
PLENTY = 10**9
PER_STATEMENT = 200

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
    migrations=Path(__file__).parents[1] / "migrations",
    routers=[],
    handlers={},
    publishes=[OrderPlaced],
)

Result = TypeVar("Result")


@dataclass
class World:
    """Loyalty and a shop on the stores of the run."""

    folder: Path
    servers: Servers
    members: list[UUID] = field(default_factory=lambda: [uuid7() for _ in range(MEMBERS)])
    reward_id: UUID = field(default_factory=uuid7)
    orders: Iterator[int] = field(default_factory=count)

    @property
    def stores(self) -> dict[str, Any]:
        return {
            "postgres_url": self.servers.postgres_url,
            "nats_url": self.servers.nats_url,
            "jwks": '{"keys": []}',
            "pool_size": CLIENTS,
        }

    @property
    def loyalty(self) -> LoyaltySettings:
        return LoyaltySettings(**self.stores)

    @property
    def shop(self) -> Settings:
        return Settings(**self.stores, database="shop")

    @asynccontextmanager
    async def runtime(self) -> Any:
        """Loyalty's stores, none of its work."""
        runtime = Runtime(SERVICE, self.loyalty)
        yield runtime
        await runtime.engine.dispose()

    def reference(self, name: str, script: str) -> float:
        """Transactions a second of pgbench running `script`."""
        file = self.folder / f"{name}.sql"
        file.write_text(script)
        file.chmod(0o644)
        return pgbench(file, self.servers.folder.sockets, self.loyalty.database)

    async def connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.loyalty.database_url("postgresql"))


@contextmanager
def world() -> Iterator[World]:
    """Empty stores, with members who have plenty, and a reward without end."""
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        embedded.servers(Path(folder)) as servers,
    ):
        calm_the_collector()  # as a process that serves does
        made = World(Path(folder), servers)
        run(prepare(made))
        yield made


def run(work: Coroutine[Any, Any, Result]) -> Result:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def prepare(world: World) -> None:
    await migrate(SERVICE, world.loyalty)
    await migrate(SHOP, world.shop)
    connection = await world.connect()
    await connection.execute(TABLES)
    await connection.execute(
        "INSERT INTO rewards (reward_id, name, description, points, active, created_at, updated_at)"
        """ VALUES ($1, '{"en": "Tea"}', '{"en": "Tea"}', 1, true, now(), now())""",
        world.reward_id,
    )
    await connection.execute(
        "UPDATE velocity_limits SET hourly_redemptions = NULL, daily_redemptions = NULL"
    )
    await connection.close()
    async with world.runtime() as runtime:
        for first in range(0, MEMBERS, PER_STATEMENT):
            await credit(runtime, world.members[first : first + PER_STATEMENT], 10**6)


async def credit(
    runtime: Runtime, members: list[UUID], points: int, terms: Terms | None = None
) -> None:
    """Give each of the members a lot, in the order they are named; one may be named often.

    Nobody is told: what others would make of it is not to be measured beside what is.
    """
    async with transaction(runtime.sessions) as session:
        book = await open_book(session, set(members), clock.now())
        for member_id in members:
            claim = Claim(Source("bench", str(uuid7())), "bench", "earn")
            memo = Memo(claim=claim, at=book.now)
            book.earn(WalletKey(member_id, PointType.POINTS), points, terms or Terms(), memo)
        await close_book(session, book)
        await session.execute(text("DELETE FROM outbox WHERE created_at = now()"))


def check(world: World, show: Callable[[str], None]) -> None:
    """Prove the ledger; whatever was measured of one that is wrong is worth nothing."""

    async def drift() -> dict[str, int]:
        async with world.runtime() as runtime, transaction(runtime.sessions) as session:
            return dict((await verify_ledger(session, whole=True)).drift_points)

    found = run(drift())
    show(f"drift: {found}")
    if any(found.values()):
        message = f"the ledger contradicts itself: {found}"
        raise RuntimeError(message)
