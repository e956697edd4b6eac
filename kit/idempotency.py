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
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import Column, Index, LargeBinary, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit import receipts
from kit.auth import optional_caller
from kit.db import LOCK_NOT_AVAILABLE, Timestamp, metadata, sqlstate, transaction
from kit.problems import Conflict, Malformed, Problem, Unprocessable

HEADER = "idempotency-key"
METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
KEPT_HEADERS = frozenset({"cache-control", "content-type", "etag", "location"})
WAIT_MS = 5_000

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
Work = Callable[[Request], Awaitable[None]]
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


async def _require_key(request: Request) -> UUID:
    if HEADER not in request.headers:
        raise KeyRequired(
            "Send an Idempotency-Key header: a UUID made for this action, the same in every retry."
        )
    return _key_of(request)


RequiresKey = Depends(_require_key)
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


class IdempotentRoute(APIRoute):
    """A route whose writes honour Idempotency-Key."""

    def get_route_handler(self) -> Endpoint:
        endpoint = super().get_route_handler()
        if not METHODS & (self.methods or set()):
            return endpoint
        work: Work | None = getattr(self.endpoint, "beforehand", None)

        async def once(request: Request) -> Response:
            if work is not None:
                await work(request)
            if HEADER not in request.headers:
                return await endpoint(request)
            return await _answer_once(request, endpoint, f"{request.method} {self.path}")

        return once


async def _answer_once(request: Request, endpoint: Endpoint, route: str) -> Response:
    key = _key_of(request)
    caller = await optional_caller(request)
    scope = {"caller": caller.subject if caller else "anonymous", "route": route, "key": key}
    target = f"{scope['caller']} {route} {request.url.path}?{request.url.query}\n"
    content = target.encode() + _canonical(await request.body())
    runtime = request.app.state.runtime
    fingerprint, seal = (
        _digest(purpose, key.bytes + runtime.secret, content)
        for purpose in (b"fingerprint", b"seal")
    )
    async with transaction(runtime.sessions) as session:
        if not await _claim(session, scope, fingerprint):
            return await _stored(session, scope, fingerprint, seal)
        with receipts.under(caller, key):
            answer = await _effect(request, endpoint, session)
        await _store(session, scope, answer, seal)
    return answer


def _key_of(request: Request) -> UUID:
    try:
        return UUID(request.headers[HEADER])
    except ValueError:
        raise Malformed("Idempotency-Key must be a UUID.") from None


async def _effect(request: Request, endpoint: Endpoint, session: AsyncSession) -> Response:
    """Run the endpoint in `session`; of a refusal that is to be kept, only the answer remains."""
    request.state.session = session
    savepoint = await session.begin_nested()
    try:
        answer = await endpoint(request)
    except Problem as problem:
        if problem.passing or problem.status >= 500:  # noqa: PLR2004
            raise
        await savepoint.rollback()
        return problem.response()
    if savepoint.is_active:
        await savepoint.commit()
    return answer


async def _claim(session: AsyncSession, scope: dict[str, Any], fingerprint: bytes) -> bool:
    """Take the key; False when it is taken. A twin in flight is waited for."""
    await session.execute(text(f"SET LOCAL lock_timeout = {WAIT_MS}"))
    statement = text("""
        INSERT INTO idempotency_keys (caller, route, key, fingerprint)
        VALUES (:caller, :route, :key, :fingerprint) ON CONFLICT DO NOTHING RETURNING 1
    """)
    try:
        claimed = await session.execute(statement, {**scope, "fingerprint": fingerprint})
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise StillRunning("Try again in a moment.", headers={"Retry-After": "1"}) from error
        raise
    return claimed.first() is not None


async def _store(
    session: AsyncSession, scope: dict[str, Any], answer: Response, seal: bytes
) -> None:
    statement = text("""
        UPDATE idempotency_keys SET status = :status, answer = :answer
        WHERE caller = :caller AND route = :route AND key = :key
    """)
    sealed = AESGCM(seal).encrypt(b"\0" * 12, _pack(answer), None)  # a seal is used once
    await session.execute(statement, {**scope, "status": answer.status_code, "answer": sealed})


async def _stored(
    session: AsyncSession, scope: dict[str, Any], fingerprint: bytes, seal: bytes
) -> Response:
    statement = text("""
        SELECT fingerprint, status, answer FROM idempotency_keys
        WHERE caller = :caller AND route = :route AND key = :key
    """)
    row = (await session.execute(statement, scope)).one()
    if row.fingerprint != fingerprint:
        raise KeyReused(
            "This Idempotency-Key came with another body; make a new one for a new action."
        )
    packed = AESGCM(seal).decrypt(b"\0" * 12, row.answer, None)
    return _unpack(row.status, packed)


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
