"""The inbox: members read it; the gateway fills gaps of the live stream from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from annotated_types import MaxLen, MinLen
from fastapi import Query, Request, Response
from pydantic import Field, model_validator

from kit import clock
from kit.app import Router
from kit.auth import MemberId
from kit.bodies import BIGGEST, Answer, Body
from kit.db import Tx
from kit.etags import respond
from kit.pages import CursorParameter, Limit, decode_cursor, encode_cursor
from kit.problems import Unprocessable
from services.notify import store
from services.notify.actions import inbox as actions
from services.notify.store.inbox import Shown

router = Router(prefix="/v1/inbox", tags=["Inbox"])

Seq = Annotated[int, Field(ge=0, le=BIGGEST)]
AfterParameter = Annotated[
    int | None,
    Query(ge=0, le=BIGGEST, description="Items above this number instead, oldest first."),
]


class TwoPlaces(Unprocessable):
    code = "notify.two_places"
    title = "Two places to begin at"


class ItemAnswer(Answer):
    """An item, as the stream has it: `unread` is the whole inbox's count."""

    item_id: UUID
    seq: int
    unread: int
    category: str
    title: str
    body: str
    action: str | None
    created_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, item: Shown, unread: int) -> Self:
        return cls(**item._asdict(), unread=unread)


class InboxAnswer(Answer):
    """A page of the inbox, and how many items are unread in all of it."""

    items: list[ItemAnswer]
    next_cursor: str | None
    unread: int


@router.get("", response_model=InboxAnswer)
async def list_inbox(
    request: Request,
    member_id: MemberId,
    tx: Tx,
    cursor: CursorParameter = None,
    after: AfterParameter = None,
    limit: Limit = 50,
) -> Response:
    """The caller's inbox, newest first; with `after`, what came after that item, oldest first."""
    if after is not None and cursor is not None:
        raise TwoPlaces("Send either `after` or `cursor`.")
    if after is not None:
        unread, items = await store.inbox.items_after(tx, member_id, after, limit)
        return respond(request, _answer(items, unread))
    before = decode_cursor(cursor, int)[0] if cursor else None
    unread, items = await store.inbox.newest_items(tx, member_id, before, limit + 1)
    following = encode_cursor(items[limit - 1].seq) if len(items) > limit else None
    return respond(request, _answer(items[:limit], unread, following))


def _answer(items: Sequence[Shown], unread: int, next_cursor: str | None = None) -> InboxAnswer:
    shown = [ItemAnswer.of(item, unread) for item in items]
    return InboxAnswer(items=shown, next_cursor=next_cursor, unread=unread)


class ReadBody(Body):
    """What was read: everything up to a number, or single items."""

    up_to_seq: Seq | None = None
    item_ids: Annotated[list[UUID], MinLen(1), MaxLen(200)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.up_to_seq is None) == (self.item_ids is None):
            message = "send either up_to_seq or item_ids"
            raise ValueError(message)
        return self


class UnreadAnswer(Answer):
    unread: int


@router.post("/read")
async def mark_read(member_id: MemberId, body: ReadBody, tx: Tx) -> UnreadAnswer:
    """Mark items of the caller's inbox as read. Repeating it changes nothing."""
    now = clock.now()
    if body.item_ids is not None:
        unread = await actions.read_items(tx, member_id, set(body.item_ids), now)
    else:
        unread = await actions.read_up_to(tx, member_id, body.up_to_seq or 0, now)
    return UnreadAnswer(unread=unread)
