"""Segment's HTTP tracking API, so that its libraries deliver here unchanged.

An app sends with its member's token and speaks of that member only, whatever `userId` says. The
company's backend sends with a write key (scope `activities:write`) and may speak of anybody:
`userId` is a member id or the company's own id. The answer is `{"success": true}`, as Segment's; a
batch of which some messages were refused names those in `refused`, and the others are taken.
"""

from collections.abc import Awaitable, Callable, Mapping
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

router = Router(tags=["Tracking"], dependencies=[requires(Role.MEMBER, scope="activities:write")])

Document = Annotated[dict[str, Any], Depends(document_of)]


class RefusedMessage(Answer):
    """A message of the batch that was not taken, and why."""

    index: int
    message_id: str | None = None
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


def _taking(kind: Kind) -> Callable[..., Awaitable[Accepted]]:
    async def take(document: Document, caller: CurrentCaller, tx: Tx) -> Accepted:
        now = clock.now()
        message = message_of(document, kind, _speaker(caller), now)
        await take_in(tx, [message], now, trusted=caller.role is Role.SERVICE)
        return Accepted()

    return take


_CALLS: Mapping[Kind, tuple[str, dict[str, Any]]] = {
    Kind.TRACK: ("A member did something.", {"event": _TEXT, "properties": _OBJECT}),
    Kind.PAGE: (
        "A member saw a page of a site.",
        {"name": _TEXT, "category": _TEXT, "properties": _OBJECT},
    ),
    Kind.SCREEN: (
        "A member saw a screen of an app.",
        {"name": _TEXT, "category": _TEXT, "properties": _OBJECT},
    ),
    Kind.IDENTIFY: (
        "Traits of a member; with `anonymousId` also: what that id did, the member did.",
        {"traits": _OBJECT},
    ),
    Kind.GROUP: ("A member belongs to a group.", {"groupId": _TEXT, "traits": _OBJECT}),
    Kind.ALIAS: ("`previousId` and `userId` are one member.", {"previousId": _TEXT}),
}

for _kind, (_description, _fields) in _CALLS.items():
    router.add_api_route(
        f"/v1/{_kind}",
        _taking(_kind),
        methods=["POST"],
        name=f"take_{_kind}",
        description=_description,
        response_model_exclude_none=True,
        openapi_extra=_body(**_SENT, **_fields),
    )


def _speaker(caller: Caller) -> Speaker:
    return Speaker() if caller.role is Role.SERVICE else Speaker(caller.member_id)


def _refused(refusal: Refusal) -> RefusedMessage:
    return RefusedMessage(index=refusal.index, message_id=refusal.message_id, errors=refusal.errors)
