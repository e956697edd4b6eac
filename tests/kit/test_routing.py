"""The quick way to a route leads where FastAPI's would."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match

from kit.app import Service
from kit.routing import Routes
from rapport.parts import PARTS

EXAMPLE = "01a1ffec-1522-7519-a168-3f4fd41709bf"


def routes_of(service: Service) -> Iterator[APIRoute]:
    for router in service.routers:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield route


def path_of(route: APIRoute) -> str:
    segments = [EXAMPLE if part.startswith("{") else part for part in route.path.split("/")]
    return "/".join(segments)


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_route_is_the_one_fastapi_finds(part: str) -> None:
    service = PARTS[part].service
    routes = list(routes_of(service))
    quick = Routes(service.routers)
    for route in routes:
        for method in route.methods:
            scope = {"type": "http", "method": method, "path": path_of(route)}
            slow = next(one for one in routes if one.matches(scope)[0] is Match.FULL)
            assert quick.find(scope) is slow, (method, route.path)
    assert len(routes) > 10
