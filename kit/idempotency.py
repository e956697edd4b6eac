"""Idempotency-Key: the answer to a write is stored with its effect, and given again to a repeat.

Semantics (after draft-ietf-httpapi-idempotency-key-header-07): same key and body, the first answer
byte for byte with `Idempotent-Replayed: true`; same key, other body, 422; a twin still running is
waited for, at most answered 409. Refusals (4xx) are stored too, their effects rolled back; those
that may pass by themselves (401, 403, 429, 5xx) are not. A key belongs to a caller and a route and
is kept 72 hours. Stored answers are sealed under the request that caused them, and the part's
secret where it has one: who sees the table can read no answer, nor, with the secret, try out what
the request may have been.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, Request, Response
from sqlalchemy import Column, Index, LargeBinary, Row, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit import receipts
from kit.auth import Caller, optional_caller
from kit.db import (
    LOCK_NOT_AVAILABLE,
    Endpoint,
    Timestamp,
    metadata,
    sqlstate,
    transaction,
)
from kit.direct import DirectRoute
from kit.problems import Conflict, Malformed, Problem, Unprocessable
from kit.rows import Batch

HEADER = "idempotency-key"
METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEPT_HEADERS = frozenset({"cache-control", "content-type", "etag", "location"})
WAIT_MS = 5_000

Work = Callable[[Request], Awaitable[None]]
Effect = Callable[[AsyncSession], Awaitable[Response]]
F = TypeVar("F", bound=Callable[..., Any])

table = Table(
    "idempotency_keys",
    metadata,
    Column("key", Uuid, primary_key=True),
    Column("caller", Text, primary_key=True),
    Column("route", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("answer", LargeBinary, comment="Headers and body, sealed under the request."),
    Column("created_at", Timestamp, nullable=False, server_default=text("now()")),
    Index("ix_idempotency_keys_created_at", "created_at"),
)


class KeyRequired(Malformed):
    code = "idempotency_key_required"
    title = "Idempotency-Key required"


class KeyReused(Unprocessable):
    code = "idempotency_key_reused"
    title = "Idempotency-Key used for another request"


class StillRunning(Conflict):
    code = "idempotency_key_in_use"
    title = "The same request is still being answered"


async def require_key(request: Request) -> UUID:
    if HEADER not in request.headers:
        raise KeyRequired(
            "Send an Idempotency-Key header: a UUID made for this action, the same in every retry."
        )
    return _key_of(request)


RequiresKey = Depends(require_key)
"""For routes where points, coupons, rewards or money move."""

RequiredKey = Annotated[UUID, RequiresKey]
"""The key itself, for effects that outlive the stored answer and must still happen only once."""


def beforehand(work: Work) -> Callable[[F], F]:
    """Have `work` done before the transaction of a request is opened: what is slow holds nothing.

    It is done for a repeat too, before its stored answer is looked for; what it raises is answered.
    """

    def marked(endpoint: F) -> F:
        endpoint.beforehand = work  # type: ignore[attr-defined]
        return endpoint

    return marked


def combined(endpoint: F) -> F:
    """Mark an endpoint that answers through kit.combining: the transaction it shares is not ours.

    It needs a key: without one the request is refused.
    """
    endpoint.combined = True  # type: ignore[attr-defined]
    return endpoint


@dataclass(frozen=True, slots=True)
class Keyed:
    """A keyed request: whose and which, what it asks, and what its answer is sealed under."""

    caller: str
    route: str
    key: UUID
    fingerprint: bytes
    seal: bytes

    @property
    def scope(self) -> dict[str, Any]:
        """What is answered only once."""
        return {"caller": self.caller, "route": self.route, "key": self.key}


class IdempotentRoute(DirectRoute):
    """A route whose writes honour Idempotency-Key."""

    def get_route_handler(self) -> Endpoint:
        endpoint = super().get_route_handler()
        if not METHODS & (self.methods or set()):
            return endpoint
        work: Work | None = getattr(self.endpoint, "beforehand", None)
        is_combined = getattr(self.endpoint, "combined", False)

        async def once(request: Request) -> Response:
            if work is not None:
                await work(request)
            if HEADER not in request.headers:
                return await endpoint(request)
            caller = await optional_caller(request)
            keyed = await _keyed(request, caller, f"{request.method} {self.path}")
            with receipts.under(caller, keyed.key):
                if not is_combined:
                    return await _answer_once(request, endpoint, keyed)
                request.state.keyed = keyed
                return await endpoint(request)

        return once


async def _keyed(request: Request, caller: Caller | None, route: str) -> Keyed:
    key, subject = _key_of(request), caller.subject if caller else "anonymous"
    target = f"{subject} {route} {request.url.path}?{request.url.query}\n"
    content = target.encode() + _canonical(await request.body())
    secret = key.bytes + request.app.state.runtime.secret
    fingerprint, seal = (_digest(why, secret, content) for why in (b"fingerprint", b"seal"))
    return Keyed(subject, route, key, fingerprint, seal)


class _Refused(Exception):  # noqa: N818  (an answer, not an error)
    """The endpoint refused, and will again: of its transaction nothing is to remain."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


async def _answer_once(request: Request, endpoint: Endpoint, keyed: Keyed) -> Response:
    try:
        return await _claimed(request, keyed, partial(_effect, request, endpoint))
    except _Refused as refused:
        refusal = refused.problem

    async def refuse(_: AsyncSession) -> Response:
        return refusal.response()

    return await _claimed(request, keyed, refuse)


async def _claimed(request: Request, keyed: Keyed, effect: Effect) -> Response:
    """The answer of `effect` and what it wrote, in one transaction, or the answer given before."""
    async with transaction(request.app.state.runtime.sessions) as session:
        if not await _claim(session, keyed):
            return await _stored(session, keyed)
        answer = await effect(session)
        await _store(session, keyed, answer)
    return answer


async def _effect(request: Request, endpoint: Endpoint, session: AsyncSession) -> Response:
    request.state.session = session
    try:
        return await endpoint(request)
    except Problem as problem:
        if is_kept(problem):
            raise _Refused(problem) from problem
        raise


def _key_of(request: Request) -> UUID:
    try:
        return UUID(request.headers[HEADER])
    except ValueError:
        raise Malformed("Idempotency-Key must be a UUID.") from None


def is_kept(problem: Problem) -> bool:
    """Whether a refusal is the answer to every repeat; else a repeat may fare better."""
    return not problem.passing and problem.status < 500  # noqa: PLR2004


_CLAIM = text("""
    INSERT INTO idempotency_keys (caller, route, key, fingerprint)
    SELECT :caller, :route, :key, :fingerprint
    WHERE set_config('lock_timeout', CAST(:wait_ms AS text), true) <> ''
    ON CONFLICT DO NOTHING RETURNING 1
""")
"""A twin that is still running is waited for, but not for ever."""


async def _claim(session: AsyncSession, keyed: Keyed) -> bool:
    """Take the key; False when it is taken. A twin in flight is waited for."""
    given = {**keyed.scope, "fingerprint": keyed.fingerprint, "wait_ms": str(WAIT_MS)}
    try:
        claimed = await session.execute(_CLAIM, given)
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise StillRunning("Try again in a moment.", headers={"Retry-After": "1"}) from error
        raise
    return claimed.first() is not None


async def _store(session: AsyncSession, keyed: Keyed, answer: Response) -> None:
    statement = text("""
        UPDATE idempotency_keys SET status = :status, answer = :answer
        WHERE caller = :caller AND route = :route AND key = :key
    """)
    given = {"status": answer.status_code, "answer": _sealed(keyed, answer)}
    await session.execute(statement, {**keyed.scope, **given})


async def _stored(session: AsyncSession, keyed: Keyed) -> Response:
    statement = text("""
        SELECT fingerprint, status, answer FROM idempotency_keys
        WHERE caller = :caller AND route = :route AND key = :key
    """)
    return _answered(keyed, (await session.execute(statement, keyed.scope)).one())


_ANSWERED = text("""
    SELECT place, fingerprint, status, answer,
        set_config('lock_timeout', CAST(:wait_ms AS text), true),
        set_config('plan_cache_mode', 'force_generic_plan', true)
    FROM unnest(CAST(:callers AS text[]), CAST(:routes AS text[]), CAST(:keys AS uuid[]))
        WITH ORDINALITY AS given (caller, route, key, place)
    LEFT JOIN idempotency_keys USING (caller, route, key)
""")
"""The statements of the rest of the transaction are planned once on each connection.

Of arrays with few values PostgreSQL takes a plan of their own to be worth it each time, and is at
it longer than at the work.
"""

_KEEP = Batch(
    text("""
        INSERT INTO idempotency_keys (caller, route, key, fingerprint, status, answer)
        SELECT * FROM unnest(
            CAST(:callers AS text[]), CAST(:routes AS text[]), CAST(:keys AS uuid[]),
            CAST(:fingerprints AS bytea[]), CAST(:statuses AS smallint[]),
            CAST(:answers AS bytea[]))
    """),
    ("callers", "routes", "keys", "fingerprints", "statuses", "answers"),
)


async def answered(session: AsyncSession, asked: Sequence[Keyed]) -> list[Response | None]:
    """The answers given before to each of the requests; to a key's other use, a refusal."""
    rows = await session.execute(_ANSWERED, {**_scopes(asked), "wait_ms": str(WAIT_MS)})
    found: list[Response | None] = [None] * len(asked)
    for row in rows:
        if row.fingerprint is not None:
            found[row.place - 1] = _answer_or_refusal(asked[row.place - 1], row)
    return found


async def keep(session: AsyncSession, given: Sequence[tuple[Keyed, Response]]) -> None:
    """Keep answers that nobody got before. The database refuses one whose twin was faster."""
    rows = [
        (k.caller, k.route, k.key, k.fingerprint, answer.status_code, _sealed(k, answer))
        for k, answer in given
    ]
    await _KEEP.write(session, rows)


def _scopes(asked: Sequence[Keyed]) -> dict[str, Any]:
    return {
        "callers": [keyed.caller for keyed in asked],
        "routes": [keyed.route for keyed in asked],
        "keys": [keyed.key for keyed in asked],
    }


def _answer_or_refusal(keyed: Keyed, row: Row[Any]) -> Response:
    try:
        return _answered(keyed, row)
    except KeyReused as refusal:
        return refusal.response()


def _answered(keyed: Keyed, row: Row[Any]) -> Response:
    if row.fingerprint != keyed.fingerprint:
        raise KeyReused(
            "This Idempotency-Key came with another body; make a new one for a new action."
        )
    return _unpack(row.status, AESGCM(keyed.seal).decrypt(_NONCE, row.answer, None))


_NONCE = b"\0" * 12
"""A seal is used once."""


def _sealed(keyed: Keyed, answer: Response) -> bytes:
    return AESGCM(keyed.seal).encrypt(_NONCE, _pack(answer), None)


def _pack(answer: Response) -> bytes:
    kept = [f"{k}: {v}" for k, v in answer.headers.items() if k.lower() in KEPT_HEADERS]
    return "\n".join(kept).encode() + b"\n\n" + bytes(answer.body)


def _unpack(status: int, packed: bytes) -> Response:
    head, _, body = packed.partition(b"\n\n")
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
    return Response(body, status, {**headers, "Idempotent-Replayed": "true"})


def _canonical(body: bytes) -> bytes:
    """One spelling of a JSON body: sent alone or in a queue, by this client or that, it is one."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, TypeError):
        return body


def _digest(purpose: bytes, key: bytes, content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=32, key=key, person=purpose).digest()


async def delete_older(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` keys made before `before`; the number deleted."""
    statement = text("""
        DELETE FROM idempotency_keys WHERE (caller, route, key) IN
            (SELECT caller, route, key FROM idempotency_keys
             WHERE created_at < :before LIMIT :limit)
        RETURNING key
    """)
    return len((await session.execute(statement, {"before": before, "limit": limit})).all())
