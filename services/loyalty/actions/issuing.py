"""Issuing coupons."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.ids import uuid7
from kit.problems import Conflict, NotFound
from services.loyalty.events import CouponIssued
from services.loyalty.rules.codes import generated
from services.loyalty.rules.coupons import Coupon, Series, ends_at
from services.loyalty.store import coupons

TRIES = 5


class SeriesNotFound(NotFound):
    code = "loyalty.series_not_found"
    title = "No such series of coupons"


class CodeTaken(Conflict):
    code = "loyalty.code_taken"
    title = "This code exists already"


async def known_series(session: AsyncSession, series_id: UUID) -> Series:
    """A series of coupons. Raises SeriesNotFound."""
    series = await coupons.series(session, series_id)
    if series is None:
        raise SeriesNotFound(f"There is no series {series_id}.")
    return series


async def issue_coupon(
    session: AsyncSession, series_id: UUID, member_id: UUID, source: str, now: datetime
) -> Coupon:
    """Give a member a coupon, one for each `source`, and say so. Raises SeriesNotFound."""
    series = await known_series(session, series_id)
    for _ in range(TRIES):
        coupon = new_coupon(series, generated(1)[0], member_id, now)
        if await coupons.issue(session, coupon, source, now):
            await outbox.publish(session, _announcement(coupon, member_id, now))
            return coupon
        if earlier := await coupons.issued_for(session, source):
            return earlier
    raise AssertionError("codes of 50 bits of chance do not collide so often")


async def publish_code(session: AsyncSession, series_id: UUID, code: str, now: datetime) -> Coupon:
    """Make a code anybody may use, such as SPRING10. Raises SeriesNotFound or CodeTaken."""
    coupon = new_coupon(await known_series(session, series_id), code, None, now)
    if not await coupons.issue(session, coupon, None, now):
        raise CodeTaken(f"The code {code} exists already; choose another.")
    return coupon


def new_coupon(series: Series, code: str, member_id: UUID | None, now: datetime) -> Coupon:
    """A coupon of the series; the days of a personal one begin now."""
    days = series.valid_days if member_id else None
    return Coupon(
        coupon_id=uuid7(),
        code=code,
        series=series,
        member_id=member_id,
        most_uses=series.coupon_uses,
        valid_until=now + timedelta(days=days) if days else None,
    )


def _announcement(coupon: Coupon, member_id: UUID, now: datetime) -> CouponIssued:
    return CouponIssued(
        member_id=member_id,
        coupon_id=coupon.coupon_id,
        series_id=coupon.series.series_id,
        name=dict(coupon.series.name),
        valid_until=ends_at(coupon.series, coupon.valid_until),
        issued_at=now,
    )
