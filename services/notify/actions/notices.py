"""Notices: telling members something over every channel they allow."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Event
from kit.ids import uuid7
from services.notify import store
from services.notify.actions.inbox import Draft, add_items
from services.notify.actions.wording import wording_of
from services.notify.rules import LIFETIME, Category, Channel, Recipient
from services.notify.store.deliveries import NewDelivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something a member should be told, once per `cause`, in the words of a packaged template.

    `facts` are what the template names; a fact that is a text by language is put in the member's.
    `language` is used while the member's own is not known.
    """

    member_id: UUID
    template: str
    category: Category
    cause: str
    event: Event
    facts: Mapping[str, Any] = field(default_factory=dict)
    action: str | None = None
    language: str | None = None


async def tell_members(session: AsyncSession, notices: Sequence[Notice], now: datetime) -> None:
    """Put each notice in the member's inbox and queue it as an e-mail, where these are wanted.

    What is meant for a member merged into another is told to the other: with the mailboxes locked,
    a merge is either known here or finds what is added here.
    """
    if not notices:
        return
    addressed = {notice.member_id for notice in notices}
    mailboxes = await store.inbox.lock_mailboxes(session, addressed)
    known, heirs = await store.members.recipients_and_heirs(session, addressed)
    if heirs:
        notices = [replace(n, member_id=heirs.get(n.member_id, n.member_id)) for n in notices]
        known |= await store.members.recipients(session, set(heirs.values()))
    inbox = [n for n in notices if known[n.member_id].allows(n.category, Channel.INBOX)]
    drafts = [_draft(notice, known[notice.member_id]) for notice in inbox]
    await add_items(session, drafts, now, locked=mailboxes)
    mail = [
        notice
        for notice in notices
        if (recipient := known[notice.member_id]).can_have_email
        and recipient.allows(notice.category, Channel.EMAIL)
    ]
    await queue_mail(session, mail, now)


async def queue_mail(session: AsyncSession, notices: Collection[Notice], now: datetime) -> None:
    await store.deliveries.insert_new(session, [_delivery(notice, now) for notice in notices])


def _draft(notice: Notice, recipient: Recipient) -> Draft:
    item = wording_of(notice.template, notice.facts, recipient, notice.language).item()
    return Draft(
        member_id=notice.member_id,
        cause=notice.cause,
        category=notice.category,
        title=item.title,
        body=item.body,
        action=notice.action,
        event=notice.event,
    )


def _delivery(notice: Notice, now: datetime) -> NewDelivery:
    return NewDelivery(
        delivery_id=uuid7(),
        member_id=notice.member_id,
        channel=Channel.EMAIL,
        cause=notice.cause,
        template=notice.template,
        category=notice.category,
        facts=notice.facts,
        action=notice.action,
        language=notice.language,
        created_at=now,
        due_at=now,
        expires_at=now + LIFETIME,
        correlation_id=notice.event.correlation_id,
        causation_id=str(notice.event.id),
        receipt_id=notice.event.receipt_id,
    )
