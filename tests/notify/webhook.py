"""A real HTTP server that takes text messages, and answers what a test asks of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass
class Posted:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


@dataclass
class Webhook:
    """`answer` gives the status for the n-th request, counted from 1; 0 hangs up without one."""

    answer: Callable[[int], int] = field(default=lambda _: 204)
    posted: list[Posted] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sms"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            body = await reader.readexactly(int(headers["content-length"]))
            original = {name: line.split(": ", 1)[1] for name, line in named(head[1:])}
            self.posted.append(Posted(original, body))
            if status := self.answer(len(self.posted)):
                location = "location: http://127.0.0.1:1/elsewhere\r\n" if status == 302 else ""
                answer = f"HTTP/1.1 {status} X\r\n{location}content-length: 0\r\n\r\n"
                writer.write(answer.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n").encode())
                await writer.drain()
        finally:
            writer.close()


def named(lines: list[str]) -> list[tuple[str, str]]:
    return [(line.split(": ", 1)[0].lower(), line) for line in lines if line]
