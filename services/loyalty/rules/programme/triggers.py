"""What may trigger a rule: domain events by their type, and tracked activities by their name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.loyalty.rules.ledger import Source

ACTIVITY = "activity."
"""`activity.Product Reviewed` is the tracked activity of that name."""
ORDER_PLACED = "profile.order.placed"
CHECKIN_RECORDED = "loyalty.checkin.recorded"
CODE_CLAIMED = "loyalty.code.claimed"
BIRTHDAY = "profile.member.birthday"
WHEN_TOLD = ""
"""Stands for the moment an event was told, where its data names none."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that rules may speak of.

    Told twice it is still one occasion: `source_type` and the fields `id` of its data name it for
    ever. `at` is the field with the moment it happened, or `WHEN_TOLD`. Of the `private` fields
    rules learn, and loyalty keeps, only whether there is something.
    """

    name: str
    source_type: str
    id: tuple[str, ...]
    at: str
    private: tuple[str, ...] = ()

    def source(self, data: Mapping[str, Any]) -> Source:
        return Source(self.source_type, ":".join(str(data[field]) for field in self.id))

    def event(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What rules may ask of the event."""
        if not self.private:
            return data
        hidden = {name: True for name in self.private if data.get(name) not in (None, "")}
        return {name: value for name, value in data.items() if name not in self.private} | hidden


_PERSONAL = ("email", "phone", "display_name", "anonymous_id")
_DEVICE = ("device_id",)

_HEARD = (
    Trigger("gateway.account.registered", "account", ("member_id",), "registered_at", _PERSONAL),
    Trigger("gateway.guest.created", "guest", ("member_id",), "created_at", _DEVICE),
    Trigger("gateway.session.started", "session", ("session_id",), "started_at", _DEVICE),
    Trigger("profile.member.created", "member", ("member_id",), "created_at", _PERSONAL),
    Trigger(
        "profile.member.updated", "member", ("member_id", "updated_at"), "updated_at", _PERSONAL
    ),
    Trigger(BIRTHDAY, "birthday", ("member_id", "year"), WHEN_TOLD),
    Trigger(ORDER_PLACED, "order", ("order_id",), "placed_at"),
    Trigger(
        "profile.order.changed",
        "order_change",
        ("order_id", "status", "refunded_minor"),
        "changed_at",
    ),
    Trigger(
        "profile.segment.entered", "segment", ("member_id", "segment", "changed_at"), "changed_at"
    ),
    Trigger(
        "profile.segment.exited", "segment", ("member_id", "segment", "changed_at"), "changed_at"
    ),
    Trigger(
        "profile.lifecycle.changed", "lifecycle", ("member_id", "stage", "changed_at"), "changed_at"
    ),
    Trigger("feedback.ticket.opened", "ticket", ("ticket_id",), "opened_at", ("subject",)),
    Trigger("feedback.ticket.resolved", "ticket", ("ticket_id", "resolved_at"), "resolved_at"),
    Trigger("feedback.message.sent", "message", ("message_id",), "sent_at", ("text",)),
    Trigger("feedback.survey.answered", "survey", ("survey_id",), "answered_at", ("comment",)),
)

_FOLLOWING = (
    Trigger(
        "loyalty.mission.completed",
        "mission_completed",
        ("mission_id", "member_id", "begins"),
        "completed_at",
    ),
    Trigger("loyalty.badge.awarded", "badge", ("member_id", "badge"), "awarded_at"),
    Trigger("loyalty.referral.accepted", "referral_accepted", ("friend_id",), "accepted_at"),
    Trigger("loyalty.referral.rewarded", "referral_rewarded", ("friend_id", "part"), "rewarded_at"),
    Trigger("loyalty.tier.changed", "tier", ("member_id", "tier", "changed_at"), "changed_at"),
    Trigger("loyalty.reward.redeemed", "reward", ("redemption_id",), "redeemed_at"),
    Trigger(
        "loyalty.leaderboard.won",
        "leaderboard",
        ("mission_id", "begins", "member_id"),
        "won_at",
    ),
    Trigger("loyalty.draw.won", "draw_won", ("member_id", "draw_id", "drawn_at"), "drawn_at"),
)

HEARD: Mapping[str, Trigger] = {trigger.name: trigger for trigger in _HEARD}
"""Triggers that other parts tell of."""

FOLLOWING: Mapping[str, Trigger] = {trigger.name: trigger for trigger in _FOLLOWING}
"""Triggers that loyalty itself tells of, as what others did led to them.

Points earned are none of them: each of these happens once, or when a member does something.
"""

OWN = frozenset({CHECKIN_RECORDED, CODE_CLAIMED})
"""Triggers that loyalty itself pays where they happen."""


def activity_named(name: str) -> str:
    """The trigger of a tracked activity."""
    return f"{ACTIVITY}{name}"


def is_known(trigger: str) -> bool:
    named = trigger in HEARD or trigger in FOLLOWING or trigger in OWN
    return named or (len(trigger) > len(ACTIVITY) and is_act(trigger))


def is_act(trigger: str) -> bool:
    """Whether it is a tracked activity."""
    return trigger.startswith(ACTIVITY)
