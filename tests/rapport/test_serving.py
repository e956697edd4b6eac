"""Serving ends gracefully: what is in flight is finished, and nothing holds the end up for ever."""

import asyncio
from typing import Any

import httpx
import pytest

from rapport import serving
from rapport.errors import OperatorError
from rapport.ports import LOOPBACK, claim, free_port, is_well
from rapport.serving import Listener, serve


class Application:
    """An application that remembers what it lived through."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.go_on = asyncio.Event()
        self.entered = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                phase = (await receive())["type"]
                self.phases.append(phase)
                await send({"type": f"{phase}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        self.entered.set()
        if scope["path"] == "/endless":
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await asyncio.Event().wait()
        if scope["path"] == "/slow":
            await self.go_on.wait()
        await send({"type": "http.response.body", "body": b"all of it"})


class Served:
    """An application being served."""

    def __init__(self, drain_s: float) -> None:
        self.app = Application()
        self.kept = claim()
        self.port = self.kept.port
        self.told = asyncio.Event()
        self.ready = asyncio.Event()
        self.task = asyncio.create_task(self._serve(drain_s))

    async def _serve(self, drain_s: float) -> None:
        async def ready() -> None:
            self.ready.set()

        try:
            await serve(
                self.app, self.told, host=LOOPBACK, port=self.kept, drain_s=drain_s, ready=ready
            )
        finally:
            if self.kept.kept:
                self.kept.kept.close()


async def test_a_request_in_flight_is_answered_before_the_end() -> None:
    served = Served(drain_s=10)
    await asyncio.wait_for(served.ready.wait(), 30)
    url = f"http://{LOOPBACK}:{served.port}"
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
        answer = asyncio.create_task(client.get("/slow"))
        await asyncio.wait_for(served.app.entered.wait(), 30)
        served.told.set()
        served.app.go_on.set()
        assert (await answer).text == "all of it"
    await asyncio.wait_for(served.task, 30)
    assert served.app.phases == ["lifespan.startup", "lifespan.shutdown"]


async def test_a_client_that_never_leaves_does_not_hold_up_the_end() -> None:
    served = Served(drain_s=0.2)
    await asyncio.wait_for(served.ready.wait(), 30)
    _, writer = await asyncio.open_connection(LOOPBACK, served.port)
    writer.write(b"GET /endless HTTP/1.1\r\nHost: rapport\r\n\r\n")
    await asyncio.wait_for(served.app.entered.wait(), 30)
    served.told.set()
    await asyncio.wait_for(served.task, 30)
    writer.close()
    assert served.app.phases[-1] == "lifespan.shutdown"


async def test_no_new_request_is_taken_once_told() -> None:
    served = Served(drain_s=5)
    await asyncio.wait_for(served.ready.wait(), 30)
    assert await is_well(served.port, "/")
    served.told.set()
    await asyncio.wait_for(served.task, 30)
    assert not await is_well(served.port, "/")


@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HTTP/1.1\r\nHost: rapport\r\n", b"PRI * HTTP/2.0\r\n"],
    ids=["nothing", "half a head", "half a preface of HTTP/2"],
)
async def test_who_connects_and_asks_nothing_is_hung_up_on(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(serving, "HEAD_S", 0.2)
    served = Served(drain_s=1)
    await asyncio.wait_for(served.ready.wait(), 30)
    reader, writer = await asyncio.open_connection(LOOPBACK, served.port)
    writer.write(said)
    answer = await asyncio.wait_for(reader.read(), 30)
    assert b" 200 " not in answer
    writer.close()
    served.told.set()
    await asyncio.wait_for(served.task, 30)


async def test_a_boundless_head_is_refused() -> None:
    served = Served(drain_s=1)
    await asyncio.wait_for(served.ready.wait(), 30)
    reader, writer = await asyncio.open_connection(LOOPBACK, served.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: rapport\r\nX: " + b"x" * 4 * serving.LARGEST_HEAD)
    assert b" 431 " in await asyncio.wait_for(reader.readline(), 30)
    writer.close()
    served.told.set()
    await asyncio.wait_for(served.task, 30)


async def test_an_application_that_fails_to_start_is_not_served() -> None:
    async def failing(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(RuntimeError, match="no database"):
        await serve(failing, asyncio.Event(), host=LOOPBACK, port=free_port(), drain_s=1)


async def test_a_taken_port_is_refused_even_where_granian_would_share_it() -> None:
    served = Served(drain_s=1)
    await asyncio.wait_for(served.ready.wait(), 30)
    with pytest.raises(OperatorError, match=f"port {served.port} is taken"):
        Listener(Application(), LOOPBACK, served.port)
    served.told.set()
    await asyncio.wait_for(served.task, 30)
