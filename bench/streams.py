"""Idle live streams: what 10,000 of them cost the gateway in memory, and how soon one hears news.

The gateway runs alone; what it asks notify for is answered here. Each stream is a connection of its
own, five to a guest. Server-Sent Events and WebSocket are measured one after the other.
"""

import asyncio
import base64
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import orjson
import uvloop

from bench.client import Client
from bench.memory import proportional_mib
from bench.processes import process
from bench.rounds import console, percentile
from rapport import embedded
from rapport.ports import free_port

STREAMS = int(os.environ.get("STREAMS", "10000"))
OF_A_MEMBER = 5
AT_ONCE = 50
REST_S = 20
GUESTS_AT_ONCE = 8
EMPTY = orjson.dumps({"items": [], "next_cursor": None, "unread": 0})


@asynccontextmanager
async def empty_inboxes(port: int) -> AsyncIterator[None]:
    """Stands for notify: every inbox is empty."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    answer = head % len(EMPTY) + EMPTY

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
        except asyncio.CancelledError:
            writer.close()  # the benchmark is over

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    async with server:
        yield


async def guests(url: str, number: int) -> list[str]:
    """Access tokens of new guests."""
    client, turn = Client(url), asyncio.Semaphore(GUESTS_AT_ONCE)

    async def guest(place: int) -> str:
        body = {"device_id": f"bench-{place}-{time.time_ns()}", "platform": "ios", "app": "bench"}
        async with turn:
            answer = await client.ask("POST", "/v1/auth/guest", orjson.dumps(body))
        return str(answer["access_token"])

    tokens = await asyncio.gather(*(guest(place) for place in range(number)))
    client.close()
    return tokens


class Streams:
    """Connections held open, and what came on them."""

    def __init__(self, url: str, path: str, upgrade: str = "") -> None:
        address = urlsplit(url)
        self._host, self._port = str(address.hostname), address.port
        self._path, self._upgrade = path, upgrade
        self._turn = asyncio.Semaphore(AT_ONCE)
        self.open: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def begin(self, token: str) -> None:
        request = (
            f"GET {self._path} HTTP/1.1\r\nhost: {self._host}\r\n"
            f"authorization: Bearer {token}\r\n{self._upgrade}\r\n"
        )
        async with self._turn:
            reader, writer = await asyncio.open_connection(self._host, self._port, limit=4096)
            writer.write(request.encode())
            head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 101")):
            raise RuntimeError(head)
        self.open.append((reader, writer))

    async def end(self) -> None:
        for _, writer in self.open:
            writer.close()
        await asyncio.sleep(2)


def websocket() -> str:
    key = base64.b64encode(os.urandom(16)).decode()
    lines = ["upgrade: websocket", "connection: Upgrade", "sec-websocket-version: 13"]
    return "\r\n".join([*lines, f"sec-websocket-key: {key}", ""])


async def hold(url: str, pid: int, tokens: list[str], streams: Streams) -> float:
    """MiB that the streams add."""
    before = proportional_mib(pid)
    began = time.perf_counter()
    await asyncio.gather(*(streams.begin(token) for token in tokens))
    opened_s = time.perf_counter() - began
    await asyncio.sleep(REST_S)
    added = proportional_mib(pid) - before
    console.print(
        f"  {len(streams.open):,} open in {opened_s:.1f} s; {before:.0f} MiB before, "
        f"{before + added:.0f} with them: {added:.0f} MiB, "
        f"{added * 1024 / len(streams.open):.1f} KiB each"
    )
    await other_calls(url, tokens[0])
    return added


async def other_calls(url: str, token: str) -> None:
    """What an ordinary call costs meanwhile."""
    times = []
    client = Client(url)
    for _ in range(500):
        began = time.perf_counter()
        await client.ask("GET", "/v1/inbox", headers={"authorization": f"Bearer {token}"})
        times.append((time.perf_counter() - began) * 1000)
    client.close()
    console.print(
        f"  an ordinary call meanwhile: p50 {percentile(times, 0.5):.1f} ms, "
        f"p99 {percentile(times, 0.99):.1f} ms"
    )


async def measure(url: str, pid: int, upstream: int) -> None:
    async with empty_inboxes(upstream):
        members = await guests(url, STREAMS // OF_A_MEMBER)
        tokens = members * OF_A_MEMBER
        for name, path, upgrade in (
            ("Server-Sent Events", "/v1/stream", ""),
            ("WebSocket", "/v1/stream/ws", websocket()),
        ):
            console.print(f"{name}, {datetime.now(UTC):%H:%M:%S}")
            streams = Streams(url, path, upgrade)
            await hold(url, pid, tokens, streams)
            await streams.end()


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport-bench-")))
        servers = stack.enter_context(embedded.servers(folder / "data"))
        upstream, ours, operations = (free_port() for _ in range(3))
        url = f"http://127.0.0.1:{ours}"
        services = ("PROFILE", "LOYALTY", "FEEDBACK", "NOTIFY")
        child = stack.enter_context(
            process(
                *(sys.executable, "-m", "rapport", "serve", "gateway", "--host", "127.0.0.1"),
                *("--port", str(ours), "--operations-port", str(operations), "--migrate"),
                url=f"{url}/readyz",
                log=folder / "gateway.log",
                environment={
                    **servers.urls,
                    **{f"{name}_URL": f"http://127.0.0.1:{upstream}" for name in services},
                    "LIMIT_READ": "10000000/1",
                    "LIMIT_SIGN_IN": "10000000/1",
                    "STREAMS_PER_MEMBER": str(OF_A_MEMBER),
                    "SECRET_KEY_FILE": str(folder / "secret_key"),
                    "JWKS": f"{url}/.well-known/jwks.json",
                },
            )
        )
        httpx.get(f"{url}/readyz", trust_env=False).raise_for_status()
        uvloop.run(measure(url, child.pid, upstream))


if __name__ == "__main__":
    main()
