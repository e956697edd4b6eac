"""Reading the wallet screen through the gateway, of short and long pasts.

Whole screens are read, no phone says what it has already. First it is found how many a second there
can be at most; then they are offered at the rate aimed at, if there can be so many, else at half of
what there can be: at a rate beyond it the queue would be measured, not the reading.
"""

import asyncio
import time
from collections.abc import Sequence
from statistics import median

from bench.client import Client, RefusedError
from bench.loyalty.people import Person, signed_in
from bench.loyalty.world import World, credit
from bench.offered import described, offered
from bench.rounds import console
from services.loyalty.rules.ledger import Terms

RATE = 1_000
CALLERS = 16
AFTER_REFUSAL_S = 0.05
WARM_S = 2
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
    rate = await affordable(url, people)
    show(f"wallet read, {rate}/s for {RATE_S} s", await at_a_rate(url, people, rate, RATE_S))
    await compare(world, url, people)


async def affordable(url: str, people: Sequence[Person]) -> int:
    """Show how many a second there can be; the rate to offer."""
    most = await at_most(url, people)
    console.print(f"wallet read, {CALLERS} callers: full at {most:.0f}/s; the aim is {RATE}/s")
    return RATE if most > RATE else int(most / 2)


async def at_most(url: str, people: Sequence[Person]) -> float:
    """Readings a second of callers who ask again when answered, and a little later when refused."""
    client = Client(url)

    async def read_on(first: int, until: float) -> int:
        done, number = 0, first
        while time.perf_counter() < until:
            number += 1
            try:
                await _read(client, people[number % len(people)])
                done += 1
            except RefusedError:
                await asyncio.sleep(AFTER_REFUSAL_S)
        return done

    for seconds in (WARM_S, RATE_S):  # what is asked for the first time is made ready
        until = time.perf_counter() + seconds
        done = await asyncio.gather(*(read_on(n, until) for n in range(CALLERS)))
    client.close()
    return sum(done) / RATE_S


async def at_a_rate(url: str, people: Sequence[Person], rate: float, seconds: float) -> list[float]:
    """Seconds each reading takes at so many a second."""
    client = Client(url)
    latencies = await offered(rate, seconds, lambda n: _read(client, people[n % len(people)]))
    client.close()
    return latencies


async def _read(client: Client, person: Person) -> None:
    await client.ask("GET", "/v1/wallet", headers=person.headers)


def show(what: str, latencies: Sequence[float]) -> None:
    console.print(f"{what}: {described(latencies)}")


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
