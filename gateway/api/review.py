"""What staff did, and who has access: for administrators."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from gateway.actions import review
from gateway.api.bodies import ShortText, TheIdentity
from gateway.store import review as stored_review
from gateway.store import staff as stored
from gateway.store.staff import Wanted
from kit import clock, pages
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, LongText, Time
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page

router = Router(tags=["Staff"], dependencies=[requires(Role.ADMIN)])


class AuditAnswer(Answer):
    """`actor_id` is null where the system itself acted."""

    entry_id: UUID
    actor_id: UUID | None
    action: str
    target: str
    details: dict[str, Any]
    occurred_at: datetime


class AccessAnswer(Answer):
    """A staff member or API key. `unused` since longer than was asked for; null factor: a key."""

    kind: str
    id: UUID
    name: str
    role: Role
    scopes: list[str]
    second_factor: bool | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    unused: bool


class ReviewAnswer(Answer):
    """When the review was last confirmed, and when it is due."""

    confirmed_at: datetime | None
    due_at: datetime


class ConfirmationBody(Body):
    note: LongText | None = None


@router.get("/v1/audit")
async def list_audit(  # noqa: PLR0913  (each narrows the list)
    tx: Tx,
    *,
    limit: Limit = 50,
    cursor: CursorParameter = None,
    actor_id: UUID | None = None,
    action: ShortText | None = None,
    target: ShortText | None = None,
    since: Time | None = None,
    until: Time | None = None,
) -> Page[AuditAnswer]:
    """What staff did, the newest first: all, or of one actor, action or target, or of a time."""
    before = pages.decode_cursor(cursor, datetime.fromisoformat, UUID) if cursor else None
    wanted = Wanted(actor_id, action, target, since, until)
    rows = await stored.audit_before(tx, wanted, before, limit + 1)
    return pages.page(
        rows, limit, AuditAnswer.model_validate, lambda row: (row.occurred_at, row.entry_id)
    )


@router.get("/v1/access-review/accesses")
async def list_access(
    tx: Tx,
    identity: TheIdentity,
    limit: Limit = 50,
    cursor: CursorParameter = None,
    unused_days: Annotated[int | None, Query(ge=1, le=400)] = None,
) -> Page[AccessAnswer]:
    """Who and what has access, with which rights, and whether anybody used it of late."""
    after = pages.decode_cursor(cursor, UUID)[0] if cursor else None
    now, days = clock.now(), identity.review_every
    unused_for = timedelta(days=unused_days) if unused_days else days
    rows = await stored_review.access_after(
        tx, after, unused_since=now - unused_for, now=now, limit=limit + 1
    )
    return pages.page(rows, limit, AccessAnswer.model_validate, lambda row: (row.id,))


@router.get("/v1/access-review")
async def show_review(tx: Tx, identity: TheIdentity) -> ReviewAnswer:
    """When the review was last confirmed, and when it is due."""
    confirmed_at = await review.confirmed_at(tx)
    since = confirmed_at or await stored_review.first_staff_at(tx) or clock.now()
    return ReviewAnswer(confirmed_at=confirmed_at, due_at=since + identity.review_every)


@router.post("/v1/access-review/confirmations", status_code=204, response_class=Response)
async def confirm_review(
    body: ConfirmationBody, caller: CurrentCaller, identity: TheIdentity, tx: Tx
) -> None:
    """Confirm that you went through the list. It goes into the audit trail."""
    actor = UUID(caller.subject)
    await review.confirm(tx, actor, identity.review_every, body.note, clock.now())
