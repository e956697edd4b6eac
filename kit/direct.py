"""Endpoints that are called as they are.

For each request FastAPI walks the tree of what its endpoint depends on, at 15 µs a branch. Here the
tree is walked once, when the route is made; what is left for the request are the calls themselves.
What an endpoint takes and answers, and how it is documented, is as FastAPI has it: its own readers
of parameters are used, and what they find fault with is refused in the same words. Endpoints with
a body, or with what is not needed here, stay with FastAPI altogether.

This rests on a few names that FastAPI does not promise to keep: tests/kit/test_direct.py notices
when they change.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, serialize_response

from kit.problems import of_validation

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
Values = dict[str, Any]
Solve = Callable[[Request, list[Any]], Awaitable[Values]]

_NEEDLESS = (
    "body_params",
    "websocket_param_name",
    "http_connection_param_name",
    "response_param_name",
    "background_tasks_param_name",
    "security_scopes_param_name",
    "own_oauth_scopes",
    "concurrency",
)
"""What a dependant that has it cannot be called with here."""
_LEFT_OUT = ("include", "exclude", "exclude_unset", "exclude_defaults", "exclude_none")
"""What a route may ask to be left out of its answers."""


class DirectRoute(APIRoute):
    """A route that calls its endpoint by itself where it can."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.directly = self.get_route_handler() if _can_be(self) else None
        """Answers a request, and needs nothing of FastAPI's for it; None where that cannot be."""

    def get_route_handler(self) -> Endpoint:
        return _direct(self) if _can_be(self) else super().get_route_handler()


def _can_be(route: APIRoute) -> bool:
    """Whether all that the endpoint takes, and what it answers, is of a kind known here."""
    opened = [each for each in route.dependant.dependencies if _is_opened(each)]
    makes_answer = inspect.signature(route.endpoint).return_annotation is Response
    is_plain = (
        route.response_field is not None
        and isinstance(route.response_class, DefaultPlaceholder)
        and not any(getattr(route, f"response_model_{name}") for name in _LEFT_OUT)
    )
    return (
        (makes_answer or is_plain)
        and inspect.iscoroutinefunction(route.endpoint)
        and len(opened) <= 1
        and all(not each.dependencies and _is_simple(each) for each in opened)
        and _is_simple(route.dependant)
        and all(_is_called(each) for each in route.dependant.dependencies if each not in opened)
    )


def _is_called(dependant: Dependant) -> bool:
    """Whether a dependency, and what it rests on in its turn, are coroutines."""
    is_coroutine = inspect.iscoroutinefunction(dependant.call)
    return is_coroutine and _is_simple(dependant) and all(map(_is_called, dependant.dependencies))


def _is_simple(dependant: Dependant) -> bool:
    return not any(getattr(dependant, name) for name in _NEEDLESS)


def _is_opened(dependant: Dependant) -> bool:
    """Whether a dependency is there for as long as the endpoint is at work."""
    return dependant.scope == "function" and inspect.isasyncgenfunction(dependant.call)


def _direct(route: APIRoute) -> Endpoint:
    dependant, endpoint = route.dependant, route.endpoint
    solve = _solver(dependant)
    opened = next((each for each in dependant.dependencies if _is_opened(each)), None)

    async def call(request: Request) -> Response:
        errors: list[Any] = []
        values = await solve(request, errors)
        if errors:
            raise of_validation(RequestValidationError(errors))
        if opened is None:
            return await answer(values)
        async with _open(opened, request) as value:
            return await answer({**values, str(opened.name): value})

    async def answer(values: Mapping[str, Any]) -> Response:
        made = await endpoint(**values)
        if isinstance(made, Response):
            return made
        content = await serialize_response(
            field=route.response_field, response_content=made, dump_json=True
        )
        return Response(content, route.status_code or 200, media_type="application/json")

    return call


def _open(dependant: Dependant, request: Request) -> AbstractAsyncContextManager[Any]:
    assert dependant.call is not None  # noqa: S101  (it is a generator)
    name = dependant.request_param_name
    return asynccontextmanager(dependant.call)(**({name: request} if name else {}))


def _solver(dependant: Dependant) -> Solve:
    """Reads what is called with from a request, dependencies first, adding what is wrong."""
    below = [
        (each.name, each.call, _solver(each))
        for each in dependant.dependencies
        if not _is_opened(each)
    ]
    read = list(_readers(dependant))
    own_name = dependant.request_param_name

    async def solve(request: Request, wrong: list[Any]) -> Values:
        values: Values = {own_name: request} if own_name else {}
        for name, call, solve_below in below:
            assert call is not None  # noqa: S101  (it is a coroutine)
            so_far = len(wrong)
            given = await solve_below(request, wrong)
            if len(wrong) > so_far:
                continue
            value = await call(**given)
            if name is not None:
                values[name] = value
        for fields, source in read:
            found, errors = request_params_to_args(fields, getattr(request, source))
            wrong += errors
            values |= found
        return values

    return solve


def _readers(dependant: Dependant) -> Iterator[tuple[list[Any], str]]:
    """The parameters there are, and where in a request they stand."""
    for fields, source in (
        (dependant.path_params, "path_params"),
        (dependant.query_params, "query_params"),
        (dependant.header_params, "headers"),
        (dependant.cookie_params, "cookies"),
    ):
        if fields:
            yield fields, source
