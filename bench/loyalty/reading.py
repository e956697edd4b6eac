"""Reading the wallet screen through the gateway, 1,000 times a second, of short and long pasts.

Whole screens are read, no phone says what it has already; then the same with what it has, which is
answered 304.
"""

import time
from collections.abc import Sequence
from statistics import median

from bench.client import Client
from bench.loyalty.people import Person, signed_in
from bench.loyalty.world import World, credit
from bench.offered import offered
from bench.rounds import console, percentile
from services.loyalty.rules.ledger import Terms

RATE = 1_000
RATE_S = 10
PEOPLE = 50
SHORT, LONG = 10, 10_000
LONG_PEOPLE = 5
PER_STATEMENT = 1_000
ROUNDS = 5
READS = 300


async def with_entries(world: World, people: Sequence[Person], entries: int) -> None:
    """Give each person so many entries, of which none expires soon."""
    async with world.runtime() as runtime:
        for person in people:
            for first in range(0, entries, PER_STATEMENT):
                some = [person.member_id] * min(PER_STATEMENT, entries - first)
                await credit(runtime, some, 7, Terms(valid_days=300))
    connection = await world.connect()
    await connection.execute(
        """
        UPDATE lots SET due_at = due_at + place.n * interval '1 minute'
        FROM (SELECT id, row_number() OVER (PARTITION BY member_id ORDER BY id) AS n FROM lots
            WHERE member_id = ANY($1)) AS place
        WHERE lots.id = place.id
    """,
        [person.member_id for person in people],
    )
    await connection.execute("ANALYZE lots, entries, wallets")
    await connection.close()


async def measure(world: World, url: str) -> None:
    people = await signed_in(url, PEOPLE)
    await with_entries(world, people, SHORT)
    show(f"wallet read, {RATE}/s for {RATE_S} s", await at_a_rate(url, people, RATE_S))
    await compare(world, url, people)


async def at_a_rate(url: str, people: Sequence[Person], seconds: float) -> list[float]:
    """Seconds each reading takes at so many a second."""
    client = Client(url)

    async def read(number: int) -> None:
        await client.ask("GET", "/v1/wallet", headers=people[number % len(people)].headers)

    await offered(RATE / 4, 2, read)
    latencies = await offered(RATE, seconds, read)
    client.close()
    return latencies


def show(what: str, latencies: Sequence[float]) -> None:
    shown = [
        f"p{share * 100:g} {percentile(list(latencies), share) * 1000:.1f} ms"
        for share in (0.5, 0.99)
    ]
    console.print(f"{what}: {', '.join(shown)}")


async def compare(world: World, url: str, short: Sequence[Person]) -> None:
    """Show what a past of 10,000 entries costs a reading against one of 10, one at a time."""
    long = await signed_in(url, LONG_PEOPLE)
    await with_entries(world, long, LONG)
    client = Client(url)
    taken: dict[int, list[float]] = {SHORT: [], LONG: []}
    for _ in range(ROUNDS):
        for entries, people in ((SHORT, short[:LONG_PEOPLE]), (LONG, long)):
            for number in range(READS):
                started = time.perf_counter()
                headers = people[number % len(people)].headers
                await client.ask("GET", "/v1/wallet", headers=headers)
                taken[entries].append(time.perf_counter() - started)
    client.close()
    few, many = (median(taken[entries]) * 1000 for entries in (SHORT, LONG))
    console.print(
        f"wallet read, one at a time: {SHORT:,} entries {few:.2f} ms, {LONG:,} entries"
        f" {many:.2f} ms, ratio {many / few:.2f}"
    )
