"""How long is waited: for a service, for a caller who sends, for one who takes the answer."""

import asyncio

import pytest

from gateway.access_log import SECONDS
from kit.testing import member, until
from tests.gateway.edge import Edge, Service, never

WALLET = "/v1/wallet"


async def test_a_body_of_which_nothing_comes_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.inbound.BODY_S", 0.05)
    loyalty = Service()
    edge = Edge({"loyalty": loyalty})
    reply = await asyncio.wait_for(edge.ask("POST", "/v1/checkins", member(), pieces=()), 30)
    assert (reply.status, reply.json["code"]) == (408, "gateway.slow_body")
    assert not loyalty.asked


async def test_what_answers_too_late_is_given_up() -> None:
    slow = Service(never)
    edge = Edge({"loyalty": slow})
    reply = await edge.ask("GET", WALLET, member(), headers={"X-Deadline-Ms": "50"})
    assert (reply.status, reply.json["code"]) == (504, "deadline_passed")
    assert slow.cancelled


async def test_a_caller_who_leaves_ends_the_work_for_it() -> None:
    slow, left = Service(never), asyncio.Event()
    edge = Edge({"loyalty": slow})
    before = SECONDS.in_flight
    asking = asyncio.create_task(edge.ask("GET", WALLET, member(), left=left))
    await slow.arrival.wait()
    left.set()
    reply = await asking
    assert slow.cancelled
    assert reply.status == 0
    assert SECONDS.in_flight <= before


async def test_an_answer_that_has_begun_may_take_longer_than_the_deadline() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(_scope, _receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        begun.set()
        await go_on.wait()
        await send({"type": "http.response.body", "body": b"done"})

    edge = Edge({"loyalty": Service(slowly)})
    asking = asyncio.create_task(edge.ask("GET", WALLET, member(), headers={"X-Deadline-Ms": "1"}))
    await begun.wait()
    await asyncio.sleep(
        0.4
    )  # longer than deadline and grace: nothing else can show that it is kept
    go_on.set()
    assert (await asking).body == b"done"


async def test_a_caller_who_does_not_take_the_answer_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.deadlines.SLOWEST_SEND_S", 0.05)
    service = Service()
    edge = Edge({"loyalty": service})

    async def stuck(_message) -> None:
        await asyncio.Event().wait()

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": WALLET,
        "raw_path": WALLET.encode(),
        "query_string": b"",
        "client": None,
        "state": {},
        "headers": [
            (b"host", b"gateway"),
            (b"authorization", edge.bearer(member())["Authorization"].encode()),
        ],
    }
    with pytest.raises(TimeoutError):
        await edge.proxy(scope, never, stuck)
    assert service.cancelled


async def test_a_caller_who_does_not_take_a_refusal_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.deadlines.SLOWEST_SEND_S", 0.05)

    async def stuck(_message) -> None:
        await asyncio.Event().wait()

    scope = {
        "type": "http",
        "http_version": "2",
        "method": "GET",
        "path": "/nowhere",
        "raw_path": b"/nowhere",
        "query_string": b"",
        "client": None,
        "headers": [],
    }
    with pytest.raises(TimeoutError):
        await Edge({}).proxy(scope, never, stuck)


async def test_a_quiet_stream_is_not_looked_at_and_yet_given_up_when_its_caller_leaves() -> None:
    speaks, said = asyncio.Event(), asyncio.Event()

    async def stream(_scope, _receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await speaks.wait()
        await send({"type": "http.response.body", "body": b"b", "more_body": True})
        said.set()
        await asyncio.Event().wait()

    service, left = Service(stream), asyncio.Event()
    edge = Edge({"loyalty": service})
    asking = asyncio.create_task(edge.ask("GET", WALLET, member(), left=left))

    async def is_quiet() -> bool:
        return service.arrival.is_set() and not edge.proxy._watch._waits

    await until(is_quiet)
    speaks.set()
    await said.wait()
    await until(is_quiet)
    left.set()
    assert (await asking).body == b"ab"
    assert service.cancelled


async def test_an_upload_that_stalls_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.inbound.SILENCE_S", 0.05)
    edge = Edge({"feedback": Service()})
    path = "/v1/tickets/1/attachments"
    reply = await asyncio.wait_for(edge.ask("POST", path, member(), pieces=()), 30)
    assert (reply.status, reply.json["code"]) == (408, "gateway.slow_body")
