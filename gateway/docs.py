"""The human side of the API document: Swagger UI, from this machine and from nowhere else.

A click makes a guest and signs the page in, so that everything can be tried at once.
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.openapi import Merged
from kit.problems import NotFound, Problem

ONLY_OURS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
KEPT: Final = {"Cache-Control": "public, max-age=3600"}


class Docs:
    """`/openapi.json` and `/docs`, as an ASGI application."""

    def __init__(self, merged: Merged) -> None:
        self._merged = merged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/openapi.json":
            response = await self._document()
        else:
            response = page(scope["path"])
        await response(scope, receive, send)

    async def _document(self) -> Response:
        try:
            return Response(await self._merged.document(), media_type="application/json")
        except Problem as problem:
            return problem.response()


def page(path: str) -> Response:
    """The page, its script, or a file of Swagger UI."""
    made = PAGES.get(path)
    if made is None:
        return NotFound("There is no such page.").response()
    return made()


@cache
def ours(name: str) -> bytes:
    return files("gateway").joinpath("pages", name).read_bytes()


@cache
def swagger(name: str) -> bytes:
    return files("fastapi_offline").joinpath("static", name).read_bytes()


PAGES: Final[dict[str, Callable[[], Response]]] = {
    "/docs": lambda: Response(ours("docs.html"), headers=ONLY_OURS, media_type="text/html"),
    "/docs/start.js": lambda: Response(
        ours("start.js"), headers=KEPT, media_type="text/javascript"
    ),
    "/docs/style.css": lambda: Response(ours("style.css"), headers=KEPT, media_type="text/css"),
    "/docs/swagger-ui-bundle.js": lambda: Response(
        swagger("swagger-ui-bundle.js"), headers=KEPT, media_type="text/javascript"
    ),
    "/docs/swagger-ui.css": lambda: Response(
        swagger("swagger-ui.css"), headers=KEPT, media_type="text/css"
    ),
}
