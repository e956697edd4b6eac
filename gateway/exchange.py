"""One request at the edge: what is read of it, what is passed on, answered, and recorded.

One pass over the headers, and no parsing of bodies. Of the caller's headers only those in
`FORWARDED` pass, so no spelling of an identity header can.
"""

import re
import time
from collections.abc import Iterable, Sequence
from typing import Final

from starlette.types import Message, Scope, Send
from uuid_utils import uuid7

from gateway import cors
from gateway.access_log import SECONDS, AccessLog
from gateway.compression import LEAST_BYTES, Squeeze, squeeze
from gateway.deadlines import Wait
from gateway.limits import Verdict
from gateway.recent import Recent
from gateway.routes import OWN, Route, Worth
from gateway.settings import Settings
from kit.auth import Caller, Role
from kit.problems import Malformed, Problem
from kit.requests import METHODS, method_of

Headers = Sequence[tuple[bytes, bytes]]

FORWARDED: Final = frozenset({
    b"accept", b"accept-encoding", b"accept-language", b"content-encoding", b"content-type",
    b"idempotency-key", b"if-match", b"if-modified-since", b"if-none-match", b"if-unmodified-since",
    b"last-event-id", b"range", b"traceparent", b"tracestate", b"user-agent",
})  # fmt: skip
READ_HERE: Final = frozenset({
    b"access-control-request-method", b"content-length", b"origin", b"transfer-encoding",
    b"x-deadline-ms", b"x-request-id",
})  # fmt: skip
NOT_PASSED_BACK: Final = frozenset({
    b"connection", b"date", b"server", b"transfer-encoding", b"x-request-id",
})  # fmt: skip
REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,128}")
HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
LONGEST_TARGET: Final = 16_384  # bytes of path and query
_good_hosts: Recent[bytes, bool] = Recent(256)
LEFT: Final = 499  # the status recorded when the caller left; nobody receives it


class BadHost(Malformed):
    code = "gateway.bad_host"
    title = "Not one well-formed Host"


class TargetTooLong(Problem):
    """414: path and query are longer than anything here needs."""

    status = 414
    code = "gateway.target_too_long"
    title = "Path and query too long"


class MethodUnknown(Problem):
    """405: a method no part knows. Their metrics are named by methods, so none is made up."""

    status = 405
    code = "gateway.method_unknown"
    title = "No such method here"

    def __init__(self) -> None:
        allowed = ", ".join(sorted(METHODS))
        super().__init__(f"The methods here are {allowed}.", headers={"Allow": allowed})


class Exchange:
    """One request and what becomes of it. Called, it is the ASGI `send` for the answer."""

    __slots__ = (
        "_forwarded", "_hosts", "_send", "_squeeze", "_standing", "_started", "caller", "origin",
        "read", "request_id", "route", "scope", "status", "verdict", "wait",
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
        self.origin: bytes | None = None
        """The page that asks, where it may read the answer."""
        self._squeeze: Squeeze | None = None
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
        """Raise for a method or target nobody needs, and a Host that is none (RFC 9112, 3.2)."""
        scope = self.scope
        if scope["method"] not in METHODS:
            raise MethodUnknown
        if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
            raise TargetTooLong(f"Path and query may have {LONGEST_TARGET} bytes together.")
        if scope["http_version"] == "1.1" and not self._has_host:
            raise BadHost("Send one Host header: a name or an address, and a port if need be.")

    @property
    def _has_host(self) -> bool:
        if len(self._hosts) != 1:
            return False
        host = self._hosts[0]
        if _good_hosts.get(host) is None:
            if HOST.fullmatch(host) is None:
                return False
            _good_hosts.put(host, True)
        return True

    @property
    def has_body(self) -> bool:
        """Whether a body may follow. In HTTP/1 one is announced; asking for none costs a while."""
        if b"transfer-encoding" in self.read:
            return True
        in_http_1 = self.scope["http_version"] in ("1.1", "1.0")
        return self.read.get(b"content-length", b"0" if in_http_1 else b"") != b"0"

    def said(self, name: bytes) -> bytes:
        """A header that is passed on."""
        return next((value for key, value in self._forwarded if key == name), b"")

    def onward(self, address: str, deadline_s: float, worth: Worth) -> Scope:
        """The request as the service sees it, still without a caller."""
        headers = [
            *self._forwarded,
            (b"x-request-id", self.request_id),
            (b"x-forwarded-for", address.encode("latin-1")),
            (b"x-deadline-ms", b"%d" % (deadline_s * 1000)),
        ]
        caller = self.caller
        person = caller.subject if caller is not None and caller.role is Role.MEMBER else None
        return {**self.scope, "headers": headers, "worth": worth, "person": person}

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = self._answer_headers(message["headers"])
        elif self._squeeze is not None:
            message = await self._squeeze.take(message)
        if self.wait is None:
            await self._send(message)
            return
        self.wait.sending()
        await self._send(message)
        self.wait.sent()

    def _answer_headers(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        kept = []
        length = LEAST_BYTES  # what streams has none, and may be long
        for header in headers:
            if header[0] not in NOT_PASSED_BACK:
                kept.append(header)
                if header[0] == b"content-length":
                    length = int(header[1])
        if length >= LEAST_BYTES:
            self._begin_squeezing(kept)
        kept.append((b"x-request-id", self.request_id))
        kept.extend(self._standing)
        if self.verdict is not None:
            kept.extend(self.verdict.headers())
        if self.origin is not None:
            kept.extend(cors.answer_headers(self.origin))
        return kept

    def _begin_squeezing(self, headers: list[tuple[bytes, bytes]]) -> None:
        """Compress what is large, but nothing of our own: it holds secrets."""
        if self.service not in OWN and self.scope["method"] != "HEAD":
            self._squeeze = squeeze(self.status, headers, self.said(b"accept-encoding"))

    def record(self, log: AccessLog | None) -> None:
        """Count the exchange, and write its line."""
        seconds = time.perf_counter() - self._started
        route = self.route.path if self.route else "none"
        method = method_of(self.scope)
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
