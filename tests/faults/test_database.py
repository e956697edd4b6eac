"""The way to PostgreSQL breaks, at the worst moments too: nobody hangs, and nothing is done twice.

Where nobody knows whether it was done, the phone repeats with the same key, and it was done once.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import text

from gateway.resilience import Upstream
from gateway.targets import Target, Targets
from kit.fault_proxy import HEALTHY, FaultProxy, Faults
from kit.testing import Harness, harness_of, member, settings_for, until
from services.feedback.main import create_app
from services.feedback.settings import Settings
from tests.gateway.edge import Edge

harness = harness_of(create_app, Settings)
BEFORE_COMMIT, AT_COMMIT = b"INSERT 0 1\x00", b"COMMIT\x00"


@pytest.fixture
async def network() -> AsyncIterator[FaultProxy]:
    """The way to PostgreSQL."""
    url = urlsplit(os.environ["POSTGRES_URL"])
    folder = parse_qs(url.query).get("host", [""])[0]
    there = (f"{folder}/.s.PGSQL.5432",) if folder else (url.hostname or "", url.port or 5432)
    async with FaultProxy(*there) as proxy:
        yield proxy


@pytest.fixture
async def edge(harness: Harness, network: FaultProxy, worker_id: str) -> AsyncIterator[Edge]:
    """The gateway's edge before a service that reaches its database through `network`."""
    user = urlsplit(os.environ["POSTGRES_URL"]).username or "postgres"
    url = f"postgresql://{user}@127.0.0.1:{network.port}"
    app = create_app(settings_for(Settings, worker_id, postgres_url=url, pool_size=2))
    upstream = Upstream("feedback", Targets([Target("here", app)]), least=10, most=10)
    made = Edge({"feedback": upstream})
    app.state.runtime.verifier.trust(made.ring.jwks())
    yield made
    await app.state.runtime.engine.dispose()


async def tickets(harness: Harness) -> int:
    async with harness.transaction() as session:
        return (await session.execute(text("SELECT count(*) FROM tickets"))).scalar_one()


@pytest.mark.parametrize(
    ("moment", "done"),
    [
        pytest.param(AT_COMMIT, 1, id="it was committed and nobody heard"),
        pytest.param(BEFORE_COMMIT, 0, id="it was never committed"),
    ],
)
async def test_the_same_key_again_has_one_effect(
    edge: Edge, harness: Harness, network: FaultProxy, moment: bytes, done: int
) -> None:
    caller, key = member(), {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}

    async def open_ticket():
        body = b'{"text": "Where is my order?"}'
        return await edge.ask("POST", "/v1/tickets", caller, headers=key, pieces=[body])

    network.faults = Faults(reset_on=moment)
    lost = await open_ticket()
    assert (lost.status, lost.json["code"]) == (503, "unavailable")
    assert lost.headers["content-type"] == "application/problem+json"
    assert await tickets(harness) == done

    network.faults = HEALTHY
    first, second = await open_ticket(), await open_ticket()
    assert (first.status, second.status) == (201, 201), first.body
    assert first.json == second.json
    assert ("idempotent-replayed" in first.headers) is bool(done)
    assert second.headers["idempotent-replayed"] == "true"
    assert await tickets(harness) == 1


async def test_while_postgresql_is_away_answers_are_problems_and_then_the_pool_recovers(
    edge: Edge, network: FaultProxy
) -> None:
    caller = member()
    assert (await edge.ask("GET", "/v1/tickets", caller)).status == 200
    await network.go_away()
    away = [await edge.ask("GET", "/v1/tickets", caller) for _ in range(5)]
    assert {(reply.status, reply.json["code"]) for reply in away} == {(503, "unavailable")}
    assert {reply.headers["content-type"] for reply in away} == {"application/problem+json"}
    assert all(int(reply.headers["retry-after"]) >= 1 for reply in away)
    await network.come_back()
    back = [await edge.ask("GET", "/v1/tickets", caller) for _ in range(5)]
    assert {reply.status for reply in back} == {200}


async def test_while_postgresql_is_silent_deadlines_hold_and_then_the_pool_recovers(
    edge: Edge, network: FaultProxy
) -> None:
    caller, hurried = member(), {"X-Deadline-Ms": "300"}
    assert (await edge.ask("GET", "/v1/tickets", caller)).status == 200
    network.faults = Faults(half_open=True)
    silent = await asyncio.wait_for(
        edge.ask("GET", "/v1/tickets", caller, headers=hurried), timeout=60
    )
    assert (silent.status, silent.json["code"]) == (504, "deadline_passed")
    network.faults = HEALTHY
    await network.cut()

    async def is_back() -> bool:
        return (await edge.ask("GET", "/v1/tickets", caller)).status == 200

    await until(is_back, within_s=60)
