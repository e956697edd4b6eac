"""Large JSON goes out compressed where the phone says it can read that (RFC 9110, 12.5.3).

Brotli before gzip. Small answers stay as they are: they fit in a packet or two anyway. Answers of
the gateway itself stay as they are too: they hold tokens, and how well a secret compresses beside
what a caller chose tells something about the secret (BREACH). Big pieces are compressed in a
thread, so that nobody else waits.
"""

import asyncio
import zlib
from collections.abc import Callable
from typing import Final, Protocol

import brotli
from starlette.types import Message

from gateway.recent import Recent

LEAST_BYTES: Final = 1_024
IN_THREAD_BYTES: Final = 16_384
BROTLI_QUALITY: Final = 4
GZIP_LEVEL: Final = 5
GZIP_FRAME: Final = 31  # zlib's wbits for a gzip header and trailer
COMPRESSED: Final = (
    b"application/json",
    b"application/problem+json",
    b"application/x-ndjson",
    b"text/csv",
    b"text/html",
    b"text/plain",
)

Headers = list[tuple[bytes, bytes]]


class Compressor(Protocol):
    def process(self, data: bytes) -> bytes: ...

    def flush(self) -> bytes: ...

    def finish(self) -> bytes: ...


class Gzip:
    """zlib's compressor, called as brotli's is."""

    __slots__ = ("_compressor",)

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, GZIP_FRAME)

    def process(self, data: bytes) -> bytes:
        return self._compressor.compress(data)

    def flush(self) -> bytes:
        return self._compressor.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._compressor.flush()


CODECS: Final[dict[bytes, Callable[[], Compressor]]] = {
    b"br": lambda: brotli.Compressor(quality=BROTLI_QUALITY),
    b"gzip": Gzip,
}
_understood: Recent[bytes, bytes] = Recent(256)


def codec_of(accept_encoding: bytes) -> bytes:
    """The best codec that `Accept-Encoding` says is understood; empty when there is none."""
    known = _understood.get(accept_encoding)
    if known is None:
        known = _best(accept_encoding)
        if len(accept_encoding) <= LEAST_BYTES:
            _understood.put(accept_encoding, known)
    return known


def _best(accept_encoding: bytes) -> bytes:
    wanted = {}
    for part in accept_encoding.lower().split(b","):
        name, _, parameter = part.partition(b";")
        wanted[name.strip()] = parameter.strip().replace(b" ", b"").rstrip(b"0") not in {
            b"q=",
            b"q=0.",
        }
    anything = wanted.get(b"*", False)
    return next((codec for codec in CODECS if wanted.get(codec, anything)), b"")


class Squeeze:
    """The body of one answer, on its way out."""

    __slots__ = ("_compressor",)

    def __init__(self, codec: bytes) -> None:
        self._compressor = CODECS[codec]()

    async def take(self, message: Message) -> Message:
        """A piece of the body, compressed; what streams is not held back."""
        body = message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) >= IN_THREAD_BYTES:
            body = await asyncio.to_thread(self._squeezed, body, more)
        else:
            body = self._squeezed(body, more)
        return {"type": "http.response.body", "body": body, "more_body": more}

    def _squeezed(self, body: bytes, more: bool) -> bytes:  # noqa: FBT001
        squeezed = self._compressor.process(body)
        return squeezed + (self._compressor.flush() if more else self._compressor.finish())


def squeeze(status: int, headers: Headers, accept_encoding: bytes) -> Squeeze | None:
    """How to compress an answer, whose headers are changed accordingly; None: not at all."""
    if status != 200 or not _is_text(headers):  # noqa: PLR2004
        return None
    headers.append((b"vary", b"accept-encoding"))
    codec = codec_of(accept_encoding)
    if not codec:
        return None
    kept = [header for header in headers if header[0] != b"content-length"]
    headers[:] = [_weakened(header) for header in kept]
    headers.append((b"content-encoding", codec))
    return Squeeze(codec)


def _is_text(headers: Headers) -> bool:
    """Whether the body is text, whole, and not compressed already."""
    text = False
    for name, value in headers:
        if name in (b"content-encoding", b"content-range"):
            return False
        if name == b"cache-control" and b"no-transform" in value:
            return False
        if name == b"content-type":
            text = value.partition(b";")[0].strip() in COMPRESSED
    return text


def _weakened(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """An ETag names exact bytes, and these are others now (RFC 9110, 8.8.3)."""
    name, value = header
    return (name, b"W/" + value) if name == b"etag" and value.startswith(b'"') else header
