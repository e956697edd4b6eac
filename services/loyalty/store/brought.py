"""What members bring from another programme beside points."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting, over
from services.loyalty.rules.checkins import CheckInKind
from services.loyalty.tables import (
    CheckIn,
    CheckInCards,
    Coupon,
    Referral,
    ReferralCode,
)

DAYS_KEPT = 35
"""Of a streak so many days are written down, for the calendar and for make-up cards."""


class BroughtCoupon(NamedTuple):
    coupon_id: UUID
    series_id: UUID
    code: str
    member_id: UUID | None
    valid_until: datetime | None
    issued_at: datetime
    source: str


class BroughtReferral(NamedTuple):
    friend_id: UUID
    referrer_id: UUID
    state: str
    accepted_at: datetime
    look_at: datetime | None
    settled_at: datetime | None


class BroughtStreak(NamedTuple):
    member_id: UUID
    last_day: date
    streak: int
    best: int
    freezes: int
    makeups: int


_ADD_COUPONS = over(
    Coupon,
    " ".join(BroughtCoupon._fields),
    """
    INSERT INTO coupons
        (coupon_id, series_id, code, member_id, valid_until, issued_at, source, most_uses)
    SELECT given.*, coupon_series.coupon_uses
    FROM {given} JOIN coupon_series ON coupon_series.series_id = given.series_id
    ORDER BY code ON CONFLICT DO NOTHING RETURNING code
    """,
)
_ADD_CODES = inserting(
    ReferralCode,
    "member_id code created_at",
    "ORDER BY member_id ON CONFLICT DO NOTHING RETURNING member_id",
)
_ADD_REFERRALS = inserting(
    Referral,
    " ".join(BroughtReferral._fields),
    "ORDER BY friend_id ON CONFLICT DO NOTHING RETURNING friend_id",
)
_REMOVE_REFERRALS = over(
    Referral,
    "friend_id state",
    """
    DELETE FROM referrals USING {given}
    WHERE referrals.friend_id = given.friend_id AND referrals.state = given.state
    RETURNING referrals.friend_id
    """,
)
_ADD_DAYS = inserting(CheckIn, "member_id day streak recorded_at kind", "ON CONFLICT DO NOTHING")
_ADD_CARDS = over(
    CheckInCards,
    "member_id freezes makeups best",
    """
    INSERT INTO checkin_cards AS kept (member_id, freezes, makeups, best)
    SELECT given.* FROM {given}
    ON CONFLICT (member_id) DO UPDATE SET freezes = kept.freezes + excluded.freezes,
        makeups = kept.makeups + excluded.makeups, best = greatest(kept.best, excluded.best)
    """,
)


def first_day(last_day: date, streak: int) -> date:
    """The first day of a streak that is written down."""
    return last_day - timedelta(days=min(streak, DAYS_KEPT) - 1)


async def series_among(session: AsyncSession, series_ids: Collection[UUID]) -> set[UUID]:
    """Those of these series that there are."""
    statement = text("SELECT series_id FROM coupon_series WHERE series_id = ANY(:series_ids)")
    rows = await session.execute(statement, {"series_ids": list(series_ids)})
    return set(rows.scalars())


async def add_coupons(session: AsyncSession, coupons: Sequence[BroughtCoupon]) -> set[str]:
    """Make coupons; the codes of those whose code was free."""
    return {row.code for row in await _ADD_COUPONS.execute(session, coupons)}


async def remove_coupons(session: AsyncSession, coupon_ids: Collection[UUID]) -> set[UUID]:
    """Remove coupons nobody has ever used; which those were."""
    statement = text("""
        DELETE FROM coupons WHERE coupon_id = ANY(:coupon_ids) AND uses = 0
            AND NOT EXISTS (SELECT FROM coupon_uses WHERE coupon_id = coupons.coupon_id)
        RETURNING coupon_id
    """)
    rows = await session.execute(statement, {"coupon_ids": list(coupon_ids)})
    return set(rows.scalars())


async def add_codes(session: AsyncSession, codes: Mapping[UUID, str], now: datetime) -> set[UUID]:
    """Give members codes; those who have it now."""
    rows = [(member_id, code, now) for member_id, code in codes.items()]
    return {row.member_id for row in await _ADD_CODES.execute(session, rows)}


async def remove_codes(session: AsyncSession, codes: Collection[str]) -> set[str]:
    statement = text("DELETE FROM referral_codes WHERE code = ANY(:codes) RETURNING code")
    return set((await session.execute(statement, {"codes": list(codes)})).scalars())


async def add_referrals(session: AsyncSession, referrals: Sequence[BroughtReferral]) -> set[UUID]:
    """Keep who brought whom; the friends nobody had brought before."""
    return {row.friend_id for row in await _ADD_REFERRALS.execute(session, referrals)}


async def remove_referrals(session: AsyncSession, states: Mapping[UUID, str]) -> set[UUID]:
    """Remove the referrals of friends that are still in these states; whose those were."""
    return {row.friend_id for row in await _REMOVE_REFERRALS.execute(session, [*states.items()])}


async def last_days(session: AsyncSession, member_ids: Collection[UUID]) -> dict[UUID, date]:
    """The last day each member has checked in on."""
    statement = text("""
        SELECT member_id, max(day) AS day FROM checkins WHERE member_id = ANY(:member_ids)
        GROUP BY member_id
    """)
    rows = await session.execute(statement, {"member_ids": list(member_ids)})
    return {row.member_id: row.day for row in rows}


async def add_streaks(
    session: AsyncSession, streaks: Sequence[BroughtStreak], now: datetime
) -> None:
    """Write down the last days of streaks, and the cards. The members' wallets are locked."""
    days = [
        (s.member_id, s.last_day - timedelta(days=back), s.streak - back, now, CheckInKind.PRESENT)
        for s in streaks
        for back in range(min(s.streak, DAYS_KEPT))
    ]
    await _ADD_DAYS.execute(session, days)
    cards = [(s.member_id, s.freezes, s.makeups, s.best) for s in streaks]
    await _ADD_CARDS.execute(session, cards)


async def remove_streak(session: AsyncSession, member_id: UUID, effect: Mapping[str, Any]) -> None:
    """Remove the days of an imported streak, and of its cards those that are left."""
    last = date.fromisoformat(effect["last_day"])
    freezes, makeups = effect["cards"]
    await session.execute(
        text("""
            DELETE FROM checkins WHERE member_id = :member_id AND day BETWEEN :first AND :last
                AND recorded_at = :at
        """),
        {
            "member_id": member_id,
            "first": first_day(last, effect["streak"]),
            "last": last,
            "at": datetime.fromisoformat(effect["at"]),
        },
    )
    await session.execute(
        text("""
            UPDATE checkin_cards SET freezes = greatest(0, freezes - :freezes),
                makeups = greatest(0, makeups - :makeups) WHERE member_id = :member_id
        """),
        {"member_id": member_id, "freezes": freezes, "makeups": makeups},
    )
