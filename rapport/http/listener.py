"""A port, and the connections of those who call there."""

import asyncio
import time
from typing import Any, Final, Protocol

from starlette.types import ASGIApp, Scope

from rapport.errors import OperatorError
from rapport.http.connection import Connection
from rapport.ports import Claim, bindable

BACKLOG: Final = 2048
MOST_CONNECTIONS: Final = 32_768  # open at once, idle ones included
HEAD_S: Final = 30.0
"""Longest wait for a request's head, the next one on an idle connection included."""
ROUND_S: Final = 1.0


class Caller(Protocol):
    """A connection of any kind."""

    due: float

    def end(self) -> None: ...

    def abort(self) -> None: ...


class Listener:
    """A port on which an application is called, from now on, by HTTP/1.1.

    Raises OperatorError where somebody has a port that was not claimed.
    """

    def __init__(self, app: ASGIApp, host: str, where: int | Claim) -> None:
        port = where.port if isinstance(where, Claim) else where
        if port is where and not bindable(port, host):
            raise OperatorError(f"port {port} is taken; choose another (--port, --operations-port)")
        self.app = app
        self.loop = asyncio.get_running_loop()
        self.head_s = HEAD_S
        self.ending = False
        self._callers: set[Caller] = set()
        self._tasks: set[asyncio.Task[None]] = set()  # whose callers have left
        self._told = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        kept = where.kept if isinstance(where, Claim) else None
        place: dict[str, Any] = {"sock": kept} if kept else {"host": host, "port": port}
        self.serving = asyncio.create_task(self._serve(place))

    def stop(self) -> None:
        """Take nothing new; who has nothing under way is hung up on."""
        self.ending = True
        self._told.set()

    async def ended(self, at_most_s: float) -> None:
        """Wait until what is in flight has been answered; raises what broke the listener."""
        await asyncio.wait({self.serving}, timeout=at_most_s)
        if not self.serving.done():
            self.serving.cancel()
            await asyncio.wait({self.serving})
        elif not self.serving.cancelled():
            self.serving.result()

    async def _serve(self, place: dict[str, Any]) -> None:
        server = await self.loop.create_server(lambda: Connection(self), backlog=BACKLOG, **place)
        watch = asyncio.create_task(self._keep_watch())
        try:
            await self._told.wait()
            server.close()
            for caller in tuple(self._callers):
                caller.end()
            await self._empty.wait()
        finally:
            watch.cancel()
            server.close()
            for caller in tuple(self._callers):
                caller.abort()
            for task in tuple(self._tasks):
                task.cancel()

    async def _keep_watch(self) -> None:
        """Give up those who do not say what they want. One round costs less than a timer each."""
        while True:
            await asyncio.sleep(min(ROUND_S, self.head_s / 4))
            now = time.monotonic()
            for caller in tuple(self._callers):
                if caller.due <= now:
                    caller.abort()

    # what connections tell

    def take(self, caller: Caller) -> None:
        self._callers.add(caller)
        self._empty.clear()
        if len(self._callers) > MOST_CONNECTIONS or self.ending:
            caller.abort()

    def lose(self, caller: Caller) -> None:
        self._callers.discard(caller)
        if not self._callers:
            self._empty.set()

    def outlive(self, task: "asyncio.Task[None] | None") -> None:
        """Keep what still goes on although its caller has left."""
        if task is not None and not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def open_socket(self, transport: asyncio.Transport, scope: Scope, rest: bytes) -> None:
        """Let a connection go on as a WebSocket."""
        from rapport.http.websocket import Socket  # noqa: PLC0415  (most processes have none)

        socket = Socket(self, scope)
        transport.set_protocol(socket)
        socket.connection_made(transport)
        if rest:
            socket.data_received(rest)
