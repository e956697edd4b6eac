"""Offers: a member's own, and those staff make."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import Field, model_validator

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Texts, Time
from kit.db import Tx
from kit.etags import respond
from kit.idempotency import RequiresKey
from kit.ids import uuid7
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.offers import (
    Open,
    add_offer,
    change_offer,
    list_offers,
    position,
    take_offer,
)
from services.loyalty.api.gates import UNCHANGED, GatedAnswer, Gates
from services.loyalty.api.prizes import PrizeAnswer, PrizeBody
from services.loyalty.rules.audience import GATES, Audience
from services.loyalty.rules.offers import Occasion, Offer
from services.loyalty.store import offers

router = Router(tags=["Offers"])

OfferPath = Annotated[UUID, Path(description="The offer's id.")]
Stage = Literal["new", "active", "silent", "lapsed"]


class NewOffer(Body):
    name: Texts
    description: Texts
    occasion: Occasion = Field(description="Why a member sees it; the app may say so.")
    prize: PrizeBody
    priority: int = Field(0, ge=-1000, le=1000, description="Lower ones are shown first.")
    tiers: Gates = Field([], description="Empty: any tier.")
    segments: Gates = Field([], description="Empty: any member.")
    stages: list[Stage] = Field([], description="Lifecycle stages; empty: any.")
    before_first_order: bool = Field(default=False, description="Only until the member orders.")
    enrolled_days: int | None = Field(
        None, ge=1, le=3650, description="Only so many days from becoming a member."
    )
    valid_from: Time | None = None
    valid_until: Time | None = None
    claim_limit: int | None = Field(None, ge=1, le=10**9, description="For all members together.")
    active: bool = True

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            message = "`valid_until` must be after `valid_from`"
            raise ValueError(message)
        if self.prize.prize().is_empty:
            message = "`prize` must give something"
            raise ValueError(message)
        return self


class OfferChanges(Body):
    """What is left out stays as it is. What the offer gives stays."""

    name: Texts = UNCHANGED
    description: Texts = UNCHANGED
    priority: int = Field(UNCHANGED, ge=-1000, le=1000)
    tiers: Gates = UNCHANGED
    segments: Gates = UNCHANGED
    stages: list[Stage] = UNCHANGED
    valid_until: Time | None = UNCHANGED
    active: bool = UNCHANGED


class OfferAnswer(GatedAnswer):
    """An offer as staff keep it."""

    offer_id: UUID
    name: dict[str, str]
    description: dict[str, str]
    occasion: Occasion
    prize: PrizeAnswer
    priority: int
    tiers: list[str]
    segments: list[str]
    stages: list[str]
    before_first_order: bool
    enrolled_days: int | None
    valid_from: datetime | None
    valid_until: datetime | None
    claim_limit: int | None
    claimed: int
    active: bool


class OpenAnswer(Answer):
    """An offer as a member sees it."""

    offer_id: UUID
    name: str
    description: str
    occasion: Occasion
    prize: PrizeAnswer
    ends_at: datetime | None
    left: int | None = Field(description="How many may still be taken by all. Null: any number.")

    @classmethod
    def of(cls, open_: Open, language: str) -> "OpenAnswer":
        offer = open_.offer
        limit = offer.claim_limit
        return cls(
            offer_id=offer.offer_id,
            name=pick(offer.name, language),
            description=pick(offer.description, language),
            occasion=offer.occasion,
            prize=PrizeAnswer.model_validate(offer.prize),
            ends_at=open_.ends_at,
            left=None if limit is None else limit - offer.claimed,
        )


class TakenAnswer(Answer):
    offer_id: UUID
    prize: PrizeAnswer
    balance: int


@router.get(
    "/v1/offers",
    response_model=Page[OpenAnswer] | Page[OfferAnswer],
    dependencies=[requires(Role.MEMBER, *STAFF, scope="offers:read")],
)
async def show_offers(
    request: Request,
    caller: CurrentCaller,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Response:
    """The offers the caller may take now; staff see all."""
    if caller.role is not Role.MEMBER:
        before = decode_cursor(cursor, UUID)[0] if cursor else None
        kept = await offers.listed(tx, limit + 1, before)
        return respond(request, page(kept, limit, OfferAnswer.of, lambda o: (o.offer_id,)))
    after = decode_cursor(cursor, int, UUID) if cursor else None
    found = await list_offers(tx, caller.member_id, clock.now(), limit + 1, after)
    item = partial(OpenAnswer.of, language=language)
    return respond(request, page(found, limit, item, lambda each: position(each.offer)))


@router.post(
    "/v1/offers", status_code=201, dependencies=[requires(Role.MARKETER, scope="offers:write")]
)
async def create_offer(body: NewOffer, tx: Tx) -> OfferAnswer:
    """Make an offer to some members."""
    given = body.model_dump(exclude={*GATES, "prize"})
    prize, audience = body.prize.prize(), Audience.of(body)
    offer = Offer(offer_id=uuid7(), prize=prize, audience=audience, **given)
    return OfferAnswer.of(await add_offer(tx, offer, clock.now()))


@router.patch("/v1/offers/{offer_id}", dependencies=[requires(Role.MARKETER, scope="offers:write")])
async def edit_offer(offer_id: OfferPath, body: OfferChanges, tx: Tx) -> OfferAnswer:
    """Change an offer. What it gives stays: end it and make another instead."""
    changes = body.model_dump(exclude_unset=True)
    return OfferAnswer.of(await change_offer(tx, offer_id, changes, clock.now()))


@router.post("/v1/offers/{offer_id}/claims", status_code=201, dependencies=[RequiresKey])
async def claim(offer_id: OfferPath, member_id: MemberId, tx: Tx) -> TakenAnswer:
    """Take an offer, once. 404 where it is not for the caller, 409 when all are taken."""
    taken = await take_offer(tx, member_id, offer_id, clock.now())
    return TakenAnswer(
        offer_id=offer_id,
        prize=PrizeAnswer.model_validate(taken.offer.prize),
        balance=taken.balance,
    )
