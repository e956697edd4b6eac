"""A WebSocket (RFC 6455) as ASGI's `receive` and `send`; `websockets` reads and writes the frames.

Nothing more is read while the application has not taken what came, and who is slow to take what is
sent keeps the application waiting.
"""

import asyncio
import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Final, cast

from starlette.types import Message, Scope
from websockets.datastructures import Headers
from websockets.exceptions import InvalidState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from rapport.http.framing import refusal

if TYPE_CHECKING:
    from rapport.http.listener import Listener

log = logging.getLogger(__name__)
_wire_log = logging.getLogger("websockets.server")
_wire_log.setLevel(logging.WARNING)  # it tells of each connection

LARGEST_MESSAGE: Final = 64 * 1024
MOST_WAITING: Final = 8  # messages
CLOSING_S: Final = 5.0  # for the other side to say goodbye, too
NEVER: Final = float("inf")
SWITCHING: Final = 101
FORBIDDEN: Final = 403
GOING_AWAY: Final = 1001
ABNORMAL: Final = 1006
NOT_TEXT: Final = 1007


class Socket(asyncio.Protocol):
    """Takes a connection over from the request that asked for it."""

    __slots__ = (
        "_drain", "_fragments", "_full", "_listener", "_messages", "_paused", "_scope", "_task",
        "_text", "_transport", "_waiter", "_wire", "due",
    )  # fmt: skip

    _transport: asyncio.Transport

    def __init__(self, listener: "Listener", scope: Scope) -> None:
        self._listener = listener
        self._wire: ServerProtocol | None = None  # once it is open
        self._messages: deque[Message] = deque([{"type": "websocket.connect"}])
        self._fragments: list[bytes] = []
        self._text = True
        self._waiter: asyncio.Future[None] | None = None
        self._drain: asyncio.Future[None] | None = None
        self._full = False
        self._paused = False
        self._task: asyncio.Task[None] | None = None
        self._scope = {
            **scope,
            "type": "websocket",
            "scheme": "ws",
            "subprotocols": _offered(scope["headers"]),
        }
        self.due = NEVER

    # ASGI

    async def _run(self) -> None:
        try:
            await self._listener.app(self._scope, self._receive, self._send)
        except Exception:
            log.exception("a socket was not served to its end")
        finally:
            self._hang_up()

    async def _receive(self) -> Message:
        while not self._messages:
            self._waiter = self._listener.loop.create_future()
            await self._waiter
        message = self._messages.popleft()
        if message["type"] == "websocket.disconnect":
            self._messages.append(message)  # whoever asks again hears the same
        if self._paused and not self._messages:
            self._paused = False
            self._transport.resume_reading()
        return message

    async def _send(self, message: Message) -> None:
        kind = message["type"]
        if self._transport.is_closing():
            return
        if kind == "websocket.accept":
            self._accept(message)
        elif self._wire is None:
            self._refuse()
        elif kind == "websocket.close":
            self._close(message.get("code", 1000), message.get("reason") or "")
        else:
            await self._say(message)

    def _accept(self, message: Message) -> None:
        """Answer the handshake; one that is wrong is refused, and the application hears that."""
        response = ServerProtocol(logger=_wire_log).accept(_request_of(self._scope))
        if message.get("subprotocol"):
            response.headers["Sec-WebSocket-Protocol"] = message["subprotocol"]
        self._transport.write(response.serialize())
        if response.status_code == SWITCHING:
            self._wire = ServerProtocol(
                state=State.OPEN, max_size=LARGEST_MESSAGE, logger=_wire_log
            )
            self._transport.resume_reading()
        else:
            self._leave(ABNORMAL)
            self._transport.close()

    def _refuse(self) -> None:
        self._transport.write(refusal(FORBIDDEN))
        self._leave(ABNORMAL)
        self._transport.close()

    def _close(self, code: int, reason: str) -> None:
        if self._wire is not None and self._wire.state is State.OPEN:
            self._wire.send_close(code, reason)
            self._flush()
            self.due = time.monotonic() + CLOSING_S

    async def _say(self, message: Message) -> None:
        assert self._wire is not None  # noqa: S101  (`_send` saw to it)
        text = message.get("text")
        try:
            if text is not None:
                self._wire.send_text(text.encode())
            else:
                self._wire.send_binary(message["bytes"])
        except InvalidState:
            return  # it is closing; the application will hear of it
        self._flush()
        while self._full:
            self._drain = self._listener.loop.create_future()
            await self._drain

    def _hang_up(self) -> None:
        if self._wire is None:
            if not self._transport.is_closing():
                self._refuse()
        else:
            self._close(GOING_AWAY, "")

    def _leave(self, code: int) -> None:
        self._tell({"type": "websocket.disconnect", "code": code, "reason": ""})

    def _tell(self, message: Message) -> None:
        self._messages.append(message)
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _flush(self) -> None:
        """Write what the protocol has to say; an empty piece is its end."""
        if self._wire is None:
            return
        for piece in self._wire.data_to_send():
            if piece:
                self._transport.write(piece)
            else:
                self._transport.close()

    # what the listener asks

    def end(self) -> None:
        """The application ends its sockets by itself."""

    def abort(self) -> None:
        self._transport.abort()

    # what the transport tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.pause_reading()  # a client may not speak before it is let in
        self._listener.take(self)
        self._task = self._listener.loop.create_task(self._run())

    def data_received(self, data: bytes) -> None:
        if self._wire is None:
            self._transport.abort()  # unasked
            return
        self._wire.receive_data(data)
        for frame in self._wire.events_received():
            if isinstance(frame, Frame):
                self._take(frame)
        self._flush()
        if self._wire.parser_exc is not None:
            self._leave(ABNORMAL)
        elif len(self._messages) >= MOST_WAITING and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def _take(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._text = frame.opcode is Opcode.TEXT
        elif frame.opcode is Opcode.CLOSE:
            assert self._wire is not None  # noqa: S101  (there is a frame)
            close = self._wire.close_rcvd
            self._leave(close.code if close else ABNORMAL)
            return
        elif frame.opcode is not Opcode.CONT:
            return  # pings are answered already
        self._fragments.append(bytes(frame.data))
        if frame.fin:
            self._tell_whole()

    def _tell_whole(self) -> None:
        content = b"".join(self._fragments)
        self._fragments.clear()
        if not self._text:
            self._tell({"type": "websocket.receive", "bytes": content})
            return
        try:
            self._tell({"type": "websocket.receive", "text": content.decode()})
        except UnicodeDecodeError:
            self._leave(NOT_TEXT)
            self._close(NOT_TEXT, "")

    def connection_lost(self, _error: Exception | None) -> None:
        self._listener.lose(self)
        self._listener.outlive(self._task)
        self.resume_writing()
        self._leave(ABNORMAL)

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        if self._drain is not None and not self._drain.done():
            self._drain.set_result(None)


def _offered(headers: list[tuple[bytes, bytes]]) -> list[str]:
    """The subprotocols the caller would speak."""
    lines = [value for name, value in headers if name == b"sec-websocket-protocol"]
    parts = b",".join(lines).decode("latin-1").split(",")
    return [part.strip() for part in parts if part.strip()]


def _request_of(scope: Scope) -> Request:
    headers = Headers()
    for name, value in scope["headers"]:
        headers[name.decode("latin-1")] = value.decode("latin-1")
    protocol = f"HTTP/{scope['http_version']}"
    return Request(scope["path"], headers, scope["method"], protocol)
