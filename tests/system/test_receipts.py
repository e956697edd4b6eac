"""An order's receipt over a whole deployment: from accepted to the member's inbox."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from rapport.smoke.clients import eventually
from tests.system.deployment import Deployment
from tests.system.members import registered

pytestmark = pytest.mark.deployment


async def test_an_order_is_followed_until_the_member_is_told(system: Deployment) -> None:
    member, key = await registered(system), uuid4()
    body = {
        "order_id": f"o-{key.hex[:12]}",
        "member_id": member.id,
        "items": [],
        "amount_minor": 12_900,
        "currency": "CNY",
        "placed_at": datetime.now(UTC).isoformat(),
    }
    async with system.client(member.token) as client:

        async def known() -> Any:
            return True if (await client.get("/v1/me")).is_success else None

        await eventually(known, "the profile")
    async with system.backend() as shop:
        for _ in range(2):  # the answer was lost
            answer = await shop.post("/v1/orders", json=body, headers={"Idempotency-Key": str(key)})
            assert answer.is_success, answer.text

        async def done() -> Any:
            found = await shop.get(f"/v1/receipts/{key}")
            return found.json() if found.is_success and found.json()["state"] == "done" else None

        receipt = await eventually(done, "the receipt")
    assert [write["route"] for write in receipt["writes"]] == ["POST /v1/orders"]
    assert [one["points"] for one in receipt["points"]] == [129]
    assert "inbox" in {message["channel"] for message in receipt["messages"]}
    async with system.client(member.token) as client:
        assert (await client.get(f"/v1/receipts/{key}")).status_code == 404
