"""What happens around every request of a part: id, deadline, metrics, log context, draining.

Plain ASGI.
"""

import asyncio
import logging
import re
import time
from typing import Any
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kit import logs, metrics
from kit.db import is_passing, is_too_slow, sqlstate
from kit.events import Cause, caused_by
from kit.ids import uuid7
from kit.problems import Problem, Unavailable, Unprocessable

log = logging.getLogger(__name__)

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,128}")
LONGEST_MS = 600_000
_NUL_CHARACTER = ("22021", "22P05")  # PostgreSQL's states for one in a text, and in JSON
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = {"/healthz", "/readyz", "/metrics"}


class DeadlinePassed(Problem):
    """504: the caller's deadline, or ours, passed before there was an answer."""

    status = 504
    code = "deadline_passed"
    title = "Too slow"


def header_of(scope: Scope, name: bytes) -> bytes | None:
    return next((value for key, value in scope["headers"] if key == name), None)


def request_id_of(scope: Scope) -> str:
    """The inbound `X-Request-Id` if it is well-formed, else a new one."""
    given = header_of(scope, b"x-request-id")
    return given.decode() if given and _REQUEST_ID.fullmatch(given) else str(uuid7())


def correlation_id_of(scope: Scope, request_id: str) -> str:
    """The Idempotency-Key names the whole chain a write starts; else the request does."""
    key = header_of(scope, b"idempotency-key")
    if key is None:
        return request_id
    try:
        return str(UUID(key.decode("latin-1")))  # a UUID has several spellings, a chain one name
    except ValueError:
        return request_id


class InFlight:
    """How many requests are being answered, and waiting until none is."""

    def __init__(self) -> None:
        self._count = 0
        self._none = asyncio.Event()
        self._none.set()

    def __enter__(self) -> None:
        self._count += 1
        self._none.clear()

    def __exit__(self, *_: object) -> None:
        self._count -= 1
        if not self._count:
            self._none.set()

    async def end(self, at_most_s: float) -> bool:
        """Wait until no request is in flight; False when `at_most_s` passed first."""
        try:
            await asyncio.wait_for(self._none.wait(), at_most_s)
        except TimeoutError:
            return False
        return True


class Requests:
    """The outermost layer of a part's application."""

    def __init__(self, app: ASGIApp, service: str, timeout_ms: int, in_flight: InFlight) -> None:
        self._app = app
        self._service = service
        self._timeout_ms = timeout_ms
        self._in_flight = in_flight

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        gauge = metrics.REQUESTS_IN_FLIGHT.labels(self._service)
        with self._in_flight, gauge.track_inprogress():
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request_id = request_id_of(scope)
        answer = _Answer(send, request_id)
        traceparent = header_of(scope, b"traceparent")
        cause = Cause(
            correlation_id_of(scope, request_id),
            traceparent=traceparent.decode("latin-1")[:64] if traceparent else None,
        )
        with logs.fields(request_id=request_id), caused_by(cause):
            try:
                async with asyncio.timeout(self._timeout_s(scope)):
                    await self._app(scope, receive, answer)
            except Exception as error:
                problem = _problem_of(error)
                if problem.status == 500:  # noqa: PLR2004
                    log.exception("unexpected error")
                if answer.status:
                    raise
                await problem.response()(scope, receive, answer)
        metrics.REQUEST_SECONDS.labels(
            self._service, route_of(scope), method_of(scope), f"{answer.status // 100}xx"
        ).observe(time.perf_counter() - started)

    def _timeout_s(self, scope: Scope) -> float:
        """The deadline the caller brings, which for an upload is longer than ours; else ours."""
        given = header_of(scope, b"x-deadline-ms")
        if given and given.isdigit() and len(given) <= len(str(LONGEST_MS)):
            return min(int(given), LONGEST_MS) / 1000
        return self._timeout_ms / 1000


class _Answer:
    """Sends on, remembering the status and adding the request's id."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id.encode()
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (b"x-request-id", self._request_id)]
        await self._send(message)


class NulCharacter(Unprocessable):
    """422: a text that no database column holds."""

    code = "nul_character"
    title = "A text holds the character NUL"


class InternalError(Problem):
    """500: a bug of ours; the log has it under the request's id."""

    status = 500
    code = "internal_error"
    title = "Internal error"


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, TimeoutError) and not error.args:
        return DeadlinePassed("The answer took longer than the request's deadline.")
    if is_passing(error) or is_too_slow(error):
        log.warning("a store is away: %r", error)
        return Unavailable("A store is away or busy; try again shortly.")
    if sqlstate(error) in _NUL_CHARACTER:
        return NulCharacter("Leave the character NUL (U+0000) out: no text can have it.")
    return InternalError("Something went wrong here. Quote the X-Request-Id when you report it.")


def method_of(scope: Scope) -> str:
    """The method, or `OTHER` for one that is made up: labels must stay few."""
    method: str = scope["method"]
    return method if method in METHODS else "OTHER"


def route_of(scope: Scope) -> str:
    """The route's template, never the path itself: labels must stay few."""
    route: Any = scope.get("route")
    return getattr(route, "path", None) or "other"
