"""Ports on loopback: choosing one, and asking who listens there how it is."""

import asyncio
import socket

LOOPBACK = "127.0.0.1"
ANSWER_WITHIN_S = 5


def free_port(preferred: int = 0) -> int:
    """`preferred` when it can be had, else any free port."""
    return next(port for wanted in (preferred, 0) if (port := bindable(wanted)))


def bindable(port: int, host: str = LOOPBACK) -> int:
    """`port` (any free one for 0) when it can be listened on now, else 0."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


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
