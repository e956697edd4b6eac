"""The human side of the API document: Swagger UI, from this machine and from nowhere else."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gateway.openapi import Merged
from kit.problems import NotFound

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Rapport API</title>
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="api"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
"""
START: Final = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
});
"""
ONLY_OURS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}
KEPT: Final = {"Cache-Control": "public, max-age=86400"}


class Docs:
    """`/openapi.json` and `/docs`, as an ASGI application."""

    def __init__(self, merged: Merged) -> None:
        self._merged = merged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/openapi.json":
            document = await self._merged.document()
            response = Response(document, media_type="application/json")
        else:
            response = page(scope["path"])
        await response(scope, receive, send)


def page(path: str) -> Response:
    """The page, its script, or a file of Swagger UI."""
    made = PAGES.get(path)
    if made is None:
        return NotFound("There is no such page.").response()
    return made()


@cache
def asset(name: str) -> bytes:
    return files("fastapi_offline").joinpath("static", name).read_bytes()


PAGES: Final[dict[str, Callable[[], Response]]] = {
    "/docs": lambda: Response(PAGE, headers=ONLY_OURS, media_type="text/html"),
    "/docs/start.js": lambda: Response(START, headers=KEPT, media_type="text/javascript"),
    "/docs/swagger-ui-bundle.js": lambda: Response(
        asset("swagger-ui-bundle.js"), headers=KEPT, media_type="text/javascript"
    ),
    "/docs/swagger-ui.css": lambda: Response(
        asset("swagger-ui.css"), headers=KEPT, media_type="text/css"
    ),
}
