"""Coupons on orders: trying them, using them, giving them back.

Who uses a member's coupons or gives them back holds the member's wallet, as who merges them does.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.ids import uuid7
from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import lock_members
from services.loyalty.actions.guessing import (
    REFUSED,
    TooManyWrongCodes,
    count_wrong,
    refuse_guessing,
)
from services.loyalty.actions.paying import check_coupons
from services.loyalty.events import CouponExpiring, CouponRedeemed, CouponRolledBack
from services.loyalty.rules.codes import normal
from services.loyalty.rules.coupons import (
    Basket,
    Coupon,
    CouponRefusal,
    Shopper,
    Verdict,
    ends_at,
    judge,
)
from services.loyalty.store import coupons, discounts, persons
from services.loyalty.store.coupons import Kept
from services.loyalty.tables import OrderDiscount


class CouponsRefused(Conflict):
    code = "loyalty.coupons_refused"
    title = "A coupon does not work on this order"


class OrderHasCoupons(Conflict):
    code = "loyalty.order_has_coupons"
    title = "This order has other coupons"


class NoCouponsOnOrder(NotFound):
    code = "loyalty.no_coupons_on_order"
    title = "This order has no coupons"


class CouponsMoving(Conflict):
    code = "loyalty.coupons_moving"
    title = "The order's coupons are on their way to another member"
    passing = True


class CouponNotFound(NotFound):
    code = "loyalty.coupon_not_found"
    title = "No such coupon"


@dataclass(frozen=True, slots=True)
class Trial:
    """What coupons would do on an order."""

    basket: Basket
    verdicts: Sequence[Verdict]
    nobodys: Collection[str]
    """The codes that no coupon has."""

    @property
    def valid(self) -> bool:
        return all(verdict.refusal is None for verdict in self.verdicts)

    @property
    def discount_minor(self) -> int:
        return sum(verdict.discount_minor for verdict in self.verdicts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """An order that is to take coupons, asked for with `key`."""

    key: UUID
    order_id: str
    basket: Basket
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Used:
    """The coupons on an order, and what each takes off by its coupon's id."""

    discount: OrderDiscount
    by_coupon: Mapping[UUID, int]


async def try_coupons(
    session: AsyncSession, basket: Basket, codes: Sequence[str], now: datetime
) -> Trial:
    """What the codes would do on an order, and why not."""
    codes = list(dict.fromkeys(map(normal, codes)))
    found = await coupons.by_codes(session, codes)
    used = await coupons.uses_by(
        session, basket.member_id, {coupon.series.series_id for coupon in found}
    )
    shopper = Shopper(await persons.person(basket.member_id).of(session), used)
    nobodys = set(codes).difference(coupon.code for coupon in found)
    REFUSED.labels(CouponRefusal.UNKNOWN).inc(len(nobodys))
    return Trial(basket, judge(basket, codes, found, shopper, now), nobodys)


async def try_as_member(
    session: AsyncSession, basket: Basket, codes: Sequence[str], now: datetime
) -> Trial | TooManyWrongCodes:
    """The same for a member who types codes: what nobody has counts as a guess.

    Their own codes, ended ones and those of others or of other segments do not. Raises
    TooManyWrongCodes where there were too many before.
    """
    await refuse_guessing(session, basket.member_id, now)
    trial = await try_coupons(session, basket, codes, now)
    return await count_wrong(session, basket.member_id, trial.nobodys, now) or trial


async def use_coupons(session: AsyncSession, checkout: Checkout, now: datetime) -> Used:
    """Use coupons on an order: all of them or none, once for each order.

    Asking again, for the same order or with the same key, gives the first answer. Raises
    CouponsRefused, with why, OrderHasCoupons or OrderHasPayment. Coupons are taken last: everybody
    who wants the same one waits for it.
    """
    await lock_members(session, {checkout.basket.member_id}, now)
    trial = await try_coupons(session, checkout.basket, checkout.codes, now)
    discount = _discount(checkout, trial, now)
    if earlier := await _earlier(session, discount):
        return earlier
    if not trial.valid:
        raise _refused(trial.verdicts)
    await check_coupons(session, checkout.order_id, now)
    used = {v.coupon.coupon_id: v.discount_minor for v in trial.verdicts if v.coupon}
    if not await discounts.add(session, discount, used):
        if earlier := await _earlier(session, discount):
            return earlier
        raise AssertionError("an order's discount is there or it is not")
    await outbox.publish(session, _redeemed(discount, used))
    await _count(session, trial)
    return Used(discount, used)


async def roll_back(session: AsyncSession, order_id: str, now: datetime) -> Used:
    """Give an order's coupons back; again, the same answer.

    Raises NoCouponsOnOrder, or CouponsMoving while the member is being merged with another.
    """
    last = await discounts.last_of_order(session, order_id)
    if last is None:
        raise NoCouponsOnOrder(f"No coupons were used on the order {order_id}.")
    await lock_members(session, {last.member_id}, now)
    undone = await _undo(session, [order_id], {last.member_id}, now)
    discount = undone[0] if undone else await discounts.last_of_order(session, order_id)
    used = await _used(session, discount or last)
    await _give_back(session, undone, await _uses(session, undone))
    return used


async def shoppers_of(session: AsyncSession, order_ids: Collection[str]) -> set[UUID]:
    """The members whose coupons are on orders now: who returns them is to hold their wallets."""
    return {standing.member_id for standing in await discounts.of_orders(session, order_ids)}


async def return_coupons(
    session: AsyncSession, order_ids: Collection[str], held: Collection[UUID], now: datetime
) -> None:
    """Give back the coupons of orders that were cancelled, where their series says so.

    One that does not come back leaves its order's record as it is. The wallets of the members
    `held` are; raises CouponsMoving if coupons are others' meanwhile.
    """
    standing = await discounts.of_orders(session, order_ids)
    uses = await _uses(session, standing)
    returning = {
        discount.discount_id: [use for use in uses[discount.discount_id] if use.returns_with_order]
        for discount in standing
    }
    back = [discount.order_id for discount in standing if returning[discount.discount_id]]
    if back:
        await _give_back(session, await _undo(session, back, held, now), returning)


async def remind(session: AsyncSession, now: datetime, until: datetime, limit: int) -> bool:
    """Say of coupons that end by `until` that they do, once each; if there was any."""
    ending = await coupons.ending(session, now, until, limit)
    await outbox.publish(session, *(_expiring(coupon) for coupon in ending))
    return len(ending) == limit


async def revoke_coupon(session: AsyncSession, coupon_id: UUID, now: datetime) -> Kept:
    """Let a coupon work no more. What it was used for stands. Raises CouponNotFound."""
    await coupons.revoke(session, coupon_id, now)
    kept = await coupons.coupon(session, coupon_id)
    if kept is None:
        raise CouponNotFound(f"There is no coupon {coupon_id}.")
    return kept


async def _count(session: AsyncSession, trial: Trial) -> None:
    """Use up what the trial takes; whoever was faster makes this raise CouponsRefused."""
    chosen = {v.coupon.coupon_id: v.coupon for v in trial.verdicts if v.coupon}
    by_series = {coupon.series.series_id: coupon.series for coupon in chosen.values()}
    for series_id in sorted(by_series):
        series = by_series[series_id]
        if not await coupons.count_for_member(session, trial.basket.member_id, series):
            raise _refused(_lost(trial, CouponRefusal.MEMBER_LIMIT, series_id=series_id))
    used = await coupons.use(session, chosen)
    if lost := chosen.keys() - used:
        raise _refused(_lost(trial, CouponRefusal.USED_UP, coupon_ids=lost))


def _lost(
    trial: Trial,
    refusal: CouponRefusal,
    *,
    series_id: UUID | None = None,
    coupon_ids: Collection[UUID] = (),
) -> list[Verdict]:
    """The verdicts, once somebody else was faster."""

    def is_lost(coupon: Coupon | None) -> bool:
        return coupon is not None and (
            coupon.coupon_id in coupon_ids or coupon.series.series_id == series_id
        )

    return [
        Verdict(code=v.code, coupon=v.coupon, refusal=refusal) if is_lost(v.coupon) else v
        for v in trial.verdicts
    ]


async def _earlier(session: AsyncSession, wanted: OrderDiscount) -> Used | None:
    """What was answered before to this key, or for this order. Raises OrderHasCoupons."""
    known = await discounts.of_key(session, wanted.key)
    known = known or await discounts.of_order(session, wanted.order_id)
    if known is None:
        return None
    asked, had = (
        (d.order_id, d.member_id, d.amount_minor, d.currency, sorted(d.codes))
        for d in (wanted, known)
    )
    if asked != had:
        raise OrderHasCoupons(
            f"The order {known.order_id} of {known.amount_minor} has the coupons"
            f" {', '.join(known.codes)}; roll them back before using others."
        )
    return await _used(session, known)


async def _used(session: AsyncSession, discount: OrderDiscount) -> Used:
    uses = await discounts.uses(session, [discount.discount_id])
    return Used(discount, {use.coupon_id: use.discount_minor for use in uses})


async def _uses(
    session: AsyncSession, given: Sequence[OrderDiscount]
) -> Mapping[UUID, Sequence[discounts.Use]]:
    """The coupons of discounts, by the discounts' ids."""
    uses: dict[UUID, list[discounts.Use]] = {discount.discount_id: [] for discount in given}
    if given:
        for use in await discounts.uses(session, uses):
            uses[use.discount_id].append(use)
    return uses


async def _undo(
    session: AsyncSession, order_ids: Sequence[str], held: Collection[UUID], now: datetime
) -> list[OrderDiscount]:
    """Take the coupons off orders of members whose wallets are `held`; what they were."""
    undone = await discounts.undo(session, order_ids, now)
    if {discount.member_id for discount in undone} - set(held):
        raise CouponsMoving("The member is just being merged with another; try again in a moment.")
    return undone


async def _give_back(
    session: AsyncSession,
    undone: Sequence[OrderDiscount],
    uses: Mapping[UUID, Sequence[discounts.Use]],
) -> None:
    """Let uses on orders, by their discounts' ids, not have been, and say so."""
    said = [_rolled_back(discount, uses[discount.discount_id]) for discount in undone]
    await outbox.publish(session, *said)
    by_member = Counter(
        (discount.member_id, series_id)
        for discount in undone
        for series_id in {use.series_id for use in uses[discount.discount_id]}
    )
    await coupons.uncount(session, by_member)
    coupon_ids = (coupon_id for each in said for coupon_id in each.coupon_ids)
    await coupons.give_back(session, Counter(coupon_ids))


def _rolled_back(discount: OrderDiscount, uses: Sequence[discounts.Use]) -> CouponRolledBack:
    assert discount.rolled_back_at is not None  # noqa: S101  (it has just been undone)
    return CouponRolledBack(
        member_id=discount.member_id,
        order_id=discount.order_id,
        coupon_ids=[use.coupon_id for use in uses],
        rolled_back_at=discount.rolled_back_at,
    )


def _discount(checkout: Checkout, trial: Trial, now: datetime) -> OrderDiscount:
    return OrderDiscount(
        discount_id=uuid7(),
        order_id=checkout.order_id,
        key=checkout.key,
        member_id=checkout.basket.member_id,
        codes=[verdict.code for verdict in trial.verdicts],
        amount_minor=checkout.basket.amount_minor,
        currency=checkout.basket.currency,
        discount_minor=trial.discount_minor,
        redeemed_at=now,
        rolled_back_at=None,
    )


def _refused(verdicts: Sequence[Verdict]) -> CouponsRefused:
    wrong = [verdict for verdict in verdicts if verdict.refusal]
    listed = ", ".join(f"{verdict.code} ({verdict.refusal})" for verdict in wrong)
    reasons = [
        {"code": v.code, "reason": v.refusal, "missing_minor": v.missing_minor} for v in wrong
    ]
    return CouponsRefused(f"These do not work on this order: {listed}.", coupons=reasons)


def _redeemed(discount: OrderDiscount, used: Mapping[UUID, int]) -> CouponRedeemed:
    return CouponRedeemed(
        member_id=discount.member_id,
        order_id=discount.order_id,
        coupon_ids=sorted(used),
        discount_minor=discount.discount_minor,
        currency=discount.currency,
        redeemed_at=discount.redeemed_at,
    )


def _expiring(coupon: Coupon) -> CouponExpiring:
    assert coupon.member_id is not None  # noqa: S101  (only personal coupons are reminded of)
    valid_until = ends_at(coupon.series, coupon.valid_until)
    assert valid_until is not None  # noqa: S101  (only those that end are)
    return CouponExpiring(
        member_id=coupon.member_id,
        coupon_id=coupon.coupon_id,
        series_id=coupon.series.series_id,
        name=dict(coupon.series.name),
        valid_until=valid_until,
    )
