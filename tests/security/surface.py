"""The public surface as the gateway itself describes it: every operation of the merged OpenAPI.

It is read while tests are collected, from applications that reach no store, so that a new route is
a new test by itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from gateway.openapi import merge
from gateway.routes import Table
from rapport.parts import GATEWAY, SERVICES

METHODS = ("get", "head", "post", "put", "patch", "delete")
PARAMETER = re.compile(r"\{(\w+)\}")
JSON = "application/json"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path template, and what the document says of it."""

    method: str
    path: str
    spec: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def places(self) -> list[str]:
        """The path up to each of its parameters, the parameter included."""
        return [self.path[: found.end()] for found in PARAMETER.finditer(self.path)]

    @property
    def writes(self) -> bool:
        return self.method in WRITES

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The schema of the JSON body, None where there is none."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return content.get(JSON, {}).get("schema")

    def answer(self, status: int) -> Mapping[str, Any] | None:
        """The schema of a JSON answer, None where the document has none."""
        declared = self.spec["responses"].get(str(status), {})
        return declared.get("content", {}).get(JSON, {}).get("schema")

    def parameters(self, place: str) -> list[Mapping[str, Any]]:
        """Those in the path, the query or the header."""
        return [each for each in self.spec.get("parameters", ()) if each["in"] == place]


def applications() -> dict[str, ASGIApp]:
    """Every part as an application; nothing of it runs."""
    services = {part.name: part.create_app(part.settings()) for part in SERVICES}
    return {"gateway": GATEWAY.create_app(GATEWAY.settings(), services), **services}


@cache
def document() -> Mapping[str, Any]:
    """What the gateway serves as `/openapi.json`, made without a server's deadlines."""
    parts = {name: api_of(app).openapi() for name, app in applications().items()}
    return merge(parts, Table())


def api_of(app: Any) -> FastAPI:
    """A part's routes; the gateway has them behind its edge."""
    api: FastAPI = getattr(app, "api", app)
    return api


@cache
def operations() -> tuple[Operation, ...]:
    return tuple(_operations(document()))


def _operations(described: Mapping[str, Any]) -> Iterator[Operation]:
    for path, item in sorted(described["paths"].items()):
        for method in METHODS:
            if method in item:
                yield Operation(method.upper(), path, item[method])


def named(name: str) -> Operation:
    """The operation called, for one, `GET /v1/me`."""
    return next(each for each in operations() if str(each) == name)


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema, or what its reference leads to."""
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def parts_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """A schema and all within it, each with the place it stands at."""
    yield from _parts_of(schema, "", frozenset())


def _parts_of(
    schema: Mapping[str, Any], place: str, above: frozenset[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if (reference := schema.get("$ref")) in above:
        return
    above = above | {reference} if reference else above
    schema = resolved(schema)
    yield place, schema
    for name, inner in schema.get("properties", {}).items():
        yield from _parts_of(inner, f"{place}.{name}".lstrip("."), above)
    for keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for inner in schema.get(keyword, ()):
            yield from _parts_of(inner, place, above)
    for keyword, mark in (("items", "[]"), ("additionalProperties", "{}"), ("propertyNames", "#")):
        if isinstance(inner := schema.get(keyword), Mapping):
            yield from _parts_of(inner, place + mark, above)
