"""Coupons: a member's own, on orders, and the series staff keep."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import Field, StringConstraints

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, MemberId, Role, requires
from kit.bodies import BIGGEST, Answer, Body
from kit.db import Tx
from kit.idempotency import RequiredKey, RequiresKey
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page, page_of
from kit.problems import Forbidden, Problem
from services.loyalty.actions.coupons import (
    Checkout,
    Trial,
    Used,
    revoke_coupon,
    roll_back,
    try_as_member,
    try_coupons,
    use_coupons,
)
from services.loyalty.rules.codes import normal
from services.loyalty.rules.coupons import (
    MOST_ON_ORDER,
    Basket,
    Coupon,
    CouponRefusal,
    CouponState,
    SeriesKind,
    Verdict,
    ends_at,
)
from services.loyalty.store import coupons
from services.loyalty.store.coupons import Kept

router = Router(tags=["Coupons"])

Code = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
OrderId = Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,128}$")]
Minor = Annotated[int, Field(ge=0, le=BIGGEST // 100, strict=True)]
CouponPath = Annotated[UUID, Path(description="The coupon's id.")]


class BasketBody(Body):
    """An order about to be paid, before any coupon."""

    member_id: UUID | None = Field(None, description="For backends; a member's own is their own.")
    amount_minor: Minor
    currency: Currency
    codes: list[Code] = Field(min_length=1, max_length=MOST_ON_ORDER)


class CheckoutBody(Body):
    order_id: OrderId
    member_id: UUID
    amount_minor: Minor
    currency: Currency
    codes: list[Code] = Field(min_length=1, max_length=MOST_ON_ORDER)


class RollbackBody(Body):
    order_id: OrderId


class VerdictAnswer(Answer):
    """What one code does on the order, or why it does nothing."""

    code: str
    valid: bool
    reason: CouponRefusal | None
    missing_minor: int = Field(description="By how much the order is below the minimum spend.")
    discount_minor: int
    kind: SeriesKind | None
    gift: str | None
    name: str | None

    @classmethod
    def of(cls, verdict: Verdict, language: str) -> "VerdictAnswer":
        series = verdict.coupon.series if verdict.coupon else None
        return cls(
            code=verdict.code,
            valid=verdict.refusal is None,
            reason=verdict.refusal,
            missing_minor=verdict.missing_minor,
            discount_minor=verdict.discount_minor,
            kind=series.kind if series else None,
            gift=series.gift if series else None,
            name=pick(series.name, language) if series else None,
        )


class TrialAnswer(Answer):
    valid: bool
    discount_minor: int
    to_pay_minor: int
    currency: str
    coupons: list[VerdictAnswer]

    @classmethod
    def of(cls, trial: Trial, language: str) -> "TrialAnswer":
        return cls(
            valid=trial.valid,
            discount_minor=trial.discount_minor,
            to_pay_minor=trial.basket.amount_minor - trial.discount_minor,
            currency=trial.basket.currency,
            coupons=[VerdictAnswer.of(verdict, language) for verdict in trial.verdicts],
        )


class UseAnswer(Answer):
    coupon_id: UUID
    discount_minor: int


class DiscountAnswer(Answer):
    """The coupons on an order."""

    discount_id: UUID
    order_id: str
    member_id: UUID
    codes: list[str]
    discount_minor: int
    to_pay_minor: int
    currency: str
    coupons: list[UseAnswer]
    redeemed_at: datetime
    rolled_back_at: datetime | None

    @classmethod
    def of(cls, used: Used) -> "DiscountAnswer":
        discount = used.discount
        taken: list[Mapping[str, Any]] = [
            {"coupon_id": coupon_id, "discount_minor": minor}
            for coupon_id, minor in sorted(used.by_coupon.items())
        ]
        return cls.model_validate(
            {
                **discount.model_dump(),
                "to_pay_minor": discount.amount_minor - discount.discount_minor,
                "coupons": taken,
            }
        )


class CouponAnswer(Answer):
    """A coupon as its owner sees it."""

    coupon_id: UUID
    code: str
    name: str
    description: str
    kind: SeriesKind
    amount_minor: int | None
    percent: int | None
    most_minor: int | None = Field(description="The most that a percentage takes off.")
    gift: str | None
    currency: str | None
    minimum_spend_minor: int
    valid_from: datetime | None
    valid_until: datetime | None
    uses_left: int | None = Field(description="Null: any number.")
    state: CouponState

    @classmethod
    def of(cls, coupon: Coupon, language: str, now: datetime) -> "CouponAnswer":
        series = coupon.series
        left = None if coupon.most_uses is None else coupon.most_uses - coupon.uses
        return cls(
            coupon_id=coupon.coupon_id,
            code=coupon.code,
            name=pick(series.name, language),
            description=pick(series.description, language),
            kind=series.kind,
            amount_minor=series.amount_minor,
            percent=series.percent,
            most_minor=series.most_minor,
            gift=series.gift,
            currency=series.currency,
            minimum_spend_minor=series.minimum_spend_minor,
            valid_from=series.valid_from,
            valid_until=ends_at(series, coupon.valid_until),
            uses_left=left,
            state=coupon.state(now),
        )


class KeptAnswer(Answer):
    """A coupon as staff see it."""

    coupon_id: UUID
    series_id: UUID
    code: str
    member_id: UUID | None
    uses: int
    most_uses: int | None
    valid_until: datetime | None
    revoked: bool
    issued_at: datetime

    @classmethod
    def of(cls, kept: Kept) -> "KeptAnswer":
        coupon = kept.coupon
        return cls(
            coupon_id=coupon.coupon_id,
            series_id=coupon.series.series_id,
            code=coupon.code,
            member_id=coupon.member_id,
            uses=coupon.uses,
            most_uses=coupon.most_uses,
            valid_until=ends_at(coupon.series, coupon.valid_until),
            revoked=coupon.revoked,
            issued_at=kept.issued_at,
        )


@router.get("/v1/coupons", response_model=Page[CouponAnswer])
async def list_own_coupons(
    member_id: MemberId,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
    *,
    ended: Annotated[
        bool, Query(description="Those that no longer work: used up, ended, revoked.")
    ] = False,
) -> Page[CouponAnswer]:
    """The caller's coupons that work or will, newest first; with `ended`, the others."""
    before, now = decode_cursor(cursor, UUID)[0] if cursor else None, clock.now()
    return page(
        await coupons.own(tx, member_id, now, limit + 1, before, working=not ended),
        limit,
        lambda kept: CouponAnswer.of(kept.coupon, language, now),
        lambda kept: (kept.coupon.coupon_id,),
    )


@router.post(
    "/v1/coupons/validations",
    response_model=TrialAnswer,
    dependencies=[requires(Role.MEMBER, scope="coupons:redeem")],
)
async def validate(
    body: BasketBody, caller: CurrentCaller, language: Language, tx: Tx
) -> TrialAnswer | Response:
    """What the codes would take off an order, or why one does not work. Nothing is used.

    A member who has tried some codes within an hour that nobody has gets 429
    `loyalty.too_many_wrong_codes`, also for right ones. A backend's tries are not counted.
    """
    member_id = body.member_id
    if caller.role is Role.MEMBER:
        if member_id not in (None, caller.member_id):
            raise Forbidden("A member can try coupons only on an order of their own.")
        member_id = caller.member_id
    if member_id is None:
        raise Forbidden("Say for which member: `member_id`.")
    basket = Basket(member_id=member_id, amount_minor=body.amount_minor, currency=body.currency)
    tries = try_as_member if caller.role is Role.MEMBER else try_coupons
    outcome = await tries(tx, basket, body.codes, clock.now())
    if isinstance(outcome, Problem):
        return outcome.response()  # not raised, as the wrong tries stay counted
    return TrialAnswer.of(outcome, language)


@router.post(
    "/v1/coupons/redemptions", status_code=201, dependencies=[requires(scope="coupons:redeem")]
)
async def redeem_coupons(body: CheckoutBody, key: RequiredKey, tx: Tx) -> DiscountAnswer:
    """Use coupons on an order: all of them or none. Once for each order, however often it is sent.

    409 `loyalty.coupons_refused` lists which code does not work and why.
    """
    basket = Basket(
        member_id=body.member_id, amount_minor=body.amount_minor, currency=body.currency
    )
    checkout = Checkout(key=key, order_id=body.order_id, basket=basket, codes=body.codes)
    return DiscountAnswer.of(await use_coupons(tx, checkout, clock.now()))


@router.post("/v1/coupons/rollbacks", dependencies=[requires(scope="coupons:redeem"), RequiresKey])
async def roll_back_coupons(body: RollbackBody, tx: Tx) -> DiscountAnswer:
    """Give the coupons of an order back. A second time answers as the first did."""
    return DiscountAnswer.of(await roll_back(tx, body.order_id, clock.now()))


@router.post(
    "/v1/coupons/{coupon_id}/revocations",
    dependencies=[requires(Role.MARKETER, scope="coupons:write")],
)
async def revoke(coupon_id: CouponPath, tx: Tx) -> KeptAnswer:
    """Let a coupon work no more. What it was used for stands."""
    return KeptAnswer.of(await revoke_coupon(tx, coupon_id, clock.now()))


@router.get(
    "/v1/members/{member_id}/coupons",
    dependencies=[requires(*STAFF, scope="coupons:read")],
)
async def list_members_coupons(
    member_id: Annotated[UUID, Path(description="The member's id.")],
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[KeptAnswer]:
    """A member's coupons, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await coupons.own(tx, member_id, clock.now(), limit + 1, before)
    return page(found, limit, KeptAnswer.of, lambda kept: (kept.coupon.coupon_id,))


@router.get(
    "/v1/coupons/lookup",
    dependencies=[requires(*STAFF, scope="coupons:read")],
)
async def find_coupon(
    code: Annotated[Code, Query()], tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[KeptAnswer]:
    """The coupon with a code, if there is one: for the till, and for support."""
    found = await coupons.by_codes(tx, [normal(code)])
    kept = [await coupons.coupon(tx, coupon.coupon_id) for coupon in found]
    there = [each for each in kept if each]
    return page_of(
        there, limit, cursor, KeptAnswer.of, lambda each: (each.coupon.coupon_id.hex,), str
    )
