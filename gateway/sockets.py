"""WebSocket (RFC 6455) as another wire for a request: it takes the path every request takes.

The handshake is played through the proxy as a GET, so route, caller, limits and log are those of
any call. An answer of 101 opens the socket; each piece of its body is one text frame. Any other
answer is told by a close code, 4000 and the status, with the problem's code as the reason, because
a browser shows a page nothing else of a refused handshake.

A browser cannot send headers either: it may offer the protocols `rapport.v1` and
`bearer.<access token>`.
"""

import asyncio
import time
from collections import deque
from typing import Final

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH: Final = "/v1/stream/ws"
"""The one path at which sockets are opened."""
PROTOCOL: Final = "rapport.v1"
OFFERED_TOKEN: Final = "bearer."  # noqa: S105  (what stands before one)
MOST_SAID: Final = 20  # messages of a client within
WITHIN_S: Final = 10.0
GOING_AWAY: Final = 1001
POLICY: Final = 1008
REFUSED: Final = 4000
SWITCHING: Final = 101


class Socket:
    """One socket, as ASGI's `receive` and `send` of the request that opened it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._left = asyncio.Event()
        self._refusal = bytearray()
        self._status = 0
        self._closed = False
        self._listening: asyncio.Task[None] | None = None

    async def talk(self, app: ASGIApp) -> None:
        """Have `app` answer for as long as both sides stay."""
        if self._scope["path"] != PATH:
            await self._close(POLICY)
            return
        await self._receive()  # websocket.connect
        try:
            await app(self._request(), self._departure, self._answer)
        finally:
            if self._listening is not None:
                self._listening.cancel()
            await self._close(GOING_AWAY)

    def _request(self) -> Scope:
        return {
            **self._scope,
            "type": "http",
            "method": "GET",
            "headers": [*self._headers()],
            "state": {**self._scope.get("state", {}), "socket": True},
        }

    def _headers(self) -> list[tuple[bytes, bytes]]:
        headers = list(self._scope["headers"])
        token = next((p for p in self._offered if p.startswith(OFFERED_TOKEN)), None)
        if token is not None:
            bearer = b"Bearer " + token.removeprefix(OFFERED_TOKEN).encode("latin-1")
            headers.append((b"authorization", bearer))
        return headers

    @property
    def _offered(self) -> list[str]:
        return list(self._scope.get("subprotocols") or ())

    async def _departure(self) -> Message:
        """The request has no body; all there is to hear of it is that the caller has left."""
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _listen(self) -> None:
        """Hear the client out. It has nothing to tell us, and must not do so without end."""
        said: deque[float] = deque(maxlen=MOST_SAID)
        while (await self._receive())["type"] != "websocket.disconnect":
            now = time.monotonic()
            if len(said) == MOST_SAID and now - said[0] < WITHIN_S:
                await self._close(POLICY)
                break
            said.append(now)
        self._closed = True
        self._left.set()

    async def _answer(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if self._status == SWITCHING:
                await self._accept()
                # not sooner: granian lets nobody in while somebody listens
                self._listening = asyncio.create_task(self._listen())
        elif self._status == SWITCHING:
            await self._frame(message)
        else:
            self._refusal += message.get("body", b"")
            if not message.get("more_body"):
                await self._refuse()

    async def _accept(self) -> None:
        chosen = PROTOCOL if PROTOCOL in self._offered else None
        await self._send({"type": "websocket.accept", "subprotocol": chosen, "headers": []})

    async def _frame(self, message: Message) -> None:
        body = message.get("body", b"")
        if body and not self._closed:
            await self._send({"type": "websocket.send", "text": body.decode()})
        if not message.get("more_body"):
            await self._close(GOING_AWAY)

    async def _refuse(self) -> None:
        await self._accept()
        await self._close(REFUSED + self._status, _code_of(bytes(self._refusal)))

    async def _close(self, code: int, reason: str = "") -> None:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": code, "reason": reason})


def _code_of(problem: bytes) -> str:
    """The stable code of a problem."""
    try:
        return str(orjson.loads(problem)["code"])[:120]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""
