"""What notify does about events. No handler needs what the events of another bring.

Most are a row of `TELLINGS`: a message to the member.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.demand import Demand, on_demand
from kit.erasure import of_erased_too
from kit.events import Event
from kit.inbox import Handler
from kit.receipts import beside
from services.notify.actions.audiences import take_page
from services.notify.actions.erasing import note_erasures
from services.notify.actions.members import copy_members, merge_members, note_registrations
from services.notify.actions.notices import Notice, tell_members
from services.notify.actions.urgent import take_messages
from services.notify.actions.webhooks import hear
from services.notify.events import (
    AccountRegistered,
    AudienceListed,
    BadgeAwarded,
    CouponExpiring,
    CouponIssued,
    DrawWon,
    ErasureAsked,
    LeaderboardWon,
    LifecycleChanged,
    MemberCreated,
    MemberMerged,
    MemberUpdated,
    MessageIssued,
    MissionCompleted,
    PointsEarned,
    PointsExpiring,
    ReferralRewarded,
    RewardFulfilled,
    RewardRedeemed,
    SurveyOffered,
    TicketMessageSent,
    TierAtRisk,
    TierChanged,
    Told,
)
from services.notify.rules import Category
from services.notify.rules.webhooks import EVENT_TYPES
from services.notify.store.webhooks import wanted_since

T = TypeVar("T", bound=Told)


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
    await merge_members(session, events, clock.now())


@of_erased_too
async def on_members_erased(session: AsyncSession, events: Sequence[Event]) -> None:
    await note_erasures(session, [ErasureAsked.of(event) for event in events], clock.now())


async def on_messages_issued(session: AsyncSession, events: Sequence[Event]) -> None:
    await take_messages(session, [MessageIssued.of(event) for event in events])


async def on_audiences_listed(session: AsyncSession, events: Sequence[Event]) -> None:
    for event in events:
        await take_page(session, AudienceListed.of(event), clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling(Generic[T]):
    """What members are told of one type of event, in the words of a template.

    `cause` names the fact: it is told once, however many events say it. `action` is where a tap on
    the message leads in the app. Events of which `worth` is False are not told.
    """

    reading: type[T]
    template: str
    category: Category
    cause: Callable[[T], str]
    action: Callable[[T], str]
    facts: Callable[[T], Mapping[str, Any]] = lambda _: {}
    worth: Callable[[T], bool] = lambda _: True

    async def __call__(self, session: AsyncSession, events: Sequence[Event]) -> None:
        await tell_members(session, list(self._notices(events)), clock.now())

    def _notices(self, events: Sequence[Event]) -> Iterator[Notice]:
        for event in events:
            said = self.reading.of(event)
            if self.worth(said):
                yield Notice(
                    member_id=said.member_id,
                    template=self.template,
                    category=self.category,
                    cause=self.cause(said),
                    event=event,
                    facts=self.facts(said),
                    action=self.action(said),
                )


_TOLD_AS_PRIZES = frozenset({"mission", "draw", "board", "referral", "referred"})
"""What members hear of by another notice, which names the points: they hear of them once."""

TELLINGS: Sequence[Telling[Any]] = (
    Telling(
        reading=PointsEarned,
        template="points_earned",
        category=Category.POINTS,
        cause=lambda said: f"points:{said.entry_id}",
        action=lambda _: "/wallet",
        facts=lambda said: {
            "points": said.points,
            "balance": said.balance,
            "pending": said.state == "pending",
            "source_type": said.source_type,
        },
        worth=lambda said: said.source_type not in _TOLD_AS_PRIZES,
    ),
    Telling(
        reading=PointsExpiring,
        template="points_expiring",
        category=Category.REWARDS,
        cause=lambda said: (
            f"expiring:{said.point_type}:{said.expires_at.date()}:{said.days_before}"
        ),
        action=lambda _: "/wallet",
        facts=lambda said: {
            "points": said.points,
            "point_type": said.point_type,
            "expires_at": said.expires_at.isoformat(),
        },
    ),
    Telling(
        reading=TierChanged,
        template="tier_raised",
        category=Category.POINTS,
        cause=lambda said: f"tier:{said.tier}:{said.changed_at.isoformat()}",
        action=lambda _: "/wallet",
        facts=lambda said: {"tier": said.name},
        worth=lambda said: said.reason == "reached",
    ),
    Telling(
        reading=TierAtRisk,
        template="tier_at_risk",
        category=Category.REWARDS,
        cause=lambda said: f"tier_at_risk:{said.tier}:{said.until.isoformat()}",
        action=lambda _: "/wallet",
        facts=lambda said: {
            "tier": said.name,
            "projected": said.projected_name,
            "basis": said.basis,
            "missing": said.missing,
            "until": said.until.isoformat(),
        },
    ),
    Telling(
        reading=CouponIssued,
        template="coupon_issued",
        category=Category.POINTS,
        cause=lambda said: f"coupon:{said.coupon_id}",
        action=lambda said: f"/coupons/{said.coupon_id}",
        facts=lambda said: {
            "coupon": said.name,
            "valid_until": said.valid_until.isoformat() if said.valid_until else None,
        },
    ),
    Telling(
        reading=CouponExpiring,
        template="coupon_expiring",
        category=Category.REWARDS,
        cause=lambda said: f"coupon_expiring:{said.coupon_id}",
        action=lambda said: f"/coupons/{said.coupon_id}",
        facts=lambda said: {"coupon": said.name, "valid_until": said.valid_until.isoformat()},
    ),
    Telling(
        reading=MissionCompleted,
        template="mission_completed",
        category=Category.POINTS,
        cause=lambda said: f"mission:{said.mission_id}:{said.begins}",
        action=lambda said: f"/missions/{said.mission_id}",
        facts=lambda said: {
            "mission": said.name,
            "points": said.points,
            "claimed": said.claimed,
        },
    ),
    Telling(
        reading=BadgeAwarded,
        template="badge_awarded",
        category=Category.POINTS,
        cause=lambda said: f"badge:{said.badge}",
        action=lambda _: "/badges",
        facts=lambda said: {"badge": said.name},
    ),
    Telling(
        reading=ReferralRewarded,
        template="referral_rewarded",
        category=Category.POINTS,
        cause=lambda said: f"referral:{said.part}:{said.friend_id}",
        action=lambda said: "/referral" if said.part == "referrer" else "/wallet",
        facts=lambda said: {"part": said.part, "points": said.points},
    ),
    Telling(
        reading=DrawWon,
        template="draw_won",
        category=Category.REWARDS,
        cause=lambda said: f"draw:{said.draw_id}:{said.prize}:{said.drawn_at.isoformat()}",
        action=lambda said: f"/draws/{said.draw_id}",
        facts=lambda said: {"prize": said.name, "points": said.points},
    ),
    Telling(
        reading=LeaderboardWon,
        template="leaderboard_won",
        category=Category.REWARDS,
        cause=lambda said: f"board:{said.mission_id}:{said.begins}",
        action=lambda said: f"/missions/{said.mission_id}",
        facts=lambda said: {"mission": said.name, "rank": said.rank, "points": said.points},
    ),
    Telling(
        reading=RewardRedeemed,
        template="reward_redeemed",
        category=Category.ACCOUNT,  # so that a member learns at once if it was not them
        cause=lambda said: f"redemption:{said.redemption_id}",
        action=lambda said: f"/redemptions/{said.redemption_id}",
        facts=lambda said: {
            "reward": said.name,
            "points": said.points,
            "redeemed_at": said.redeemed_at.isoformat(),
        },
    ),
    Telling(
        reading=RewardFulfilled,
        template="reward_fulfilled",
        category=Category.ORDERS,
        cause=lambda said: f"fulfilment:{said.redemption_id}:{said.fulfilment}",
        action=lambda said: f"/redemptions/{said.redemption_id}",
        facts=lambda said: {
            "reward": said.name,
            "fulfilment": said.fulfilment,
            "tracking": said.tracking,
        },
        worth=lambda said: said.fulfilment in ("shipped", "delivered", "cancelled"),
    ),
    Telling(
        reading=TicketMessageSent,
        template="agent_replied",
        category=Category.SUPPORT,
        cause=lambda said: f"message:{said.message_id}",
        action=lambda said: f"/tickets/{said.ticket_id}",
        facts=lambda said: {"text": said.text},
        worth=lambda said: said.author == "agent",
    ),
    Telling(
        reading=SurveyOffered,
        template="survey",
        category=Category.SURVEYS,
        cause=lambda said: f"survey:{said.survey_id}",
        action=lambda said: f"/surveys/{said.survey_id}",
        facts=lambda said: {"question": said.question},
    ),
    Telling(
        reading=LifecycleChanged,
        template="silent_member",
        category=Category.MARKETING,
        cause=lambda said: f"silent:{said.changed_at.isoformat()}",
        action=lambda _: "/",
        worth=lambda said: said.stage == "silent",
    ),
)


OWN: Mapping[str, Handler] = {
    AccountRegistered.type: on_accounts_registered,
    MemberCreated.type: on_members_created,
    MemberUpdated.type: on_members_updated,
    MemberMerged.type: on_members_merged,
    ErasureAsked.type: on_members_erased,
    AudienceListed.type: on_audiences_listed,
    MessageIssued.type: on_messages_issued,
    **{telling.reading.type: telling for telling in TELLINGS},
}
"""What notify itself does about events; `HANDLERS` queues them for webhooks too."""


WEBHOOKS = Demand("webhooks", wanted_since)
"""What is for webhooks alone is heard while there is an endpoint."""


def heard_by_webhooks(own: Handler | None) -> Handler:
    """A handler that does what notify itself does about events, and queues them for webhooks."""

    async def handle(session: AsyncSession, events: Sequence[Event]) -> None:
        if own is not None:
            await own(session, events)
        await hear(session, events, clock.now())

    if own is None:
        return on_demand(WEBHOOKS, beside(handle))
    return of_erased_too(handle) if getattr(own, "of_erased_too", False) else handle


HANDLERS: Mapping[str, Handler] = {
    **OWN,
    **{event_type: heard_by_webhooks(OWN.get(event_type)) for event_type in EVENT_TYPES},
}
