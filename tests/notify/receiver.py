"""A real HTTP server that takes webhooks, and verifies them as a stranger would."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

from tests.notify.webhook import Posted, named

Answer = tuple[int, dict[str, str]] | int


@dataclass
class Receiver:
    """`answer` gives the status, and perhaps headers, of the n-th request, counted from 1.

    0 hangs up without an answer; -1 never answers.
    """

    answer: Callable[[int], Answer] = field(default=lambda _: 204)
    posted: list[Posted] = field(default_factory=list)
    port: int = 0
    open: int = 0
    """Requests that are not answered yet."""
    _server: asyncio.Server | None = None
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=rapport"

    def verified(self, secret: str, number: int = -1) -> Any:
        """What a post says, if it is rightly signed; raises where it is not."""
        one = self.posted[number]
        return Webhook(secret).verify(one.body, one.headers)

    @property
    def types(self) -> list[str]:
        return [one.json["type"] for one in self.posted]

    async def start(self, context: ssl.SSLContext | None = None) -> None:
        """Begin to listen; over TLS with a context."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._ended.set()
        self._server.close()
        await self._server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(headers["content-length"]))
            original = {name: line.split(": ", 1)[1] for name, line in named(head[1:])}
            self.posted.append(Posted(original, body))
            said = self.answer(len(self.posted))
            status, more = said if isinstance(said, tuple) else (said, {})
            if status < 0:
                await self._ended.wait()
            if status > 0:
                lines = "".join(f"{name}: {value}\r\n" for name, value in more.items())
                answer = f"HTTP/1.1 {status} X\r\n{lines}content-length: 0\r\n\r\n"
                writer.write(answer.encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.open -= 1
            writer.close()
