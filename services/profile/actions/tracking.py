"""Taking in what is reported of members: activities, traits, and which ids belong together.

One transaction for a request, and as many statements for a thousand messages as for one.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.actions.changes import save_people
from services.profile.actions.merging import join_histories
from services.profile.actions.people import People, meet
from services.profile.events import MOST_ACTIVITIES, ActivityTracked, TrackedActivity
from services.profile.rules.identities import Identity, Join
from services.profile.rules.members import seen_active, with_contact, with_traits
from services.profile.rules.messages import ACTIVITIES, Activity, Kind, Message
from services.profile.store import activities as store

RECORDED = ACTIVITIES | {Kind.GROUP}


async def take_in(
    session: AsyncSession, messages: Sequence[Message], now: datetime, *, trusted: bool
) -> None:
    """Record what `messages` tell. A message told again, now or ever, changes nothing.

    `trusted` messages come from the company's backend: they may name a member's e-mail and join the
    company's own id of a member to the member's account.
    """
    joins = [
        Join(absorbed, message.subject, explicit=trusted and message.kind is Kind.ALIAS)
        for message in messages
        for absorbed in message.joins
    ]
    subjects = {message.subject for message in messages}
    people = await meet(session, subjects, now, joins, _heard(messages))
    messages = [message for message in messages if people.know(message.subject)]
    merges = await join_histories(session, people, joins, now)
    _learn(people, messages, trusted=trusted)
    activities = await _record(session, people, messages, now)
    said = [*merges, *_tracked(activities, now)]
    await save_people(session, people, now, judge={merge.member_id for merge in merges}, then=said)


def _heard(messages: Sequence[Message]) -> dict[Identity, datetime]:
    """When each id was last heard of in `messages`."""
    heard: dict[Identity, datetime] = {}
    for message in messages:
        for identity in (message.subject, *message.joins):
            heard[identity] = max(message.occurred_at, heard.get(identity, message.occurred_at))
    return heard


def _learn(people: People, messages: Sequence[Message], *, trusted: bool) -> None:
    """Take in the traits, in the order in which they were said."""
    identifying = (message for message in messages if message.kind is Kind.IDENTIFY)
    for message in sorted(identifying, key=lambda message: message.occurred_at):
        member = people.behind(message.subject)
        member = with_traits(member, message.properties, message.occurred_at)
        people.put(with_contact(member, message.properties) if trusted else member)


async def _record(
    session: AsyncSession, people: People, messages: Sequence[Message], now: datetime
) -> list[Activity]:
    """Write what is new of the activities; those, oldest first."""
    told = [
        Activity(people.owners[message.subject], message)
        for message in messages
        if message.kind in RECORDED
    ]
    if not told:
        return []
    recorded = await store.add_activities(session, told, now)
    done = [activity for activity in recorded if activity.message.kind in ACTIVITIES]
    done.sort(key=lambda activity: activity.message.occurred_at)
    for member_id, moment in {a.member_id: a.message.occurred_at for a in done}.items():
        people.put(seen_active(people.now[member_id], moment))
    return done


def _tracked(activities: Collection[Activity], now: datetime) -> list[ActivityTracked]:
    by_member: dict[UUID, list[TrackedActivity]] = defaultdict(list)
    for activity in activities:
        by_member[activity.member_id].append(_told(activity.message))
    return [
        ActivityTracked(
            member_id=member_id, activities=told[start : start + MOST_ACTIVITIES], received_at=now
        )
        for member_id, told in by_member.items()
        for start in range(0, len(told), MOST_ACTIVITIES)
    ]


def _told(message: Message) -> TrackedActivity:
    return TrackedActivity(
        activity_id=message.message_id,
        kind=message.kind,
        name=message.name,
        properties=message.properties,
        occurred_at=message.occurred_at,
    )
