"""Earning: what an occasion is worth under a rule. Points are whole, and always rounded down."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.loyalty.rules.ledger import (
    IMMEDIATE,
    Claim,
    Memo,
    PointType,
    Source,
    Terms,
    WalletKey,
)

ACCOUNT_REGISTERED = "account.registered"
ORDER_PLACED = "order.placed"
CHECKIN_RECORDED = "checkin.recorded"
SURVEY_ANSWERED = "survey.answered"


def activity_named(name: str) -> str:
    """The trigger of a tracked activity: `activity.Product Reviewed`."""
    return f"activity.{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarningRule:
    """What one trigger pays in one point type.

    Fixed: `points`. By amount: `points` for every `per_amount_minor`. By streak: the nth of
    `streak_points` on the nth consecutive day, beginning again after the last.
    """

    key: str
    trigger: str
    point_type: PointType = PointType.POINTS
    points: int = 0
    per_amount_minor: int | None = None
    currency: str | None = None
    streak_points: tuple[int, ...] = ()
    daily_cap: int | None = None
    terms: Terms = IMMEDIATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something a member did that rules may pay for.

    `at` is our time: no phone's clock decides what a day's cap allows.
    """

    member_id: UUID
    trigger: str
    source: Source
    at: datetime
    amount_minor: int = 0
    currency: str | None = None
    streak: int = 1

    def earns(self, rule: EarningRule) -> tuple[WalletKey, Memo]:
        """The wallet and the claim under which `rule` pays this occasion."""
        claim = Claim(self.source, rule.key, "earn")
        return WalletKey(self.member_id, rule.point_type), Memo(claim=claim, at=self.at)


def points_earned(occasion: Occasion, rule: EarningRule, earned_today: int = 0) -> int:
    """Points for `occasion`, never lifting the day's total above the rule's cap."""
    points = _uncapped(occasion, rule)
    if rule.daily_cap is None:
        return points
    return max(0, min(points, rule.daily_cap - earned_today))


def _uncapped(occasion: Occasion, rule: EarningRule) -> int:
    if rule.currency not in (None, occasion.currency):
        return 0
    if rule.per_amount_minor is not None:
        return rule.points * occasion.amount_minor // rule.per_amount_minor
    if rule.streak_points:
        return rule.streak_points[(occasion.streak - 1) % len(rule.streak_points)]
    return rule.points


def local_day(moment: datetime, time_zone: str) -> date:
    """The calendar day of `moment` where the member lives."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
