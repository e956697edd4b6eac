"""Posting to addresses that somebody outside has named, and nowhere else.

The host is looked up at each attempt, and every address it has must be one that may be called: a
name that leads into our own network, now or only at the second look, is refused before a byte goes
out. The connection is made to the address that was looked at, and kept for nothing else. Nothing is
followed, and of an answer only its status and `Retry-After` are read.
"""

import asyncio
import hmac
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore

from services.notify.rules.webhooks import Attempted, Network, may_call, retry_after_of

TIMEOUT_S = 15.0
_LONGEST_ERROR = 200
_opened: ContextVar[list[httpcore.AsyncNetworkStream]] = ContextVar("opened")
"""The connections of an attempt. One given up in the handshake of TLS, nobody else closes."""


class RefusedAddressError(httpcore.ConnectError):
    """The host leads where nobody outside may send us."""


def signatures(secrets: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """What `webhook-signature` says of a body: one signature for each secret that is valid."""
    content = f"{message_id}.{timestamp}.".encode() + body
    signed = (b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets)
    return " ".join(f"v1,{signature}" for signature in signed)


class Guard(httpcore.AsyncNetworkBackend):
    """Connects to addresses that may be called."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = await self._checked(host, port)
        stream = await self._inner.connect_tcp(
            address, port, timeout, local_address, socket_options
        )
        _opened.get().append(stream)
        return stream

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise RefusedAddressError("sockets of this machine are not called")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def _checked(self, host: str, port: int) -> str:
        """An address of the host; all it has must be such as may be called."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be found") from error
        addresses = [str(info[4][0]).partition("%")[0] for info in found]
        if not addresses or not all(may_call(ip_address(a), self._allowed) for a in addresses):
            raise RefusedAddressError(f"{host} is not on the public internet")
        return addresses[0]


class Poster:
    """Posts webhooks. `close` it at the end."""

    def __init__(
        self,
        allowed: Sequence[Network],
        clock: Callable[[], datetime],
        *,
        timeout_s: float = TIMEOUT_S,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._timeout_s = timeout_s
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context or ssl.create_default_context(),
            max_connections=None,
            max_keepalive_connections=0,  # an address is looked at before each attempt
            network_backend=Guard(allowed),
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Attempted:
        """One attempt; what came of it."""
        opened: list[httpcore.AsyncNetworkStream] = []
        _opened.set(opened)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._post(url, headers, body)
        except TimeoutError:
            return Attempted(None, f"no answer within {self._timeout_s:g} s")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            said = str(error) or type(error).__name__
            return Attempted(None, said[:_LONGEST_ERROR])
        except (OSError, ValueError) as error:
            return Attempted(None, f"{type(error).__name__}"[:_LONGEST_ERROR])
        finally:
            for stream in opened:
                await stream.aclose()

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Attempted:
        sent = {"host": urlsplit(url).netloc, "content-length": str(len(body)), **headers}
        given = [(name.encode(), value.encode()) for name, value in sent.items()]
        async with self._pool.stream("POST", url, headers=given, content=body) as answer:
            retry_after = next(
                (
                    value.decode("latin-1")
                    for name, value in answer.headers
                    if name.lower() == b"retry-after"
                ),
                None,
            )
            waits = retry_after_of(retry_after, self._clock())
            return Attempted(answer.status, retry_after=waits)

    async def close(self) -> None:
        await self._pool.aclose()
