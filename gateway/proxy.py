"""The path every request takes: route, caller, limit, body, upstream, answer, record.

Plain ASGI in and out, because this is the hot path: no framework, no parsing of bodies, one pass
over the headers. What a service gets to hear is decided here. Of the caller's headers only those
in `FORWARDED` pass, so no spelling of an identity header can; who calls is said by an internal
token alone (kit.auth). An ordinary body is read whole, within its limit, before the service hears
of the request: a slow phone occupies nothing behind the gateway, and what is too large is refused
with nothing done. Uploads are passed on as they come. Answers are always passed on as they come.
"""

import asyncio
import logging
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uuid_utils import uuid7

from gateway.access import GIVEN_UP, METHODS, SECONDS, AccessLog
from gateway.authenticator import Authenticator
from gateway.limits import Limits, Verdict, client_address, network_of
from gateway.patience import CallerLeft, Inbound, Wait, Watch
from gateway.routes import OWN, Pace, Route, Table, Who
from gateway.settings import Settings
from gateway.tokens import InternalTokens
from kit.auth import Caller
from kit.problems import Forbidden, Malformed, NotFound, Problem, TooLarge, Unauthenticated
from kit.requests import DeadlinePassed, InFlight, InternalError

log = logging.getLogger(__name__)

Headers = Sequence[tuple[bytes, bytes]]

FORWARDED: Final = frozenset({
    b"accept", b"accept-encoding", b"accept-language", b"content-encoding", b"content-type",
    b"idempotency-key", b"if-match", b"if-modified-since", b"if-none-match", b"if-unmodified-since",
    b"last-event-id", b"range", b"traceparent", b"tracestate", b"user-agent",
})  # fmt: skip
READ_HERE: Final = frozenset({
    b"content-length", b"transfer-encoding", b"x-deadline-ms", b"x-request-id",
})  # fmt: skip
NOT_PASSED_BACK: Final = frozenset({
    b"connection", b"date", b"server", b"transfer-encoding", b"x-request-id",
})  # fmt: skip
REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,128}")
HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
LONGEST_TARGET: Final = 16_384  # bytes of path and query
LEFT: Final = 499  # the status recorded when the caller left; nobody receives it
BODY_S: Final = 30.0  # longest wait for an ordinary body
UPLOAD_S: Final = 300.0
DISCARDED_BYTES: Final = 8_388_608  # read past the limit, so that the caller hears the refusal
GRACE_S: Final = 0.25  # a service answers its own 504; ours is for one that does not even do that


class NoSuchPath(NotFound):
    code = "gateway.no_such_path"
    title = "No such path"


class BadHost(Malformed):
    code = "gateway.bad_host"
    title = "Not one well-formed Host"


class TargetTooLong(Problem):
    """414: path and query are longer than anything here needs."""

    status = 414
    code = "gateway.target_too_long"
    title = "Path and query too long"


class SlowBody(Problem):
    """408: the body did not arrive in time."""

    status = 408
    code = "gateway.slow_body"
    title = "Body too slow"


class Proxy:
    """The public ASGI application. `upstreams` holds one for each service the table names."""

    def __init__(
        self,
        *,
        table: Table,
        upstreams: Mapping[str, ASGIApp],
        authenticator: Authenticator,
        tokens: InternalTokens,
        limits: Limits,
        log: AccessLog | None,
        settings: Settings,
    ) -> None:
        self._table = table
        self._upstreams = upstreams
        self._authenticator = authenticator
        self._tokens = tokens
        self._limits = limits
        self._log = log
        self._settings = settings
        self._standing = standing_headers(settings)
        self._watch = Watch()
        self.in_flight = InFlight()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        exchange = Exchange(scope, send, self._standing)
        SECONDS.in_flight += 1
        try:
            with self.in_flight:
                await self._answer(exchange, receive)
        finally:
            SECONDS.in_flight -= 1
            exchange.record(self._log)

    async def _answer(self, exchange: "Exchange", receive: Receive) -> None:
        try:
            await self._serve(exchange, receive)
        except CallerLeft:
            GIVEN_UP.labels(exchange.service).inc()
        except Exception as error:
            if exchange.status:
                log.warning("an answer of %s broke off: %r", exchange.service, error)
                raise  # the server hangs up: a broken answer must not look like a short one
            await _problem_of(error).response()(exchange.scope, receive, exchange)

    async def _serve(self, exchange: "Exchange", receive: Receive) -> None:
        exchange.check_head()
        exchange.route = route = self._route(exchange.scope)
        address = self._address(exchange)
        caller = exchange.caller = await self._caller(exchange, route, address)
        if route.limited:
            pace = route.pace_of(exchange.scope["method"], caller.role if caller else None)
            self._count(exchange, pace, caller.subject if caller else network_of(address))
        inbound: Receive
        if route.uploads:
            inbound = _limited(receive, self._settings.upload_limit_bytes, exchange.length)
        else:
            inbound = Inbound(await self._body(exchange, receive), receive)
        await self._forward(exchange, route, address, inbound)

    def _route(self, scope: Scope) -> Route:
        route = self._table.find(scope["path"], scope["raw_path"])
        if route is not None:
            return route
        raise NoSuchPath("There is nothing at this path. /docs shows what there is.")

    def _address(self, exchange: "Exchange") -> str:
        peer = exchange.scope["client"]
        proxies = self._settings.trusted_proxies
        # a list in several lines is one list (RFC 9110, 5.3)
        forwarded_for = b",".join(exchange.lines(b"x-forwarded-for")) if proxies else b""
        return client_address(peer[0] if peer else "", forwarded_for, proxies)

    async def _caller(self, exchange: "Exchange", route: Route, address: str) -> Caller | None:
        """Who calls, as far as the route asks. Bad credentials count against the address."""
        who = route.who
        if not who.looks:
            return None
        try:
            caller = await self._authenticator.authenticate(exchange.scope["headers"])
        except Unauthenticated:
            self._count(exchange, "read", network_of(address))
            raise
        if who.roles:
            _check(caller, who)
        return caller

    def _count(self, exchange: "Exchange", pace: Pace, caller: str) -> None:
        verdict = self._limits.take(pace, caller)
        if not verdict.allowed:
            raise verdict.refusal()
        exchange.verdict = verdict

    async def _body(self, exchange: "Exchange", receive: Receive) -> bytes:
        """The whole body. Real bytes count; one that is far too large is refused unread."""
        if not exchange.has_body:
            return b""
        most = self._settings.body_limit_bytes
        if exchange.length > most + DISCARDED_BYTES:
            raise _too_large(most)
        try:
            async with asyncio.timeout(BODY_S):
                return await _gathered(receive, most)
        except TimeoutError:
            raise SlowBody(f"The body must arrive within {BODY_S:g} s.") from None

    async def _forward(
        self, exchange: "Exchange", route: Route, address: str, inbound: Receive
    ) -> None:
        deadline_s = self._deadline_s(exchange, route)
        scope = exchange.onward(address, deadline_s)
        if exchange.caller is not None:
            bearer = self._tokens.bearer(exchange.caller, route.service)
            scope["headers"].append((b"authorization", bearer))
        if route.service in OWN:
            known = {"caller": exchange.caller, "outer": exchange.scope}
            scope["state"] = {**scope.get("state", {}), **known}
        watched = inbound if isinstance(inbound, Inbound) else None
        with self._watch.over(watched, deadline_s + GRACE_S) as exchange.wait:
            await self._upstreams[route.service](scope, inbound, exchange)

    def _deadline_s(self, exchange: "Exchange", route: Route) -> float:
        if route.uploads:
            return UPLOAD_S
        ours = self._settings.request_timeout_ms
        given = exchange.read.get(b"x-deadline-ms", b"")
        return (min(int(given), ours) if given.isdigit() and len(given) < 10 else ours) / 1000  # noqa: PLR2004  (ten digits are over a hundred days)


class Exchange:
    """One request and what becomes of it. Called, it is the ASGI `send` for the answer."""

    __slots__ = (
        "_forwarded", "_hosts", "_send", "_standing", "_started", "caller", "read", "request_id",
        "route", "scope", "status", "verdict", "wait",
    )  # fmt: skip

    def __init__(self, scope: Scope, send: Send, standing: Headers) -> None:
        self._started = time.perf_counter()
        self._send = send
        self._standing = standing
        self.scope = scope
        self.status = 0
        self.route: Route | None = None
        self.caller: Caller | None = None
        self.verdict: Verdict | None = None
        self.wait: Wait | None = None
        self.read: dict[bytes, bytes] = {}
        self._forwarded: list[tuple[bytes, bytes]] = []
        self._hosts: list[bytes] = []
        for header in scope["headers"]:
            if header[0] in FORWARDED:
                self._forwarded.append(header)
            elif header[0] in READ_HERE:
                self.read[header[0]] = header[1]
            elif header[0] == b"host":
                self._hosts.append(header[1])
        given = self.read.get(b"x-request-id")
        known = given is not None and REQUEST_ID.fullmatch(given) is not None
        self.request_id = given if known and given is not None else str(uuid7()).encode()

    @property
    def service(self) -> str:
        return self.route.service if self.route else "none"

    def lines(self, name: bytes) -> list[bytes]:
        """The values of a header that may come in several lines."""
        return [value for key, value in self.scope["headers"] if key == name]

    @property
    def length(self) -> int:
        """The length the body is said to have; 0 when nothing is said."""
        given = self.read.get(b"content-length", b"0")
        return int(given) if given.isdigit() else 0

    def check_head(self) -> None:
        """Raise for a target nobody needs, and for a Host that is none (RFC 9112, 3.2)."""
        scope = self.scope
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            raise TargetTooLong(f"Path and query may have {LONGEST_TARGET} bytes together.")
        if scope["http_version"] == "1.1" and not self._has_host:
            raise BadHost("Send one Host header: a name or an address, and a port if need be.")

    @property
    def _has_host(self) -> bool:
        return len(self._hosts) == 1 and HOST.fullmatch(self._hosts[0]) is not None

    @property
    def has_body(self) -> bool:
        """Whether a body may follow. In HTTP/1 one is announced; asking for none costs a while."""
        announced = b"content-length" in self.read or b"transfer-encoding" in self.read
        return announced or self.scope["http_version"] not in ("1.1", "1.0")

    def onward(self, address: str, deadline_s: float) -> Scope:
        """The request as the service sees it, still without a caller."""
        headers = [
            *self._forwarded,
            (b"x-request-id", self.request_id),
            (b"x-forwarded-for", address.encode("latin-1")),
            (b"x-deadline-ms", b"%d" % (deadline_s * 1000)),
        ]
        return {**self.scope, "headers": headers}

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = self._answer_headers(message["headers"])
        if self.wait is None:
            await self._send(message)
            return
        self.wait.sending()
        await self._send(message)
        self.wait.sent()

    def _answer_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        kept = [header for header in headers if header[0] not in NOT_PASSED_BACK]
        kept.append((b"x-request-id", self.request_id))
        kept.extend(self._standing)
        if self.verdict is not None:
            kept.extend(self.verdict.headers())
        return kept

    def record(self, log: AccessLog | None) -> None:
        """Count the exchange, and write its line."""
        seconds = time.perf_counter() - self._started
        route = self.route.path if self.route else "none"
        method = self.scope["method"] if self.scope["method"] in METHODS else "OTHER"
        status = self.status or LEFT
        SECONDS.observe((self.service, route, method, status // 100), seconds)
        if log is not None:
            log.write(
                {
                    "request_id": self.request_id.decode(),
                    "method": method,
                    "route": route,
                    "service": self.service,
                    "status": status,
                    "ms": int(seconds * 100_000) / 100,
                    "caller": self.caller.subject if self.caller else None,
                }
            )


def standing_headers(settings: Settings) -> Headers:
    """What every answer says, refusals included. A name in `Server` keeps out granian's."""
    headers = [(b"x-content-type-options", b"nosniff"), (b"server", b"rapport")]
    if settings.hsts_s:
        headers.append((b"strict-transport-security", b"max-age=%d" % settings.hsts_s))
    return headers


def _check(caller: Caller | None, who: Who) -> None:
    if caller is None:
        raise Unauthenticated(
            "Send an access token: Authorization: Bearer <token>.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if caller.role not in who.roles:
        raise Forbidden(f"This is for: {', '.join(sorted(who.roles))}.")


async def _gathered(receive: Receive, most: int) -> bytes:
    message = await _next(receive)
    whole: bytes = message["body"]
    if not message.get("more_body") and len(whole) <= most:
        return whole
    body = bytearray(message["body"])
    while message.get("more_body") and len(body) <= most:
        message = await _next(receive)
        body += message["body"]
    if len(body) > most:
        await _discard_rest(receive, message)
        raise _too_large(most)
    return bytes(body)


async def _discard_rest(receive: Receive, message: Message) -> None:
    """Read on a little: hung up on while it still sends, a caller never sees the answer."""
    left = DISCARDED_BYTES
    while message.get("more_body") and left > 0:
        message = await _next(receive)
        left -= len(message["body"])


async def _next(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerLeft
    message.setdefault("body", b"")
    return message


def _limited(receive: Receive, most: int, length: int) -> Receive:
    """`receive` for an upload: refuses once more than `most` bytes have come."""
    if length > most:
        raise _too_large(most)
    left = most

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large(most)
        return message

    return limited


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"A body here may have {most} bytes.")


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, TimeoutError):
        return DeadlinePassed("The answer took longer than the request's deadline.")
    log.error("unexpected error", exc_info=error)
    return InternalError("Something went wrong here. Quote the X-Request-Id when you report it.")
