"""The CDNOW purchases as a shop's backend reports them: to the gateway, with its API key."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import orjson

from bench.client import Client
from bench.purchases import Purchase

AT_ONCE = 16
INTRODUCED = 100
"""Members in one request."""
PATIENCE_S = 60


class Shop:
    """Reports each customer's purchases in their sequence, several customers at once."""

    def __init__(self, url: str, key: str) -> None:
        self._client = Client(url)
        self._headers = {"x-api-key": key}
        self._room = asyncio.Semaphore(AT_ONCE)

    def close(self) -> None:
        self._client.close()

    async def introduce(self, member_ids: Sequence[UUID]) -> None:
        """Let profile know the customers, by an identify of each."""
        for start in range(0, len(member_ids), INTRODUCED):
            batch = [_identify(member_id) for member_id in member_ids[start : start + INTRODUCED]]
            await self._ask("POST", "/v1/batch", {"batch": batch})

    async def report(self, purchases: Iterable[Purchase]) -> int:
        """Report purchases, cancellations and returns; how many requests that took."""
        of_customer: dict[str, list[Purchase]] = defaultdict(list)
        for purchase in purchases:
            of_customer[purchase.customer].append(purchase)
        return sum(await asyncio.gather(*map(self._follow, of_customer.values())))

    async def wallet(self, member_id: UUID) -> Mapping[str, Any]:
        async with self._room:
            return dict(await self._ask("GET", f"/v1/members/{member_id}/wallet"))

    async def _follow(self, purchases: Sequence[Purchase]) -> int:
        asked = 0
        async with self._room:
            for purchase in purchases:
                for method, path, body in _told(purchase):
                    await self._ask(method, path, body)
                    asked += 1
        return asked

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer. What is refused for the moment is sent again: it has one effect."""
        sent = orjson.dumps(body) if body is not None else b""
        for _ in range(PATIENCE_S):
            try:
                return await self._client.ask(method, path, sent, self._headers)
            except RuntimeError as refusal:
                if not any(code in str(refusal) for code in _PASSING):
                    raise
                last = refusal
            await asyncio.sleep(1)
        raise last


_PASSING = (" 429", " 503", "profile.unknown_member")


def _identify(member_id: UUID) -> dict[str, str]:
    return {
        "type": "identify",
        "messageId": str(uuid5(member_id, "identify")),
        "userId": str(member_id),
    }


def _told(purchase: Purchase) -> Iterable[tuple[str, str, dict[str, Any]]]:
    """The requests that tell of a purchase, and of what became of it."""
    at = purchase.bought_at.isoformat()
    path = f"/v1/orders/{purchase.order_id}"
    yield "POST", "/v1/orders", _order(purchase)
    if purchase.cancelled:
        yield "PUT", f"{path}/status", {"status": "cancelled", "changed_at": at}
    if purchase.returned:
        lines = [{"line": 0, "quantity": purchase.returned}]
        yield "PUT", f"{path}/returns/R-1", {"lines": lines, "returned_at": at}


def _order(purchase: Purchase) -> dict[str, Any]:
    item = {"sku": "cd", "category": "music", "quantity": purchase.cds}
    return {
        "order_id": purchase.order_id,
        "member_id": str(purchase.member_id),
        "items": [{**item, "amount_minor": purchase.amount_minor}],
        "amount_minor": purchase.amount_minor,
        "currency": "USD",
        "placed_at": purchase.bought_at.isoformat(),
    }
