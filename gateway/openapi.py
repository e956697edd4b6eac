"""One OpenAPI 3.1 document of all that can be reached, merged from the documents of the parts.

A part's operation is in it exactly if the route table leads to it. Who may call comes from the
table too, unless the part says it more exactly (`x-roles`). Errors are described as what they are:
problems (RFC 9457).
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson
from starlette.types import ASGIApp

from gateway.examples import ID, Examples
from gateway.guide import ABOUT, TAGS
from gateway.routes import Route, Table
from gateway.upstreams import fetch
from kit.auth import Role
from kit.problems import MEDIA_TYPE, Problem, Unavailable

log = logging.getLogger(__name__)

Document = dict[str, Any]

FRESH_S: Final = 60.0
INCOMPLETE_S: Final = 5.0  # a part was away: ask again soon
FIRST_AFTER_S: Final = 2.0  # a process that starts has other things to do
FETCH_S: Final = 15.0  # nobody waits for it
WAIT_S: Final = 5.0
METHODS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})
REPLACED: Final = frozenset(
    {"HTTPValidationError", "ValidationError"}
)  # FastAPI's; ours are problems
SCHEMA: Final = "#/components/schemas/"
WRITES: Final = frozenset({"put", "post", "delete", "patch"})
JSON: Final = "application/json"

PROBLEM: Final[Document] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `errors` names each wrong field of a body.",
    "required": ["type", "title", "status", "detail", "code"],
    "examples": [
        {
            "type": "urn:rapport:problem:loyalty.insufficient_points",
            "title": "Not enough points",
            "status": 409,
            "detail": "This reward costs 500 points; 129 are available.",
            "code": "loyalty.insufficient_points",
        }
    ],
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
KEY: Final[Document] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Made by the caller before sending, the same in every retry.",
    "schema": {"type": "string", "format": "uuid"},
    "example": ID,
}
RESUME: Final[Document] = {
    "name": "last_event_id",
    "in": "query",
    "required": False,
    "description": "As Last-Event-ID, for who can send no headers.",
    "schema": {"type": "integer", "minimum": 0},
}
SOCKET: Final[Document] = {
    "get": {
        "tags": ["Live"],
        "summary": "Live Stream As WebSocket",
        "description": (
            "Text frames of JSON: `open`, then `inbox` with `id` and `data`, `beat`, and `end` with"
            " its `reason`. A browser offers the protocols `rapport.v1` and `bearer.<token>`. A"
            " refusal is a close code: 4000 and the status, with the problem's code as reason."
        ),
        "operationId": "live_socket",
        "parameters": [RESUME],
        "responses": {"101": {"description": "The socket is open."}},
    }
}
STREAM: Final[Document] = {
    "get": {
        "tags": ["Live"],
        "summary": "Live Stream",
        "description": (
            "Server-Sent Events of the caller's inbox. `Last-Event-ID` resumes: nothing is lost,"
            " and nothing comes twice. The event `end` says why the stream ends."
        ),
        "operationId": "live_stream",
        "parameters": [
            {
                "name": "Last-Event-ID",
                "in": "header",
                "required": False,
                "schema": {"type": "integer", "minimum": 0},
            },
            RESUME,
        ],
        "responses": {
            "200": {
                "description": "Events.",
                "content": {
                    "text/event-stream": {
                        "schema": {"type": "string"},
                        "example": 'id: 17\nevent: inbox\ndata: {"seq": 17, "unread": 2}\n\n',
                    }
                },
            }
        },
    }
}


class Merged:
    """The merged document, made by `run` beside requests; who asks gets what there is."""

    def __init__(self, upstreams: Mapping[str, ASGIApp], table: Table) -> None:
        self._upstreams = upstreams
        self._table = table
        self._document = b""
        self._until = 0.0
        self._wanted = asyncio.Event()
        self._made = asyncio.Event()

    async def document(self) -> bytes:
        """The newest there is. Raises Unavailable where there is none within `WAIT_S`."""
        if time.monotonic() >= self._until:
            self._wanted.set()
        try:
            async with asyncio.timeout(WAIT_S):
                await self._made.wait()
        except TimeoutError:
            raise Unavailable(
                "The document is being put together; ask again shortly.", retry_after_s=2
            ) from None
        return self._document

    async def run(self) -> None:
        """Make the document soon, and whenever somebody wants it and it is old, for ever."""
        pause_s: float | None = FIRST_AFTER_S
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), pause_s)
            self._wanted.clear()
            complete = await self._make()
            # away at the start, a part is asked for by itself; later by who wants to read of it
            pause_s = None if complete else INCOMPLETE_S

    async def _make(self) -> bool:
        """Whether all parts could be asked."""
        self._until = time.monotonic() + INCOMPLETE_S
        try:
            parts = await self._parts()
            self._document = await asyncio.to_thread(_merged, parts, self._table)
        except Exception:
            log.exception("making the OpenAPI document failed and will be tried again")
            return False
        self._made.set()
        if len(parts) < len(self._upstreams):
            return False
        self._until = time.monotonic() + FRESH_S
        return True

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


def _merged(parts: Mapping[str, Document], table: Table) -> bytes:
    return orjson.dumps(merge(parts, table))


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
    for path, item in (("/v1/stream", STREAM), ("/v1/stream/ws", SOCKET)):
        if (route := table.row(path)) is not None:
            paths[path] = _public(item, route)
    _exemplify(paths, Examples(schemas))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rapport",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This deployment."}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": SCHEMES},
        "tags": _groups(_tags(paths)),
    }


def _adopt(schemas: Document, theirs: Document, part: str) -> dict[str, str]:
    """Add a part's schemas. A name that already means something else gets the part's before it."""
    names = {name: name for name in theirs if name not in REPLACED}
    while taken := [name for name in names if _is_taken(name, schemas, theirs, names)]:
        names |= {name: f"{part.capitalize()}{name}" for name in taken}
    for name, final in names.items():
        schemas[final] = _with_references(theirs[name], names)
    return names


def _is_taken(name: str, schemas: Document, theirs: Document, names: Mapping[str, str]) -> bool:
    """Whether the name means something else. What refers to a renamed schema does, too."""
    return (
        names[name] == name
        and name in schemas
        and schemas[name] != _with_references(theirs[name], names)
    )


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
        method: _operation(operation, route, method) if method in METHODS else operation
        for method, operation in item.items()
    }


def _operation(operation: Document, route: Route, method: str) -> Document:
    responses = {
        status: response for status, response in operation["responses"].items() if status != "422"
    }
    responses["default"] = {
        "description": "A refusal.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMA}Problem"}}},
    }
    roles = operation.get("x-roles", sorted(route.who.roles))
    parameters = list(operation.get("parameters", ()))
    key = operation.get("x-idempotency-key", "honoured")
    if method in WRITES and key != "none":
        parameters.append({**KEY, "required": key == "required"})
    return {
        **operation,
        **({"parameters": parameters} if parameters else {}),
        "description": _described(operation, route, roles),
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


def _described(operation: Document, route: Route, roles: list[str]) -> str:
    """What the operation does, and who may do it."""
    scopes = ", ".join(f"`{scope}`" for scope in operation.get("x-scopes", ()))
    if not route.who.looks:
        who = "anybody; credentials are not looked at"
    elif not roles:
        who = "anybody, signed in or not"
    else:
        key = f"an API key with {scopes}" if scopes else "an API key"
        who = ", ".join(key if role == Role.SERVICE else role for role in roles)
    return f"{operation.get('description', '').strip()}\n\n**For:** {who}.".strip()


def _exemplify(paths: Document, examples: Examples) -> None:
    """Give an example to each JSON body and answer that has none."""
    for operation in _operations(paths):
        for bodied in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media_type, content in bodied.get("content", {}).items():
                if media_type in (JSON, MEDIA_TYPE) and "schema" in content:
                    content.setdefault("example", examples.of(content["schema"]))


def _groups(tags: set[str]) -> list[Document]:
    """The tags in the order in which the guide tells of them."""
    known = [{"name": tag, "description": TAGS[tag]} for tag in TAGS if tag in tags]
    return [*known, *({"name": tag} for tag in sorted(tags - TAGS.keys()))]


def _operations(paths: Document) -> Iterator[Document]:
    for item in paths.values():
        yield from (item[method] for method in item if method in METHODS)


def _tags(paths: Document) -> set[str]:
    return {tag for operation in _operations(paths) for tag in operation.get("tags", ())}
