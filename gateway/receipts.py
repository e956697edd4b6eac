"""Receipts: what became of a write, proved by the parts' own rows (kit.receipts).

The key of a write is its receipt's name. The parts are asked at once, as the caller, under one
deadline, and only when somebody wants to know: a write itself costs nothing more. A part that is
away makes the receipt incomplete, never wrong.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import Field, ValidationError
from starlette.types import ASGIApp

from gateway.tokens import InternalTokens
from gateway.upstreams import fetch
from kit import receipts
from kit.app import Router
from kit.auth import Caller, CurrentCaller
from kit.bodies import Answer
from kit.etags import respond
from kit.problems import NotFound, Problem, Unavailable
from kit.receipts import PartReceipt, Said

log = logging.getLogger(__name__)

router = Router(tags=["Receipts"])

PARTS_S: Final = 2.0
GOOD: Final = range(200, 300)

State = Literal["refused", "working", "stuck", "done"]
Parts = Mapping[str, PartReceipt | None]


class ReceiptUnknown(NotFound):
    code = "gateway.receipt_unknown"
    title = "No such receipt"


class WriteAnswer(Answer):
    """The write itself. With a status of 2xx it is accepted, and stored with its effect."""

    service: str
    route: str
    status: int
    at: datetime


class HandledAnswer(Answer):
    service: str
    at: datetime


class EventAnswer(Answer):
    """An event the write led to, and what the services that hear of such events did with it."""

    event_id: UUID
    type: str
    service: str
    at: datetime
    caused_by: UUID | None = Field(description="The event that led to this one.")
    shows: dict[str, Any] = Field(description="What its publisher lets a receipt show.")
    handled_by: list[HandledAnswer]
    waits_for: list[str] = Field(description="Services that will handle it.")
    stuck_in: list[str] = Field(description="Services that could not; their operator knows.")


class PointsAnswer(Answer):
    """Points that moved: earned (`pending` until the order is delivered), spent, taken back."""

    kind: str
    points: int
    state: str | None = None
    at: datetime


class MessageAnswer(Answer):
    """A message to the member: in the inbox, or taken or refused by another channel."""

    channel: str
    state: Literal["delivered", "sent", "failed"]
    id: UUID | None
    reason: str | None = None
    at: datetime


class ReceiptAnswer(Answer):
    """What became of a write, so far."""

    key: UUID
    state: State = Field(
        description="`refused`: nothing was done. `working`: services have still to handle events. "
        "`stuck`: an event could not be handled. `done`: everything was."
    )
    writes: list[WriteAnswer]
    points: list[PointsAnswer]
    messages: list[MessageAnswer]
    events: list[EventAnswer]
    unavailable: list[str] = Field(description="Parts that did not answer just now.")
    more: bool = Field(description="Whether it led to more than is shown.")


def receipt_of(key: UUID, parts: Parts) -> ReceiptAnswer | None:
    """The receipt put together from what the parts tell; None when none knows of the write."""
    known = {name: part for name, part in parts.items() if part is not None}
    writes = [
        WriteAnswer(service=name, **write.model_dump())
        for name, part in known.items()
        for write in part.writes
    ]
    if not writes:
        return None
    said = [(name, one) for name, part in known.items() for one in part.said]
    said.sort(key=lambda pair: (pair[1].at, pair[1].event_id))
    events = [_event(name, one, known) for name, one in said]
    unavailable = sorted(name for name, part in parts.items() if part is None)
    return ReceiptAnswer(
        key=key,
        state=_state(writes, events, waiting=bool(unavailable)),
        writes=writes,
        points=[answer for _, one in said for answer in _points(one)],
        messages=[answer for _, one in said for answer in _messages(one)],
        events=events,
        unavailable=unavailable,
        more=any(_is_cut(part) for part in known.values()),
    )


def _is_cut(part: PartReceipt) -> bool:
    return max(len(part.said), len(part.heard), len(part.parked)) >= receipts.MOST


def _event(name: str, said: Said, parts: Mapping[str, PartReceipt]) -> EventAnswer:
    hearers = {service: part for service, part in parts.items() if said.type in part.hears}
    handled = {
        service: one.at
        for service, part in hearers.items()
        for one in part.heard
        if one.event_id == said.event_id
    }
    stuck = {
        service
        for service, part in hearers.items()
        for one in part.parked
        if one.event_id == said.event_id and service not in handled
    }
    return EventAnswer(
        service=name,
        **said.model_dump(exclude={"published"}),
        handled_by=[HandledAnswer(service=s, at=at) for s, at in sorted(handled.items())],
        waits_for=sorted(hearers - handled.keys() - stuck),
        stuck_in=sorted(stuck),
    )


def _state(writes: list[WriteAnswer], events: list[EventAnswer], *, waiting: bool) -> State:
    if not any(write.status in GOOD for write in writes):
        return "refused"
    if any(event.stuck_in for event in events):
        return "stuck"
    return "working" if waiting or any(event.waits_for for event in events) else "done"


def _points(said: Said) -> Iterator[PointsAnswer]:
    if said.type.startswith("loyalty.points.") and isinstance(said.shows.get("points"), int):
        kind = said.type.split(".")[2]
        shown = said.shows
        yield PointsAnswer(kind=kind, points=shown["points"], state=shown.get("state"), at=said.at)


def _messages(said: Said) -> Iterator[MessageAnswer]:
    shown = said.shows
    if said.type.startswith("notify.inbox.added."):
        item_id = shown.get("item_id")
        yield MessageAnswer(channel="inbox", state="delivered", id=item_id, at=said.at)
    elif said.type.startswith("notify.message."):
        failed = said.type.startswith("notify.message.failed.")
        yield MessageAnswer(
            channel=shown.get("channel", "unknown"),
            state="failed" if failed else "sent",
            id=shown.get("message_id"),
            reason=shown.get("reason"),
            at=said.at,
        )


class Receipts:
    """Asks the parts, the gateway's own identity among them."""

    def __init__(self, parts: Mapping[str, ASGIApp], tokens: InternalTokens) -> None:
        self._parts = parts
        self._tokens = tokens

    async def find(self, caller: Caller, key: UUID) -> ReceiptAnswer:
        """The caller's receipt. Raises ReceiptUnknown, or Unavailable where that is not sure."""
        told = await asyncio.gather(*(self._ask(name, caller, key) for name in self._parts))
        parts = dict(zip(self._parts, told, strict=True))
        receipt = receipt_of(key, parts)
        if receipt is not None:
            return receipt
        if None in parts.values():
            raise Unavailable("The part that would know of this write is away; ask again.")
        raise ReceiptUnknown(
            "Nothing of yours was accepted under this key in the last 72 hours. "
            "Send the write again with the same key."
        )

    async def _ask(self, name: str, caller: Caller, key: UUID) -> PartReceipt | None:
        bearer = (b"authorization", self._tokens.bearer(caller, name))
        try:
            async with asyncio.timeout(PARTS_S):
                answer = await fetch(self._parts[name], f"{receipts.PATH}/{key}", "", [bearer])
            if answer.status == 200:  # noqa: PLR2004
                return PartReceipt.model_validate_json(answer.body)
            log.warning("%s answered %d for a receipt", name, answer.status)
        except (Problem, OSError, ValidationError) as error:
            log.warning("%s is missing on a receipt: %r", name, error)
        return None


@router.get("/v1/receipts/{key}", response_model=ReceiptAnswer)
async def read_receipt(
    key: Annotated[UUID, Path(description="The Idempotency-Key the write was sent with.")],
    request: Request,
    caller: CurrentCaller,
) -> Response:
    """What became of a write of yours: accepted, stored, handled by whom, points, messages.

    Kept 72 hours, like the key. Ask again with `If-None-Match` until the state is `done`.
    """
    known: Receipts = request.app.state.receipts
    return respond(request, await known.find(caller, key))
