"""The whole gateway: identity behind the edge, stand-ins for the services."""

import asyncio
import base64
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy import text

from gateway import main
from gateway.main import Gateway, create_app
from gateway.routes import SERVICES
from kit.auth import Caller, Verifier
from kit.lifespan import running
from kit.testing import Harness
from tests.gateway.people import ADMIN, BACKEND_KEY, DEVICE, MEMBER, PASSWORD, WRITE_KEY, Settings


def stand_in(name: str, verifier: Verifier) -> FastAPI:
    """A service that answers whom it believes to be called by."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def who(request: Request) -> Caller:
        return await verifier.verify(request.headers["authorization"].removeprefix("Bearer "))

    return app


@pytest.fixture
async def gateway(harness: Harness) -> AsyncIterator[Gateway]:
    verifiers = {name: Verifier('{"keys": []}', name) for name in SERVICES}
    services = {name: stand_in(name, verifier) for name, verifier in verifiers.items()}
    settings = Settings(**harness.settings.model_dump() | {"limit_sign_in_account": "8/60"})
    made = create_app(settings, services)
    async with running(made):
        for verifier in verifiers.values():
            verifier.trust(made.api.state.identity.jwks)
        yield made


@pytest.fixture
async def phone(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=gateway, client=("203.0.113.9", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_a_member_reaches_a_service_as_who_they_are(phone: httpx.AsyncClient) -> None:
    guest = (await phone.post("/v1/auth/guest", json=DEVICE)).json()
    registered = await phone.post(
        "/v1/auth/register", json=MEMBER, headers=bearer(guest["access_token"])
    )
    assert registered.status_code == 201, registered.text
    seen = await phone.get("/v1/wallet", headers=bearer(registered.json()["access_token"]))
    assert seen.json() == {
        "subject": guest["member_id"],
        "role": "member",
        "scopes": [],
        "session_id": guest["session_id"],
    }


@pytest.mark.parametrize(
    ("header", "scope"),
    [
        ({"X-Api-Key": BACKEND_KEY}, "orders:write"),
        (bearer(BACKEND_KEY), "orders:write"),
        (
            {"Authorization": f"Basic {base64.b64encode(f'{WRITE_KEY}:'.encode()).decode()}"},
            "activities:write",
        ),
    ],
)
async def test_a_key_reaches_a_service_with_its_scopes(
    phone: httpx.AsyncClient, header: dict, scope: str
) -> None:
    seen = (await phone.post("/v1/batch", json={"batch": []}, headers=header)).json()
    assert seen["role"] == "service"
    assert scope in seen["scopes"]


async def test_staff_reach_what_is_theirs(phone: httpx.AsyncClient) -> None:
    token = (await phone.post("/v1/auth/staff/login", json=ADMIN)).json()["access_token"]
    assert (await phone.get("/v1/members", headers=bearer(token))).json()["role"] == "admin"
    assert (await phone.get("/v1/staff", headers=bearer(token))).status_code == 200
    assert (await phone.get("/v1/wallet", headers=bearer(token))).status_code == 403


async def test_signing_out_takes_effect_at_once(phone: httpx.AsyncClient) -> None:
    guest = (await phone.post("/v1/auth/guest", json=DEVICE)).json()
    headers = bearer(guest["access_token"])
    assert (await phone.get("/v1/wallet", headers=headers)).status_code == 200
    await phone.post("/v1/auth/logout", json={"refresh_token": guest["refresh_token"]})
    answer = await phone.get("/v1/wallet", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["code"] == "gateway.credentials_refused"


async def test_a_bad_token_does_not_bar_the_way_to_a_new_one(phone: httpx.AsyncClient) -> None:
    guest = (await phone.post("/v1/auth/guest", json=DEVICE, headers=bearer("old"))).json()
    body = {"refresh_token": guest["refresh_token"]}
    answers = [
        await phone.post(f"/v1/auth/{name}", json=body, headers=bearer("old"))
        for name in ("refresh", "logout")
    ]
    assert [answer.status_code for answer in answers] == [200, 204]


async def test_many_names_from_one_address_are_slowed_down(phone: httpx.AsyncClient) -> None:
    body = {"email": "no@brand.example", "password": PASSWORD}
    answers = [await phone.post("/v1/auth/login", json=body) for _ in range(9)]
    assert {answer.status_code for answer in answers} == {401, 429}
    assert answers[-1].headers["retry-after"]


async def test_parallel_refreshes_through_the_edge_leave_one_family(
    phone: httpx.AsyncClient,
) -> None:
    guest = (await phone.post("/v1/auth/guest", json=DEVICE)).json()
    body = {"refresh_token": guest["refresh_token"], "device_id": DEVICE["device_id"]}
    answers = await asyncio.gather(*(phone.post("/v1/auth/refresh", json=body) for _ in range(3)))
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert all(answer.status_code == 200 for answer in answers)


async def test_the_key_set_is_open_to_all(phone: httpx.AsyncClient) -> None:
    (key,) = (await phone.get("/.well-known/jwks.json")).json()["keys"]
    assert (key["kty"], key["crv"], key["alg"]) == ("OKP", "Ed25519", "EdDSA")


async def test_identity_is_begun_again_whatever_stopped_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "START_AGAIN_S", 0.0)

    class Hindered:
        def __init__(self) -> None:
            self.hindrances = [RuntimeError("not migrated"), ConnectionRefusedError()]
            self.runs = False

        async def start(self) -> None:
            if self.hindrances:
                raise self.hindrances.pop()

        async def run(self) -> None:
            self.runs = True

    identity = Hindered()
    await main.keep(identity, begun=False)
    assert identity.runs


async def test_the_policy_is_in_force_before_the_first_request(harness: Harness) -> None:
    """Whoever is kept out does not slip in while a replica starts."""
    async with harness.transaction() as session:
        statement = text("""
            INSERT INTO policies (version, document, changed_by, changed_at)
            VALUES (7, '{"deny": ["203.0.113.0/24"]}', gen_random_uuid(), now())
        """)
        await session.execute(statement)
    services = {name: FastAPI() for name in SERVICES}
    made = create_app(Settings(**harness.settings.model_dump()), services)
    async with running(made):
        addresses = made._traffic.conditions.addresses
    assert addresses is not None
    assert addresses.bars("203.0.113.9")
