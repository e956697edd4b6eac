"""Letters to all administrators: noted in the transaction that learns of it, issued soon after.

Whoever hears an event has no seal to issue a letter under; identity has, and looks for what is
noted. Note and letters are exchanged in one transaction, so each is told once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.arrivals import NOTICE_LIFE
from gateway.actions.codes import Seals
from gateway.actions.messages import Message, MessageTemplate, issue
from gateway.events import WebhookDisabled
from gateway.store import notices, review
from kit.events import Event

PORTION: Final = 20


async def note_disabled_webhooks(
    session: AsyncSession, events: Sequence[Event], now: datetime
) -> None:
    """Note that administrators are to be told of endpoints nothing is posted to any more."""
    said = [(event.id, WebhookDisabled.of(event)) for event in events]
    rows = [
        {
            "notice_id": event_id,
            "template": f"webhook_{each.why}",
            "language": each.language,
            "facts": {"url": each.url},
            "besides": each.contact,
            "noted_at": now,
        }
        for event_id, each in said
    ]
    await notices.add(session, rows)


async def tell_administrators(session: AsyncSession, seals: Seals, now: datetime) -> int:
    """Issue the letters that are noted; how many notices that were. May run in many places."""
    noted = await notices.take(session, PORTION)
    for notice in noted:
        template = cast("MessageTemplate", notice.template)
        await write_to_administrators(
            session,
            seals,
            template,
            notice.facts,
            language=notice.language,
            besides=notice.besides,
            now=now,
        )
    return len(noted)


async def write_to_administrators(  # noqa: PLR0913  (a letter, each of its parts by name)
    session: AsyncSession,
    seals: Seals,
    template: MessageTemplate,
    facts: Mapping[str, Any],
    *,
    language: str,
    now: datetime,
    action: str | None = None,
    besides: str | None = None,
) -> None:
    """Issue a letter to each administrator, but for the address `besides`."""
    for email in await review.administrators(session):
        if besides is not None and email.casefold() == besides.casefold():
            continue
        message = Message(
            channel="email",
            to=email,
            template=template,
            language=language,
            expires_at=now + NOTICE_LIFE,
            facts=facts,
            action=action,
            for_staff=True,
        )
        await issue(session, seals.messages, message, now)
