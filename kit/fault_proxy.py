"""A TCP proxy that behaves as badly as networks do, for tests and for trying a deployment out.

It stands between a client and a server of any protocol and passes bytes on. What it does to the
server's bytes is said by `faults`, which may be changed at any time: connections that are open
follow the change from their next exchange on. An exchange begins when the client says something
after the server did.
"""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Self

PIECE: Final = 65_536
RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong in an exchange. `chance` says in which part of all exchanges."""

    latency_s: float = 0.0
    """The answer's first byte comes this much later."""
    reset_after: int | None = None
    """After so many bytes of the answer the connection is reset (RST); 0: before any."""
    truncate_after: int | None = None
    """After so many bytes of the answer the connection is closed as if that were all (FIN)."""
    drip: int = 0
    """The answer comes in pieces of so many bytes, `drip_s` apart."""
    drip_s: float = 0.01
    reset_on: bytes = b""
    """An answer that holds these bytes never arrives: it is given, and the connection is reset."""
    half_open: bool = False
    """The server is gone and nobody says so: bytes are taken, and none ever come back."""
    chance: float = 1.0


HEALTHY: Final = Faults()


class FaultProxy:
    """Listens on a free port of loopback while its context runs.

    It stands in front of `host:port`, or of a Unix socket when `host` is a path.
    """

    def __init__(self, host: str, port: int = 0, faults: Faults = HEALTHY, seed: int = 0) -> None:
        self._host = host
        self._there_port = port
        self._chance = random.Random(seed)  # noqa: S311  (a die, not a secret)
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.Task[None]] = set()
        self.faults = faults
        self.port = 0
        self.connections = 0
        self.exchanges = 0

    async def __aenter__(self) -> Self:
        await self.come_back()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go_away()

    async def come_back(self) -> None:
        """Listen: at first on a free port, later on the same one again."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_away(self) -> None:
        """Refuse connections, and break off those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self.cut()

    async def cut(self) -> None:
        """Break off the connections there are."""
        links = tuple(self._links)
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)

    def draw(self) -> Faults:
        """The faults of one exchange."""
        self.exchanges += 1
        faults = self.faults
        return faults if self._chance.random() < faults.chance else HEALTHY

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        link = asyncio.create_task(self._link(reader, writer))
        self._links.add(link)
        link.add_done_callback(self._links.discard)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._host.startswith("/"):
            return await asyncio.open_unix_connection(self._host)
        return await asyncio.open_connection(self._host, self._there_port)

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._reach()
        except OSError:
            reset(writer)
            return
        answer = Answer(self, writer)
        ways = (
            asyncio.create_task(pump(reader, far_writer, answer.asked)),
            asyncio.create_task(pump(far_reader, writer, answer.passed)),
        )
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if answer.faults.half_open:
                await asyncio.Event().wait()  # nobody is told of the end, until `cut`
        finally:
            for end in (far_writer, writer):
                end.close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)


class Answer:
    """What the server says on one connection, and what becomes of it."""

    def __init__(self, proxy: FaultProxy, writer: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._writer = writer
        self._heard = -1  # bytes of this answer; -1: nothing was asked yet
        self.faults = HEALTHY

    async def asked(self, data: bytes) -> bytes:
        """Something the client says: all of it goes on."""
        if self._heard != 0:
            self.faults, self._heard = self._proxy.draw(), 0
            if self.faults.reset_after == 0:
                reset(self._writer)
                raise ConnectionResetError
        return data

    async def passed(self, data: bytes) -> bytes:
        """What goes on of something the server says."""
        faults = self.faults
        if faults.half_open:
            return b""
        if faults.reset_on and faults.reset_on in data:
            reset(self._writer)
            raise ConnectionResetError
        if faults.latency_s and self._heard <= 0:
            await asyncio.sleep(faults.latency_s)
        before, self._heard = max(self._heard, 0), max(self._heard, 0) + len(data)
        most = min(
            (n for n in (faults.reset_after, faults.truncate_after) if n is not None), default=None
        )
        if most is not None and self._heard >= most:
            await self._drop(data[: most - before])
        if faults.drip:
            await self._drip(data)
            return b""
        return data

    async def _drip(self, data: bytes) -> None:
        for start in range(0, len(data), self.faults.drip):
            self._writer.write(data[start : start + self.faults.drip])
            await self._writer.drain()
            await asyncio.sleep(self.faults.drip_s)

    async def _drop(self, last: bytes) -> None:
        """Send the last bytes, and end the connection the way the faults say."""
        self._writer.write(last)
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()
        if self.faults.reset_after is not None:
            await asyncio.sleep(0)  # the bytes leave first: a reset discards what waits
            reset(self._writer)
        raise ConnectionResetError


async def pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    change: Callable[[bytes], Awaitable[bytes]],
) -> None:
    """Pass on what comes until it ends, as `change` leaves it."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(PIECE):
            if changed := await change(data):
                writer.write(changed)
                await writer.drain()


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST instead of FIN."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    writer.transport.abort()
