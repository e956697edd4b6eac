"""Series of coupons: making them, and changing their terms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, Unprocessable
from services.loyalty.actions.granting import BadPrize, check_prize
from services.loyalty.actions.issuing import known_series
from services.loyalty.actions.periods import check_period
from services.loyalty.rules.claims import wrong_terms
from services.loyalty.rules.coupons import Series, SeriesKind
from services.loyalty.store import coupons


class SeriesKeyTaken(Conflict):
    code = "loyalty.series_key_taken"
    title = "Another series has this key"


class WrongTerms(Unprocessable):
    code = "loyalty.wrong_terms"
    title = "These terms do not go together"


async def add_series(session: AsyncSession, series: Series, now: datetime) -> Series:
    """Make a series. Raises BadPrize or SeriesKeyTaken."""
    await _check_prize(session, series)
    if not await coupons.add_series(session, series, now):
        raise SeriesKeyTaken(f"There is a series {series.key} already; choose another key.")
    return series


async def change_series(
    session: AsyncSession, series_id: UUID, changes: Mapping[str, Any], now: datetime
) -> Series:
    """Change the terms of a series, for coupons out there too.

    Raises SeriesNotFound, WrongPeriod or WrongTerms.
    """
    known = await known_series(session, series_id)
    check_period(known, changes, "valid_from", "valid_until")
    terms = {"coupon_uses": known.coupon_uses, "member_uses": known.member_uses, **changes}
    if wrong := wrong_terms(known.kind, changes.keys(), terms):
        raise WrongTerms(f"For {known.key or known.kind}: {wrong}.")
    await coupons.change_series(session, series_id, changes, now)
    return await known_series(session, series_id)


async def _check_prize(session: AsyncSession, series: Series) -> None:
    """Raise BadPrize if a code to claim would bring another one, and so on for ever."""
    await check_prize(session, series.prize)
    if series.prize.series_id is not None:
        given = await known_series(session, series.prize.series_id)
        if given.kind is SeriesKind.CLAIM:
            raise BadPrize("A code to claim cannot give another code to claim.")
