"""Earning: from an order in the shop's outbox to its points in the wallet, told on.

The reference writes what any consumer must, the inbox row and the member's row, in one transaction
an event, from 16 connections.
"""

import asyncio
import time

from sqlalchemy import text

from bench.loyalty.world import MEMBERS, SHOP, World, run
from bench.rounds import alternate, show
from kit import clock, outbox
from kit.app import Runtime
from kit.db import transaction
from services.loyalty.main import SERVICE
from services.profile.events import OrderPlaced

EVENTS = 8_000
PER_TRANSACTION = 50
PRODUCERS = 8
WATCH_S = 0.1

REFERENCE = f"""
\\set member random(1, {MEMBERS})
BEGIN;
INSERT INTO reference_inbox (event_id) VALUES (gen_random_uuid());
UPDATE reference_wallets SET points = points + 1 WHERE number = :member;
COMMIT;
"""


def measure(world: World, rounds: int) -> None:
    figures = alternate(
        {
            "pgbench": lambda: world.reference("earning", REFERENCE),
            "loyalty": lambda: run(earned_from_events(world)),
        },
        rounds,
    )
    show("Earning from events, end to end", "orders/s", "pgbench", figures)


async def earned_from_events(world: World) -> float:
    """Orders a second, from the shop's first commit until loyalty's last."""
    shop, loyalty = Runtime(SHOP, world.shop), Runtime(SERVICE, world.loyalty)
    for runtime in (shop, loyalty):
        await runtime.start()
        await runtime.bus.wait_connected()
    before = await paid(loyalty)
    started = time.perf_counter()
    share = EVENTS // PRODUCERS
    await asyncio.gather(*(report_orders(shop, world, share) for _ in range(PRODUCERS)))
    while await paid(loyalty) < before + EVENTS:
        await asyncio.sleep(WATCH_S)
    elapsed = time.perf_counter() - started
    for runtime in (shop, loyalty):
        await runtime.stop()
    return EVENTS / elapsed


async def report_orders(shop: Runtime, world: World, share: int) -> None:
    for _ in range(0, share, PER_TRANSACTION):
        async with transaction(shop.sessions) as session:
            orders = [order_of(world) for _ in range(PER_TRANSACTION)]
            await outbox.publish(session, *orders)


def order_of(world: World) -> OrderPlaced:
    number = next(world.orders)
    return OrderPlaced(
        order_id=f"bench-{number}",
        member_id=world.members[number % MEMBERS],
        amount_minor=12_900,
        currency="CNY",
        items=[],
        channel=None,
        placed_at=clock.now(),
    )


async def paid(loyalty: Runtime) -> int:
    """How many entries of growth points there are: one for each order. Watching is not the load."""
    async with transaction(loyalty.sessions) as session:
        statement = text("SELECT sum(version) FROM wallets WHERE point_type = 'growth'")
        return int((await session.execute(statement)).scalar_one())
