"""Expiry by the system's own sweep, while wallets are read beside it as often as aimed at.

Where so many readings are more than there can be at all, half of what there can be are made.
"""

import asyncio
import time
from uuid import UUID

import asyncpg

from bench.loyalty.people import signed_in
from bench.loyalty.reading import PEOPLE, affordable, at_a_rate, show, with_entries
from bench.loyalty.world import World, credit
from bench.rounds import console
from services.loyalty.rules.ledger import Terms

PER_STATEMENT = 1_000
WATCHED_S = 0.2
READ_S = 5

DUE = """
    WITH due AS (
        UPDATE lots SET due_at = now() - interval '1 minute'
        WHERE member_id = ANY($1) AND is_open AND due_at IS NOT NULL RETURNING member_id
    )
    UPDATE wallets SET due_at = now() - interval '1 minute'
    WHERE member_id IN (SELECT member_id FROM due) AND point_type = 'points'
"""
SWEEP_NOW = "UPDATE job_runs SET next_run_at = now() WHERE job = 'loyalty.expire_points'"
LEFT = """
    SELECT count(*) FROM lots WHERE member_id = ANY($1) AND is_open AND due_at IS NOT NULL
"""


async def measure(world: World, url: str, lots: int) -> None:
    """Let so many lots of the world's members be due at once, and watch the sweep."""
    people = await signed_in(url, PEOPLE)
    await with_entries(world, people, 10)
    rate = await affordable(url, people)
    owners = world.members
    async with world.runtime() as runtime:
        for first in range(0, lots, PER_STATEMENT):
            some = [owners[(first + n) % len(owners)] for n in range(PER_STATEMENT)]
            await credit(runtime, some, 1, Terms(valid_days=1))
    connection = await world.connect()
    await connection.execute(DUE, owners)
    await connection.execute("ANALYZE lots, entries, wallets")
    reading = asyncio.create_task(at_a_rate(url, people, rate, READ_S))
    seconds = await swept(connection, owners)
    latencies = await reading
    await connection.close()
    million_min = seconds / lots * 1_000_000 / 60
    console.print(
        f"expiry of {lots:,} lots: {lots / seconds:,.0f} lots/s; a million in {million_min:.1f} min"
    )
    show(f"wallet read meanwhile, {rate}/s offered", latencies)


async def swept(connection: asyncpg.Connection, owners: list[UUID]) -> float:
    """Seconds from the sweep's first lot to its last."""
    due = left = await connection.fetchval(LEFT, owners)
    await connection.execute(SWEEP_NOW)
    started = time.perf_counter()
    while left:
        await asyncio.sleep(WATCHED_S)
        if left == due:  # it has not begun yet
            started = time.perf_counter() - WATCHED_S
        left = await connection.fetchval(LEFT, owners)
    return time.perf_counter() - started
