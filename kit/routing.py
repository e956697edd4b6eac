"""Which route answers a request, found by its path's segments.

FastAPI tries one route after the other, twice where routers are included: half a millisecond where
there are 150. What no route here answers goes FastAPI's way: refusals, and paths with a slash too
many.
"""

from collections.abc import Iterable
from typing import Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

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


class Dispatch:
    """Stands before FastAPI's own router and knows the routes of `routers` by heart."""

    def __init__(self, otherwise: APIRouter, routers: Iterable[APIRouter]) -> None:
        self._otherwise = otherwise
        self._root = Branch()
        for router in routers:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    self._root.add(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self.find(scope)
        if route is None:
            await self._otherwise.app(scope, receive, send)
            return
        _, found = route.matches(scope)
        scope.update(found, router=self._otherwise)
        await route.handle(scope, receive, send)

    def find(self, scope: Scope) -> APIRoute | None:
        if scope["type"] != "http":
            return None
        return self._root.find(scope["path"].split("/"), 0, scope["method"])
