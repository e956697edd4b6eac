"""Who may call a route, read from its dependencies and written into its OpenAPI operation.

`x-roles` lists the roles that pass every check of the route, `x-scopes` what an API key needs. A
route without a check says nothing. `x-idempotency-key` says where a key is required.
"""

from collections.abc import Iterator
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from kit.auth import STAFF, Role, member_id_of
from kit.idempotency import RequiresKey


def describe(route: APIRoute) -> None:
    """Say on the route who may call it."""
    said: dict[str, Any] = {}
    if checks := list(_checks(route.dependant)):
        allowed = set(Role).intersection(*(roles for roles, _ in checks))
        scopes = sorted({scope for _, scope in checks if scope})
        said = {"x-roles": sorted(allowed), **({"x-scopes": scopes} if scopes else {})}
    if _requires_key(route.dependant):
        said["x-idempotency-key"] = "required"
    if said:
        route.openapi_extra = {**said, **(route.openapi_extra or {})}


def _requires_key(dependant: Dependant) -> bool:
    return dependant.call is RequiresKey.dependency or any(
        _requires_key(dependency) for dependency in dependant.dependencies
    )


def _checks(dependant: Dependant) -> Iterator[tuple[set[Role], str | None]]:
    """The roles each check lets pass, and the scope it asks of an API key."""
    for dependency in dependant.dependencies:
        if dependency.call is member_id_of:
            yield {Role.MEMBER}, None
        elif (roles := getattr(dependency.call, "roles", None)) is not None:
            scope = getattr(dependency.call, "scope", None)
            admin = {Role.ADMIN} if STAFF & set(roles) else set()
            yield set(roles) | admin | ({Role.SERVICE} if scope else set()), scope
        else:
            yield from _checks(dependency)
