"""Ports: choosing one, keeping it until we listen there, and asking who listens how it is."""

import asyncio
import fcntl
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"
ANSWER_WITHIN_S = 5


def free_port(preferred: int = 0) -> int:
    """`preferred` when it can be had, else any free port."""
    return next(port for wanted in (preferred, 0) if (port := bindable(wanted)))


def bindable(port: int, host: str = LOOPBACK) -> int:
    """`port` (any free one for 0) when it can be listened on now, else 0."""
    with socket.socket(family_of(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def family_of(host: str) -> socket.AddressFamily:
    """IPv6 for an address of its kind, else IPv4."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@dataclass(frozen=True, slots=True)
class Claim:
    """A port that is ours, although nobody may listen on it yet, or just now.

    The socket is bound and may be shared (SO_REUSEPORT): others are refused the port, a listener of
    ours that shares it is not, in this process or a child. It is None where the system would not
    let us keep the port, and where who started us keeps it.
    """

    port: int
    kept: socket.socket | None = None

    @property
    def place(self) -> dict[str, Any]:
        """Where asyncio is to listen."""
        return {"sock": self.kept} if self.kept else {"host": LOOPBACK, "port": self.port}


def claim(preferred: int = 0, host: str = LOOPBACK) -> Claim:
    """`preferred` when it can be had, else any free port; kept from now on."""
    return claimed(preferred, host) or claimed(0, host) or Claim(free_port(preferred))


def claimed(port: int, host: str = LOOPBACK) -> Claim | None:
    """`port` (any free one for 0) when nobody has it, kept from now on."""
    with one_at_a_time():
        if not bindable(port, host):
            return None
        kept = socket.socket(family_of(host))
        try:
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            kept.bind((host, port))
        except OSError:  # connections of who had it last may still linger: it can be had, not kept
            kept.close()
            return Claim(port) if port else None
        return Claim(int(kept.getsockname()[1]), kept)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Until the block ends nobody else claims a port: both would find it free, and share it.

    The lock is on this file, which every deployment has and nobody needs to make.
    """
    with Path(__file__).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def claim_at(url: str, claims: Collection[Claim]) -> Claim | None:
    """Of `claims` the one for a URL on loopback, or a new one; None where others listen."""
    address = urlsplit(url)
    if address.hostname != LOOPBACK:
        return None
    port = address.port or 0
    return next((claim for claim in claims if claim.port == port), None) or claimed(port)


def url_of(host: str, port: int) -> str:
    """The URL at which this machine reaches what listens on `host`."""
    name = reachable_at(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def reachable_at(host: str) -> str:
    """Where this machine reaches what listens on `host`."""
    return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)


async def is_well(port: int, path: str, host: str = LOOPBACK) -> bool:
    """Whether GET `path` is answered 200."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            reader, writer = await asyncio.open_connection(reachable_at(host), port)
            try:
                writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
                status = await reader.readline()
            finally:
                writer.close()
                await writer.wait_closed()
    except OSError:
        return False
    return b" 200 " in status
