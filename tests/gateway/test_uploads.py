"""Uploads are passed on as they come: begun once, beside all else, and no judge of the service."""

import asyncio

import pytest
from starlette.types import Message

from gateway.breaker import State
from gateway.deadlines import CallerLeft
from gateway.shedding import Overloaded
from gateway.upstreams import Unreachable, UpstreamDown
from kit.testing import until
from tests.gateway.asking import all_at_once, ask, broken, holds, nobody, once, upstream
from tests.gateway.edge import Service, answering


async def test_an_upload_is_never_asked_again() -> None:
    service = once(Service(), UpstreamDown("gone"))
    with pytest.raises(UpstreamDown):
        await ask(upstream(service), "PUT", wrap=all_at_once)
    assert len(service.asked) == 1


async def test_an_upload_goes_whole_to_the_first_place_where_somebody_listens() -> None:
    pieces = iter([(b"one ", True), (b"two", False)])

    async def in_pieces() -> Message:
        body, more = next(pieces)
        return {"type": "http.request", "body": body, "more_body": more}

    good = Service()
    several = upstream(nobody, nobody, good)
    assert (await ask(several, "POST", wrap=in_pieces)).status == 200
    assert good.bodies == [b"one two"]
    assert several.uploads == 0
    with pytest.raises(Unreachable):
        await ask(upstream(nobody, nobody), "POST", wrap=all_at_once)


async def test_slow_senders_of_uploads_are_no_failures_of_the_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.resilience.IN_VAIN_S", 0)

    async def leave() -> Message:
        raise CallerLeft

    well, ill = upstream(Service()), upstream(broken)
    for _ in range(20):
        with pytest.raises(CallerLeft):
            await ask(well, "POST", wrap=leave)
        with pytest.raises(UpstreamDown):
            await ask(ill, "POST", wrap=all_at_once)
    assert (well.breaker.state, well.uploads) == (State.CLOSED, 0)
    assert (ill.breaker.state, ill.uploads) == (State.OPEN, 0)


async def test_uploads_leave_room_for_all_else() -> None:
    sending, service = asyncio.Event(), Service()
    filled = upstream(service, most=20)

    async def slowly() -> Message:
        await sending.wait()
        return await all_at_once()

    uploads = [asyncio.create_task(ask(filled, "POST", wrap=slowly)) for _ in range(5)]
    await until(lambda: holds(filled.uploads == 5))
    with pytest.raises(Overloaded):
        await ask(filled, "POST", wrap=all_at_once)
    assert (filled.gate.in_flight, (await ask(filled)).status) == (0, 200)
    limit = filled.gate.limit
    sending.set()
    assert {reply.status for reply in await asyncio.gather(*uploads)} == {200}
    assert (filled.uploads, filled.gate.limit) == (0, limit)


async def test_an_upload_is_not_the_probe() -> None:
    failing = upstream(Service(answering({}, 500)))
    for _ in range(20):
        await ask(failing)
    failing.breaker._open_until = 0.0
    assert failing.breaker.state is State.HALF_OPEN
    with pytest.raises(UpstreamDown):
        await ask(failing, "POST", wrap=all_at_once)
    failing.targets.all[0].app._answer = answering({"ok": True})
    assert (await ask(failing)).status == 200
    assert failing.breaker.state is State.CLOSED
