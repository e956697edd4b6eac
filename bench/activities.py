"""Activities accepted by /v1/batch, 50 at a time, through the gateway of the one-process system."""

import asyncio
import tempfile
import time
from base64 import b64encode
from pathlib import Path
from uuid import uuid4

import orjson
import uvloop

from bench.client import Client
from bench.processes import system
from bench.rounds import alternate, console, show
from rapport.ports import free_port

BATCH = 50
CLIENTS = 8
BATCHES = 400
MEMBERS = 200
ROUNDS = 3


def batch(member_ids: list[str]) -> bytes:
    items = [
        {
            "type": "track",
            "event": "Product Viewed",
            "userId": member_ids[n % len(member_ids)],
            "messageId": str(uuid4()),
            "properties": {"sku": f"sku-{n}", "price": 1290, "category": "tea"},
        }
        for n in range(BATCH)
    ]
    return orjson.dumps({"batch": items})


async def accepted(url: str, write_key: str, members_in_batch: int) -> float:
    """Activities a second, all answered with success."""
    token = b64encode(f"{write_key}:".encode()).decode()
    headers = {"authorization": f"Basic {token}"}
    members = [str(uuid4()) for _ in range(MEMBERS)]
    bodies = [
        batch([members[(n * members_in_batch + m) % MEMBERS] for m in range(members_in_batch)])
        for n in range(BATCHES)
    ]
    client = Client(url)

    async def send(share: list[bytes]) -> None:
        for body in share:
            answer = await client.ask("POST", "/v1/batch", body, headers)
            assert answer["success"], answer  # noqa: S101

    started = time.perf_counter()
    await asyncio.gather(*(send(bodies[n::CLIENTS]) for n in range(CLIENTS)))
    elapsed = time.perf_counter() - started
    client.close()
    return BATCH * BATCHES / elapsed


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        system(Path(folder), free_port()) as (url, credentials, _),
    ):
        figures = alternate(
            {
                f"batches of one member ({BATCH} activities)": lambda: uvloop.run(
                    accepted(url, credentials.write_key, 1)
                ),
                f"batches of {BATCH} members": lambda: uvloop.run(
                    accepted(url, credentials.write_key, BATCH)
                ),
            },
            ROUNDS,
        )
        console.print("The client shares the two cores with the system.")
        show("Activities accepted", "activities/s", next(iter(figures)), figures)


if __name__ == "__main__":
    main()
