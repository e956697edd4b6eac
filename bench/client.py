"""A light HTTP/1.1 client: the benchmarks share two cores with what they measure."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson


class RefusedError(RuntimeError):
    """The answer was that too much is asked just now."""


class Client:
    """Keep-alive connections to one address, as many as are in use at once."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._host, self._port = str(address.hostname), address.port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Any:
        """The decoded answer; RuntimeError for any but a 2xx, RefusedError for 429 and 503."""
        connection = self._idle.pop() if self._idle else None
        reader, writer = connection or await asyncio.open_connection(self._host, self._port)
        lines = [f"{method} {path} HTTP/1.1", f"host: {self._host}:{self._port}"]
        lines += [f"content-length: {len(body)}", "content-type: application/json"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:", 1)[1].split("\r\n", 1)[0])
        answer = await reader.readexactly(length)
        self._idle.append((reader, writer))
        if not head.startswith("http/1.1 2"):
            problem = RefusedError if head[9:12] in {"429", "503"} else RuntimeError
            raise problem(f"{method} {path}: {head[:13]} {answer!r}")
        return orjson.loads(answer)

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()
