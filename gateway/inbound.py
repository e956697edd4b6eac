"""Reading what a caller sends: real bytes count, and whoever sends too slowly is given up."""

import asyncio
import contextlib
from typing import Final

from starlette.types import Message, Receive, Send

from gateway.deadlines import CallerLeft
from kit.problems import Problem, TooLarge

BODY_S: Final = 30.0  # longest wait for an ordinary body
SILENCE_S: Final = 30.0  # longest wait for the next piece of an upload
DISCARDED_BYTES: Final = 8_388_608  # read past the limit, so that the caller hears the refusal


class SlowBody(Problem):
    """408: the body did not arrive in time."""

    status = 408
    code = "gateway.slow_body"
    title = "Body too slow"


async def whole_body(receive: Receive, most: int, announced: int) -> bytes:
    """The body. One that is announced as far too large is refused unread."""
    if announced > most + DISCARDED_BYTES:
        raise _too_large(most)
    try:
        async with asyncio.timeout(BODY_S):
            return await _gathered(receive, most)
    except TimeoutError:
        raise SlowBody(f"The body must arrive within {BODY_S:g} s.") from None


async def _gathered(receive: Receive, most: int) -> bytes:
    message = await _next(receive)
    whole: bytes = message["body"]
    if not message.get("more_body") and len(whole) <= most:
        return whole
    body = bytearray(message["body"])
    while message.get("more_body") and len(body) <= most:
        message = await _next(receive)
        body += message["body"]
    if len(body) > most:
        await _discard_rest(receive, message)
        raise _too_large(most)
    return bytes(body)


async def _discard_rest(receive: Receive, message: Message) -> None:
    """Read on a little: hung up on while it still sends, a caller never sees the answer."""
    left = DISCARDED_BYTES
    while message.get("more_body") and left > 0:
        message = await _next(receive)
        left -= len(message["body"])


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerLeft
    message.setdefault("body", b"")
    return message


class Upload:
    """`receive` of an upload: refuses once more than `most` bytes have come, or none come."""

    __slots__ = ("_left", "_more", "_most", "_receive", "_turn")

    def __init__(self, receive: Receive, most: int, announced: int) -> None:
        if announced > most:
            raise _too_large(most)
        self._receive = receive
        self._most = most
        self._left = most
        self._more = True
        self._turn = asyncio.Lock()

    async def __call__(self) -> Message:
        try:
            async with asyncio.timeout(SILENCE_S), self._turn:
                message = await self._receive()
                self._more = message.get("more_body", False)
        except TimeoutError:
            self._more = False  # who is silent is not waited for again
            raise SlowBody(f"The next piece must arrive within {SILENCE_S:g} s.") from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _too_large(self._most)
        return message

    def sending(self, send: Send) -> Send:
        """`send` of an answer: what the service did not want of the body is read before it."""

        async def read_on_and_send(message: Message) -> None:
            if self._more and message["type"] == "http.response.start":
                await self.discard_rest()
            await send(message)

        return read_on_and_send

    async def discard_rest(self) -> None:
        """Read on a little, as `whole_body` does."""
        with contextlib.suppress(CallerLeft, TimeoutError):
            async with asyncio.timeout(BODY_S), self._turn:
                await _discard_rest(self._receive, {"more_body": self._more})
        self._more = False


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"A body here may have {most} bytes.")
