"""What notify does about events. No handler needs what the events of another bring."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.events import Event
from kit.inbox import Handler
from services.notify.actions.audiences import take_page
from services.notify.actions.members import copy_members, merge_members, note_registrations
from services.notify.actions.notices import Notice, tell_members
from services.notify.actions.urgent import take_messages
from services.notify.events import (
    AccountRegistered,
    AudienceListed,
    LifecycleChanged,
    MemberCreated,
    MemberMerged,
    MemberUpdated,
    MessageIssued,
    PointsEarned,
    SurveyOffered,
    TicketMessageSent,
    TierChanged,
)
from services.notify.rules import Category, is_raise


async def on_accounts_registered(session: AsyncSession, events: Sequence[Event]) -> None:
    registrations = [AccountRegistered.of(event) for event in events]
    await note_registrations(session, registrations)
    welcomes = [_welcome(r, e) for r, e in zip(registrations, events, strict=True)]
    await tell_members(session, welcomes, clock.now())


async def on_members_created(session: AsyncSession, events: Sequence[Event]) -> None:
    """Welcome those who are known by name; guests are welcomed when they register."""
    members = [MemberCreated.of(event) for event in events]
    await copy_members(session, members)
    pairs = zip(members, events, strict=True)
    welcomes = [_welcome(member, event) for member, event in pairs if not member.anonymous]
    await tell_members(session, welcomes, clock.now())


def _welcome(member: AccountRegistered | MemberCreated, event: Event) -> Notice:
    """The same cause whichever event comes first: a member is welcomed once."""
    return Notice(
        member_id=member.member_id,
        template="welcome",
        category=Category.ACCOUNT,
        cause="welcome",
        event=event,
        action="/",
        language=member.language,
    )


async def on_members_updated(session: AsyncSession, events: Sequence[Event]) -> None:
    await copy_members(session, [MemberUpdated.of(event) for event in events])


async def on_members_merged(session: AsyncSession, events: Sequence[Event]) -> None:
    for event in events:
        await merge_members(session, event, clock.now())


async def on_points_earned(session: AsyncSession, events: Sequence[Event]) -> None:
    await tell_members(session, list(map(_points_notice, events)), clock.now())


def _points_notice(event: Event) -> Notice:
    earned = PointsEarned.of(event)
    pending = earned.state == "pending"
    return Notice(
        member_id=earned.member_id,
        template="points_earned",
        category=Category.POINTS,
        cause=f"points:{earned.entry_id}",
        event=event,
        facts={"points": earned.points, "balance": earned.balance, "pending": pending},
        action="/wallet",
    )


async def on_tiers_changed(session: AsyncSession, events: Sequence[Event]) -> None:
    await tell_members(session, list(_tier_notices(events)), clock.now())


def _tier_notices(events: Sequence[Event]) -> Iterator[Notice]:
    """A higher tier is told; nobody is told of a lower one."""
    for event in events:
        changed = TierChanged.of(event)
        if is_raise(changed.previous, changed.tier):
            yield Notice(
                member_id=changed.member_id,
                template="tier_raised",
                category=Category.POINTS,
                cause=f"tier:{changed.tier}:{changed.changed_at.isoformat()}",
                event=event,
                facts={"tier": changed.tier},
                action="/wallet",
            )


async def on_messages_sent(session: AsyncSession, events: Sequence[Event]) -> None:
    await tell_members(session, list(_reply_notices(events)), clock.now())


def _reply_notices(events: Sequence[Event]) -> Iterator[Notice]:
    for event in events:
        message = TicketMessageSent.of(event)
        if message.author == "agent":
            yield Notice(
                member_id=message.member_id,
                template="agent_replied",
                category=Category.SUPPORT,
                cause=f"message:{message.message_id}",
                event=event,
                facts={"text": message.text},
                action=f"/tickets/{message.ticket_id}",
            )


async def on_surveys_offered(session: AsyncSession, events: Sequence[Event]) -> None:
    await tell_members(session, list(map(_survey_notice, events)), clock.now())


def _survey_notice(event: Event) -> Notice:
    survey = SurveyOffered.of(event)
    return Notice(
        member_id=survey.member_id,
        template="survey",
        category=Category.SURVEYS,
        cause=f"survey:{survey.survey_id}",
        event=event,
        facts={"question": dict(survey.question)},
        action=f"/surveys/{survey.survey_id}",
    )


async def on_lifecycles_changed(session: AsyncSession, events: Sequence[Event]) -> None:
    await tell_members(session, list(_silence_notices(events)), clock.now())


def _silence_notices(events: Sequence[Event]) -> Iterator[Notice]:
    for event in events:
        changed = LifecycleChanged.of(event)
        if changed.stage == "silent":
            yield Notice(
                member_id=changed.member_id,
                template="silent_member",
                category=Category.MARKETING,
                cause=f"silent:{changed.changed_at.isoformat()}",
                event=event,
                action="/",
            )


async def on_messages_issued(session: AsyncSession, events: Sequence[Event]) -> None:
    await take_messages(session, [MessageIssued.of(event) for event in events])


async def on_audiences_listed(session: AsyncSession, events: Sequence[Event]) -> None:
    for event in events:
        await take_page(session, AudienceListed.of(event), clock.now())


HANDLERS: Mapping[str, Handler] = {
    AccountRegistered.type: on_accounts_registered,
    MemberCreated.type: on_members_created,
    MemberUpdated.type: on_members_updated,
    MemberMerged.type: on_members_merged,
    LifecycleChanged.type: on_lifecycles_changed,
    AudienceListed.type: on_audiences_listed,
    MessageIssued.type: on_messages_issued,
    PointsEarned.type: on_points_earned,
    TierChanged.type: on_tiers_changed,
    TicketMessageSent.type: on_messages_sent,
    SurveyOffered.type: on_surveys_offered,
}
