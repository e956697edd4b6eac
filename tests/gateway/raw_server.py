"""A raw TCP server in a service's place, and requests to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from gateway.upstreams import HttpUpstream
from tests.gateway.edge import Reply, ask

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\n\r\nok"


class Server:
    """A raw TCP server; `serve` is called for each connection."""

    def __init__(self, serve: Serve) -> None:
        self.connections = 0
        self.heard: list[bytes] = []
        self.arrivals = asyncio.Semaphore(0)
        self.cut = asyncio.Event()
        self._serve = serve
        self._writers: list[asyncio.StreamWriter] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)

    async def hear(self, reader: asyncio.StreamReader) -> bytes:
        """Read a request's head, and what its length announces."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line[:15] == b"content-length:"), 0
        )
        self.heard.append(head + await reader.readexactly(length))
        self.arrivals.release()
        return self.heard[-1]

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()


@contextlib.asynccontextmanager
async def server(serve: Callable[[Server], Serve], **options: float) -> AsyncIterator[tuple]:
    made = Server(None)  # type: ignore[arg-type]
    made._serve = serve(made)
    listening = await asyncio.start_server(made, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    limits = {"connect_timeout_s": 30.0, "idle_s": 600.0, "most_connections": 100} | options
    upstream = HttpUpstream(f"http://127.0.0.1:{port}", **limits)
    try:
        yield made, upstream
    finally:
        await upstream.close()
        made.hang_up()
        listening.close()


def always(answer: bytes, *, then_close: bool = False) -> Callable[[Server], Serve]:
    def serving(made: Server) -> Serve:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while True:
                await made.hear(reader)
                writer.write(answer)
                if then_close:
                    writer.close()
                    return

        return serve

    return serving


async def get(upstream: HttpUpstream, path: str = "/v1/wallet", method: str = "GET") -> Reply:
    return await ask(upstream, method, path)
