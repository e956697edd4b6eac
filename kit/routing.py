"""Which route answers a request, found by its path's segments.

FastAPI tries one route after the other, twice where routers are included: half a millisecond where
there are 150. What no route here answers goes FastAPI's way: refusals, and paths with a slash too
many.
"""

from collections.abc import Iterable
from typing import Final

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from kit.direct import DirectRoute
from kit.problems import of_http

ANY: Final = "{}"


class Branch:
    """The routes below a path: by the next segment, and those that end here by their method."""

    __slots__ = ("below", "ending")

    def __init__(self) -> None:
        self.below: dict[str, Branch] = {}
        self.ending: dict[str, APIRoute] = {}

    def add(self, route: APIRoute) -> None:
        branch = self
        for segment in route.path.split("/"):
            name = ANY if segment.startswith("{") else segment
            branch = branch.below.setdefault(name, Branch())
        for method in route.methods or ():
            branch.ending.setdefault(method, route)

    def find(self, segments: list[str], at: int, method: str) -> APIRoute | None:
        """The route for what is left of a path from `at`; a name goes before a parameter."""
        if at == len(segments):
            return self.ending.get(method)
        for name in (segments[at], ANY):
            branch = self.below.get(name)
            found = branch.find(segments, at + 1, method) if branch is not None else None
            if found is not None:
                return found
        return None


class Routes:
    """The routes of routers, known by heart."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._root = Branch()
        for router in routers:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    self._root.add(route)

    def find(self, scope: Scope) -> APIRoute | None:
        if scope["type"] != "http":
            return None
        return self._root.find(scope["path"].split("/"), 0, scope["method"])


class Shortcut:
    """Answers what routes answer directly; the rest goes on, through FastAPI's middleware."""

    def __init__(self, app: ASGIApp, routes: Routes) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.find(scope)
        if not isinstance(route, DirectRoute) or route.directly is None:
            await self._app(scope, receive, send)
            return
        _, found = route.matches(scope)
        scope.update(found)
        try:
            response = await route.directly(Request(scope, receive, send))
        except HTTPException as error:
            response = of_http(error).response()
        await response(scope, receive, send)


class Dispatch:
    """Stands before FastAPI's own router."""

    def __init__(self, otherwise: APIRouter, routes: Routes) -> None:
        self._otherwise = otherwise
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.find(scope)
        if route is None:
            await self._otherwise.app(scope, receive, send)
            return
        _, found = route.matches(scope)
        scope.update(found, router=self._otherwise)
        await route.handle(scope, receive, send)
