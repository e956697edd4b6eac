"""The offline queue: what a phone did without a network, sent in one go when it has one again.

Every queued write takes the path it would take alone, through the proxy, with the caller's own
credentials: authentication, limits, the service's checks, its Idempotency-Key. So an answer here is
the answer there, and a batch sent again gets the same answers: what was done is replayed, what was
not is done now.
"""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal
from urllib.parse import unquote
from uuid import UUID

import orjson
from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import AfterValidator, Field, StringConstraints
from starlette.types import ASGIApp, Message, Scope

from gateway.conditions import Conditions
from gateway.routes import OWN, Worth
from kit.app import Router
from kit.auth import CurrentCaller
from kit.bodies import Answer, Body
from kit.problems import Problem, Unprocessable

log = logging.getLogger(__name__)

router = Router(tags=["Sync"])
router.route_class = APIRoute  # the batch has no key of its own: each write has one

MOST: Final = 100
SHARE: Final = 0.8  # of the batch's time; what is left is for the answer's way back
LEAST_S: Final = 0.05  # no write is begun with less
KEPT: Final = frozenset({
    b"accept-language", b"authorization", b"host", b"traceparent", b"user-agent", b"x-api-key",
    b"x-forwarded-for",
})  # fmt: skip
SHOWN: Final = ("etag", "location", "retry-after")
ERRORS: Final = 400


class NotInSync(Unprocessable):
    code = "gateway.not_in_sync"
    title = "Not a write that can be queued"


class BrokeOff(Problem):
    """502: the answer began and did not end."""

    status = 502
    code = "gateway.broke_off"
    title = "The answer broke off"


def _target(path: str) -> str:
    if "#" in path:
        raise ValueError("a path has no fragment: leave out `#` and what follows")
    return path


Target = Annotated[
    str, StringConstraints(pattern=r"^/[!-~]*$", max_length=2_048), AfterValidator(_target)
]


class QueuedWrite(Body):
    """One write, as it would be sent alone."""

    key: UUID = Field(description="Its Idempotency-Key, made when the member did it.")
    method: Literal["POST", "PUT", "PATCH", "DELETE"] = "POST"
    path: Target = Field(description="Path, and query if any.", examples=["/v1/checkins"])
    body: Any = Field(None, description="Its JSON body.")
    if_match: Annotated[str, StringConstraints(pattern=r"^[!-~ ]{1,256}$")] | None = None


class SyncBody(Body):
    writes: list[QueuedWrite] = Field(min_length=1, max_length=MOST)
    stop_on_error: bool = Field(
        default=False, description="Leave what follows a refused or failed write undone."
    )


class SyncedWrite(Answer):
    """What became of one write: `status` and `body` are those it would have got alone.

    One that was `left` was not begun, for it came after an error or there was no more time: send
    it again, under its key.
    """

    key: UUID
    state: Literal["answered", "left"]
    status: int | None = None
    replayed: bool = Field(default=False, description="Whether it had been done before.")
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    because: Literal["error", "time"] | None = None


class SyncAnswer(Answer):
    """The answers, in the order of the writes."""

    items: list[SyncedWrite]


class Sync:
    """Plays queued writes through the proxy."""

    def __init__(self, conditions: Conditions, proxy: ASGIApp) -> None:
        self._conditions = conditions
        self._proxy = proxy

    async def play(self, body: SyncBody, outer: Scope, within_s: float) -> list[SyncedWrite]:
        """Do the writes one after another, until there is no time left."""
        ends_at = time.monotonic() + within_s
        done: list[SyncedWrite] = []
        failed = False
        for write in body.writes:
            left_s = ends_at - time.monotonic()
            if failed and body.stop_on_error:
                done.append(SyncedWrite(key=write.key, state="left", because="error"))
            elif left_s < LEAST_S:
                done.append(SyncedWrite(key=write.key, state="left", because="time"))
            else:
                done.append(await self._do(write, outer, left_s))
                failed = failed or (done[-1].status or 0) >= ERRORS
        return done

    async def _do(self, write: QueuedWrite, outer: Scope, within_s: float) -> SyncedWrite:
        try:
            scope = self._scope(write, outer, within_s)
        except Problem as problem:
            return _refused(write, problem)
        answer = _Answer()
        try:
            await self._proxy(scope, _Body(_content(write)), answer)
        except Exception as error:  # noqa: BLE001  (alone, its connection would break off)
            log.warning("the answer to a queued write broke off: %r", error)
            return _refused(write, BrokeOff("The answer broke off; send it again under its key."))
        return answer.of(write)

    def _scope(self, write: QueuedWrite, outer: Scope, within_s: float) -> Scope:
        """The request the write would be by itself."""
        raw_path, _, query = write.path.partition("?")
        path = unquote(raw_path)
        route = self._conditions.table.find(path, raw_path.encode())
        if route is not None and (route.service in OWN or route.uploads):
            raise NotInSync("Queue writes of the services; signing in and uploads go alone.")
        content = _content(write)
        headers = [header for header in outer["headers"] if header[0] in KEPT]
        headers += [
            (b"idempotency-key", str(write.key).encode()),
            (b"x-deadline-ms", b"%d" % (within_s * 1000)),
            (b"content-length", b"%d" % len(content)),
        ]
        if content:
            headers.append((b"content-type", b"application/json"))
        if write.if_match is not None:
            headers.append((b"if-match", write.if_match.encode()))
        return {
            **outer,
            "method": write.method,
            "path": path,
            "raw_path": raw_path.encode(),
            "query_string": query.encode(),
            "headers": headers,
            "state": {},
            "worth": Worth.SYNC,
        }


def _content(write: QueuedWrite) -> bytes:
    """The body as JSON; unlike orjson, json writes every integer there is."""
    return b"" if write.body is None else json.dumps(write.body, separators=(",", ":")).encode()


def _refused(write: QueuedWrite, problem: Problem) -> SyncedWrite:
    return SyncedWrite(key=write.key, state="answered", status=problem.status, body=problem.body())


class _Body:
    """ASGI `receive` of a write. Nobody leaves: who waits is ourselves, and is cancelled."""

    def __init__(self, content: bytes) -> None:
        self._content: bytes | None = content

    async def __call__(self) -> Message:
        if self._content is None:
            await asyncio.Event().wait()
        content, self._content = self._content or b"", None
        return {"type": "http.request", "body": content, "more_body": False}


class _Answer:
    """ASGI `send` that keeps what comes."""

    def __init__(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = _decoded(message["headers"])
        else:
            self._body += message.get("body", b"")

    def of(self, write: QueuedWrite) -> SyncedWrite:
        headers = self._headers
        return SyncedWrite(
            key=write.key,
            state="answered",
            status=self._status,
            replayed=headers.get("idempotent-replayed") == "true",
            headers={name: headers[name] for name in SHOWN if name in headers},
            body=_read(bytes(self._body)),
        )


def _decoded(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _read(body: bytes) -> Any:
    """JSON as what it says; anything else as text."""
    if not body:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")


@router.post("/v1/sync", openapi_extra={"x-idempotency-key": "none"})
async def sync(body: SyncBody, request: Request, _: CurrentCaller) -> SyncAnswer:
    """Send up to 100 queued writes, each under its own Idempotency-Key; they are done in order.

    Each is answered as if it had been sent alone, and a refused one does not stop the others unless
    `stop_on_error` says so. Send the whole batch again after a lost answer: what was done is
    answered again, not done again.
    """
    played: Sync = request.app.state.sync
    within_s = int(request.headers["x-deadline-ms"]) / 1000 * SHARE
    return SyncAnswer(items=await played.play(body, request.scope["state"]["outer"], within_s))
