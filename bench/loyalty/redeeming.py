"""Redeeming: as many as can be, one household's wallet, and 300 a second through the gateway.

Each redemption is what an endpoint does: decided, written in lots and double entry, announced in
the outbox, its answer kept under its key. The reference is the conditional UPDATE with an entry, a
transaction each, from 16 connections.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from uuid import UUID

from fastapi import Response

from bench.client import Client
from bench.events import SECONDS
from bench.loyalty.people import Person, signed_in
from bench.loyalty.world import MEMBERS, World, credit, run
from bench.offered import described, offered
from bench.rounds import alternate, console, show
from kit import clock
from kit.app import Runtime
from kit.combining import Call, Combiner
from kit.db import transaction
from kit.idempotency import Keyed
from kit.ids import uuid7
from services.loyalty.actions.households import Joiner, found_household, join_household
from services.loyalty.actions.redeeming import Redeemed
from services.loyalty.api.rewards import Asked, redeem_together
from services.loyalty.rules.wishes import Wish

CALLERS = 64
"""Ours share few connections; pgbench has one for each of its 16."""
HOUSEHOLD = 8
RATE = 300
RATE_S = 10
REFERENCE = f"""
\\set member random(1, {MEMBERS})
BEGIN;
UPDATE reference_wallets SET points = points - 1 WHERE number = :member AND points >= 1;
INSERT INTO reference_entries (number, points) VALUES (:member, -1);
COMMIT;
"""


def measure(world: World, rounds: int) -> None:
    figures = alternate(
        {
            "pgbench": lambda: world.reference("spending", REFERENCE),
            "loyalty": lambda: run(redeemed(world, world.members)),
        },
        rounds,
    )
    show("Redeeming", "redemptions/s", "pgbench", figures)


def measure_household(world: World) -> None:
    members = run(household(world))
    console.print(f"one household's wallet: {run(redeemed(world, members)):,.0f} spends/s")


async def redeemed(world: World, members: Sequence[UUID]) -> float:
    """Redemptions a second, each caller asking again when answered."""
    numbers = count()
    until = time.perf_counter() + SECONDS
    async with world.runtime() as runtime:
        combiner = Combiner(runtime.sessions, redeem_together)

        async def redeem_on() -> int:
            done = 0
            while time.perf_counter() < until:
                member_id = members[next(numbers) % len(members)]
                await combiner.answer(call_of(member_id, world.reward_id))
                done += 1
            return done

        return sum(await asyncio.gather(*(redeem_on() for _ in range(CALLERS)))) / SECONDS


def call_of(member_id: UUID, reward_id: UUID) -> Call[Asked, Redeemed]:
    key = uuid7()
    keyed = Keyed(str(member_id), "bench", key, key.bytes, key.bytes * 2)

    def shown(redeemed: Redeemed) -> Response:
        return Response(str(redeemed.redemption.redemption_id), 201)

    return Call(keyed, Asked(Wish(member_id, reward_id, key), None), shown)


async def household(world: World) -> list[UUID]:
    """The members of a new household, whose wallet all of them spend from."""
    members = world.members[:HOUSEHOLD]
    async with world.runtime() as runtime:
        async with transaction(runtime.sessions) as session:
            view = await found_household(session, Joiner(members[0]), "Bench", clock.now())
        for member_id in members[1:]:
            async with transaction(runtime.sessions) as session:
                await join_household(session, Joiner(member_id), view.household.code, clock.now())
    return members


async def at_a_rate(world: World, url: str) -> None:
    """Show how long a redemption takes through the gateway at so many a second."""
    people = await signed_in(url, 200)
    async with AsyncExitStack() as stack:
        runtime: Runtime = await stack.enter_async_context(world.runtime())
        await credit(runtime, [person.member_id for person in people], 10**6)
    client = Client(url)
    path = f"/v1/rewards/{world.reward_id}/redemptions"

    async def redeem(person: Person) -> None:
        headers = {**person.headers, "idempotency-key": str(uuid7())}
        await client.ask("POST", path, headers=headers)

    await offered(RATE / 3, 2, lambda number: redeem(people[number % len(people)]))
    latencies = await offered(RATE, RATE_S, lambda number: redeem(people[number % len(people)]))
    client.close()
    console.print(f"redeeming through the gateway, {RATE}/s for {RATE_S} s: {described(latencies)}")
