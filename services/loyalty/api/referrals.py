"""Referrals: a member's own code, and naming who brought one."""

from datetime import datetime
from typing import Annotated

from fastapi import Header
from pydantic import Field, StringConstraints

from kit import clock
from kit.app import Router
from kit.auth import MemberId, Role, requires
from kit.bodies import BIGGEST, Answer, Body
from kit.db import Tx
from kit.idempotency import RequiresKey
from services.loyalty.actions.referrals import (
    accept_referral,
    network_digest,
    own_code,
    set_terms,
)
from services.loyalty.api.prizes import PrizeAnswer, PrizeBody
from services.loyalty.rules.referrals import ReferralState, Terms
from services.loyalty.store import referrals

router = Router(tags=["Referrals"])

Forwarded = Annotated[str | None, Header(alias="x-forwarded-for", include_in_schema=False)]


class ReferralAnswer(Answer):
    """`code` is what a friend enters; the app makes its link of it."""

    code: str
    invited: int
    pending: int = Field(description="Friends whose first order has not passed its return window.")
    rewarded: int
    you_get: PrizeAnswer
    friend_gets: PrizeAnswer


class AcceptanceBody(Body):
    code: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class AcceptedAnswer(Answer):
    state: ReferralState
    accepted_at: datetime


class TermsBody(Body):
    referrer_prize: PrizeBody
    friend_prize: PrizeBody
    minimum_order_minor: int = Field(0, ge=0, le=BIGGEST // 100, strict=True)
    return_days: int = Field(15, ge=0, le=365, description="From the order's delivery.")
    new_days: int = Field(14, ge=1, le=365, description="How long one may name who brought one.")
    lapse_days: int = Field(90, ge=1, le=3650, description="How long a friend has to order.")
    most_rewarded: int = Field(10, ge=1, le=10_000, description="Of one referrer in 30 days.")
    most_per_network: int = Field(3, ge=1, le=10_000, description="Friends from one, in a day.")


class TermsAnswer(Answer):
    referrer_prize: PrizeAnswer
    friend_prize: PrizeAnswer
    minimum_order_minor: int
    return_days: int
    new_days: int
    lapse_days: int
    most_rewarded: int
    most_per_network: int


@router.get("/v1/referral")
async def show_own_referral(member_id: MemberId, tx: Tx) -> ReferralAnswer:
    """The caller's code, and what became of the friends they brought."""
    code = await own_code(tx, member_id, clock.now())
    stats = (await referrals.referrer(member_id).of(tx)).stats
    terms = await referrals.terms().of(tx)
    return ReferralAnswer(
        code=code,
        **stats._asdict(),
        you_get=PrizeAnswer.model_validate(terms.referrer_prize),
        friend_gets=PrizeAnswer.model_validate(terms.friend_prize),
    )


@router.post("/v1/referral/acceptances", status_code=201, dependencies=[RequiresKey])
async def accept(
    member_id: MemberId, body: AcceptanceBody, tx: Tx, forwarded_for: Forwarded = None
) -> AcceptedAnswer:
    """Name who brought the caller, before the first order.

    Both are rewarded once that order has passed its return window.
    """
    network = network_digest(forwarded_for)
    made = await accept_referral(tx, member_id, body.code, network, clock.now())
    return AcceptedAnswer(state=ReferralState(made.state), accepted_at=made.accepted_at)


@router.get("/v1/loyalty/referral-terms", dependencies=[requires(Role.MARKETER, Role.ANALYST)])
async def show_terms(tx: Tx) -> TermsAnswer:
    return TermsAnswer.model_validate(await referrals.terms().of(tx))


@router.put("/v1/loyalty/referral-terms", dependencies=[requires(Role.MARKETER)])
async def change_terms(body: TermsBody, tx: Tx) -> TermsAnswer:
    """Set what referrals pay, when, and what is taken for made up."""
    given = body.model_dump(exclude={"referrer_prize", "friend_prize"})
    terms = Terms(
        referrer_prize=body.referrer_prize.prize(),
        friend_prize=body.friend_prize.prize(),
        **given,
    )
    return TermsAnswer.model_validate(await set_terms(tx, terms))
