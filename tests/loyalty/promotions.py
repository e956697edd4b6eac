"""Steps the tests of coupons, missions and offers share."""

from typing import Any

import httpx

from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, backend, example, marketer
from tests.loyalty.members import adjust, post

SHOP = backend("coupons:redeem", "coupons:read")


async def in_tier(harness: Harness, caller: Caller, tier: str) -> None:
    points = {"silver": 1000, "gold": 5000, "platinum": 20_000}[tier]
    answer = await adjust(harness, caller, points=points, point_type="growth")
    assert answer.status_code == 201, answer.text


async def in_segment(harness: Harness, caller: Caller, segment: str) -> None:
    entered = "profile.segment.entered.v1"
    await harness.deliver(example(entered, member_id=caller.subject, segment=segment))


async def new_series(harness: Harness, **terms: Any) -> str:
    """Ten off from a hundred."""
    body = {
        "name": {"en": "10 off from 100", "zh-CN": "满100减10", "ru": "10 от 100"},
        "description": {"en": "Once.", "zh-CN": "限用一次。", "ru": "Один раз."},
        "kind": "amount",
        "amount_minor": 1_000,
        "currency": "CNY",
        "minimum_spend_minor": 10_000,
        **terms,
    }
    answer = await post(harness, marketer(), "/v1/coupons/series", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["series_id"]


async def new_code(harness: Harness, series_id: str, code: str) -> str:
    """A code that anybody may use."""
    path = f"/v1/coupons/series/{series_id}/coupons"
    answer = await post(harness, marketer(), path, {"code": code})
    assert answer.status_code == 201, answer.text
    return answer.json()["code"]


async def own_coupon(harness: Harness, caller: Caller, series_id: str) -> str:
    """A personal coupon."""
    path = f"/v1/coupons/series/{series_id}/coupons"
    answer = await post(harness, marketer(), path, {"member_id": caller.subject})
    assert answer.status_code == 201, answer.text
    return answer.json()["code"]


async def send_codes(
    harness: Harness, path: str, codes: list[str], content: bytes | None = None
) -> httpx.Response:
    async with harness.client(marketer(), **{"Content-Type": "text/csv"}) as client:
        return await client.post(path, content=content or "\n".join(codes).encode())


def order(caller: Caller, *codes: str, order_id: str | None = None, **changes: Any) -> Any:
    """An order of 120 with these coupons."""
    return {
        "order_id": order_id or f"SO-{uuid7()}",
        "member_id": caller.subject,
        "amount_minor": 12_000,
        "currency": "CNY",
        "codes": list(codes),
        **changes,
    }
