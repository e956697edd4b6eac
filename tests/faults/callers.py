"""Who calls while something fails: the company's backend, members' phones, and where they call."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx

from kit.testing import until
from tests.system.deployment import Deployment
from tests.system.members import Member

RECOVERS_WITHIN_S = 180.0
SENDERS = 3


class Backend:
    """The company's backend: it sends orders, each again until it is accepted."""

    def __init__(self, system: Deployment, member: Member, where: "Where | None" = None) -> None:
        self._system = system
        self._member = member
        self._where = where or Where(system.url)
        self.accepted: list[str] = []
        self.answers: list[httpx.Response] = []
        self.enough = asyncio.Event()

    async def has_sent(self) -> bool:
        return len(self.accepted) >= SENDERS

    async def run(self, senders: int) -> None:
        async with self._system.backend() as client:
            await asyncio.gather(*(self._send(client) for _ in range(senders)))

    async def _send(self, client: httpx.AsyncClient) -> None:
        while not self.enough.is_set():
            order_id = f"order-{uuid4()}"
            key = {"Idempotency-Key": str(uuid4())}
            while not (await self._answer(client, order_id, key)).is_success:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            self.accepted.append(order_id)
            await asyncio.sleep(0.2)

    async def _answer(
        self, client: httpx.AsyncClient, order_id: str, key: dict[str, str]
    ) -> httpx.Response:
        body = order(order_id, self._member)
        with self._where.calling() as url:
            self.answers.append(await client.post(f"{url}/v1/orders", json=body, headers=key))
        return self.answers[-1]


def order(order_id: str, member: Member) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "member_id": member.id,
        "items": [{"sku": "tea", "quantity": 1, "amount_minor": 900}],
        "amount_minor": 900,
        "currency": "CNY",
        "placed_at": "2026-11-20T08:00:00Z",
    }


class Where:
    """Where the gateway is called, as a balancer has it, and who is calling there now."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._calling = Counter[str]()

    @contextmanager
    def calling(self) -> Iterator[str]:
        url = self._url
        self._calling[url] += 1
        try:
            yield url
        finally:
            self._calling[url] -= 1

    async def move(self, url: str) -> None:
        """All call at `url` from now on; nobody is elsewhere afterwards."""
        before, self._url = self._url, url

        async def have_moved() -> bool:
            return not self._calling[before]

        await until(have_moved, within_s=RECOVERS_WITHIN_S)


class Phones:
    """Members' phones that call all the time; what goes wrong is kept."""

    def __init__(self, where: Where, member: Member) -> None:
        self._where = where
        self._headers = {"Authorization": f"Bearer {member.token}"}
        self.answers = Counter[int]()
        self.wrong: list[str] = []

    async def run(self) -> None:
        paths = ("/v1/redemptions", "/v1/inbox", "/v1/tickets", "/v1/me")
        async with httpx.AsyncClient(headers=self._headers, timeout=90, trust_env=False) as client:
            reading = (self._keep(client, "GET", path) for path in paths)
            await asyncio.gather(*reading, self._keep(client, "POST", "/v1/inbox/read"))

    async def _keep(self, client: httpx.AsyncClient, method: str, path: str) -> None:
        while True:
            with self._where.calling() as url:
                await self._call(client, method, url + path)
            await asyncio.sleep(0.05)

    async def _call(self, client: httpx.AsyncClient, method: str, path: str) -> None:
        body = {"up_to_seq": 1} if method == "POST" else None
        key = {"Idempotency-Key": str(uuid4())}
        try:
            answer = await client.request(method, path, headers=key, json=body)
        except httpx.TransportError as error:
            self.wrong.append(f"{method} {path}: {error!r}")
            return
        self.answers[answer.status_code] += 1
        if not answer.is_success:
            self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text}")
