"""Events heard, each turned into one action over the whole batch.

Every event is also an occasion, which rules of the programme may pay for.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.erasure import of_erased_too
from kit.events import Event
from kit.ids import quick
from kit.inbox import Handler, Unprocessable, planned_once
from kit.time_zones import zone_of
from services.loyalty.actions.bookkeeping import lock_wallets
from services.loyalty.actions.coupons import return_coupons, shoppers_of
from services.loyalty.actions.devices import remember_devices, trust_devices
from services.loyalty.actions.earning import earn_points, pays_some
from services.loyalty.actions.erasing import note_erasures
from services.loyalty.actions.following import follow
from services.loyalty.actions.members import (
    Merge,
    describe_members,
    identify_members,
    merge_members,
    sort_members,
)
from services.loyalty.actions.missions import (
    advance_missions,
    complete_reached,
    count_orders,
    lock_earners,
    uncount_orders,
)
from services.loyalty.actions.orders import occasion_of, settle_orders
from services.loyalty.actions.referrals import note_referral
from services.loyalty.events import (
    AccountRegistered,
    ActivityTracked,
    ErasureAsked,
    MemberDescribed,
    MemberIdentified,
    MemberMerged,
    MemberUpdated,
    OrderChanged,
    OrderPlaced,
    SegmentEntered,
    SegmentExited,
    SessionApproved,
    SessionStarted,
    Told,
)
from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import Source
from services.loyalty.rules.orders import Order, Units, lines_of
from services.loyalty.rules.programme.triggers import (
    FOLLOWING,
    HEARD,
    ORDER_PLACED,
    WHEN_TOLD,
    activity_named,
)
from services.loyalty.store.members import UNKNOWN_ZONE, Description, SegmentChange

UNDONE = frozenset({"cancelled", "refunded"})
_MOMENT = TypeAdapter(datetime)


@planned_once
async def on_occasions(session: AsyncSession, events: Sequence[Event]) -> None:
    """What rules alone may speak of."""
    told = [(_occasion(event), event) for event in events]
    await _tell(session, told)


@planned_once
async def on_activities_tracked(session: AsyncSession, events: Sequence[Event]) -> None:
    told = [(occasion, e) for e in events for occasion in _activities(ActivityTracked.of(e), e)]
    await _tell(session, told)


async def on_members_described(session: AsyncSession, events: Sequence[Event]) -> None:
    descriptions = [_description(MemberDescribed.of(event)) for event in events]
    await describe_members(session, descriptions, clock.now())
    await on_occasions(session, events)


async def on_segments_changed(session: AsyncSession, events: Sequence[Event]) -> None:
    changes = [_segment_change(event) for event in events]
    await sort_members(session, changes)
    await on_occasions(session, events)


async def on_members_merged(session: AsyncSession, events: Sequence[Event]) -> None:
    told = [MemberMerged.of(event) for event in events]
    merges = [Merge(one.merged_member_id, one.member_id, one.merged_at) for one in told]
    await merge_members(session, merges, clock.now())
    for one in told:
        await complete_reached(session, one.member_id, clock.now())


async def on_members_identified(session: AsyncSession, events: Sequence[Event]) -> None:
    told = [MemberIdentified.of(event) for event in events]
    await identify_members(session, {one.external_id: one.member_id for one in told})


@of_erased_too
async def on_members_erased(session: AsyncSession, events: Sequence[Event]) -> None:
    await note_erasures(session, [ErasureAsked.of(event) for event in events], clock.now())


@planned_once
async def on_orders_placed(session: AsyncSession, events: Sequence[Event]) -> None:
    told = [(_placed(OrderPlaced.of(event), event), event) for event in events]
    await _settle(session, told)
    await count_orders(session, [occasion_of(order) for order, _ in told], clock.now())


async def on_orders_changed(session: AsyncSession, events: Sequence[Event]) -> None:
    told = [(_changed(OrderChanged.of(event)), event) for event in events]
    undone = {order.order_id for order, _ in told if order.undone}
    shoppers = await shoppers_of(session, undone)
    await _settle(session, told, shoppers)
    await on_occasions(session, events)
    await uncount_orders(session, undone)
    await return_coupons(session, undone, shoppers, clock.now())


async def on_accounts_registered(session: AsyncSession, events: Sequence[Event]) -> None:
    """Pay the welcome, and note who brought the member, where a code says so."""
    accounts = list(map(AccountRegistered.of, events))
    if any(account.referral_code for account in accounts):
        await lock_wallets(session, {account.member_id for account in accounts}, clock.now())
    await on_occasions(session, events)
    for account in accounts:
        if account.referral_code:
            await note_referral(session, account.member_id, account.referral_code, clock.now())


async def on_sessions_started(session: AsyncSession, events: Sequence[Event]) -> None:
    """Know members' devices, before rules are asked."""
    await lock_earners(session, list(map(_occasion, events)), clock.now())
    await remember_devices(session, list(map(SessionStarted.of, events)))
    await on_occasions(session, events)


async def on_sessions_approved(session: AsyncSession, events: Sequence[Event]) -> None:
    await trust_devices(session, list(map(SessionApproved.of, events)))


async def on_own_events(session: AsyncSession, events: Sequence[Event]) -> None:
    """What loyalty itself said."""
    await follow(session, [(_occasion(event), event) for event in events], clock.now())


async def _tell(session: AsyncSession, told: Sequence[tuple[Occasion, Event]]) -> None:
    """Let rules pay for the occasions, and missions count them."""
    causes = {occasion.source: event for occasion, event in told}
    occasions = [occasion for occasion, _ in told]
    if await pays_some(session, occasions):
        await lock_earners(session, occasions, clock.now())
    await earn_points(session, occasions, clock.now(), causes)
    await advance_missions(session, occasions, clock.now())


async def _settle(
    session: AsyncSession, told: Sequence[tuple[Order, Event]], others: Collection[UUID] = ()
) -> None:
    causes = {order.source: event for order, event in told}
    await settle_orders(session, [order for order, _ in told], clock.now(), causes, others)


def _occasion(event: Event) -> Occasion:
    """The event as an occasion. Raises Unprocessable if it does not say what names it."""
    name = event.type.rsplit(".", 1)[0]
    trigger = HEARD.get(name) or FOLLOWING[name]
    told_at = event.time.isoformat()
    try:
        source = trigger.source(event.data)
        moment = told_at if trigger.at == WHEN_TOLD else event.data[trigger.at]
    except KeyError as error:
        raise Unprocessable(f"{event.type} lacks {error}") from error
    return Occasion(
        member_id=quick(Told.of(event).member_id),
        trigger=trigger.name,
        source=source,
        at=_MOMENT.validate_python(moment),
        event=trigger.event(event.data),
    )


def _activities(tracked: ActivityTracked, event: Event) -> list[Occasion]:
    """The tracks among a member's activities.

    A phone made up their ids, so they are told apart per member: nobody can use up another's.
    """
    said = event.data["activities"]
    return [
        Occasion(
            member_id=tracked.member_id,
            trigger=activity_named(activity.name),
            source=Source("activity", f"{tracked.member_id}:{activity.activity_id}"),
            at=tracked.received_at,
            event=whole,
        )
        for activity, whole in zip(tracked.activities, said, strict=True)
        if activity.kind == "track"
    ]


def _description(member: MemberDescribed) -> Description:
    return Description(
        member_id=member.member_id,
        time_zone=member.time_zone if zone_of(member.time_zone) else UNKNOWN_ZONE,
        described_at=member.updated_at,
        language=member.language,
        channel=member.channel,
        stage=member.stage,
        anonymous=member.anonymous,
        tags=member.tags,
    )


def _segment_change(event: Event) -> SegmentChange:
    told = SegmentEntered.of(event)
    inside = event.type == SegmentEntered.type
    return SegmentChange(told.member_id, told.segment, inside, told.changed_at)


def _placed(order: OrderPlaced, event: Event) -> Order:
    return Order(
        order_id=order.order_id,
        member_id=quick(order.member_id),
        amount_minor=order.amount_minor,
        currency=order.currency,
        placed_at=order.placed_at,
        lines=lines_of(event.data),
        event=event.data,
    )


def _changed(order: OrderChanged) -> Order:
    delivered_at: datetime | None = order.changed_at if order.status == "delivered" else None
    return Order(
        order_id=order.order_id,
        member_id=order.member_id,
        amount_minor=order.amount_minor,
        currency=order.currency,
        delivered_at=delivered_at,
        undone=order.status in UNDONE,
        refunded_minor=order.refunded_minor,
        returned={r.line: Units(r.quantity, r.amount_minor) for r in order.returned},
    )


HANDLERS: Mapping[str, Handler] = {
    **{f"{name}.v1": on_occasions for name in HEARD if name != ORDER_PLACED},
    **{f"{name}.v1": on_own_events for name in FOLLOWING},
    MemberDescribed.type: on_members_described,
    MemberUpdated.type: on_members_described,
    MemberMerged.type: on_members_merged,
    ErasureAsked.type: on_members_erased,
    MemberIdentified.type: on_members_identified,
    SegmentEntered.type: on_segments_changed,
    SegmentExited.type: on_segments_changed,
    OrderPlaced.type: on_orders_placed,
    OrderChanged.type: on_orders_changed,
    ActivityTracked.type: on_activities_tracked,
    SessionStarted.type: on_sessions_started,
    SessionApproved.type: on_sessions_approved,
    AccountRegistered.type: on_accounts_registered,
}
