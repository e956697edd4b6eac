"""ETags (RFC 9110): a phone that has the newest answer gets 304 and no body.

A stale write gets 412.
"""

import hashlib
from typing import Final

from fastapi import Request, Response
from pydantic import BaseModel

from kit.problems import Stale

PRIVATE: Final = "private, no-cache"
SHARED: Final = "public, max-age=10, stale-while-revalidate=60, stale-if-error=600"
"""For what everybody gets alike: the gateway and phones may keep it, and show it while we are away
(RFC 5861)."""


def tag_of(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _named(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def respond(
    request: Request, body: BaseModel, tag: str | None = None, *, shared: bool = False
) -> Response:
    """Answer `body` with its ETag (`tag`, such as a row's version, or the body's hash), or 304."""
    content = body.model_dump_json().encode()
    etag = f'"{tag}"' if tag is not None else tag_of(content)
    return respond_with(request, content, etag, shared=shared)


def respond_with(request: Request, content: bytes, etag: str, *, shared: bool = False) -> Response:
    """Answer JSON that has been made before, with its tag, or 304."""
    headers = {"ETag": etag, "Cache-Control": SHARED if shared else PRIVATE}
    if etag in _named(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


def check_match(request: Request, tag: str) -> None:
    """Raise Stale when `If-Match` is there and names another version than `tag`."""
    wanted = request.headers.get("if-match")
    if wanted is not None and wanted.strip() != "*" and f'"{tag}"' not in _named(wanted):
        raise Stale(
            "It has changed since you read it; read it again.", headers={"ETag": f'"{tag}"'}
        )
