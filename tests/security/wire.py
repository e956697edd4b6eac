"""Bytes to the listener and back, for what no client library would send."""

import asyncio
import re
from dataclasses import dataclass

from rapport.ports import LOOPBACK

_ANSWER = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@dataclass(frozen=True, slots=True)
class Said:
    """All that came back on a connection, and whether it was closed."""

    content: bytes
    closed: bool

    @property
    def statuses(self) -> list[int]:
        """Of each answer; interim ones are passed over."""
        return [int(found) for found in _ANSWER.findall(self.content) if not found.startswith(b"1")]


async def say(port: int, *pieces: bytes, answers: int = 1, patience_s: float = 20) -> Said:
    """Send `pieces`; what comes until the end, or until so many answers are there."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    content = b""
    try:
        async with asyncio.timeout(patience_s):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            while len(Said(content, False).statuses) < answers:
                if not (received := await reader.read(65_536)):
                    return Said(content, True)
                content += received
            return Said(content, await _ends(reader))
    except ConnectionError:
        return Said(content, True)
    finally:
        writer.close()


async def _ends(reader: asyncio.StreamReader) -> bool:
    """Whether the other side hangs up by itself, at once or after the rest of its answer."""
    try:
        async with asyncio.timeout(0.15):
            while await reader.read(65_536):
                pass
    except TimeoutError:
        return False
    return True


def request(method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
    """A request, its head as given."""
    lines = [f"{method} {target} HTTP/1.1", "Host: rapport.example", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
