"""What the gateway hears: that services have erased members who closed their accounts."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.erasures import note_erased
from gateway.events import ERASED, MemberErased
from kit.events import Event, service_of
from kit.inbox import Handler


async def on_members_erased(session: AsyncSession, events: Sequence[Event]) -> None:
    said = [MemberErased.of(event) for event in events]
    await note_erased(session, service_of(events[0].type), said)


HANDLERS: Mapping[str, Handler] = {kind.type: on_members_erased for kind in ERASED}
