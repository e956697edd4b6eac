"""What a service answers can be reached through the gateway, and goes to that service."""

import pytest
from fastapi.routing import APIRoute

from gateway.routes import OWN, Table
from kit.app import Service
from rapport.parts import PARTS

PATHS = [
    (service, route.path)
    for service in (part.service for part in PARTS.values())
    for router in service.routers
    for route in router.routes
    if isinstance(route, APIRoute) and route.include_in_schema
]


@pytest.mark.parametrize(("service", "path"), PATHS, ids=lambda value: str(value)[:60])
def test_a_path_leads_to_its_service(service: Service, path: str) -> None:
    row = Table().row(path)
    assert row is not None, f"{path} of {service.name} has no row in gateway/routes.py"
    assert row.service == service.name or (service.name == "gateway" and row.service in OWN)
