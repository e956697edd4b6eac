"""One OpenAPI 3.1 document of all that can be reached, merged from the documents of the parts.

A part's operation is in it exactly if the route table leads to it. Who may call comes from the
table too, unless the part says it more exactly (`x-roles`). Errors are described as what they are:
problems (RFC 9457).
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.types import ASGIApp

from gateway.routes import Route, Table
from gateway.upstreams import fetch
from kit.auth import Role
from kit.problems import MEDIA_TYPE, Problem

log = logging.getLogger(__name__)

Document = dict[str, Any]

FRESH_S: Final = 60.0
INCOMPLETE_S: Final = 2.0  # a part was away: ask again soon
FETCH_S: Final = 5.0
METHODS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})
REPLACED: Final = frozenset(
    {"HTTPValidationError", "ValidationError"}
)  # FastAPI's; ours are problems
SCHEMA: Final = "#/components/schemas/"

PROBLEM: Final[Document] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `errors` names each wrong field of a body.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "examples": ["loyalty.insufficient_points"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
    },
}
SCHEMES: Final[Document] = {
    "access_token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "Of members and staff, from /v1/auth.",
    },
    "api_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Api-Key",
        "description": "Of the company's own backend: rk_...",
    },
    "write_key": {
        "type": "http",
        "scheme": "basic",
        "description": "Of Segment's SDKs: the write key wk_... as user name, no password.",
    },
}
STREAM: Final[Document] = {
    "get": {
        "tags": ["Live"],
        "summary": "Live Stream",
        "description": "Server-Sent Events of the caller's inbox. `Last-Event-ID` resumes.",
        "operationId": "live_stream",
        "parameters": [
            {
                "name": "Last-Event-ID",
                "in": "header",
                "required": False,
                "schema": {"type": "integer", "minimum": 0},
            }
        ],
        "responses": {
            "200": {
                "description": "Events.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
    }
}


class Merged:
    """The merged document, made when it is asked for and remembered for a while."""

    def __init__(self, upstreams: Mapping[str, ASGIApp], table: Table) -> None:
        self._upstreams = upstreams
        self._table = table
        self._document = b""
        self._until = 0.0
        self._making = asyncio.Lock()

    async def document(self) -> bytes:
        async with self._making:
            if time.monotonic() >= self._until:
                parts = await self._parts()
                self._document = orjson.dumps(merge(parts, self._table))
                complete = len(parts) == len(self._upstreams)
                self._until = time.monotonic() + (FRESH_S if complete else INCOMPLETE_S)
        return self._document

    async def _parts(self) -> dict[str, Document]:
        names = list(self._upstreams)
        documents = await asyncio.gather(*(self._part(self._upstreams[name]) for name in names))
        return {name: part for name, part in zip(names, documents, strict=True) if part}

    async def _part(self, upstream: ASGIApp) -> Document | None:
        try:
            async with asyncio.timeout(FETCH_S):
                answer = await fetch(upstream, "/openapi.json")
            document: Document = orjson.loads(answer.body)
        except (Problem, OSError, ValueError) as error:
            log.warning("a part is missing in the OpenAPI document: %r", error)
            return None
        return document


def merge(parts: Mapping[str, Document], table: Table) -> Document:
    """One document of the documents of the parts, by their names."""
    paths: Document = {}
    schemas: Document = {"Problem": PROBLEM}
    for name, part in parts.items():
        renamed = _adopt(schemas, part.get("components", {}).get("schemas", {}), name)
        for path, item in part["paths"].items():
            route = table.row(path)
            if route is not None and route.service == name:
                paths[path] = _public(_with_references(item, renamed), route)
    if (route := table.row("/v1/stream")) is not None:
        paths["/v1/stream"] = _public(STREAM, route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rapport",
            "version": "1",
            "description": "Profiles, support, loyalty and notifications of an app's members.",
        },
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": SCHEMES},
        "tags": [{"name": tag} for tag in sorted(_tags(paths))],
    }


def _adopt(schemas: Document, theirs: Document, part: str) -> dict[str, str]:
    """Add a part's schemas. A name that already means something else gets the part's before it."""
    names = {name: name for name in theirs if name not in REPLACED}
    for name in names:
        if name in schemas and schemas[name] != _with_references(theirs[name], names):
            names[name] = f"{part.capitalize()}{name}"
    for name, final in names.items():
        schemas[final] = _with_references(theirs[name], names)
    return names


def _with_references(value: Any, names: Mapping[str, str]) -> Any:
    """A copy in which references to schemas go by their final names."""
    if isinstance(value, dict):
        return {
            key: _reference(item, names)
            if key == "$ref" and isinstance(item, str)
            else _with_references(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_references(item, names) for item in value]
    return value


def _reference(reference: str, names: Mapping[str, str]) -> str:
    name = reference.removeprefix(SCHEMA)
    return f"{SCHEMA}{names.get(name, 'Problem' if name in REPLACED else name)}"


def _public(item: Document, route: Route) -> Document:
    """A path's operations, saying who may call them and how they refuse."""
    return {
        method: _operation(operation, route) if method in METHODS else operation
        for method, operation in item.items()
    }


def _operation(operation: Document, route: Route) -> Document:
    responses = {
        status: response for status, response in operation["responses"].items() if status != "422"
    }
    responses["default"] = {
        "description": "A refusal.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMA}Problem"}}},
    }
    roles = operation.get("x-roles", sorted(route.who.roles))
    return {
        **operation,
        "responses": responses,
        "security": _security(route, roles),
        "x-roles": roles,
    }


def _security(route: Route, roles: list[str]) -> list[Document]:
    if not route.who.looks:
        return []
    if not roles:
        return [{}, {"access_token": []}]
    schemes = ["access_token"] if set(roles) - {Role.SERVICE} else []
    if Role.SERVICE in roles:
        schemes += ["api_key", *(["write_key"] if route.pace == "ingest" else [])]
    return [{scheme: []} for scheme in schemes]


def _tags(paths: Document) -> set[str]:
    operations = (
        operation
        for item in paths.values()
        for method, operation in item.items()
        if method in METHODS
    )
    return {tag for operation in operations for tag in operation.get("tags", ())}
