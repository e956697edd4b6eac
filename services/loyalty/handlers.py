"""Events heard, each turned into one action over the whole batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.events import Event
from kit.inbox import Handler
from services.loyalty.actions.earning import earn_points
from services.loyalty.actions.members import describe_members, merge_members
from services.loyalty.actions.orders import settle_orders
from services.loyalty.events import (
    AccountRegistered,
    ActivityTracked,
    MemberDescribed,
    MemberMerged,
    MemberUpdated,
    OrderChanged,
    OrderPlaced,
    SurveyAnswered,
)
from services.loyalty.rules.earning import (
    ACCOUNT_REGISTERED,
    SURVEY_ANSWERED,
    Occasion,
    activity_named,
)
from services.loyalty.rules.ledger import Source
from services.loyalty.rules.orders import Order
from services.loyalty.store.members import UNKNOWN_ZONE, Description

TIME_ZONES = frozenset(available_timezones())


async def on_accounts_registered(session: AsyncSession, events: Sequence[Event]) -> None:
    await _earn(session, {_registration(AccountRegistered.of(e)): e for e in events})


async def on_surveys_answered(session: AsyncSession, events: Sequence[Event]) -> None:
    await _earn(session, {_answer(SurveyAnswered.of(e)): e for e in events})


async def on_activities_tracked(session: AsyncSession, events: Sequence[Event]) -> None:
    occasions = {
        occasion: event for event in events for occasion in _activities(ActivityTracked.of(event))
    }
    await _earn(session, occasions)


async def on_members_described(session: AsyncSession, events: Sequence[Event]) -> None:
    descriptions = [_description(MemberDescribed.of(event)) for event in events]
    await describe_members(session, descriptions, clock.now())


async def on_members_merged(session: AsyncSession, events: Sequence[Event]) -> None:
    for merged in map(MemberMerged.of, events):
        await merge_members(
            session,
            merged.merged_member_id,
            merged.member_id,
            merged_at=merged.merged_at,
            now=clock.now(),
        )


async def on_orders_placed(session: AsyncSession, events: Sequence[Event]) -> None:
    await _settle(session, [(_placed(OrderPlaced.of(event)), event) for event in events])


async def on_orders_changed(session: AsyncSession, events: Sequence[Event]) -> None:
    await _settle(session, [(_changed(OrderChanged.of(event)), event) for event in events])


async def _earn(session: AsyncSession, occasions: Mapping[Occasion, Event]) -> None:
    causes = {occasion.source: event for occasion, event in occasions.items()}
    await earn_points(session, list(occasions), clock.now(), causes)


async def _settle(session: AsyncSession, told: Sequence[tuple[Order, Event]]) -> None:
    causes = {order.source: event for order, event in told}
    await settle_orders(session, [order for order, _ in told], clock.now(), causes)


def _registration(account: AccountRegistered) -> Occasion:
    return Occasion(
        member_id=account.member_id,
        trigger=ACCOUNT_REGISTERED,
        source=Source("account", str(account.member_id)),
        at=account.registered_at,
    )


def _answer(survey: SurveyAnswered) -> Occasion:
    return Occasion(
        member_id=survey.member_id,
        trigger=SURVEY_ANSWERED,
        source=Source("survey", str(survey.survey_id)),
        at=survey.answered_at,
    )


def _activities(tracked: ActivityTracked) -> list[Occasion]:
    """The tracks among a member's activities.

    A phone made up their ids, so they are told apart per member: nobody can use up another's.
    """
    return [
        Occasion(
            member_id=tracked.member_id,
            trigger=activity_named(activity.name),
            source=Source("activity", f"{tracked.member_id}:{activity.activity_id}"),
            at=tracked.received_at,
        )
        for activity in tracked.activities
        if activity.kind == "track"
    ]


def _description(member: MemberDescribed) -> Description:
    known = member.time_zone in TIME_ZONES
    zone = member.time_zone if known else UNKNOWN_ZONE
    return Description(member.member_id, zone, member.updated_at)


def _placed(order: OrderPlaced) -> Order:
    return Order(
        order_id=order.order_id,
        member_id=order.member_id,
        amount_minor=order.amount_minor,
        currency=order.currency,
        placed_at=order.placed_at,
    )


def _changed(order: OrderChanged) -> Order:
    delivered_at: datetime | None = order.changed_at if order.status == "delivered" else None
    return Order(
        order_id=order.order_id,
        member_id=order.member_id,
        amount_minor=order.amount_minor,
        currency=order.currency,
        delivered_at=delivered_at,
        undone=order.status in ("cancelled", "refunded"),
        refunded_minor=order.refunded_minor,
    )


HANDLERS: Mapping[str, Handler] = {
    AccountRegistered.type: on_accounts_registered,
    MemberDescribed.type: on_members_described,
    MemberUpdated.type: on_members_described,
    MemberMerged.type: on_members_merged,
    OrderPlaced.type: on_orders_placed,
    OrderChanged.type: on_orders_changed,
    ActivityTracked.type: on_activities_tracked,
    SurveyAnswered.type: on_surveys_answered,
}
