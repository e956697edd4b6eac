"""Receipts: what a keyed write has led to, told by each part from its own rows.

A write under an Idempotency-Key gives everything it causes the receipt id of its caller and key.
The id travels with the events (`receiptid`) and is kept beside them in outbox and inbox, so a part
can say at any time what it accepted, said and handled on that write's account. Nothing is written
that would not be written anyway, and nothing but a keyed write is indexed. The gateway asks all
parts and puts the receipt together.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.auth import Caller, CurrentCaller
from kit.bodies import Answer
from kit.db import Tx
from kit.events import Cause, Event, Payload, caused_by, current_cause
from kit.inbox import Handler

if TYPE_CHECKING:
    from kit.app import Runtime

MOST = 200
"""Events of one kind that a part tells of; a campaign to everybody leads to more."""

PATH = "/internal/receipts"

H = TypeVar("H", bound=Handler)


def receipt_id_of(subject: str, key: UUID) -> UUID:
    """The same for the same caller and key; of another caller's, or without the key, nothing."""
    digest = hashlib.blake2b(subject.encode(), digest_size=16, key=key.bytes, person=b"receipt")
    return UUID(bytes=digest.digest())


@contextmanager
def under(caller: Caller | None, key: UUID) -> Iterator[None]:
    """Whatever is published inside is on the account of the caller's write with that key."""
    if caller is None:
        yield
        return
    cause = current_cause() or Cause(str(key))
    with caused_by(replace(cause, receipt_id=receipt_id_of(caller.subject, key))):
        yield


class Write(Answer):
    """A write that a part answered: the answer, and with a good one the effect, is stored."""

    route: str
    status: int
    at: datetime


class Said(Answer):
    """An event a part published. `shows` is what its publisher lets a receipt show."""

    event_id: UUID
    type: str
    caused_by: UUID | None
    published: bool
    at: datetime
    shows: dict[str, Any]


class Heard(Answer):
    """An event a part handled."""

    event_id: UUID
    at: datetime


class Parked(Answer):
    """An event a part could not handle; its operator knows."""

    event_id: UUID
    at: datetime


class PartReceipt(Answer):
    """What one part knows of a write. `hears` are the types of events it is waited for with."""

    hears: list[str]
    writes: list[Write]
    said: list[Said]
    heard: list[Heard]
    parked: list[Parked]


_WRITES = text("""
    SELECT route, status, created_at AS at FROM idempotency_keys
    WHERE key = :key AND caller = :caller AND status IS NOT NULL ORDER BY created_at, route
""")
_SAID = text("""
    SELECT id, body, created_at AS at, published_at IS NOT NULL AS published FROM outbox
    WHERE receipt_id = :receipt_id ORDER BY seq LIMIT :most
""")
_HEARD = text("""
    SELECT event_id, handled_at AS at FROM inbox
    WHERE receipt_id = :receipt_id ORDER BY event_id LIMIT :most
""")
_PARKED = text("""
    SELECT event_id, parked_at AS at FROM dead_letters
    WHERE receipt_id = :receipt_id AND settled_at IS NULL ORDER BY event_id LIMIT :most
""")


async def part_receipt(
    session: AsyncSession,
    *,
    subject: str,
    key: UUID,
    hears: Sequence[str],
    publishes: Sequence[type[Payload]],
) -> PartReceipt:
    """What this part's rows tell of the write."""
    known = {"key": key, "caller": subject}
    chain = {"receipt_id": receipt_id_of(subject, key), "most": MOST}
    writes = (await session.execute(_WRITES, known)).mappings()
    parked = (await session.execute(_PARKED, chain)).mappings()
    heard = (await session.execute(_HEARD, chain)).mappings()
    # asked last: who is told that an event was handled is told what that led to
    said = (await session.execute(_SAID, chain)).mappings()
    shown = {payload.type: payload.on_receipt for payload in publishes}
    return PartReceipt(
        hears=sorted(hears),
        writes=[Write.model_validate(dict(row)) for row in writes],
        said=[_said(row, shown) for row in said],
        heard=[Heard.model_validate(dict(row)) for row in heard],
        parked=[Parked.model_validate(dict(row)) for row in parked],
    )


def _said(row: Mapping[Any, Any], shown: Mapping[str, tuple[str, ...]]) -> Said:
    event = Event.decode(row["body"])
    return Said(
        event_id=event.id,
        type=event.type,
        caused_by=UUID(event.causation_id) if event.causation_id else None,
        published=row["published"],
        at=row["at"],
        shows={name: event.data.get(name) for name in shown.get(event.type, ())},
    )


def beside(handler: H) -> H:
    """Mark a handler that no receipt waits for: what it does is nothing the caller began."""
    handler.beside = True  # type: ignore[attr-defined]
    return handler


def _counts(handler: object) -> bool:
    return not getattr(handler, "beside", False)


def router_of(runtime: "Runtime") -> APIRouter:
    """The path on which the gateway asks, as the caller whose receipt it is."""
    router = APIRouter(include_in_schema=False)
    service = runtime.service

    @router.get(f"{PATH}/{{key}}")
    async def read_part(key: UUID, caller: CurrentCaller, tx: Tx) -> PartReceipt:
        return await part_receipt(
            tx,
            subject=caller.subject,
            key=key,
            hears=[name for name, handler in service.handlers.items() if _counts(handler)],
            publishes=service.publishes,
        )

    return router
