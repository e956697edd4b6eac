"""The wallet screen: one call for everything a phone shows of loyalty, small enough for any."""

from collections import OrderedDict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import MemberId
from kit.bodies import Answer
from kit.db import Tx
from kit.etags import respond_with, tag_of
from kit.languages import Language, pick
from services.loyalty.actions.missions import Going
from services.loyalty.actions.offers import Open
from services.loyalty.actions.rewards import Listing
from services.loyalty.actions.screens import Place, Screen, look, screen_of, settled
from services.loyalty.api.wallets import CheckInAnswer, EntryAnswer, TierProgress, WalletAnswer
from services.loyalty.rules.coupons import Coupon, SeriesKind, ends_at
from services.loyalty.rules.missions import progress
from services.loyalty.rules.offers import Occasion
from services.loyalty.rules.prizes import Prize
from services.loyalty.rules.rewards import Refusal, RewardKind, StockState, Texts
from services.loyalty.rules.screens import Action, clipped

router = Router(tags=["Wallet"])


class MaturingItem(Answer):
    points: int
    active_at: datetime


class CalendarItem(CheckInAnswer):
    """Check-ins of the member's present month. Bit 0 of the masks is the 1st."""

    best: int
    month: str
    present: int
    frozen: int
    freeze_cards: int
    makeup_cards: int


class RewardItem(Answer):
    reward_id: UUID
    name: str
    kind: RewardKind
    points: int
    stock_state: StockState
    can_redeem: bool
    reason: Refusal | None
    missing_points: int
    available_at: datetime | None
    valid_until: datetime | None

    @classmethod
    def of(cls, listing: Listing, language: str) -> "RewardItem":
        reward, can = listing.reward, listing.affordability
        return cls(
            reward_id=reward.reward_id,
            name=_name(reward.name, language),
            kind=reward.kind,
            points=reward.points,
            stock_state=reward.stock_state,
            can_redeem=can.can_redeem,
            reason=can.refusal,
            missing_points=can.missing_points,
            available_at=can.available_at,
            valid_until=reward.valid_until,
        )


class PrizeItem(Answer):
    """A prize in short: its points, and whether there is more to it."""

    points: int
    growth_points: int
    coupon: bool
    cards: int
    badge: str | None

    @classmethod
    def of(cls, prize: Prize) -> "PrizeItem":
        return cls(
            points=prize.points,
            growth_points=prize.growth_points,
            coupon=prize.series_id is not None,
            cards=prize.freeze_cards + prize.makeup_cards,
            badge=prize.badge,
        )


class MissionItem(Answer):
    mission_id: UUID
    name: str
    progress: float
    completed: bool
    claimable: bool
    ends_at: datetime | None
    prize: PrizeItem

    @classmethod
    def of(cls, going: Going, language: str) -> "MissionItem":
        mission = going.mission
        return cls(
            mission_id=mission.mission_id,
            name=_name(mission.name, language),
            progress=progress(mission, going.counts),
            completed=going.completed_at is not None,
            claimable=going.claimable,
            ends_at=mission.ends_at,
            prize=PrizeItem.of(mission.prize),
        )


class CouponItem(Answer):
    coupon_id: UUID
    code: str
    name: str
    kind: SeriesKind
    amount_minor: int | None
    percent: int | None
    currency: str | None
    minimum_spend_minor: int
    valid_until: datetime | None

    @classmethod
    def of(cls, coupon: Coupon, language: str) -> "CouponItem":
        series = coupon.series
        return cls(
            coupon_id=coupon.coupon_id,
            code=coupon.code,
            name=_name(series.name, language),
            kind=series.kind,
            amount_minor=series.amount_minor,
            percent=series.percent,
            currency=series.currency,
            minimum_spend_minor=series.minimum_spend_minor,
            valid_until=ends_at(series, coupon.valid_until),
        )


class OfferItem(Answer):
    """`occasion` is why the member sees it."""

    offer_id: UUID
    name: str
    occasion: Occasion
    ends_at: datetime | None
    prize: PrizeItem

    @classmethod
    def of(cls, open_: Open, language: str) -> "OfferItem":
        return cls(
            offer_id=open_.offer.offer_id,
            name=_name(open_.offer.name, language),
            occasion=open_.offer.occasion,
            ends_at=open_.ends_at,
            prize=PrizeItem.of(open_.offer.prize),
        )


class BadgeItem(Answer):
    badge: str
    name: str
    awarded_at: datetime


class ReferralItem(Answer):
    code: str
    invited: int
    pending: int
    rewarded: int
    you_get: PrizeItem
    friend_gets: PrizeItem


class StepItem(Answer):
    """What the member may do now: a POST to `path`, or for `invite` a GET."""

    action: Action
    path: str


class ScreenAnswer(WalletAnswer):
    """Everything the wallet screen shows, under 15 KB.

    Names are cut to 96 bytes, lists to the first few; the whole is where each thing itself is.
    """

    time_zone: str
    maturing: list[MaturingItem] = Field(description="The next three moments points arrive.")
    checkin: CalendarItem
    rewards: list[RewardItem] = Field(description="The ten cheapest.")
    missions: list[MissionItem] = Field(description="Five, what is to claim first.")
    coupons: list[CouponItem] = Field(description="The five usable ones that end soonest.")
    offers: list[OfferItem] = Field(description="The first three.")
    badges: list[BadgeItem] = Field(description="The newest three.")
    referral: ReferralItem
    actions: list[StepItem] = Field(description="What to do next, the most pressing first.")

    @classmethod
    def whole(cls, screen: Screen, language: str) -> "ScreenAnswer":
        base = WalletAnswer.of(screen.wallet, language)
        kept = {name: getattr(base, name) for name in WalletAnswer.model_fields}
        return cls(
            **{
                **kept,
                "tier": _tier(base.tier),
                "recent": [_short(entry) for entry in base.recent],
                "time_zone": screen.wallet.time_zone,
                "maturing": [MaturingItem(**item._asdict()) for item in screen.maturing],
                "checkin": _calendar(screen),
                "rewards": [RewardItem.of(item, language) for item in screen.rewards],
                "missions": [MissionItem.of(item, language) for item in screen.missions],
                "coupons": [CouponItem.of(item, language) for item in screen.coupons],
                "offers": [OfferItem.of(item, language) for item in screen.offers],
                "badges": [
                    BadgeItem(
                        badge=item.badge,
                        name=_name(item.name, language),
                        awarded_at=item.awarded_at,
                    )
                    for item in screen.badges
                ],
                "referral": _referral(screen),
                "actions": [StepItem.model_validate(step) for step in screen.steps],
            }
        )


@router.get("/v1/wallet", response_model=ScreenAnswer)
async def show_own_wallet(
    request: Request, member_id: MemberId, language: Language, tx: Tx
) -> Response:
    """The caller's wallet screen. The ETag changes with anything on it.

    Repeats with `If-None-Match` cost a phone nothing.
    """
    now, key = clock.now(), (member_id, language)
    drawn = _DRAWN.get(key)
    seen = await look(tx, member_id, now, drawn.place if drawn else None)
    if drawn is None or drawn.until <= now or drawn.digest != seen.digest:
        seen = await settled(tx, seen, now)
        screen = await screen_of(tx, seen, now)
        content = ScreenAnswer.whole(screen, language).model_dump_json().encode()
        drawn = Drawn(seen.place, seen.digest, content, tag_of(content), screen.until)
    _keep(key, drawn)
    return respond_with(request, drawn.content, drawn.tag)


def _keep(key: tuple[UUID, str], drawn: "Drawn") -> None:
    """Remember a screen as the one that was looked at last."""
    _DRAWN[key] = drawn
    _DRAWN.move_to_end(key)
    if len(_DRAWN) > REMEMBERED:
        _DRAWN.popitem(last=False)


class Drawn(NamedTuple):
    """A screen as it was sent. Before `until`, the same rows seen from its place make no other."""

    place: Place
    digest: bytes
    content: bytes
    tag: str
    until: datetime


REMEMBERED = 1_000
"""Screens, each of less than 15 KB, of those who looked last."""
_DRAWN: OrderedDict[tuple[UUID, str], Drawn] = OrderedDict()


def _calendar(screen: Screen) -> CalendarItem:
    calendar, state = screen.calendar, screen.calendar.state
    return CalendarItem(
        done_today=state.done_today,
        streak=state.streak,
        next_at=state.next_at,
        best=calendar.month.cards.best,
        month=f"{calendar.first:%Y-%m}",
        present=calendar.month.present,
        frozen=calendar.month.frozen,
        freeze_cards=calendar.month.cards.freezes,
        makeup_cards=calendar.month.cards.makeups,
    )


def _referral(screen: Screen) -> ReferralItem:
    referring = screen.referring
    return ReferralItem(
        code=referring.code,
        **referring.stats._asdict(),
        you_get=PrizeItem.of(referring.terms.referrer_prize),
        friend_gets=PrizeItem.of(referring.terms.friend_prize),
    )


def _tier(tier: TierProgress) -> TierProgress:
    """The tier and the next one, by names that fit on the screen."""
    following = tier.next
    if following is not None:
        following = following.model_copy(update={"name": clipped(following.name)})
    return tier.model_copy(update={"name": clipped(tier.name), "next": following})


def _short(entry: EntryAnswer) -> EntryAnswer:
    """An entry whose texts fit on the screen."""
    cut = {name: clipped(getattr(entry, name)) for name in ("rule", "source_type", "source_id")}
    reason = clipped(entry.reason) if entry.reason else None
    return entry.model_copy(update={**cut, "reason": reason})


def _name(texts: Texts, language: str) -> str:
    return clipped(pick(texts, language))
