"""Announcements: the app shows them to everybody, marketers write and withdraw them."""

from datetime import datetime
from functools import partial
from typing import Annotated, Self
from uuid import UUID

from annotated_types import MinLen
from fastapi import Request, Response, status
from pydantic import StringConstraints

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, LanguageTag, Text, Time
from kit.db import Tx
from kit.etags import respond
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.notify import store
from services.notify.actions import announcements as actions
from services.notify.actions.announcements import Plan
from services.notify.rendering import BODY_LENGTH, TITLE_LENGTH
from services.notify.tables import Announcement

router = Router(prefix="/v1/announcements", tags=["Announcements"])
writers = requires(Role.MARKETER)
readers = requires(Role.MARKETER, Role.ANALYST)


class TextsBody(Body):
    title: Annotated[Text, StringConstraints(min_length=1, max_length=TITLE_LENGTH)]
    body: Annotated[Text, StringConstraints(min_length=1, max_length=BODY_LENGTH)]


class AnnouncementBody(Body):
    """What is to be announced. `action` is the place in the app it leads to, such as `/rewards`."""

    content: Annotated[dict[LanguageTag, TextsBody], MinLen(1)]
    action: Annotated[str, StringConstraints(pattern=r"^/([!-.0-~][!-~]{0,298})?$")] | None = None
    starts_at: Time
    ends_at: Time

    def plan(self) -> Plan:
        return Plan(
            content={language: texts.model_dump() for language, texts in self.content.items()},
            action=self.action,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


class ShownAnswer(Answer):
    """An announcement in the reader's language."""

    announcement_id: UUID
    title: str
    body: str
    action: str | None
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, announcement: Announcement, language: str) -> Self:
        texts = announcement.content
        return cls(
            **announcement.model_dump(exclude={"content"}),
            title=pick({tag: one["title"] for tag, one in texts.items()}, language),
            body=pick({tag: one["body"] for tag, one in texts.items()}, language),
        )


class AnnouncementAnswer(Answer):
    """An announcement as its writers see it."""

    announcement_id: UUID
    content: dict[str, TextsBody]
    action: str | None
    starts_at: datetime
    ends_at: datetime
    created_by: str
    created_at: datetime
    withdrawn_at: datetime | None


@router.get("", response_model=Page[ShownAnswer])
async def list_shown(
    request: Request,
    language: Language,
    tx: Tx,
    limit: Limit = 20,
    cursor: CursorParameter = None,
) -> Response:
    """What is announced to everybody now, in the reader's language, the latest first."""
    before = decode_cursor(cursor, datetime.fromisoformat, UUID) if cursor else None
    shown = await store.announcements.shown_at(tx, clock.now(), before, limit + 1)
    item = partial(ShownAnswer.of, language=language)
    return respond(
        request, page(shown, limit, item, lambda row: (row.starts_at, row.announcement_id))
    )


@router.get("/all", dependencies=[readers])
async def list_all(
    tx: Tx, cursor: CursorParameter = None, limit: Limit = 50
) -> Page[AnnouncementAnswer]:
    """All announcements, those to come and withdrawn ones too, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await store.announcements.newest(tx, before, limit + 1)
    return page(rows, limit, AnnouncementAnswer.model_validate, lambda row: (row.announcement_id,))


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[writers])
async def announce(caller: CurrentCaller, body: AnnouncementBody, tx: Tx) -> AnnouncementAnswer:
    """Announce something to all members, from `starts_at` until `ends_at`."""
    made = await actions.announce(tx, body.plan(), caller.subject, clock.now())
    return AnnouncementAnswer.model_validate(made)


@router.post("/{announcement_id}/withdrawal", dependencies=[writers])
async def withdraw(announcement_id: UUID, tx: Tx) -> AnnouncementAnswer:
    """Show an announcement no longer. Repeating it changes nothing."""
    return AnnouncementAnswer.model_validate(
        await actions.withdraw(tx, announcement_id, clock.now())
    )
