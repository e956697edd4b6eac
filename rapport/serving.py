"""Serving an ASGI application from this process until told to stop, with a graceful end.

The server (rapport.http) runs in our event loop, so that one process can hold several applications
and the tasks beside them. The application's lifespan is ours to run: it must end also when a client
keeps its connection open for ever.
"""

import asyncio
import contextlib
import gc
import resource
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import uvloop

from kit.lifespan import running
from rapport.http.listener import Listener
from rapport.ports import Claim, reachable_at

Main = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
Ready = Callable[[], Awaitable[None]]
Operations = tuple[Any, str, int | Claim]
"""An application, and the host and port of its own on which it is called."""
POLL_S = 0.02


def run(main: Main) -> None:
    """Run `main` with an event that SIGTERM and Ctrl-C set; Ctrl-C once more ends at once."""
    with (
        contextlib.suppress(KeyboardInterrupt),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(until_told(main))


def allow_files() -> None:
    """Have as many connections open as the system lets us; each is a file."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def calm_the_collector() -> None:
    """Have the garbage collector look rarely, and never at what was imported.

    Requests leave few cycles behind; at its defaults it walks every loaded module again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def until_told(main: Main) -> None:
    """Run `main`, turning the first signal into its event."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(number: signal.Signals) -> None:
        told.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, tell, number)
    await main(told)


async def serve(
    app: Any,
    told: asyncio.Event,
    *,
    host: str,
    port: int | Claim,
    drain_s: float,
    operations: Operations | None = None,
    ready: Ready | None = None,
) -> None:
    """Serve `app` until `told`; then take nothing new, and finish what is in flight.

    `operations` answers until the very end. `ready` is called once connections are taken; `drain_s`
    bounds the wait for clients that stay.
    """
    number = port.port if isinstance(port, Claim) else port
    async with running(app):
        calm_the_collector()
        allow_files()
        listener = Listener(app, host, port)
        beside = Listener(*operations) if operations else None
        stopping = asyncio.create_task(told.wait())
        announcing = asyncio.create_task(announce(host, number, ready))
        await asyncio.wait({listener.serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        announcing.cancel()
        stopping.cancel()
        listener.stop()
    # The application has ended its streams by now; what is left of them has a moment to go out.
    await listener.ended(drain_s)
    if beside:
        beside.stop()
        await beside.ended(drain_s)


async def announce(host: str, port: int, ready: Ready | None) -> None:
    """Call `ready` once the port takes connections."""
    while ready:
        try:
            _, writer = await asyncio.open_connection(reachable_at(host), port)
        except OSError:
            await asyncio.sleep(POLL_S)
        else:
            writer.close()
            await ready()
            return
