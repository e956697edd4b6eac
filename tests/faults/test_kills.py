"""kill -9 of any process at any time under load: nothing is lost and nothing is done twice.

Every member lives the same life: registers, checks in, orders, has the order delivered. One member
lives it undisturbed; the others while parts and stores are being killed, their phones and the
backend repeating with the same key what was not answered. In the end all must have the same.
"""

import asyncio
import os
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx
import pytest

from kit.testing import until
from tests.faults.processes import PARTS, STORES, process_of
from tests.system.deployment import Deployment, deployed, new_folder
from tests.system.members import PASSWORD

pytestmark = pytest.mark.deployment

KILLS = int(os.environ.get("KILLS", "10"))
"""How many processes are killed. DEPLOYMENT_S=3600 KILLS=200 takes the better part of an hour."""
MEMBERS = 2 * KILLS
AT_ONCE = 6
SECONDS_BETWEEN_KILLS = 1.5
ANSWER_WITHIN_S = 180
SETTLE_WITHIN_S = 240
SEED = 20261121
PASSING = {"idempotency_key_in_use", "profile.unknown_member"}


@pytest.fixture(scope="module")
def system() -> Iterator[Deployment]:
    with new_folder() as folder, deployed("services", folder / "data") as running:
        yield running


@dataclass(slots=True)
class Life:
    """One member's life, and the keys that make each act the same act when repeated."""

    number: int
    run: UUID = field(default_factory=uuid4)
    token: str = ""
    member_id: str = ""

    def key(self, act: str) -> str:
        return str(uuid5(self.run, act))

    @property
    def order_id(self) -> str:
        return f"order-{self.run}"


async def answered(
    client: httpx.AsyncClient, method: str, path: str, *, key: str = "", **options: Any
) -> Any:
    """Repeat the same request until it is accepted; fail on a refusal that does not pass."""
    headers = options.pop("headers", {}) | ({"Idempotency-Key": key} if key else {})
    deadline = time.monotonic() + ANSWER_WITHIN_S
    while True:
        try:
            answer = await client.request(method, path, headers=headers, **options)
        except httpx.TransportError as error:
            said = repr(error)
        else:
            if answer.is_success:
                return answer.json()
            said = f"{answer.status_code} {answer.text}"
            if answer.status_code < 500 and answer.json()["code"] not in PASSING:
                pytest.fail(f"{method} {path}: {said}")
        if time.monotonic() > deadline:
            pytest.fail(f"{method} {path}, for {ANSWER_WITHIN_S} s: {said}")
        await asyncio.sleep(0.2)


async def live(system: Deployment, client: httpx.AsyncClient, life: Life) -> None:
    email = f"life.{life.run.hex}@example.com"
    body = {"email": email, "password": PASSWORD, "language": "en"}
    tokens = await answered(
        client, "POST", "/v1/auth/register", json=body, key=life.key("register")
    )
    life.token, life.member_id = tokens["access_token"], tokens["member_id"]
    mine = {"Authorization": f"Bearer {life.token}"}
    backend = {"X-Api-Key": system.credentials.backend_key}
    await answered(client, "POST", "/v1/checkins", key=life.key("check-in"), headers=mine)
    order = {
        "order_id": life.order_id,
        "member_id": life.member_id,
        "items": [{"sku": "tea", "quantity": 1, "amount_minor": 12900}],
        "amount_minor": 12900,
        "currency": "CNY",
        "placed_at": "2026-11-20T08:00:00Z",
    }
    await answered(client, "POST", "/v1/orders", json=order, key=life.key("order"), headers=backend)
    for status in ("paid", "delivered"):
        path = f"/v1/orders/{life.order_id}/status"
        body = {"status": status}
        await answered(client, "PUT", path, json=body, key=life.key(status), headers=backend)


async def outcome(client: httpx.AsyncClient, life: Life) -> dict[str, Any]:
    """What the member ends up with: points, history, and what the inbox says."""
    mine = {"Authorization": f"Bearer {life.token}"}
    wallet = await answered(client, "GET", "/v1/wallet", headers=mine)
    history = await answered(client, "GET", "/v1/points/history?limit=200", headers=mine)
    inbox = await answered(client, "GET", "/v1/inbox?limit=200", headers=mine)
    return {
        "points": wallet["points"],
        "growth": wallet["growth_points"],
        "entries": len(history["items"]),
        "inbox": Counter(_gist(item["title"]) for item in inbox["items"]),
        "sequence": sorted(item["seq"] for item in inbox["items"]),
    }


def _gist(title: str) -> str:
    """The points a title names, else the title.

    Points whose order was already delivered when they were paid are not "on the way".
    """
    points = re.search(r"\d+", title)
    return points[0] if points else title


async def kill_at_random(system: Deployment, chance: random.Random) -> Counter[str]:
    killed: Counter[str] = Counter()
    for _ in range(KILLS):
        await asyncio.sleep(SECONDS_BETWEEN_KILLS)
        name = chance.choice(PARTS + STORES)
        if victim := process_of(system, name):
            victim.kill()
            killed[name] += 1
    return killed


async def all_run(system: Deployment) -> bool:
    return None not in [process_of(system, name) for name in PARTS + STORES]


async def test_killing_any_process_under_load_loses_nothing_and_repeats_nothing(
    system: Deployment,
) -> None:
    chance = random.Random(SEED)
    async with system.client() as client:
        calm = Life(0)
        await live(system, client, calm)
        await settled(client, calm, for_s=10)
        lives = [Life(n) for n in range(1, MEMBERS + 1)]
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(life: Life) -> None:
            async with gate:
                await live(system, client, life)

        killing = asyncio.create_task(kill_at_random(system, chance))
        await asyncio.gather(*(one(life) for life in lives))
        killed = await killing
        await until(lambda: all_run(system), within_s=SETTLE_WITHIN_S)
        assert sum(killed.values()) >= KILLS // 2, killed
        expected = await outcome(client, calm)  # by now with what came late on a slow machine
        ends = await asyncio.gather(*(reached(client, life, expected) for life in lives))
        assert ends == [expected] * len(lives)


async def settled(client: httpx.AsyncClient, life: Life, *, for_s: float = 3) -> dict[str, Any]:
    """The outcome once it has stayed the same for so long."""
    last, since = await outcome(client, life), asyncio.get_running_loop().time()
    while asyncio.get_running_loop().time() - since < for_s:
        await asyncio.sleep(0.3)
        now = await outcome(client, life)
        if now != last:
            last, since = now, asyncio.get_running_loop().time()
    return last


async def reached(
    client: httpx.AsyncClient, life: Life, expected: dict[str, Any]
) -> dict[str, Any]:
    """The outcome when it is the expected one, else the one at the end of our patience."""
    deadline = asyncio.get_running_loop().time() + SETTLE_WITHIN_S
    while (found := await outcome(client, life)) != expected:
        if asyncio.get_running_loop().time() > deadline:
            return found
        await asyncio.sleep(0.5)
    return await settled(client, life)
