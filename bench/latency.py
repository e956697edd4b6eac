"""From an order's acceptance until its points are in the wallet, at 100 orders a second.

An order passes gateway, profile, outbox, JetStream and loyalty; the member's wallet is then asked
for until it shows the points.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import orjson
import uvloop

from bench.client import Client
from bench.processes import system
from bench.rounds import console, percentile
from rapport.ports import free_port

ORDERS_A_SECOND = 100
SECONDS = 20
MEMBERS = 50
SAMPLED = 20  # of so many orders, one wallet is watched: watching is not to be the load
POLL_S = 0.02
PASSWORD = "correct horse battery staple"  # noqa: S105  (of members of a benchmark)


async def register(client: Client) -> tuple[str, str]:
    body = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
    answer = await client.ask("POST", "/v1/auth/register", orjson.dumps(body))
    return answer["member_id"], answer["access_token"]


async def pending(client: Client, token: str) -> int:
    headers = {"authorization": f"Bearer {token}"}
    return int((await client.ask("GET", "/v1/wallet", headers=headers))["pending"])


async def order(client: Client, key: str, member_id: str) -> float:
    """Place an order; when it was accepted."""
    body = {
        "order_id": str(uuid4()),
        "member_id": member_id,
        "items": [{"sku": "tea", "quantity": 1, "amount_minor": 12900}],
        "amount_minor": 12900,
        "currency": "CNY",
        "placed_at": datetime.now(UTC).isoformat(),
    }
    await client.ask("POST", "/v1/orders", orjson.dumps(body), {"x-api-key": key})
    return time.perf_counter()


async def watched(client: Client, key: str, member_id: str, token: str) -> float:
    """Seconds from the acceptance of an order to its points; the member has no other order."""
    before = await pending(client, token)
    accepted = await order(client, key, member_id)
    while await pending(client, token) == before:
        # the longer it takes the more rarely we look, or looking would be the load
        await asyncio.sleep(max(POLL_S, (time.perf_counter() - accepted) / 10))
    return time.perf_counter() - accepted


async def measure(url: str, key: str) -> list[float]:
    client = Client(url)
    members = [await register(client) for _ in range(MEMBERS)]
    watchers = [await register(client) for _ in range(ORDERS_A_SECOND * SECONDS // SAMPLED)]
    await asyncio.sleep(3)  # what registering caused is over
    ordering: list[asyncio.Task[float]] = []
    watching: list[asyncio.Task[float]] = []
    started = time.perf_counter()
    for number in range(ORDERS_A_SECOND * SECONDS):
        await asyncio.sleep(max(0, started + number / ORDERS_A_SECOND - time.perf_counter()))
        if number % SAMPLED == 0:
            work = watched(client, key, *watchers[number // SAMPLED])
            watching.append(asyncio.create_task(work))
        else:
            member_id, _ = members[number % MEMBERS]
            ordering.append(asyncio.create_task(order(client, key, member_id)))
    await asyncio.gather(*ordering)
    rate = ORDERS_A_SECOND * SECONDS / (time.perf_counter() - started)
    seconds = await asyncio.gather(*watching)
    client.close()
    console.print(f"{rate:.0f} orders/s for {SECONDS} s, {ORDERS_A_SECOND} offered")
    return list(seconds)


def main() -> None:
    for shape in ("process", "services"):
        with (
            tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
            system(Path(folder), free_port(), shape) as (url, credentials, _),
        ):
            seconds = uvloop.run(measure(url, credentials.backend_key))
        p50, p99 = (1000 * percentile(seconds, share) for share in (0.5, 0.99))
        console.print(
            f"order accepted to points in the wallet, shape {shape}: "
            f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, of {len(seconds)} watched"
        )


if __name__ == "__main__":
    main()
