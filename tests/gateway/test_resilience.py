"""A service that fails is asked again where that is right, and spared where that is."""

import asyncio
import time

import pytest
from starlette.types import Receive, Scope, Send

from gateway.breaker import State
from gateway.resilience import FREE_RETRIES, IN_VAIN_S, Upstream
from gateway.routes import Worth
from gateway.shedding import Overloaded
from gateway.targets import EJECTED_AFTER, EJECTED_S
from gateway.upstreams import Occupied, Unreachable, UpstreamDown, fetch
from kit.testing import until
from tests.gateway.asking import ask, broken, holds, nobody, once, upstream
from tests.gateway.edge import Service, answering


@pytest.mark.parametrize(
    ("method", "headers"),
    [("GET", {}), ("PUT", {}), ("DELETE", {}), ("POST", {"idempotency-key": "k"})],
)
async def test_what_does_no_harm_twice_is_asked_once_more(method: str, headers: dict) -> None:
    service = Service()
    once(service, UpstreamDown("gone"))
    reply = await ask(upstream(service), method, headers=headers, body=b"hello")
    assert reply.json == {"ok": True}
    assert len(service.asked) == 2
    assert service.bodies == [b"hello", b"hello"]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_may_have_been_done_is_not_asked_again(method: str) -> None:
    service = once(Service(), UpstreamDown("gone"))
    with pytest.raises(UpstreamDown):
        await ask(upstream(service), method)
    assert len(service.asked) == 1


async def test_once_more_is_once() -> None:
    asked = []

    async def failing(scope: Scope, _receive: Receive, _send: Send) -> None:
        asked.append(scope)
        raise UpstreamDown("gone")

    with pytest.raises(UpstreamDown):
        await ask(upstream(failing))
    assert len(asked) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_reached_nobody_goes_to_the_places_that_are_left(method: str) -> None:
    good = Service()
    several = upstream(nobody, nobody, nobody, good)
    replies = [await ask(several, method, person=f"p{number}") for number in range(40)]
    assert {reply.status for reply in replies} == {200}
    assert len(good.asked) == 40
    alone = upstream(nobody)
    with pytest.raises(Unreachable):
        await ask(alone, "POST")
    assert alone.calls == 1
    assert alone.retries == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_when_nobody_listens_where_all_was_well_those_not_ready_lately_are_asked(
    method: str,
) -> None:
    """Parts are replaced: what started is ready before the next check has seen it."""
    started = Service()
    both = upstream(nobody, started)
    for _ in range(2):
        both.targets.checked(both.targets.all[1], healthy=False)
    replies = [await ask(both, method, person=str(number)) for number in range(40)]
    assert {reply.status for reply in replies} == {200}
    assert both.retries == 1
    assert both.breaker.state is State.CLOSED


async def test_where_nobody_listens_at_all_each_place_is_asked_and_then_one_once_more() -> None:
    both = upstream(nobody, nobody)
    for method, asked in (("POST", 2), ("GET", 3)):
        calls = both.calls + both.retries
        with pytest.raises(Unreachable):
            await ask(both, method)
        assert both.calls + both.retries - calls == asked


async def test_an_answer_that_says_it_passes_is_asked_elsewhere_and_not_shown() -> None:
    away, good = Service(answering({"no": 1}, 503)), Service()
    both = upstream(away, good)
    person = next(p for p in map(str, range(99)) if both.targets.choose(p).app is away)
    reply = await ask(both, person=person)
    assert (reply.status, reply.json) == (200, {"ok": True})
    alone = await ask(upstream(away))
    assert (alone.status, alone.json) == (503, {"no": 1})
    assert len(away.asked) == 2


async def test_a_500_is_an_answer_and_is_not_asked_again() -> None:
    service = Service(answering({}, 500))
    assert (await ask(upstream(service, Service()), person="1")).status in {200, 500}
    assert len(service.asked) <= 1


async def test_the_second_place_is_told_what_time_is_left() -> None:
    async def slowly(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.sleep(0.1)
        raise UpstreamDown("gone")

    service = Service()
    both = upstream(slowly, service)
    person = next(p for p in map(str, range(99)) if both.targets.choose(p).app is slowly)
    await ask(both, person=person, headers={"x-deadline-ms": "5000"})
    assert int(service.headers["x-deadline-ms"]) <= 4_900


async def test_without_time_left_nobody_is_asked_again() -> None:
    service = once(Service(), UpstreamDown("gone"))
    with pytest.raises(UpstreamDown):
        await ask(upstream(service), headers={"x-deadline-ms": "50"})
    assert len(service.asked) == 1


async def test_a_storm_reaches_a_failing_service_at_most_a_fifth_larger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.breaker.LEAST_CALLS", 10**9)  # the budget alone is tried here
    monkeypatch.setattr("gateway.resilience.LONGEST_PAUSE_S", 0)
    service = upstream(broken)
    results = await asyncio.gather(*(ask(service) for _ in range(90)), return_exceptions=True)
    assert all(isinstance(result, UpstreamDown) for result in results)
    assert FREE_RETRIES <= service.retries <= 90 * 0.2 + FREE_RETRIES


async def test_the_breaker_opens_and_spares_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.breaker.OPEN_S", 600)  # however slow this machine is
    service = Service(answering({}, 500))
    failing = upstream(service)
    for _ in range(20):
        await ask(failing)
    assert failing.breaker.state is State.OPEN
    with pytest.raises(UpstreamDown) as refused:
        await ask(failing)
    assert int(refused.value.headers["Retry-After"]) >= 1
    assert len(service.asked) == 20


@pytest.mark.parametrize("status", [200, 304, 404, 409, 429, 501])
async def test_refusals_of_callers_are_no_failures(status: int) -> None:
    service = upstream(Service(answering({}, status)))
    for _ in range(40):
        await ask(service)
    assert service.breaker.state is State.CLOSED


async def test_who_leaves_early_says_nothing_of_the_service_and_who_waited_in_vain_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = asyncio.Event()

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await silent.wait()

    async def leave(asked: Upstream, times: int) -> None:
        waiting = [asyncio.create_task(ask(asked)) for _ in range(times)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    assert IN_VAIN_S > 0.5
    service = upstream(never)
    await leave(service, 40)
    assert (service.breaker.state, service.gate.in_flight) == (State.CLOSED, 0)
    monkeypatch.setattr("gateway.resilience.IN_VAIN_S", 0)
    await leave(service, 40)
    assert (service.breaker.state, service.gate.in_flight) == (State.OPEN, 0)


async def test_places_are_given_back_however_a_request_ends() -> None:
    async def bug(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise KeyError("x")

    async def half(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ConnectionError("broke off")

    for app in (Service(), broken, bug, half, Service(answering({}, 503))):
        service = upstream(app)
        await asyncio.gather(ask(service), return_exceptions=True)
        assert service.gate.in_flight == 0


async def test_a_full_service_turns_the_least_worthy_away_first() -> None:
    busy = asyncio.Event()

    async def working(scope: Scope, receive: Receive, send: Send) -> None:
        await busy.wait()
        await answering({})(scope, receive, send)

    service = upstream(working, most=100)
    tasks = [asyncio.create_task(ask(service)) for _ in range(70)]
    await until(lambda: holds(service.gate.in_flight == 70))
    with pytest.raises(Overloaded) as refused:
        await ask(service, worth=Worth.ANALYTICS)
    assert 15 <= int(refused.value.headers["Retry-After"]) <= 120
    tasks.append(asyncio.create_task(ask(service, worth=Worth.INTERACTIVE)))
    await until(lambda: holds(service.gate.in_flight == 71))
    busy.set()
    assert {reply.status for reply in await asyncio.gather(*tasks)} == {200}


async def test_an_outlier_is_no_longer_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.targets.EJECTED_S", 60)  # however slow this machine is
    bad = Service(answering({}, 500))
    both = upstream(bad, Service())
    for number in range(100):
        await ask(both, person=str(number))
    assert len(bad.asked) == EJECTED_AFTER


async def test_a_place_that_has_answered_since_is_left_out_no_longer_the_next_time() -> None:
    is_away = True

    async def replaced(scope: Scope, receive: Receive, send: Send) -> None:
        await (nobody if is_away else Service())(scope, receive, send)

    both = upstream(replaced, Service())
    place = both.targets.all[0]
    person = next(p for p in map(str, range(99)) if both.targets.choose(p) is place)
    for _ in range(3):
        is_away = True
        before = time.monotonic()
        await ask(both, person=person)
        assert before < place.ejected_until <= time.monotonic() + EJECTED_S
        place.ejected_until = 0.0
        both.targets.sort_out()
        is_away = False
        await ask(both, person=person)


async def test_what_the_gateway_itself_asks_is_asked_again_too() -> None:
    service = once(Service(), UpstreamDown("gone"))
    answer = await fetch(upstream(service), "/v1/wallet")
    assert (answer.status, len(service.asked)) == (200, 2)


async def test_health_checks_ask_for_readiness() -> None:
    sick, well = Service(answering({}, 503)), Service()
    both = upstream(sick, well)
    for _ in range(2):
        await both.check()
    assert [target["healthy"] for target in both.state()["targets"]] == [False, True]
    assert {scope["path"] for scope in sick.asked} == {"/readyz"}
    for number in range(20):
        await ask(both, person=str(number))
    assert len(sick.asked) == 2


async def test_a_caller_in_too_much_of_a_hurry_says_nothing_of_the_service() -> None:
    """The service answers 504 by itself when the deadline it was given has passed."""
    service = upstream(Service(answering({}, 504)), Service(answering({}, 504)))
    for _ in range(40):
        assert (await ask(service, headers={"x-deadline-ms": "1"})).status == 504
    assert service.breaker.state is State.CLOSED
    assert service.targets.left_out == 0


async def test_a_service_too_slow_for_everybody_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.resilience.IN_VAIN_S", 0)
    service = upstream(Service(answering({}, 504)))
    for _ in range(20):
        await ask(service)
    assert service.breaker.state is State.OPEN


async def test_a_probe_that_leaves_while_it_waits_for_a_place_does_not_block_for_ever() -> None:
    service = upstream(Service(answering({}, 500)), most=10)
    for _ in range(20):
        await ask(service)
    service.breaker._open_until = 0.0
    service.gate.in_flight = 10  # those that were asked before are still at work
    probe = asyncio.create_task(ask(service))
    await until(lambda: holds(service.gate.waiting == 1))
    probe.cancel()
    await asyncio.gather(probe, return_exceptions=True)
    service.gate.in_flight = 0
    service.targets.all[0].app._answer = answering({"ok": True})
    assert (await ask(service)).status == 200
    assert service.breaker.state is State.CLOSED


async def test_a_place_that_is_fully_occupied_is_not_ill() -> None:
    async def occupied(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise Occupied("It is.")

    both = upstream(occupied, Service())
    for _ in range(2):
        await both.check()
    assert [target["healthy"] for target in both.state()["targets"]] == [True, True]
