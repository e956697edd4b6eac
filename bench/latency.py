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

import httpx
import uvloop

from bench.processes import system
from bench.rounds import console, percentile
from rapport.ports import free_port

ORDERS_A_SECOND = 100
SECONDS = 20
MEMBERS = 50
SAMPLED = 20  # of so many orders, one wallet is watched: watching is not to be the load
POLL_S = 0.02
PASSWORD = "correct horse battery staple"  # noqa: S105  (of members of a benchmark)


async def register(client: httpx.AsyncClient) -> tuple[str, str]:
    body = {"email": f"{uuid4().hex}@example.com", "password": PASSWORD}
    answer = (await client.post("/v1/auth/register", json=body)).raise_for_status().json()
    return answer["member_id"], answer["access_token"]


async def pending(client: httpx.AsyncClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    wallet = (await client.get("/v1/wallet", headers=headers)).raise_for_status().json()
    return int(wallet["pending"])


async def order(client: httpx.AsyncClient, key: str, member_id: str) -> float:
    """Place an order; when it was accepted."""
    body = {
        "order_id": str(uuid4()),
        "member_id": member_id,
        "items": [{"sku": "tea", "quantity": 1, "amount_minor": 12900}],
        "amount_minor": 12900,
        "currency": "CNY",
        "placed_at": datetime.now(UTC).isoformat(),
    }
    answer = await client.post("/v1/orders", json=body, headers={"X-Api-Key": key})
    answer.raise_for_status()
    return time.perf_counter()


async def watched(client: httpx.AsyncClient, key: str, member_id: str, token: str) -> float:
    """Seconds from the acceptance of an order to its points; the member has no other order."""
    before = await pending(client, token)
    accepted = await order(client, key, member_id)
    while await pending(client, token) == before:
        await asyncio.sleep(POLL_S)
    return time.perf_counter() - accepted


async def measure(url: str, key: str) -> list[float]:
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
    async with httpx.AsyncClient(
        base_url=url, timeout=30, trust_env=False, limits=limits
    ) as client:
        members = [await register(client) for _ in range(MEMBERS)]
        watchers = [await register(client) for _ in range(ORDERS_A_SECOND * SECONDS // SAMPLED)]
        await asyncio.sleep(3)  # what registering caused is over
        tasks: list[asyncio.Task[float]] = []
        watching: list[asyncio.Task[float]] = []
        started = time.perf_counter()
        for number in range(ORDERS_A_SECOND * SECONDS):
            await asyncio.sleep(max(0, started + number / ORDERS_A_SECOND - time.perf_counter()))
            if number % SAMPLED == 0:
                work = watched(client, key, *watchers[number // SAMPLED])
                watching.append(asyncio.create_task(work))
            else:
                member_id, _ = members[number % MEMBERS]
                tasks.append(asyncio.create_task(order(client, key, member_id)))
        rate = ORDERS_A_SECOND * SECONDS / (time.perf_counter() - started)
        await asyncio.gather(*tasks)
        console.print(f"offered {rate:.0f} orders/s for {SECONDS} s")
        return list(await asyncio.gather(*watching))


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
