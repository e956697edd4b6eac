"""Rewards: the catalogue, as members and as staff see it, and redeeming."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Points, Texts
from kit.db import Tx
from kit.etags import respond
from kit.idempotency import RequiredKey
from kit.ids import uuid7
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.rewards import Offer, change_reward, list_offers, redeem_reward
from services.loyalty.rules.rewards import Refusal, Reward
from services.loyalty.store import rewards

router = Router(tags=["Rewards"])

RewardPath = Annotated[UUID, Path(description="The reward's id.")]
Stock = Annotated[int, Field(ge=0, le=10**9, strict=True)]
MemberLimit = Annotated[int, Field(ge=1, le=10**6, strict=True)]
UNCHANGED: Any = None
"""Stands for a field that is left out; a null that is sent is a value, where one may be."""


class NewReward(Body):
    name: Texts
    description: Texts
    points: Points
    stock: Stock | None = Field(None, description="Null: there is no end to it.")
    member_limit: MemberLimit | None = Field(None, description="Null: any number for each member.")
    active: bool = True


class RewardChanges(Body):
    """What is left out stays as it is."""

    name: Texts = UNCHANGED
    description: Texts = UNCHANGED
    points: Points = UNCHANGED
    stock: Stock | None = UNCHANGED
    member_limit: MemberLimit | None = UNCHANGED
    active: bool = UNCHANGED


class RewardAnswer(Answer):
    """A reward as staff keep it, its texts in each language."""

    reward_id: UUID
    name: dict[str, str]
    description: dict[str, str]
    points: int
    stock: int | None
    member_limit: int | None
    active: bool


class OfferAnswer(Answer):
    """A reward as a member sees it."""

    reward_id: UUID
    name: str
    description: str
    points: int
    in_stock: bool
    can_redeem: bool
    reason: Refusal | None = Field(description="Why not, if it cannot be redeemed.")
    missing_points: int

    @classmethod
    def of(cls, offer: Offer, language: str) -> "OfferAnswer":
        reward, affordability = offer.reward, offer.affordability
        return cls(
            reward_id=reward.reward_id,
            name=pick(reward.name, language),
            description=pick(reward.description, language),
            points=reward.points,
            in_stock=reward.stock != 0,
            can_redeem=affordability.can_redeem,
            reason=affordability.refusal,
            missing_points=affordability.missing_points,
        )


class RedemptionAnswer(Answer):
    redemption_id: UUID
    reward_id: UUID
    name: str
    points: int
    redeemed_at: datetime


class RedeemedAnswer(RedemptionAnswer):
    balance: int


@router.get(
    "/v1/rewards",
    response_model=Page[OfferAnswer] | Page[RewardAnswer],
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
        return respond(request, page(kept, limit, RewardAnswer.model_validate, _position))
    offers = await list_offers(tx, caller.member_id, clock.now(), limit + 1, after)
    shown = page(offers, limit, partial(OfferAnswer.of, language=language), _offer_position)
    return respond(request, shown)


@router.post(
    "/v1/rewards", status_code=201, dependencies=[requires(Role.MARKETER, scope="rewards:write")]
)
async def create_reward(body: NewReward, tx: Tx) -> RewardAnswer:
    reward = Reward(reward_id=uuid7(), **body.model_dump())
    await rewards.add(tx, reward, clock.now())
    return RewardAnswer.model_validate(reward)


@router.patch(
    "/v1/rewards/{reward_id}",
    dependencies=[requires(Role.MARKETER, scope="rewards:write")],
)
async def edit_reward(reward_id: RewardPath, body: RewardChanges, tx: Tx) -> RewardAnswer:
    """Change a reward. What was redeemed before keeps what it cost."""
    changes = body.model_dump(exclude_unset=True)
    return RewardAnswer.model_validate(await change_reward(tx, reward_id, changes, clock.now()))


@router.post("/v1/rewards/{reward_id}/redemptions", status_code=201)
async def redeem(
    reward_id: RewardPath, member_id: MemberId, key: RequiredKey, language: Language, tx: Tx
) -> RedeemedAnswer:
    """Spend points on a reward.

    409 `loyalty.insufficient_points` says how many are missing; 409 `loyalty.sold_out` and
    `loyalty.limit_reached` speak for themselves.
    """
    redeemed = await redeem_reward(tx, member_id, reward_id, key, clock.now())
    return RedeemedAnswer(
        redemption_id=redeemed.redemption.redemption_id,
        reward_id=reward_id,
        name=pick(redeemed.reward.name, language),
        points=redeemed.redemption.points,
        balance=redeemed.balance,
        redeemed_at=redeemed.redemption.redeemed_at,
    )


@router.get("/v1/redemptions")
async def list_own_redemptions(
    member_id: MemberId,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[RedemptionAnswer]:
    """What the caller has redeemed, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await rewards.redemptions(tx, member_id, limit + 1, before)
    return page(
        found,
        limit,
        lambda row: RedemptionAnswer(**{**row._asdict(), "name": pick(row.name, language)}),
        lambda row: (row.redemption_id,),
    )


def _position(reward: Reward) -> tuple[int, UUID]:
    return reward.points, reward.reward_id


def _offer_position(offer: Offer) -> tuple[int, UUID]:
    return _position(offer.reward)
