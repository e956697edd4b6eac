"""Guests of the app, signed in through the gateway."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import orjson

from bench.client import Client
from bench.loyalty.world import World
from bench.processes import system
from rapport.ports import free_port

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Person:
    member_id: UUID
    headers: Mapping[str, str]


@contextmanager
def gateway(world: World) -> Iterator[str]:
    """The whole system in one process on the stores of the run; its address."""
    folder = world.folder / "up"
    folder.mkdir()
    settings = {**world.servers.urls, "SHED_LAG_MS": "10000"}  # who waits is to be seen waiting
    with system(folder, free_port(), **settings) as (url, _, _):
        yield url


async def signed_in(url: str, number: int) -> list[Person]:
    client, turn = Client(url), asyncio.Semaphore(AT_ONCE)

    async def guest(place: int) -> Person:
        body = {"device_id": f"bench-{place}-{time.time_ns()}", "platform": "ios", "app": "bench"}
        async with turn:
            answer = await client.ask("POST", "/v1/auth/guest", orjson.dumps(body))
        headers = {"authorization": f"Bearer {answer['access_token']}"}
        return Person(UUID(answer["member_id"]), headers)

    people = await asyncio.gather(*(guest(place) for place in range(number)))
    client.close()
    return list(people)
