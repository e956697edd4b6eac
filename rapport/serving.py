"""Serving an ASGI application from this process until told to stop, with a graceful end.

granian's embedded server runs in our event loop, so that one process can hold several applications
and the tasks beside them. The application's lifespan is ours to run: it must end also when a client
keeps its connection open for ever, which granian alone would wait for.
"""

import asyncio
import contextlib
import gc
import resource
import signal
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from kit.lifespan import running
from rapport.errors import OperatorError
from rapport.ports import Claim, bindable, reachable_at

Main = Callable[[asyncio.Event], Coroutine[Any, Any, None]]
Ready = Callable[[], Awaitable[None]]
Operations = tuple[Any, str, int | Claim]
"""An application, and the host and port of its own on which it is called."""
BACKLOG = 2048
MOST_CONNECTIONS = 32_768  # open at once, idle ones included; granian's own default is the backlog
HEAD_S = 30.0  # longest wait for a request's head, the next one on an idle connection included
LARGEST_HEAD = 64 * 1024  # bytes, within a small factor
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


class Listener:
    """A port on which an application is called, from now on, by HTTP/1.1.

    That alone: while granian waits to see which version a connection speaks, it waits for ever.
    Raises OperatorError where somebody has a port that was not claimed: granian would share it with
    another granian, and so two deployments would each answer half of the calls.
    """

    def __init__(self, app: Any, host: str, where: int | Claim) -> None:
        port = where.port if isinstance(where, Claim) else where
        if port is where and not bindable(port, host):
            raise OperatorError(f"port {port} is taken; choose another (--port, --operations-port)")
        self._server = Server(
            app,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(
                header_read_timeout=int(HEAD_S * 1000), max_buffer_size=LARGEST_HEAD
            ),
            backlog=BACKLOG,
            backpressure=MOST_CONNECTIONS,
            log_enabled=False,
        )
        self.serving = asyncio.create_task(self._server.serve())

    def stop(self) -> None:
        """Take nothing new."""
        self._server.stop()  # type: ignore[no-untyped-call]

    async def ended(self, at_most_s: float) -> None:
        """Wait until what is in flight has been answered; raises what broke the listener."""
        await asyncio.wait({self.serving}, timeout=at_most_s)
        if self.serving.done():
            self.serving.result()


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
    # The application has ended its streams by now; granian waits for what is left of them.
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
