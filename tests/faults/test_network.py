"""The hop to a service over a bad network: others notice nothing, and no answer goes astray.

Real HTTP servers behind the fault proxy, and the real proxy path in front of it.
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.breaker import State
from gateway.deadlines import CallerLeft, Inbound
from gateway.resilience import FREE_RETRIES, IN_VAIN_S, Upstream
from gateway.targets import Target, Targets
from gateway.upstreams import HttpUpstream, UpstreamDown
from kit.fault_proxy import HEALTHY, FaultProxy, Faults
from kit.testing import member, until
from rapport.ports import claim
from rapport.serving import Listener
from tests.gateway.edge import Edge, Reply, ask

WALLET, FAQ = "/v1/wallet", "/v1/tickets"
STORM = int(os.environ.get("STORM", "500"))
"""Requests of a storm. STORM=30000 is a minute of 500 a second."""


def body_of(path: str) -> bytes:
    """What the server answers at a path: nobody else's answer has this body."""
    return hashlib.sha256(path.encode()).hexdigest().encode() * 20


class Server:
    """Answers every path with its own body; counts what it was asked."""

    def __init__(self, status: int = 200) -> None:
        self.asked = 0
        self.status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await receive()
        body = body_of(scope["path"])
        headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"text/x-hash")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[FaultProxy]:
    """`app` on a port of its own, behind a fault proxy."""
    place = claim()
    listener = Listener(app, "127.0.0.1", place)
    try:
        async with FaultProxy("127.0.0.1", place.port) as proxy:
            await until(lambda: answers(place.port))
            yield proxy
    finally:
        listener.stop()
        await listener.ended(5)
        if place.kept:
            place.kept.close()


async def answers(port: int) -> bool:
    with suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        return True
    return False


@asynccontextmanager
async def upstream(app: ASGIApp, **limits: int) -> AsyncIterator[tuple[Upstream, FaultProxy]]:
    """A service as the gateway asks it, through a fault proxy."""
    async with served(app) as proxy:
        http = HttpUpstream(
            f"http://127.0.0.1:{proxy.port}",
            connect_timeout_s=2.0,
            idle_s=10.0,
            most_connections=200,
        )
        targets = Targets([Target("there", http)])
        yield Upstream("loyalty", targets, **{"least": 32, "most": 200} | limits), proxy
        await http.close()


async def test_a_slow_service_is_spared_and_the_others_notice_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.breaker.OPEN_S", 600)  # however slow this machine is
    async with AsyncExitStack() as stack:
        slow, network = await stack.enter_async_context(upstream(Server()))
        well, _ = await stack.enter_async_context(upstream(Server()))
        edge = Edge({"loyalty": slow, "feedback": well})
        network.faults = Faults(latency_s=2.0)
        hurried = {"X-Deadline-Ms": str(int(IN_VAIN_S * 1000))}
        waiting = [
            asyncio.create_task(edge.ask("GET", WALLET, member(), headers=hurried))
            for _ in range(60)
        ]
        others = [await edge.ask("GET", FAQ, member()) for _ in range(50)]
        late = await asyncio.gather(*waiting)
        assert {reply.status for reply in others} == {200}
        assert {(reply.status, reply.json["code"]) for reply in late} == {(504, "deadline_passed")}
        assert slow.breaker.state is State.OPEN
        assert well.breaker.state is State.CLOSED
        assert slow.gate.in_flight == 0

        asked = network.exchanges
        refused = await edge.ask("GET", WALLET, member())
        assert (refused.status, refused.json["code"]) == (503, "gateway.upstream_down")
        assert int(refused.headers["retry-after"]) >= 1
        assert network.exchanges == asked, "it is left alone"

        network.faults = HEALTHY
        slow.breaker._open_until = 0.0  # its rest is over

        async def is_back() -> bool:
            return (await edge.ask("GET", WALLET, member())).status == 200

        await until(is_back, within_s=60)
        assert slow.breaker.state is State.CLOSED


async def test_nobody_waits_for_a_slow_service_but_who_asked_it() -> None:
    """So slow that whoever waited for it would not have an answer by the end of this test."""
    async with AsyncExitStack() as stack:
        slow, network = await stack.enter_async_context(upstream(Server()))
        well, _ = await stack.enter_async_context(upstream(Server()))
        edge = Edge({"loyalty": slow, "feedback": well})
        network.faults = Faults(latency_s=600)
        patient = {"X-Deadline-Ms": "600000"}
        waiting = [
            asyncio.create_task(edge.ask("GET", WALLET, member(), headers=patient))
            for _ in range(30)
        ]
        others = [await edge.ask("GET", FAQ, member()) for _ in range(300)]
        assert {reply.status for reply in others} == {200}
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert slow.gate.in_flight == 0


async def test_what_a_silent_service_holds_is_bounded() -> None:
    async with upstream(Server(), most=40) as (silent, network):
        network.faults = Faults(half_open=True)
        edge = Edge({"loyalty": silent})
        hurried = {"X-Deadline-Ms": "700"}
        most = 0

        async def one() -> Reply:
            nonlocal most
            asking = asyncio.create_task(edge.ask("GET", WALLET, member(), headers=hurried))
            await asyncio.sleep(0.1)
            most = max(most, silent.gate.in_flight)
            return await asking

        replies = await asyncio.gather(*(one() for _ in range(200)))
        assert {reply.status for reply in replies} <= {503, 504}
        assert 0 < most <= 40
        assert "gateway.overloaded" in {reply.json["code"] for reply in replies}
        assert silent.gate.in_flight == 0


KINDS = (
    Faults(reset_after=0, chance=0.1),
    Faults(reset_after=300, chance=0.1),
    Faults(truncate_after=700, chance=0.1),
    Faults(drip=400, drip_s=0.001, chance=0.1),
    Faults(latency_s=0.01, chance=0.3),
)


def read_whole(service: Upstream) -> ASGIApp:
    """A service asked as the proxy asks it: the body was read."""

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        inbound = Inbound(b"", receive)
        try:
            await service(scope, inbound, send)
        finally:
            inbound.close()

    return asked


async def test_of_ten_thousand_answers_none_goes_astray_while_connections_break() -> None:
    async with upstream(Server()) as (shaky, network):
        shaky.breaker.force(State.CLOSED)  # it would, rightly, spare us most of this

        async def one(number: int) -> bool:
            path = f"/v1/{number}"
            try:
                reply = await ask(read_whole(shaky), "POST", path)
            except (UpstreamDown, ConnectionError):
                return False
            assert reply.body == body_of(path), f"{path} got another answer"
            return True

        whole = 0
        for start in range(0, 10_000, 100):
            network.faults = KINDS[start // 100 % len(KINDS)]
            numbers = range(start, start + 100)
            whole += sum(await asyncio.gather(*(one(number) for number in numbers)))
        assert 8_000 < whole < 10_000


@pytest.mark.parametrize("kind", ["500", "reset"])
async def test_a_storm_grows_by_a_fifth_at_most(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr("gateway.resilience.BUDGET_WINDOW_S", 600)  # however slow this machine is
    server = Server(status=500)
    async with upstream(server) as (failing, network):
        failing.breaker.force(State.CLOSED)  # the budget alone must hold
        if kind == "reset":
            network.faults = Faults(reset_after=0)
        edge = Edge({"loyalty": failing})
        for _ in range(STORM // 50):
            replies = await asyncio.gather(*(edge.ask("GET", WALLET, member()) for _ in range(50)))
            assert {reply.status for reply in replies} == {500 if kind == "500" else 503}
        assert network.exchanges <= STORM * 1.2 + FREE_RETRIES


async def test_with_its_breaker_a_failing_service_hears_next_to_nothing() -> None:
    async with upstream(Server(status=500)) as (failing, network):
        edge = Edge({"loyalty": failing})
        statuses = [(await edge.ask("GET", WALLET, member())).status for _ in range(500)]
        assert statuses.count(503) > 400
        assert network.exchanges < 100


async def test_an_answer_that_drips_arrives_whole() -> None:
    async with upstream(Server()) as (dripping, network):
        network.faults = Faults(drip=64, drip_s=0.005)
        reply = await Edge({"loyalty": dripping}).ask("GET", WALLET, member())
        assert reply.body == body_of(WALLET)


async def test_who_is_away_and_comes_back_is_found_again() -> None:
    async with upstream(Server()) as (moving, network):
        edge = Edge({"loyalty": moving})
        assert (await edge.ask("GET", WALLET, member())).status == 200
        await network.go_away()
        assert (await edge.ask("GET", WALLET, member())).status == 503
        await network.come_back()
        assert (await edge.ask("GET", WALLET, member())).status == 200


async def test_an_upload_whose_sender_left_first_is_no_request() -> None:
    server = Server()
    async with upstream(server) as (service, _):

        async def gone() -> dict[str, str]:
            return {"type": "http.disconnect"}

        async def send(_: object) -> None: ...

        scope = {"method": "POST", "raw_path": b"/v1/x", "query_string": b"", "headers": []}
        with pytest.raises(CallerLeft):
            await service(scope, gone, send)
        assert server.asked == 0
        assert service.gate.in_flight == 0
