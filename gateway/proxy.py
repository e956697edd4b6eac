"""The path every request takes: route, caller, limit, body, upstream, answer, record.

Plain ASGI in and out, because this is the hot path: no framework, no parsing of bodies. What a
service gets to hear is decided here; who calls is said by an internal token alone (kit.auth). An
ordinary body is read whole, within its limit, before the service hears of the request: a slow phone
occupies nothing behind the gateway, and what is too large is refused with nothing done. Uploads are
passed on as they come. Answers are always passed on as they come.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import cors
from gateway.access_log import GIVEN_UP, SECONDS, AccessLog
from gateway.authenticator import Authenticator
from gateway.cache import Cache, Kept, Key, matches
from gateway.conditions import Conditions
from gateway.deadlines import SLOWEST_SEND_S, CallerLeft, Inbound, Watch
from gateway.exchange import Exchange, standing_headers
from gateway.inbound import Upload, whole_body
from gateway.limits import client_address, network_of
from gateway.routes import OWN, Pace, Route, Who, Worth
from gateway.rules import SAFE, within_scopes
from gateway.settings import Settings
from gateway.shedding import turned_away
from gateway.sockets import Socket
from gateway.tokens import InternalTokens
from gateway.upstreams import Answer, fetch
from kit.auth import STAFF, Caller, Role
from kit.problems import Forbidden, NotFound, Problem, Unauthenticated
from kit.requests import DeadlinePassed, InFlight, InternalError

log = logging.getLogger(__name__)

UPLOAD_S: Final = 300.0
GRACE_S: Final = 0.25  # a service answers its own 504; ours is for one that does not even do that
LONGEST_KEY: Final = 512  # bytes of the name under which an answer is kept for all


class NoSuchPath(NotFound):
    code = "gateway.no_such_path"
    title = "No such path"


class Barred(Forbidden):
    code = "gateway.address_barred"
    title = "Not from this address"


class UnknownOrigin(Forbidden):
    code = "gateway.unknown_origin"
    title = "Not from this page"


class OutOfScope(Forbidden):
    code = "gateway.out_of_scope"
    title = "Not within your scopes"


Trail = Callable[[Caller, str, str, str], Awaitable[None]]
"""Notes that a caller asks for a change: method, path and request id."""


class Proxy:
    """The public ASGI application. `upstreams` holds one for each service the table names."""

    def __init__(
        self,
        *,
        conditions: Conditions,
        upstreams: Mapping[str, ASGIApp],
        authenticator: Authenticator,
        tokens: InternalTokens,
        log: AccessLog | None,
        settings: Settings,
        trail: Trail | None = None,
    ) -> None:
        self._conditions = conditions
        self._trail = trail
        self._upstreams = upstreams
        self._authenticator = authenticator
        self._tokens = tokens
        self._log = log
        self._settings = settings
        self._standing = standing_headers(settings)
        self._watch = Watch()
        self.cache = Cache()
        self.in_flight = InFlight()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await Socket(scope, receive, send).talk(self)
            return
        exchange = Exchange(scope, send, self._standing)
        SECONDS.in_flight += 1
        try:
            with self.in_flight:
                await self._answer(exchange, receive)
        finally:
            SECONDS.in_flight -= 1
            exchange.record(self._log)

    async def _answer(self, exchange: Exchange, receive: Receive) -> None:
        try:
            await self._serve(exchange, receive)
        except CallerLeft:
            GIVEN_UP.labels(exchange.service).inc()
        except Exception as error:
            if exchange.status:
                log.warning("an answer of %s broke off: %r", exchange.service, error)
                raise  # the server hangs up: a broken answer must not look like a short one
            with self._watch.over(None, SLOWEST_SEND_S) as exchange.wait:
                await _problem_of(error).response()(exchange.scope, receive, exchange)

    async def _serve(self, exchange: Exchange, receive: Receive) -> None:
        exchange.check_head()
        origin = exchange.read.get(b"origin")
        if origin is not None and await self._is_preflight(exchange, origin):
            return
        conditions = self._conditions
        exchange.route = route = self._route(exchange.scope)
        address = self._address(exchange)
        listed = conditions.addresses
        if listed is not None and route.limited and listed.bars(address):
            raise Barred("Calls from this address are not taken.")
        caller = exchange.caller = await self._caller(exchange, route, address)
        role = caller.role if caller else None
        worth = exchange.scope.get("worth") or route.worth_of(role)
        if conditions.pressure.level:
            self._shed(worth, caller.subject if caller else address)
        if route.limited:
            pace = route.pace_of(exchange.scope["method"], role)
            await self._count(exchange, pace, self._counted_as(pace, caller, address))
            if role is Role.SERVICE and caller is not None and conditions.quotas is not None:
                exchange.verdict = await conditions.quotas.spend(caller.subject, exchange.verdict)
        if role in STAFF and caller is not None:
            await self._oversee(exchange, route, caller)
        deadline_s = self._deadline_s(exchange, route)
        scope = exchange.onward(address, deadline_s, worth)
        key = self._key_for_all(exchange) if route.cached else None
        if key and await self._gave_from_cache(key, exchange, route, scope, deadline_s):
            return
        if route.uploads:
            upload = Upload(receive, self._settings.upload_limit_bytes, exchange.length)
            try:
                await self._forward(exchange, route, scope, upload, deadline_s)
            except Problem:
                await upload.discard_rest()
                raise
        else:
            most = self._settings.body_limit_bytes
            has_body = exchange.has_body
            body = await whole_body(receive, most, exchange.length) if has_body else b""
            await self._forward(exchange, route, scope, Inbound(body, receive), deadline_s)

    async def _is_preflight(self, exchange: Exchange, origin: bytes) -> bool:
        """Take in which page asks; True when it only asked whether it may, and was answered."""
        if origin in self._conditions.origins:
            exchange.origin = origin
        if exchange.scope["method"] != "OPTIONS":
            return False
        if b"access-control-request-method" not in exchange.read:
            return False
        if exchange.origin is None:
            raise UnknownOrigin("Pages of this origin may not call; see CORS_ORIGINS.")
        exchange.origin = None  # its headers are in this answer already
        headers = cors.preflight_headers(origin)
        await exchange({"type": "http.response.start", "status": 204, "headers": headers})
        await exchange({"type": "http.response.body", "body": b""})
        return True

    def _shed(self, worth: Worth, person: str) -> None:
        if self._conditions.pressure.turns_away(worth, person):
            raise turned_away(worth, "gateway")

    async def _oversee(self, exchange: Exchange, route: Route, caller: Caller) -> None:
        """Keep staff within their scopes; what they change is in the audit trail before it is."""
        method, path = exchange.scope["method"], exchange.scope["path"]
        if not within_scopes(caller.scopes, method, path):
            scopes = ", ".join(sorted(caller.scopes))
            raise OutOfScope(f"Your account is narrowed to {scopes}.")
        if self._trail is not None and route.service not in OWN and method not in SAFE:
            await self._trail(caller, method, path, exchange.request_id.decode())

    def _counted_as(self, pace: Pace, caller: Caller | None, address: str) -> str:
        """Whose quota a call is of: an address's, a key's, a member's or one of their devices'."""
        if caller is None:
            return network_of(address)
        if pace in self._conditions.by_device and caller.session_id is not None:
            return caller.session_id
        return caller.subject

    def _route(self, scope: Scope) -> Route:
        route = self._conditions.table.find(scope["path"], scope["raw_path"])
        if route is not None:
            return route
        raise NoSuchPath("There is nothing at this path. /docs shows what there is.")

    def _address(self, exchange: Exchange) -> str:
        peer = exchange.scope["client"]
        proxies = self._settings.trusted_proxies
        # a list in several lines is one list (RFC 9110, 5.3)
        forwarded_for = b",".join(exchange.lines(b"x-forwarded-for")) if proxies else b""
        return client_address(peer[0] if peer else "", forwarded_for, proxies)

    async def _caller(self, exchange: Exchange, route: Route, address: str) -> Caller | None:
        """Who calls, as far as the route asks. Bad credentials count against the address."""
        who = route.who
        if not who.looks:
            return None
        try:
            caller = await self._authenticator.authenticate(exchange.scope["headers"])
        except Unauthenticated:
            await self._count(exchange, "read", network_of(address))
            raise
        if who.roles:
            _check(caller, who)
        return caller

    async def _count(self, exchange: Exchange, pace: Pace, caller: str) -> None:
        limits = self._conditions.limits
        verdict = limits.take(pace, caller)
        if verdict is None:
            verdict = await limits.ask(pace, caller)
        if not verdict.allowed:
            raise verdict.refusal()
        exchange.verdict = verdict

    async def _forward(
        self,
        exchange: Exchange,
        route: Route,
        scope: Scope,
        inbound: Inbound | Upload,
        deadline_s: float,
    ) -> None:
        if exchange.caller is not None:
            bearer = self._tokens.bearer(exchange.caller, route.service)
            scope["headers"].append((b"authorization", bearer))
        if route.service in OWN:
            known = {"caller": exchange.caller, "outer": exchange.scope}
            scope["state"] = {**scope.get("state", {}), **known}
        watched, send = (
            (inbound, exchange)
            if isinstance(inbound, Inbound)
            else (None, inbound.sending(exchange))
        )
        with self._watch.over(watched, deadline_s + GRACE_S) as exchange.wait:
            await self._upstreams[route.service](scope, inbound, send)

    def _deadline_s(self, exchange: Exchange, route: Route) -> float:
        if route.uploads:
            return UPLOAD_S
        ours = route.deadline_ms or self._settings.request_timeout_ms
        given = exchange.read.get(b"x-deadline-ms", b"")
        return (min(int(given), ours) if given.isdigit() and len(given) < 10 else ours) / 1000  # noqa: PLR2004  (ten digits are over a hundred days)

    def _key_for_all(self, exchange: Exchange) -> Key | None:
        """What the answer everybody gets is kept under; staff and programs may see more."""
        scope = exchange.scope
        may_share = exchange.caller is None or exchange.caller.role is Role.MEMBER
        if scope["method"] != "GET" or not may_share:
            return None
        accept, language = exchange.said(b"accept"), exchange.said(b"accept-language")
        key = (scope["raw_path"], scope["query_string"], accept, language)
        return key if sum(map(len, key)) <= LONGEST_KEY else None

    async def _gave_from_cache(
        self, key: Key, exchange: Exchange, route: Route, scope: Scope, deadline_s: float
    ) -> bool:
        """Give what everybody gets; False where it is not said to be that, and a member asks."""
        with self._watch.over(None, deadline_s + GRACE_S) as exchange.wait:
            kept, answer = await self.cache.answer(key, partial(self._fetched, route, scope))
            if kept is not None:
                await _give(exchange, kept)
            elif answer is not None and exchange.caller is None:
                await _pass_on(exchange, answer.status, list(answer.headers.items()), answer.body)
        return bool(exchange.status)

    async def _fetched(self, route: Route, scope: Scope) -> Answer:
        """What the service answers to anybody: it hears nothing of who asks."""
        wanted = (b"accept", b"accept-language", b"x-request-id")
        headers = [header for header in scope["headers"] if header[0] in wanted]
        deadline_ms = route.deadline_ms or self._settings.request_timeout_ms  # nobody shortens it
        headers.append((b"x-deadline-ms", b"%d" % deadline_ms))
        async with asyncio.timeout(deadline_ms / 1000 + GRACE_S):
            return await fetch(
                self._upstreams[route.service],
                scope["path"],
                scope["query_string"].decode("latin-1"),
                headers,
                raw_path=scope["raw_path"],
            )


async def _give(exchange: Exchange, kept: Kept) -> None:
    """An answer that was kept, or 304 to who has it."""
    headers = [*kept.headers, (b"age", b"%d" % kept.age_s)]
    if matches(exchange.said(b"if-none-match"), kept.etag):
        await _pass_on(exchange, 304, headers, b"")
    else:
        await _pass_on(exchange, 200, headers, kept.body)


async def _pass_on(
    exchange: Exchange, status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    if status != 304:  # noqa: PLR2004
        headers = [header for header in headers if header[0] != b"content-length"]
        headers.append((b"content-length", b"%d" % len(body)))
    await exchange({"type": "http.response.start", "status": status, "headers": headers})
    await exchange({"type": "http.response.body", "body": body})


def _check(caller: Caller | None, who: Who) -> None:
    if caller is None:
        raise Unauthenticated(
            "Send an access token: Authorization: Bearer <token>.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if caller.role not in who.roles:
        raise Forbidden(f"This is for: {', '.join(sorted(who.roles))}.")


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, TimeoutError):
        return DeadlinePassed("The answer took longer than the request's deadline.")
    log.error("unexpected error", exc_info=error)
    return InternalError("Something went wrong here. Quote the X-Request-Id when you report it.")
