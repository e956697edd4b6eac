"""The head of an answer as bytes (RFC 9112). How a body ends is said here and by nobody else."""

import time
from collections.abc import Sequence
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

Headers = Sequence[tuple[bytes, bytes]]

OURS: Final = frozenset({b"connection", b"date", b"keep-alive", b"transfer-encoding", b"upgrade"})
"""Headers an application does not set: they are the connection's."""
CHUNKED: Final = b"transfer-encoding: chunked\r\n"
CLOSE: Final = b"connection: close\r\n"
KEEP: Final = b"connection: keep-alive\r\n"
GO_ON: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_CHUNK: Final = b"0\r\n\r\n"
NO_CONTENT: Final = 204
BODILESS: Final = frozenset({NO_CONTENT, 304})
_STATUS_LINES: Final = {
    status.value: b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode()) for status in HTTPStatus
}


class _Date:
    """The header `Date`, written once a second."""

    def __init__(self) -> None:
        self._second = 0
        self._line = b""

    def line(self) -> bytes:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._line = b"date: %b\r\n" % formatdate(second, usegmt=True).encode()
        return self._line


_DATE: Final = _Date()


def lines_of(headers: Headers, status: int) -> tuple[bytes, int | None]:
    """Headers as lines, and the length they announce.

    Raises ValueError for a value that would end its line: what follows would be read as ours.
    """
    if status == NO_CONTENT:  # RFC 9110, 8.6
        headers = [header for header in headers if header[0] != b"content-length"]
    lines = [b"%b: %b\r\n" % header for header in headers if header[0] not in OURS]
    length = next((value for name, value in headers if name == b"content-length"), None)
    written = b"".join(lines)
    if not written.count(b"\n") == written.count(b"\r") == len(lines) or b"\0" in written:
        raise ValueError("a header holds a line break or NUL")
    return written, None if length is None else int(length)


def head_of(status: int, lines: bytes, framing: bytes) -> bytes:
    """All there is before the body."""
    line = _STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status
    return b"%b%b%b%b\r\n" % (line, lines, _DATE.line(), framing)


def chunk_of(content: bytes) -> bytes:
    """A piece of a body whose length nobody knows; none for no content, which would end it."""
    return b"%x\r\n%b\r\n" % (len(content), content) if content else b""


def refusal(status: int) -> bytes:
    """An answer to what cannot be read or answered; nothing follows it."""
    return head_of(status, b"content-length: 0\r\n", CLOSE)
