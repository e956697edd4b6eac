"""Which web pages may call (the Fetch standard, CORS): those on an exact list, and nobody else.

Tokens travel in a header that only the page itself can set, so credentials (cookies) are never
allowed. A page that is not on the list gets its answer without the headers that would let the
browser show it.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

Headers = list[tuple[bytes, bytes]]

KEPT_S: Final = 7_200  # Chrome keeps an answer to a preflight no longer
METHODS: Final = b"GET, HEAD, POST, PUT, PATCH, DELETE"
ASKED: Final = (
    b"Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    b"Last-Event-ID, X-Api-Key, X-Deadline-Ms, X-Request-Id"
)
SHOWN: Final = (
    b"ETag, Idempotent-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
)


def origins_of(listed: Iterable[str]) -> frozenset[bytes]:
    """The origins as browsers write them. Raises ValueError for what is no origin, `*` too."""
    return frozenset(_origin(text.strip()) for text in listed if text.strip())


def _origin(text: str) -> bytes:
    parts = urlsplit(text)
    plain = parts.scheme in {"http", "https", "capacitor", "ionic"} and bool(parts.hostname)
    if not plain or text != f"{parts.scheme}://{parts.netloc}" or parts.username is not None:
        raise ValueError(f"an origin is scheme://host[:port] and no more, not {text!r}")
    return text.lower().encode("ascii")


def preflight_headers(origin: bytes) -> Headers:
    """The answer to a browser that asks whether it may ask."""
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", ASKED),
        (b"access-control-max-age", b"%d" % KEPT_S),
        (b"vary", b"origin"),
    ]


def answer_headers(origin: bytes) -> Headers:
    """What lets a page on the list read an answer."""
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", SHOWN),
        (b"vary", b"origin"),
    ]
