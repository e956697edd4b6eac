"""Steps the tests of paying with points share."""

from typing import Any
from uuid import UUID

import httpx

from kit.auth import Caller
from kit.testing import Harness, admin, backend
from tests.loyalty.members import post, read, wallet, with_points

TERMS = "/v1/loyalty/payment-terms"
PAYMENTS = "/v1/points/payments"
SHOP = backend("orders:write", "points:read", "points:write", "coupons:redeem")
USUAL = {"currency": "CNY", "points": 100, "minor": 100}
"""A point is a fen."""


async def set_terms(harness: Harness, *currencies: dict[str, Any]) -> None:
    """Orders in CNY, and in others as given, can be paid with points."""
    body = {"currencies": [{**USUAL, **each} for each in currencies or ({},)]}
    async with harness.client(admin()) as client:
        answer = await client.put(TERMS, json=body)
    assert answer.status_code == 200, answer.text


async def quoted(harness: Harness, caller: Caller, amount_minor: int = 12_900, **more: Any) -> Any:
    body = {"amount_minor": amount_minor, "currency": "CNY", **more}
    answer = await post(harness, caller, f"{PAYMENTS}/quotes", body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def try_to_pay(
    harness: Harness, caller: Caller, points: int, *, key: UUID | None = None, **changes: Any
) -> httpx.Response:
    """For an order of 129.00 yuan."""
    body = {
        "order_id": "A-1",
        "member_id": caller.subject,
        "amount_minor": 12_900,
        "currency": "CNY",
        "points": points,
        **changes,
    }
    return await post(harness, SHOP, PAYMENTS, body, key)


async def paid(harness: Harness, caller: Caller, points: int, **changes: Any) -> dict[str, Any]:
    answer = await try_to_pay(harness, caller, points, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def confirm(harness: Harness, order_id: str = "A-1") -> httpx.Response:
    return await post(harness, SHOP, f"{PAYMENTS}/confirmations", {"order_id": order_id})


async def cancel(harness: Harness, order_id: str = "A-1") -> httpx.Response:
    return await post(harness, SHOP, f"{PAYMENTS}/cancellations", {"order_id": order_id})


async def payment_of(harness: Harness, order_id: str = "A-1") -> dict[str, Any]:
    return await read(harness, SHOP, f"{PAYMENTS}/lookup?order_id={order_id}")


async def stands(harness: Harness, caller: Caller) -> tuple[int, int]:
    """What a member has available, and what is held."""
    shown = await wallet(harness, caller)
    return shown["points"], shown["held"]


async def with_terms(harness: Harness, has: int = 1_000, **terms: Any) -> Caller:
    """A member with points, which pay for orders in CNY."""
    await set_terms(harness, terms)
    return await with_points(harness, has)
