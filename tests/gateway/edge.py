"""The edge without stores: a proxy over stand-ins of the services, and raw requests to it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.authenticator import Authenticator
from gateway.conditions import Conditions
from gateway.limits import Limits, Quota
from gateway.proxy import Proxy
from gateway.routes import ROUTES, Table
from gateway.settings import Settings
from gateway.tokens import AccessTokens, InternalTokens, KeyRing, Signer
from kit import jwt
from kit.auth import ISSUER, TOKEN_TYPE, Caller
from kit.ids import uuid7

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]
PLENTY = Quota(1_000_000, 60)
PACES = ("sign-in", "write", "read", "ingest", "staff", "backend")


class Clock:
    """A clock that stands still until a test moves it on."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Reply:
    """What came back over ASGI."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


async def ask(  # noqa: PLR0913  (a request has as many parts)
    app: ASGIApp,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    pieces: Sequence[bytes] = (b"",),
    query: str = "",
    peer: str = "203.0.113.9",
    http_version: str = "2",
    left: asyncio.Event | None = None,
) -> Reply:
    """Send a request as a server would; `left` says when the caller has left."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    scope = {
        "type": "http",
        "http_version": http_version,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": (peer, "40000"),
        "state": {},
    }
    waiting = list(pieces)
    reply = Reply()

    async def receive() -> Message:
        if waiting:
            body = waiting.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(waiting)}
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            reply.body += message.get("body", b"")
            reply.ended = not message.get("more_body", False)

    await app(scope, receive, send)
    return reply


class Service:
    """A stand-in for a service: answers what it is told to, and remembers what it was asked."""

    def __init__(self, answer: Answer | None = None) -> None:
        self.asked: list[Scope] = []
        self.bodies: list[bytes] = []
        self.arrival = asyncio.Event()
        self.cancelled = False
        self._answer = answer or answering({"ok": True})

    @property
    def headers(self) -> dict[str, str]:
        """Those of the last request."""
        return {name.decode(): value.decode() for name, value in self.asked[-1]["headers"]}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.bodies.append(body)
        self.arrival.set()
        try:
            await self._answer(scope, receive, send)
        except asyncio.CancelledError:
            self.cancelled = True
            raise


def answering(content: Any, status: int = 200, *headers: tuple[bytes, bytes]) -> Answer:
    async def answer(_scope: Scope, _receive: Receive, send: Send) -> None:
        given = [(b"content-type", b"application/json"), *headers]
        await send({"type": "http.response.start", "status": status, "headers": given})
        await send({"type": "http.response.body", "body": orjson.dumps(content)})

    return answer


async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
    await asyncio.Event().wait()


class Edge:
    """A proxy over `services`, with keys of its own and, but for those given, plentiful quotas."""

    def __init__(
        self,
        services: Mapping[str, ASGIApp],
        quotas: Mapping[str, Quota] | None = None,
        routes: Any = ROUTES,
        **settings: Any,
    ) -> None:
        self.settings = Settings(**settings)
        self.ring = KeyRing()
        self.ring.replace([Signer.new(datetime.now(UTC) - timedelta(days=1))])
        self.access = AccessTokens(self.ring, self.settings)
        self.internal = InternalTokens(self.ring)
        limits = Limits(dict.fromkeys(PACES, PLENTY) | dict(quotas or {}))
        self.conditions = Conditions(Table(routes), limits)
        self.proxy = Proxy(
            conditions=self.conditions,
            upstreams=services,
            authenticator=Authenticator(self.access, nothing),
            tokens=self.internal,
            log=None,
            settings=self.settings,
        )

    def bearer(self, caller: Caller) -> dict[str, str]:
        signed_in = caller.model_copy(update={"session_id": caller.session_id or str(uuid7())})
        token = self.access.mint(signed_in, datetime.now(UTC))
        return {"Authorization": f"Bearer {token}"}

    def caller_in(self, headers: Mapping[str, str], audience: str) -> dict[str, Any]:
        """The claims of the internal token a service got."""
        return jwt.decode(
            headers["authorization"].removeprefix("Bearer "),
            typ=TOKEN_TYPE,
            issuer=ISSUER,
            audience=audience,
            keys=self.ring.public,
            now=datetime.now(UTC).timestamp(),
        )

    async def ask(
        self, method: str, path: str, caller: Caller | None = None, **options: Any
    ) -> Reply:
        given = options.pop("headers", {})
        pairs = list(given.items()) if isinstance(given, Mapping) else list(given)
        if caller is not None:
            pairs += self.bearer(caller).items()
        return await ask(self.proxy, method, path, headers=pairs, **options)

    async def post(self, path: str, body: Any, caller: Caller, key: UUID) -> Reply:
        """Send a write under its key."""
        content = b"" if body is None else orjson.dumps(body)
        headers = {"Content-Length": str(len(content)), "Idempotency-Key": str(key)}
        if content:
            headers["Content-Type"] = "application/json"
        return await self.ask("POST", path, caller, headers=headers, pieces=[content])


async def nothing() -> None:
    """Stands for reading keys anew."""
