"""Who may call a route, read from its dependencies: checked first, and written into its document.

Every request is refused in the same order: 401, 403, the key that is missing, and only then what is
wrong with the path, the query or the body. So who may not call learns nothing of what would be.

`x-roles` lists the roles that pass every check of the route, `x-scopes` what an API key needs. A
route without a check says nothing. `x-idempotency-key` says where a key is required.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from kit.auth import STAFF, Role, current_caller, member_id_of, optional_caller
from kit.db import Endpoint, reading_first
from kit.idempotency import METHODS, IdempotentRoute, RequiresKey, require_key

Guard = Callable[[Request], Awaitable[object]]


class GuardedRoute(IdempotentRoute):
    """A route that asks who calls, and for the key, before it reads anything else."""

    def get_route_handler(self) -> Endpoint:
        endpoint = super().get_route_handler()
        if not METHODS & (self.methods or set()):
            endpoint = reading_first(endpoint)
        guards = [*dict.fromkeys(_guards(self.dependant))]
        if _requires_key(self.dependant):
            guards.append(require_key)

        async def guarded(request: Request) -> Response:
            for guard in guards:
                await guard(request)
            return await endpoint(request)

        return guarded


def _guards(dependant: Dependant) -> Iterator[Guard]:
    """What the route asks of its caller; that there is one before what they may."""
    calls = [dependency.call for dependency in _all(dependant)]
    if optional_caller in calls:
        yield optional_caller
    if current_caller in calls:
        yield current_caller
    for call in calls:
        if call is member_id_of or hasattr(call, "roles"):
            yield _guard(call)


def _guard(check: Any) -> Guard:
    async def guard(request: Request) -> None:
        await check(await current_caller(request))

    return guard


def _all(dependant: Dependant) -> Iterator[Dependant]:
    """The dependencies of a route, and theirs."""
    for dependency in dependant.dependencies:
        yield dependency
        yield from _all(dependency)


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
    return any(dependency.call is RequiresKey.dependency for dependency in _all(dependant))


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
