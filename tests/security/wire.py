"""Bytes to the listener and back, for what no client library would send."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from rapport.ports import LOOPBACK

PATIENCE_S = 60

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


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status and body."""

    status: int
    content: bytes
    is_last: bool

    @property
    def code(self) -> str:
        """The problem's code."""
        return str(orjson.loads(self.content)["code"])


async def say(port: int, *pieces: bytes, answers: int = 1, patience_s: float = PATIENCE_S) -> Said:
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


async def exchange(port: int, requests: Sequence[bytes]) -> list[Answer]:
    """The answers to well-formed requests, one after another; much faster than a client library.

    Where an answer says that it is the connection's last, the next is asked for on another.
    """
    answers: list[Answer] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(answers) < len(requests):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                for each in requests[len(answers) :]:
                    writer.write(each)
                    answers.append(await _answer(reader))
                    if answers[-1].is_last:
                        break
            finally:
                writer.close()
    return answers


async def _answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status, is_last = int(head.split(b" ", 2)[1]), b"\r\nconnection: close" in head
    if length := re.search(rb"\r\ncontent-length: (\d+)", head):
        return Answer(status, await reader.readexactly(int(length[1])), is_last)
    content = b""
    if b"text/event-stream" in head:
        return Answer(status, content, is_last=True)  # it never ends
    while b"\r\ntransfer-encoding: chunked" in head:
        size = int(await reader.readline(), 16)
        content += (await reader.readexactly(size + 2))[:-2]
        if not size:
            break
    return Answer(status, content, is_last)


def request(method: str, target: str, *headers: str, body: bytes = b"") -> bytes:
    """A request, its head as given."""
    lines = [f"{method} {target} HTTP/1.1", "Host: rapport.example", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
