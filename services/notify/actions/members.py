"""Members: the copy of their profile, and what they choose to be told."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import languages
from kit.events import Event
from kit.problems import NotFound, Unprocessable
from kit.time_zones import zone_of
from services.notify import store
from services.notify.actions.inbox import move_unread
from services.notify.events import AccountRegistered, MemberMerged, MemberSnapshot
from services.notify.rules import (
    POLICIES,
    Category,
    Channel,
    Choices,
    QuietHours,
    refused_choices,
)
from services.notify.tables import Contact, Preference


class Mandatory(Unprocessable):
    code = "notify.mandatory_category"
    title = "This cannot be switched off"


class UnknownTimeZone(Unprocessable):
    code = "notify.unknown_time_zone"
    title = "No such time zone"


class TokenNotFound(NotFound):
    code = "notify.unsubscribe_token_not_found"
    title = "This link is not known"


async def copy_members(session: AsyncSession, snapshots: Iterable[MemberSnapshot]) -> None:
    """Keep the newest of the snapshots of each member."""
    newest: dict[UUID, MemberSnapshot] = {}
    for snapshot in snapshots:
        kept = newest.setdefault(snapshot.member_id, snapshot)
        if snapshot.updated_at >= kept.updated_at:
            newest[snapshot.member_id] = snapshot
    await store.members.copy_contacts(session, map(_contact, newest.values()))


def _contact(snapshot: MemberSnapshot) -> Contact:
    return Contact(
        member_id=snapshot.member_id,
        email=snapshot.email,
        display_name=snapshot.display_name,
        language=languages.supported(snapshot.language),
        time_zone=snapshot.time_zone,
        copied_at=snapshot.updated_at,
    )


async def note_registrations(
    session: AsyncSession, registrations: Iterable[AccountRegistered]
) -> None:
    """Keep what a registration says until profile says more."""
    once = {registration.member_id: registration for registration in registrations}
    contacts = [
        Contact(
            member_id=registration.member_id,
            email=registration.email,
            display_name=registration.display_name,
            language=languages.supported(registration.language),
        )
        for registration in once.values()
    ]
    await store.members.fill_contacts(session, contacts)


async def merge_members(session: AsyncSession, events: Sequence[Event], now: datetime) -> None:
    """Let members who remain go on for both: with what is unread, and what was chosen."""
    merges = [MemberMerged.of(event) for event in events]
    givers = {merged.merged_member_id for merged in merges}
    await store.members.lock_givers(session, givers)
    await store.inbox.lock_mailboxes(session, givers | {merged.member_id for merged in merges})
    for merged, event in zip(merges, events, strict=True):
        await _merge(session, merged, event, now)


async def _merge(session: AsyncSession, merged: MemberMerged, event: Event, now: datetime) -> None:
    giver, receiver = merged.merged_member_id, merged.member_id
    heir = (await store.members.survivors(session, [receiver])).get(receiver, receiver)
    receiver = receiver if heir == giver else heir
    await store.members.merge(session, giver, receiver, merged.merged_at)
    await store.members.give_preference(session, giver, receiver)
    await move_unread(session, giver, receiver, event, now)


async def choose(
    session: AsyncSession,
    member_id: UUID,
    *,
    choices: Choices,
    quiet_hours: QuietHours | None,
    time_zone: str | None,
    now: datetime,
) -> None:
    """Replace what the member chose. Raises Mandatory or UnknownTimeZone."""
    if refused := refused_choices(choices):
        raise Mandatory(_refusal(refused), errors=[_place(*one) for one in refused])
    if time_zone is not None and zone_of(time_zone) is None:
        raise UnknownTimeZone(
            f"There is no time zone {time_zone!r}; send an IANA name such as Europe/Moscow.",
            errors=[{"field": "time_zone", "code": UnknownTimeZone.code, "detail": "unknown"}],
        )
    preference = Preference(
        member_id=member_id,
        choices={str(c): {str(ch): on for ch, on in by.items()} for c, by in choices.items()},
        quiet_from=quiet_hours.starts if quiet_hours else None,
        quiet_until=quiet_hours.ends if quiet_hours else None,
        time_zone=time_zone,
        changed_at=now,
    )
    await store.members.save_preference(session, preference)


def _refusal(refused: list[tuple[Category, Channel]]) -> str:
    places = ", ".join(f"{category}.{channel}" for category, channel in refused)
    return f"These messages belong to the service and stay on: {places}. Leave them out."


def _place(category: Category, channel: Channel) -> dict[str, str]:
    return {
        "field": f"categories.{category}.{channel}",
        "code": Mandatory.code,
        "detail": "must stay on",
    }


async def unsubscribe(session: AsyncSession, token: UUID, now: datetime) -> None:
    """Switch marketing e-mail off for whoever's e-mails carry `token`. Raises TokenNotFound."""
    member_id = await member_of_token(session, token)
    for category, policy in POLICIES.items():
        if policy.marketing:
            await store.members.switch_off(session, member_id, category, Channel.EMAIL, now)


async def member_of_token(session: AsyncSession, token: UUID) -> UUID:
    member_id = await store.members.member_of_token(session, token)
    if member_id is None:
        raise TokenNotFound("Take the link from an e-mail of ours, unchanged.")
    return member_id
