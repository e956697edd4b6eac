"""What happens to members one by one: accounts, their own changes, tags."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Event
from kit.languages import supported
from kit.problems import Forbidden, NotFound, Unprocessable
from services.profile.actions.changes import save_people
from services.profile.actions.merging import join_histories, revive
from services.profile.actions.people import find, meet
from services.profile.events import (
    AccountRegistered,
    GuestCreated,
    GuestMerged,
    IdentifierChanged,
)
from services.profile.rules.identities import Identity, Join, anonymous_identity, former_identities
from services.profile.rules.members import MOST_TAGS, Account, Member, registered
from services.profile.store import members as store


class MemberNotFound(NotFound):
    code = "profile.member_not_found"
    title = "No such member"


class MergedAway(Forbidden):
    code = "profile.merged_away"
    title = "No longer a member of its own"


class MemberErased(Forbidden):
    code = "profile.member_erased"
    title = "The account was closed"


class TooManyTags(Unprocessable):
    code = "profile.too_many_tags"
    title = "Too many tags"


async def welcome_guests(session: AsyncSession, events: Sequence[Event], now: datetime) -> None:
    """Make the guests' members.

    A guest's own id also counts as an anonymous id, for a later registration.
    """
    guests = {event.id: GuestCreated.of(event) for event in events}
    own = {event_id: Identity.of_member(guest.member_id) for event_id, guest in guests.items()}
    joins = [
        Join(anonymous, identity)
        for identity in own.values()
        if (anonymous := anonymous_identity(identity.value))
    ]
    people = await meet(session, own.values(), now, joins)
    for event in events:
        member = people.behind(own[event.id])
        people.causes[member.id] = event
        people.put(_as_guest(member, guests[event.id]))
    merges = await join_histories(session, people, joins, now)
    await save_people(
        session, people, now, judge={merge.member_id for merge in merges}, then=merges
    )


def _as_guest(member: Member, guest: GuestCreated) -> Member:
    if not member.is_anonymous:
        return member  # the account came first, and knows better
    return replace(
        member,
        language=supported(guest.language) or member.language,
        created_at=min(member.created_at, guest.created_at),
    )


async def merge_guests(session: AsyncSession, events: Sequence[Event], now: datetime) -> None:
    """Join the histories of guests to the accounts they signed in to.

    A guest nobody has met is met here: what happened to it may still be on its way.
    """
    told = {event.id: GuestMerged.of(event) for event in events}
    joins = [
        Join(Identity.of_member(each.guest_id), Identity.of_member(each.member_id))
        for each in told.values()
    ]
    people = await meet(session, {join.absorbed for join in joins}, now, joins)
    for event in events:
        survivor = people.behind(Identity.of_member(told[event.id].member_id))
        people.causes[survivor.id] = event
    merges = await join_histories(session, people, joins, now)
    await save_people(
        session, people, now, judge={merge.member_id for merge in merges}, then=merges
    )


async def change_identifiers(session: AsyncSession, events: Sequence[Event], now: datetime) -> None:
    """Take over the e-mail addresses and phone numbers that members proved, or lost."""
    told = {event.id: IdentifierChanged.of(event) for event in events}
    own = {each.member_id: Identity.of_member(each.member_id) for each in told.values()}
    people = await meet(session, own.values(), now)
    for event in events:
        changed = told[event.id]
        member = people.behind(own[changed.member_id])
        people.causes[member.id] = event
        changes: dict[str, Any] = {changed.kind: changed.value}
        people.put(replace(member, **changes))
    await save_people(session, people, now)


async def register_accounts(session: AsyncSession, events: Sequence[Event], now: datetime) -> None:
    """Give members their accounts, with the history of the anonymous ids they used until then."""
    accounts = {event.id: AccountRegistered.of(event) for event in events}
    joins = [
        Join(former, Identity.of_member(account.member_id))
        for account in accounts.values()
        for former in former_identities(account.anonymous_id)
    ]
    own = {
        account.member_id: Identity.of_member(account.member_id) for account in accounts.values()
    }
    people = await meet(session, own.values(), now, joins)
    for event in events:
        account = accounts[event.id]
        people.causes[account.member_id] = event
        if people.owners[own[account.member_id]] != account.member_id:
            joins.append(await revive(session, people, account.member_id))
        people.put(registered(people.now[account.member_id], _account(account)))
    merges = await join_histories(session, people, joins, now)
    await save_people(
        session, people, now, judge={merge.member_id for merge in merges}, then=merges
    )


def _account(event: AccountRegistered) -> Account:
    return Account(
        email=event.email,
        phone=event.phone,
        display_name=event.display_name,
        language=supported(event.language),
        channel=event.channel,
        registered_at=event.registered_at,
    )


async def member_of(session: AsyncSession, member_id: UUID) -> Member:
    """The member a member id means today. Raises MemberNotFound."""
    member = await store.member_behind(session, Identity.of_member(member_id))
    if member is None:
        raise MemberNotFound("There is no member with this id.")
    return member


async def own_profile(session: AsyncSession, member_id: UUID, now: datetime) -> Member:
    """The caller's profile; made now if the gateway's event is still on its way."""
    try:
        return _still(member_id, await member_of(session, member_id))
    except MemberNotFound:
        return await edit_profile(session, member_id, {}, now)


async def edit_profile(
    session: AsyncSession,
    member_id: UUID,
    changes: Mapping[str, Any],
    now: datetime,
    *,
    check: Callable[[Member], None] | None = None,
) -> Member:
    """Change fields of a member's own profile; `check` may refuse on seeing what it is now."""
    own = Identity.of_member(member_id)
    people = await meet(session, {own}, now)
    if not people.know(own):
        raise MemberErased("What was known of this member is erased; register anew.")
    member = _still(member_id, people.behind(own))
    if check:
        check(member)
    people.put(replace(member, **changes))
    await save_people(session, people, now)
    return people.behind(own)


def _still(member_id: UUID, member: Member) -> Member:
    """`member`, if it has that id: a guest's old token must not open the account it became."""
    if member.id != member_id:
        raise MergedAway("This guest has become an account; sign in to it.")
    return member


async def add_tag(session: AsyncSession, member_id: UUID, tag: str, now: datetime) -> Member:
    return await _retag(session, member_id, lambda tags: tags | {tag}, now)


async def remove_tag(session: AsyncSession, member_id: UUID, tag: str, now: datetime) -> Member:
    return await _retag(session, member_id, lambda tags: tags - {tag}, now)


async def _retag(
    session: AsyncSession,
    member_id: UUID,
    change: Callable[[set[str]], set[str]],
    now: datetime,
) -> Member:
    own = Identity.of_member(member_id)
    people = await find(session, own)
    if people is None:
        raise MemberNotFound("There is no member with this id.")
    member = people.behind(own)
    tags = change(set(member.tags))
    if len(tags) > max(MOST_TAGS, len(member.tags)):
        raise TooManyTags(f"A member has at most {MOST_TAGS} tags; remove one first.")
    people.put(replace(member, tags=tuple(sorted(tags))))
    await save_people(session, people, now)
    return people.behind(own)
