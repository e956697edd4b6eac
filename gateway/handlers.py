"""What the gateway hears: what ends an erasure, and what administrators are to be told."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.erasures import note_erased
from gateway.actions.notices import note_disabled_webhooks
from gateway.events import ERASED, MemberErased, WebhookDisabled
from kit import clock
from kit.events import Event, service_of
from kit.inbox import Handler


async def on_members_erased(session: AsyncSession, events: Sequence[Event]) -> None:
    said = [MemberErased.of(event) for event in events]
    await note_erased(session, service_of(events[0].type), said)


async def on_webhooks_disabled(session: AsyncSession, events: Sequence[Event]) -> None:
    await note_disabled_webhooks(session, events, clock.now())


HANDLERS: Mapping[str, Handler] = {
    **{kind.type: on_members_erased for kind in ERASED},
    WebhookDisabled.type: on_webhooks_disabled,
}
