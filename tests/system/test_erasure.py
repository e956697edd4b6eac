"""A closed account over a whole deployment: every service erases, and the receipt says so."""

from typing import Any
from uuid import uuid4

import pytest

from rapport.smoke.clients import eventually
from tests.system.deployment import Deployment
from tests.system.members import PASSWORD, admin_token, registered

pytestmark = pytest.mark.deployment


async def test_who_closes_the_account_is_erased_everywhere(system: Deployment) -> None:
    member = await registered(system)
    async with system.client(member.token) as client:

        async def welcomed() -> Any:
            wallet, inbox = await client.get("/v1/wallet"), await client.get("/v1/inbox")
            return True if inbox.json()["items"] and wallet.json()["points"] else None

        await eventually(welcomed, "the welcome")
        ticket = {"text": "Where do you keep my data?"}
        answer = await client.post(
            "/v1/tickets", json=ticket, headers={"Idempotency-Key": str(uuid4())}
        )
        assert answer.status_code == 201, answer.text
        closed = await client.post("/v1/auth/account/closure", json={"password": PASSWORD})
        assert closed.status_code == 204, closed.text
        assert (await client.get("/v1/me")).status_code == 401
    async with system.client(await admin_token(system)) as admin:

        async def finished() -> Any:
            found = await admin.get("/v1/erasures", params={"member_id": member.id})
            (receipt,) = found.json()["items"]
            return receipt if receipt["finished_at"] else None

        receipt = await eventually(finished, "the receipt of the erasure")
        assert all(step["erased_at"] for step in receipt["services"])
        assert (await admin.get(f"/v1/members/{member.id}")).status_code == 404
        path = f"/v1/tickets/{answer.json()['ticket_id']}"
        assert (await admin.get(path)).status_code == 404
