"""What feedback does with what it hears."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.erasure import of_erased_too
from kit.events import Event
from kit.inbox import Handler
from services.feedback.actions.erasing import note_erasures
from services.feedback.actions.members import describe_members, merge_members, rank_members
from services.feedback.events import (
    ErasureAsked,
    MemberCreated,
    MemberMerged,
    MemberUpdated,
    TierChanged,
)


async def on_members_created(session: AsyncSession, events: Sequence[Event]) -> None:
    await describe_members(session, [MemberCreated.of(event) for event in events])


async def on_members_updated(session: AsyncSession, events: Sequence[Event]) -> None:
    await describe_members(session, [MemberUpdated.of(event) for event in events])


async def on_members_merged(session: AsyncSession, events: Sequence[Event]) -> None:
    await merge_members(session, list(map(MemberMerged.of, events)))


@of_erased_too
async def on_members_erased(session: AsyncSession, events: Sequence[Event]) -> None:
    await note_erasures(session, [ErasureAsked.of(event) for event in events], clock.now())


async def on_tiers_changed(session: AsyncSession, events: Sequence[Event]) -> None:
    await rank_members(session, [TierChanged.of(event) for event in events], clock.now())


HANDLERS: Mapping[str, Handler] = {
    MemberCreated.type: on_members_created,
    MemberUpdated.type: on_members_updated,
    MemberMerged.type: on_members_merged,
    ErasureAsked.type: on_members_erased,
    TierChanged.type: on_tiers_changed,
}
