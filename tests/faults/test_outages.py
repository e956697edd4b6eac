"""A store goes away while people use the app, and parts are replaced: what goes on, what waits."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import httpx
import pytest

from kit.testing import until
from rapport.ports import LOOPBACK, Claim, claim, is_well
from services.profile.events import OrderPlaced
from tests.faults.callers import RECOVERS_WITHIN_S, SENDERS, Backend, Phones, Where, order
from tests.faults.processes import existing, port_of, silenced
from tests.system.deployment import Deployment, deployed, new_folder
from tests.system.members import PASSWORD, Member, admin_token, registered

pytestmark = pytest.mark.deployment
SERVICES = ("profile", "loyalty", "feedback", "notify")
SIGN_INS = 40
"""Of one address in a day: so slow that none comes back in the time a slow machine may take."""
ELSEWHERE = {"X-Forwarded-For": "192.0.2.7"}
"""Who guesses is another than who calls in the other tests."""
STARTED_WITHIN_S = 180.0
"""How long a part takes at most to start, with six others, on a small machine that is busy."""

OUTAGE_S = float(os.environ.get("OUTAGE_S", "3"))
"""How long NATS is away. OUTAGE_S=600 is past nats-py's own patience and the duplicate window."""


@pytest.fixture(scope="module")
def system() -> Iterator[Deployment]:
    settings = {
        "LIMIT_SIGN_IN": f"{SIGN_INS}/86400",
        "TRUSTED_PROXIES": "1",
        "LIMIT_READ": "100000/1",  # phones that call all the time, for as long as it takes
        "LIMIT_WRITE": "100000/1",
    }
    with new_folder() as folder, deployed("services", folder / "data", **settings) as running:
        yield running


async def wallet_of(system: Deployment, member: Member) -> httpx.Response:
    async with system.client(member.token) as client:
        return await client.get("/v1/wallet")


async def enrolled(system: Deployment) -> Member:
    """A member who has a wallet already."""
    member = await registered(system)

    async def has_wallet() -> bool:
        return (await wallet_of(system, member)).status_code == 200

    await until(has_wallet, within_s=RECOVERS_WITHIN_S)
    return member


async def test_while_valkey_is_silent_reading_goes_on_and_guessing_is_limited(
    system: Deployment,
) -> None:
    member = await enrolled(system)
    with silenced(system, "valkey-server"):
        reads = [(await wallet_of(system, member)).status_code for _ in range(30)]
        async with system.client(**ELSEWHERE) as client:
            guesses = Counter[int]()
            for number in range(SIGN_INS):
                body = {"email": f"nobody{number}@example.com", "password": "wrong password"}
                answer = await client.post("/v1/auth/login", json=body)
                guesses[answer.status_code] += 1
    assert set(reads) == {200}
    assert guesses.keys() == {401, 429}
    assert guesses[401] <= SIGN_INS / 2, "by itself a process allows half"

    async def signs_in() -> bool:
        body = {"email": member.email, "password": "correct horse battery staple"}
        async with system.client() as client:
            return (await client.post("/v1/auth/login", json=body)).is_success

    await until(signs_in, within_s=RECOVERS_WITHIN_S)


async def test_while_postgresql_restarts_answers_are_problems_and_then_all_is_well(
    system: Deployment,
) -> None:
    """People read and a backend writes all the while; what it had no answer to it sends again."""
    member = await enrolled(system)
    backend = Backend(system, member)
    writing = asyncio.create_task(backend.run(SENDERS))
    await until(backend.has_sent, within_s=RECOVERS_WITHIN_S)
    answers: list[httpx.Response] = []

    async def is_well_again() -> bool:
        answers.append(await wallet_of(system, member))
        lately = [answer.status_code for answer in answers[-10:]]
        return len(lately) == 10 and set(lately) == {200}

    existing(system, "postgres").send_signal(signal.SIGINT)  # it is quick, and restarted
    await until(is_well_again, within_s=RECOVERS_WITHIN_S)
    backend.enough.set()
    await asyncio.wait_for(writing, RECOVERS_WITHIN_S)
    answers += backend.answers
    assert {answer.status_code for answer in answers} <= {200, 201, 503}
    refusals = [answer for answer in answers if answer.status_code == 503]
    assert {answer.headers["content-type"] for answer in refusals} <= {"application/problem+json"}
    assert all("retry-after" in answer.headers for answer in refusals)

    async def all_counted() -> bool:
        return len(await orders_paid(system, member.token)) >= len(backend.accepted)

    await until(all_counted, within_s=RECOVERS_WITHIN_S)
    paid = await orders_paid(system, member.token)
    assert sorted(paid) == sorted(backend.accepted), "nothing was done in part, or twice"


async def test_while_nats_is_silent_writes_are_taken_and_what_follows_comes_later(
    system: Deployment, record_property: Callable[[str, object], None]
) -> None:
    """Every order is accepted meanwhile, told in the order they were placed, and paid for once.

    They may be paid in another order: an event that got lost on its way comes a second time, later.
    """
    member = await enrolled(system)
    orders: list[str] = []
    answers: list[httpx.Response] = []
    now = asyncio.get_running_loop().time
    until_s = now() + OUTAGE_S
    with silenced(system, "nats-server"):
        async with system.backend() as client:
            while len(orders) < 5 or now() < until_s:
                orders.append(f"order-{uuid4()}")
                answers.append(await client.post("/v1/orders", json=order(orders[-1], member)))
                await asyncio.sleep(0.5)
    back_at = now()
    assert {answer.status_code for answer in answers} == {201}
    signed_in = {"email": member.email, "password": PASSWORD}
    async with system.client() as client:  # an access token lives for ten minutes
        token = (await client.post("/v1/auth/login", json=signed_in)).json()["access_token"]

    async def all_counted() -> bool:
        return len(await orders_paid(system, token)) >= len(orders)

    await until(all_counted, within_s=RECOVERS_WITHIN_S)
    record_property("accepted", len(orders))
    record_property("drained_s", round(now() - back_at, 1))
    assert sorted(await orders_paid(system, token)) == sorted(orders)
    assert await orders_told(system, member) == orders


async def orders_told(system: Deployment, member: Member) -> list[str]:
    """The orders of a member as the stream has them."""
    url = urlsplit(system.environment["POSTGRES_URL"])._replace(path="/profile").geturl()
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            """
            SELECT event -> 'data' ->> 'order_id' AS order_id
            FROM outbox, LATERAL (SELECT convert_from(body, 'UTF8')::jsonb) AS said (event)
            WHERE type = $1 AND event -> 'data' ->> 'member_id' = $2 ORDER BY stream_seq
            """,
            OrderPlaced.type,
            member.id,
        )
    finally:
        await connection.close()
    return [row["order_id"] for row in rows]


async def orders_paid(system: Deployment, token: str) -> list[str]:
    """The orders a member's points are for, the first paid first."""
    entries: list[dict[str, Any]] = []
    async with system.client(token) as client:
        cursor = ""
        while cursor is not None:
            query = {"limit": 200, **({"cursor": cursor} if cursor else {})}
            page = (await client.get("/v1/points/history", params=query)).json()
            entries, cursor = entries + page["items"], page["next_cursor"]
    entries.sort(key=lambda entry: entry["version"])
    return [entry["source_id"] for entry in entries if entry["source_type"] == "order"]


@pytest.fixture
def new_claim() -> Iterator[Callable[[], Claim]]:
    """Ports that nobody else is given during a test."""
    made: list[Claim] = []

    def one_more() -> Claim:
        made.append(claim())
        return made[-1]

    yield one_more
    for each in made:
        if each.kept:
            each.kept.close()


@contextmanager
def part(
    system: Deployment, name: str, place: Claim, operations: Claim, **environment: str
) -> Iterator[None]:
    """One more process of a part, on the stores of `system`; stopped gracefully at the end."""
    command = [sys.executable, "-m", "rapport", "serve", name, "--host", LOOPBACK]
    command += ["--port", str(place.port), "--operations-host", LOOPBACK]
    command += ["--operations-port", str(operations.port)]
    for kept in (place, operations):
        command += ["--kept", str(kept.port)] if kept.kept else []
    log = Path(f"{system.data}-{name}-{place.port}.out")
    with log.open("a") as output:
        process = subprocess.Popen(
            command,
            env={**os.environ, **system.environment, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    except BaseException:
        print(log.read_text()[-2000:])  # noqa: T201  (shown with the failure)
        raise
    finally:
        process.terminate()
        process.wait(240)


async def replace(system: Deployment, name: str, port: int) -> None:
    """Stop a part gracefully; whoever watches over it starts it again."""
    process = existing(system, name)

    async def is_gone() -> bool:
        return not process.is_running()

    process.terminate()
    await until(is_gone, within_s=RECOVERS_WITHIN_S)
    await until_ready(port)


async def until_ready(*ports: int) -> None:
    for port in ports:
        await until(partial(is_well, port, "/readyz"), within_s=STARTED_WITHIN_S)


async def test_replacing_every_part_one_after_another_fails_no_request_and_tells_nobody_twice(
    system: Deployment, new_claim: Callable[[], Claim]
) -> None:
    member = await enrolled(system)
    token = await admin_token(system)
    first = {name: port_of(existing(system, name)) for name in SERVICES}
    second = {name: new_claim() for name in SERVICES}
    places = {
        f"{name.upper()}_URL": f"http://{LOOPBACK}:{first[name]},http://{LOOPBACK}:{second[name].port}"
        for name in SERVICES
    }
    gateways = [new_claim(), new_claim()]
    urls = [f"http://{LOOPBACK}:{gateway.port}" for gateway in gateways]

    async def all_places_are_asked(url: str = urls[0]) -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(headers=headers, timeout=90, trust_env=False) as client:
            shown = (await client.get(f"{url}/v1/traffic")).json()["upstreams"].values()
        targets = [target for upstream in shown for target in upstream["targets"]]
        return all(target["healthy"] and not target["ejected"] for target in targets)

    where = Where(urls[0])
    phones, backend = Phones(where, member), Backend(system, member, where)
    with ExitStack() as stack, ExitStack() as replaced, ExitStack() as retired:
        for name in SERVICES:
            replaced.enter_context(part(system, name, second[name], new_claim()))
        stack.enter_context(part(system, "gateway", gateways[1], new_claim(), **places))
        retired.enter_context(part(system, "gateway", gateways[0], new_claim(), **places))
        await until_ready(*(place.port for place in [*second.values(), *gateways]))
        for url in urls:
            await until(partial(all_places_are_asked, url), within_s=RECOVERS_WITHIN_S)
        calling = asyncio.create_task(phones.run())
        sending = asyncio.create_task(backend.run(1))
        for name in SERVICES:
            await replace(system, name, first[name])
            await until(all_places_are_asked, within_s=RECOVERS_WITHIN_S)
        await where.move(urls[1])
        await asyncio.to_thread(retired.close)
        await asyncio.to_thread(replaced.close)
        await asyncio.sleep(1)  # a while with the first ones alone
        backend.enough.set()
        await asyncio.wait_for(sending, RECOVERS_WITHIN_S)
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)
    assert phones.wrong == []
    assert phones.answers.total() > 50, phones.answers
    assert {answer.status_code for answer in backend.answers} == {201}

    async def all_told() -> bool:
        return len(await told_of_orders(system, member)) >= len(backend.accepted)

    await until(all_told, within_s=RECOVERS_WITHIN_S)
    assert len(await told_of_orders(system, member)) == len(backend.accepted)


async def told_of_orders(system: Deployment, member: Member) -> list[dict[str, Any]]:
    """What the member was told of orders' points, by the live stream and the inbox alike.

    Of the welcome they may be told at any time, and of a tier that enough orders raise.
    """
    async with system.client(member.token) as client:
        items: list[dict[str, Any]] = []
        cursor = ""
        while cursor is not None:
            query = {"limit": 200, **({"cursor": cursor} if cursor else {})}
            page = (await client.get("/v1/inbox", params=query)).json()
            items, cursor = items + page["items"], page["next_cursor"]
    return [item for item in items if "on the way" in item["title"]]
