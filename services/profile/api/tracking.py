"""Segment's HTTP tracking API, so that its libraries deliver here unchanged.

An app sends with its member's token and speaks of that member only, whatever `userId` says. The
company's backend sends with a write key (scope `activities:write`) and may speak of anybody:
`userId` is a member id or the company's own id. The answer is `{"success": true}`, as Segment's; a
batch of which some messages were refused names those in `refused`, and the others are taken.
"""

from typing import Annotated, Any

from fastapi import Depends

from kit import clock
from kit.app import Router
from kit.auth import Caller, CurrentCaller, Role, requires
from kit.bodies import Answer
from kit.db import Tx
from services.profile.actions.tracking import take_in
from services.profile.api.messages import Refusal, Speaker, document_of, message_of, messages_of
from services.profile.rules.messages import Kind

router = Router(tags=["tracking"], dependencies=[requires(Role.MEMBER, scope="activities:write")])

Document = Annotated[dict[str, Any], Depends(document_of)]


class RefusedMessage(Answer):
    """A message of the batch that was not taken, and why."""

    index: int
    message_id: str | None
    errors: list[dict[str, Any]]


class Accepted(Answer):
    """Segment's answer."""

    success: bool = True
    refused: list[RefusedMessage] | None = None


def _body(**properties: Any) -> dict[str, Any]:
    """The request's schema; the body itself is read without FastAPI, for speed and for gzip."""
    schema = {"type": "object", "properties": properties}
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


_TEXT = {"type": "string"}
_OBJECT = {"type": "object"}
_IDS = {"messageId": _TEXT, "userId": _TEXT, "anonymousId": _TEXT, "timestamp": _TEXT}
_SENT = {**_IDS, "context": _OBJECT, "sentAt": _TEXT}


@router.post(
    "/v1/batch",
    response_model_exclude_none=True,
    openapi_extra=_body(batch={"type": "array", "items": _OBJECT}, sentAt=_TEXT, context=_OBJECT),
)
async def take_batch(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
    """Take up to 500 KB of messages of any kind."""
    now = clock.now()
    messages, refused = messages_of(document, _speaker(caller), now)
    await take_in(tx, messages, now, trusted=caller.role is Role.SERVICE)
    return Accepted(refused=[_refused(refusal) for refusal in refused] or None)


@router.post(
    "/v1/track",
    response_model_exclude_none=True,
    openapi_extra=_body(**_SENT, event=_TEXT, properties=_OBJECT),
)
async def take_track(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
    """A member did something."""
    return await _take(document, Kind.TRACK, caller, tx)


@router.post(
    "/v1/page",
    response_model_exclude_none=True,
    openapi_extra=_body(**_SENT, name=_TEXT, category=_TEXT, properties=_OBJECT),
)
async def take_page(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
    """A member saw a page of a site."""
    return await _take(document, Kind.PAGE, caller, tx)


@router.post(
    "/v1/screen",
    response_model_exclude_none=True,
    openapi_extra=_body(**_SENT, name=_TEXT, category=_TEXT, properties=_OBJECT),
)
async def take_screen(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
    """A member saw a screen of an app."""
    return await _take(document, Kind.SCREEN, caller, tx)


@router.post(
    "/v1/identify",
    response_model_exclude_none=True,
    openapi_extra=_body(**_SENT, traits=_OBJECT),
)
async def take_identify(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
    """Traits of a member; with `anonymousId` also: what that id did, the member did."""
    return await _take(document, Kind.IDENTIFY, caller, tx)


@router.post(
    "/v1/group",
    response_model_exclude_none=True,
    openapi_extra=_body(**_SENT, groupId=_TEXT, traits=_OBJECT),
)
async def take_group(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
    """A member belongs to a group."""
    return await _take(document, Kind.GROUP, caller, tx)


@router.post(
    "/v1/alias",
    response_model_exclude_none=True,
    openapi_extra=_body(**_SENT, previousId=_TEXT),
)
async def take_alias(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
    """`previousId` and `userId` are one member."""
    return await _take(document, Kind.ALIAS, caller, tx)


async def _take(document: dict[str, Any], kind: Kind, caller: Caller, tx: Tx) -> Accepted:
    now = clock.now()
    message = message_of(document, kind, _speaker(caller), now)
    await take_in(tx, [message], now, trusted=caller.role is Role.SERVICE)
    return Accepted()


def _speaker(caller: Caller) -> Speaker:
    return Speaker() if caller.role is Role.SERVICE else Speaker(caller.member_id)


def _refused(refusal: Refusal) -> RefusedMessage:
    return RefusedMessage(index=refusal.index, message_id=refusal.message_id, errors=refusal.errors)
