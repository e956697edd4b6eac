"""What profile does when it hears something: each event type leads to one action."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.erasure import of_erased_too
from kit.events import Event
from kit.inbox import Handler
from services.profile.actions.audiences import note_requests
from services.profile.actions.erasing import note_closures
from services.profile.actions.members import (
    change_identifiers,
    merge_guests,
    register_accounts,
    welcome_guests,
)
from services.profile.events import (
    AccountClosed,
    AccountRegistered,
    AudienceRequested,
    GuestCreated,
    GuestMerged,
    IdentifierChanged,
)


async def on_guests_created(session: AsyncSession, events: Sequence[Event]) -> None:
    await welcome_guests(session, events, clock.now())


async def on_accounts_registered(session: AsyncSession, events: Sequence[Event]) -> None:
    await register_accounts(session, events, clock.now())


async def on_guests_merged(session: AsyncSession, events: Sequence[Event]) -> None:
    await merge_guests(session, events, clock.now())


async def on_identifiers_changed(session: AsyncSession, events: Sequence[Event]) -> None:
    await change_identifiers(session, events, clock.now())


@of_erased_too
async def on_accounts_closed(session: AsyncSession, events: Sequence[Event]) -> None:
    await note_closures(session, [AccountClosed.of(event) for event in events], clock.now())


async def on_audiences_requested(session: AsyncSession, events: Sequence[Event]) -> None:
    await note_requests(session, [AudienceRequested.of(event) for event in events])


HANDLERS: Mapping[str, Handler] = {
    GuestCreated.type: on_guests_created,
    GuestMerged.type: on_guests_merged,
    AccountRegistered.type: on_accounts_registered,
    IdentifierChanged.type: on_identifiers_changed,
    AccountClosed.type: on_accounts_closed,
    AudienceRequested.type: on_audiences_requested,
}
