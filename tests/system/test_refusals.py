"""Bad input through the gateway: a clear problem that names what is wrong."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from rapport.smoke.clients import eventually
from tests.system.deployment import Deployment
from tests.system.members import Member, admin_token, registered

pytestmark = pytest.mark.deployment
ORDER = {
    "order_id": "o-1",
    "items": [{"sku": "tea", "quantity": 1, "amount_minor": 12900}],
    "amount_minor": 12900,
    "currency": "CNY",
    "placed_at": "2026-11-20T08:00:00Z",
}


@pytest_asyncio.fixture
async def ada(system: Deployment) -> Member:
    return await registered(system)


@pytest_asyncio.fixture
async def app(system: Deployment, ada: Member) -> AsyncIterator[httpx.AsyncClient]:
    async with system.client(ada.token) as client:
        yield client


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"]
    assert answer.headers["x-request-id"]
    return answer.status_code, body["code"]


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("POST", "/v1/tickets", b"{", (400, "malformed")),
        ("POST", "/v1/tickets", b"[1]", (422, "invalid")),
        ("POST", "/v1/tickets", {"subject": 5, "text": "a"}, (422, "invalid")),
        ("POST", "/v1/tickets", {"subject": "a", "text": "a", "role": "admin"}, (422, "invalid")),
        ("POST", "/v1/tickets", {"subject": "a", "text": "x" * 10_001}, (422, "invalid")),
        ("PATCH", "/v1/me", {"time_zone": "Mars/Olympus"}, (422, "invalid")),
        ("PATCH", "/v1/me", {"language": "tlh"}, (422, "invalid")),
        ("PUT", "/v1/preferences", {"quiet_hours": {"start": "25:00"}}, (422, "invalid")),
        ("POST", "/v1/inbox/read", {"up_to_seq": -1}, (422, "invalid")),
        ("GET", "/v1/inbox?limit=1000000000", None, (422, "invalid")),
        ("GET", "/v1/inbox?cursor=%27%20OR%201=1--", None, (422, "bad_cursor")),
        ("GET", "/v1/nothing", None, (404, "gateway.no_such_path")),
        ("GET", "/metrics", None, (404, "gateway.no_such_path")),
    ],
)
async def test_bad_input_is_named(
    app: httpx.AsyncClient, method: str, path: str, body: Any, expected: tuple[int, str]
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
    headers = {"Content-Type": "application/json", **(key() if method == "POST" else {})}
    answer = await app.request(method, path, content=content, headers=headers)
    assert problem(answer) == expected


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_of_two_mebibytes_is_too_large(app: httpx.AsyncClient, chunked: bool) -> None:  # noqa: FBT001
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(32):
            yield b"x" * 65_536

    content = pieces() if chunked else b"x" * 2_097_152
    answer = await app.post("/v1/tickets", content=content, headers=key())
    assert problem(answer)[0] == 413


def forged(token: str, **header: str) -> str:
    """The token with another header and its old signature."""
    _, payload, signature = token.split(".")
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{head}.{payload}.{signature}"


async def test_a_forged_token_is_refused(system: Deployment, ada: Member) -> None:
    tokens = [
        forged(ada.token, alg="none", typ="at+jwt"),
        forged(ada.token, alg="HS256", typ="at+jwt", kid="x"),
        ada.token[:-4] + "AAAA",
        ada.refresh_token,
        "x",
    ]
    for token in tokens:
        async with system.client(Authorization=f"Bearer {token}") as client:
            assert (await client.get("/v1/wallet")).status_code == 401


@pytest.mark.parametrize("header", ["X-User-Id", "x_user_id", "X-Internal-Token", "X-Role"])
async def test_an_identity_header_of_the_callers_own_says_nothing(
    system: Deployment, ada: Member, header: str
) -> None:
    async with system.client(**{header: ada.id}) as client:
        assert (await client.get("/v1/wallet")).status_code == 401


async def test_another_members_things_are_not_there(system: Deployment, ada: Member) -> None:
    eve = await registered(system)
    async with system.client(ada.token, **key()) as mine, system.client(eve.token) as hers:
        ticket = (await mine.post("/v1/tickets", json={"subject": "s", "text": "t"})).json()
        ticket_id = ticket["ticket_id"]
        read = await hers.get(f"/v1/tickets/{ticket_id}")
        message = {"client_msg_id": str(uuid4()), "text": "hi"}
        write = await hers.post(f"/v1/tickets/{ticket_id}/messages", json=message, headers=key())
        staff = await hers.get(f"/v1/members/{ada.id}")
    assert (problem(read)[0], problem(write)[0], problem(staff)[0]) == (404, 404, 403)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": -1},
        {"amount_minor": 2**63},
        {"amount_minor": 1.5},
        {"currency": "yuan"},
        {"items": [{"sku": "tea", "quantity": -1, "amount_minor": 1}]},
        {"placed_at": "yesterday"},
    ],
    ids=str,
)
async def test_a_wrong_order_is_refused(
    system: Deployment, ada: Member, change: dict[str, Any]
) -> None:
    async with system.backend() as client:
        body = {**ORDER, "member_id": ada.id, **change}
        assert problem(await client.post("/v1/orders", json=body)) == (422, "invalid")


async def test_points_can_be_neither_negative_nor_boundless(
    system: Deployment, ada: Member
) -> None:
    async with system.client(await admin_token(system)) as admin:
        for points in (10**30, 2**63, 0, "many"):
            answer = await admin.post(
                f"/v1/members/{ada.id}/points/adjustments",
                json={"points": points, "reason": "test"},
                headers=key(),
            )
            assert problem(answer)[0] == 422, points


async def test_injections_stay_text(system: Deployment, app: httpx.AsyncClient) -> None:
    nasty = "'; DROP TABLE members; -- {{7*7}} <script>alert(1)</script> ${jndi:x}"
    assert (await app.patch("/v1/me", json={"display_name": nasty[:80]})).is_success
    assert (await app.get("/v1/faq", params={"q": nasty})).is_success
    ticket = await app.post(
        "/v1/tickets", json={"subject": nasty[:80], "text": nasty}, headers=key()
    )
    assert ticket.is_success, ticket.text

    async def named() -> str | None:
        profile = (await app.get("/v1/me")).json()
        return profile["display_name"] if profile["display_name"] == nasty[:80] else None

    assert await eventually(named, "the name")
    inbox = (await app.get("/v1/inbox")).json()
    assert not [i for i in inbox["items"] if "49" in i["title"] + i["body"]]


async def test_value_moves_only_under_a_key(app: httpx.AsyncClient) -> None:
    answer = await app.post(f"/v1/rewards/{uuid4()}/redemptions")
    assert problem(answer) == (400, "idempotency_key_required")
