"""Reading what a caller sends: real bytes count, and whoever sends too slowly is given up."""

import asyncio
from typing import Final

from starlette.types import Message, Receive

from gateway.patience import CallerLeft
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


def limited(receive: Receive, most: int, announced: int) -> Receive:
    """`receive` for an upload: refuses once more than `most` bytes have come, or none come."""
    if announced > most:
        raise _too_large(most)
    left = most

    async def piece() -> Message:
        nonlocal left
        try:
            async with asyncio.timeout(SILENCE_S):
                message = await receive()
        except TimeoutError:
            raise SlowBody(f"The next piece must arrive within {SILENCE_S:g} s.") from None
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large(most)
        return message

    return piece


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"A body here may have {most} bytes.")
