"""Rewards: the catalogue, as members and as staff see it, and redeeming."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, NamedTuple, Self
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, combining
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Points, Texts, Time
from kit.db import Tx
from kit.etags import respond
from kit.events import Cause, current_cause
from kit.idempotency import RequiredKey, combined
from kit.ids import uuid7
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from kit.problems import Problem
from services.loyalty.actions.redeeming import Redeemed, redeem_rewards
from services.loyalty.actions.rewards import Listing, add_reward, change_reward, list_rewards
from services.loyalty.api.gates import UNCHANGED, GatedAnswer, Gates
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.fulfilment import Fulfilment
from services.loyalty.rules.rewards import Refusal, Reward, RewardKind, StockState
from services.loyalty.rules.wishes import Wish
from services.loyalty.store import rewards

router = Router(tags=["Rewards"])

RewardPath = Annotated[UUID, Path(description="The reward's id.")]
Stock = Annotated[int, Field(ge=0, le=10**9, strict=True)]
MemberLimit = Annotated[int, Field(ge=1, le=10**6, strict=True)]
Cooldown = Annotated[int, Field(ge=1, le=10**9, strict=True)]


def _check_period(start: datetime | None, end: datetime | None) -> None:
    if start and end and end <= start:
        message = "`valid_until` must be after `valid_from`"
        raise ValueError(message)


class NewReward(Body):
    name: Texts
    description: Texts
    points: Points
    kind: RewardKind = RewardKind.BENEFIT
    series_id: UUID | None = Field(None, description="Of the kind `coupon`: which it gives.")
    stock: Stock | None = Field(None, description="Null: there is no end to it.")
    member_limit: MemberLimit | None = Field(None, description="Null: any number for each member.")
    cooldown_s: Cooldown | None = Field(None, description="Null: the next one at once.")
    valid_from: Time | None = None
    valid_until: Time | None = None
    tiers: Gates = Field([], description="Empty: any tier.")
    segments: Gates = Field([], description="Empty: any member; others do not see it.")
    active: bool = True

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind is RewardKind.COUPON) != (self.series_id is not None):
            message = "`series_id` belongs to the kind `coupon`, and only there"
            raise ValueError(message)
        _check_period(self.valid_from, self.valid_until)
        return self


class RewardChanges(Body):
    """What is left out stays as it is."""

    name: Texts = UNCHANGED
    description: Texts = UNCHANGED
    points: Points = UNCHANGED
    stock: Stock | None = UNCHANGED
    member_limit: MemberLimit | None = UNCHANGED
    cooldown_s: Cooldown | None = UNCHANGED
    valid_from: Time | None = UNCHANGED
    valid_until: Time | None = UNCHANGED
    tiers: Gates = UNCHANGED
    segments: Gates = UNCHANGED
    active: bool = UNCHANGED

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _check_period(self.valid_from, self.valid_until)
        return self


class RewardAnswer(GatedAnswer):
    """A reward as staff keep it, its texts in each language."""

    reward_id: UUID
    name: dict[str, str]
    description: dict[str, str]
    points: int
    kind: RewardKind
    series_id: UUID | None
    stock: int | None
    codes_left: bool = Field(description="Of the kind `code`: whether its pool has any.")
    member_limit: int | None
    cooldown_s: int | None
    valid_from: datetime | None
    valid_until: datetime | None
    tiers: list[str]
    segments: list[str]
    active: bool


class ListingAnswer(Answer):
    """A reward as a member sees it."""

    reward_id: UUID
    name: str
    description: str
    kind: RewardKind
    points: int
    in_stock: bool
    stock_state: StockState
    can_redeem: bool
    reason: Refusal | None = Field(description="Why not, if it cannot be redeemed.")
    missing_points: int
    available_at: datetime | None = Field(description="When the reason passes by itself.")
    valid_until: datetime | None
    tiers: list[str] = Field(description="Whom it is for; empty: any tier.")

    @classmethod
    def of(cls, listing: Listing, language: str) -> "ListingAnswer":
        reward, affordability = listing.reward, listing.affordability
        return cls(
            reward_id=reward.reward_id,
            name=pick(reward.name, language),
            description=pick(reward.description, language),
            kind=reward.kind,
            points=reward.points,
            in_stock=reward.stock_state is not StockState.SOLD_OUT,
            stock_state=reward.stock_state,
            can_redeem=affordability.can_redeem,
            reason=affordability.refusal,
            missing_points=affordability.missing_points,
            available_at=affordability.available_at,
            valid_until=reward.valid_until,
            tiers=sorted(reward.audience.tiers),
        )


class Asked(NamedTuple):
    """A wish, and what it was caused by."""

    wish: Wish
    cause: Cause | None


class RedeemedAnswer(Answer):
    """What was bought. `code` is there where the reward is one."""

    redemption_id: UUID
    reward_id: UUID
    name: str
    points: int
    code: str | None
    fulfilment: Fulfilment
    redeemed_at: datetime
    balance: int


@router.get(
    "/v1/rewards",
    response_model=Page[ListingAnswer] | Page[RewardAnswer],
    dependencies=[requires(Role.MEMBER, *STAFF, scope="rewards:read")],
)
async def list_catalogue(
    request: Request,
    caller: CurrentCaller,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Response:
    """The rewards, cheapest first.

    A member sees the active ones, in their language, and whether they can have them; others see
    all, in every language.
    """
    after = decode_cursor(cursor, int, UUID) if cursor else None
    if caller.role is not Role.MEMBER:
        kept = await rewards.listed(tx, limit + 1, after)
        return respond(request, page(kept, limit, RewardAnswer.of, _position))
    listings = await list_rewards(tx, caller.member_id, clock.now(), limit + 1, after)
    shown = page(listings, limit, partial(ListingAnswer.of, language=language), _listing_position)
    return respond(request, shown)


@router.post(
    "/v1/rewards", status_code=201, dependencies=[requires(Role.MARKETER, scope="rewards:write")]
)
async def create_reward(body: NewReward, tx: Tx) -> RewardAnswer:
    """Put a reward into the catalogue."""
    given = body.model_dump(exclude={"tiers", "segments"})
    audience = Audience.of(body)
    reward = Reward(
        reward_id=uuid7(),
        audience=audience,
        codes_left=body.kind is not RewardKind.CODE,
        **given,
    )
    return RewardAnswer.of(await add_reward(tx, reward, clock.now()))


@router.patch(
    "/v1/rewards/{reward_id}",
    dependencies=[requires(Role.MARKETER, scope="rewards:write")],
)
async def edit_reward(reward_id: RewardPath, body: RewardChanges, tx: Tx) -> RewardAnswer:
    """Change a reward. What was redeemed before keeps what it cost."""
    changes = body.model_dump(exclude_unset=True)
    return RewardAnswer.of(await change_reward(tx, reward_id, changes, clock.now()))


@router.post("/v1/rewards/{reward_id}/redemptions", status_code=201, response_model=RedeemedAnswer)
@combined
async def redeem(
    request: Request,
    reward_id: RewardPath,
    member_id: MemberId,
    caller: CurrentCaller,
    key: RequiredKey,
    language: Language,
) -> Response:
    """Spend points on a reward.

    409 `loyalty.insufficient_points` says how many are missing; 409 `loyalty.sold_out`,
    `loyalty.limit_reached`, `loyalty.cooling_down`, `loyalty.not_for_tier` and
    `loyalty.reward_not_now` speak for themselves. 403 `loyalty.step_up_required`: approve this
    device on one the caller has had before; 429: too many redemptions lately.
    """
    asked = Asked(Wish(member_id, reward_id, key, caller.session_id), current_cause())
    return await combining.answer(request, redeem_together, asked, partial(_shown, language))


async def redeem_together(
    session: AsyncSession, asked: Sequence[Asked]
) -> Sequence[Redeemed | Problem]:
    """Redeem what several callers ask for, in one transaction."""
    causes = {each.wish: each.cause for each in asked}
    return await redeem_rewards(session, list(causes), clock.now(), causes)


def _shown(language: str, redeemed: Redeemed) -> Response:
    redemption = redeemed.redemption
    body = RedeemedAnswer(
        redemption_id=redemption.redemption_id,
        reward_id=redemption.reward_id,
        name=pick(redeemed.reward.name, language),
        points=redemption.points,
        code=redemption.code,
        fulfilment=redemption.fulfilment,
        redeemed_at=redemption.redeemed_at,
        balance=redeemed.balance,
    )
    return Response(body.model_dump_json(), 201, media_type="application/json")


def _position(reward: Reward) -> tuple[int, UUID]:
    return reward.points, reward.reward_id


def _listing_position(listing: Listing) -> tuple[int, UUID]:
    return _position(listing.reward)
