"""Rows that bring what members have beside points: coupons, codes, friends, streaks, a past."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from services.loyalty.actions.bookkeeping import open_book
from services.loyalty.actions.importing.work import (
    Effect,
    Importer,
    Ready,
    Undoing,
    Verdicts,
    Work,
    known,
    source_of,
)
from services.loyalty.rules.imports import Fault
from services.loyalty.rules.imports.rows import (
    CheckInRow,
    CouponRow,
    HistoryRow,
    ReferralCodeRow,
    ReferralRow,
)
from services.loyalty.rules.referrals import ReferralState
from services.loyalty.store import brought, past
from services.loyalty.store.brought import BroughtCoupon, BroughtReferral, BroughtStreak

FIRST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a member's day may be."""


async def take_history(session: AsyncSession, work: Work[HistoryRow]) -> Verdicts:
    """Keep what happened before, to be read."""
    verdicts: dict[int, Effect | Fault] = {}
    rows = []
    for item in work.rows:
        said, entry_id = item.said, uuid7()
        if said.occurred_at > work.now:
            detail = "The past cannot be ahead: give the moment in UTC, or with its offset."
            verdicts[item.row] = Fault("occurred_at", "in_the_future", detail)
            continue
        about = said.point_type, said.points, said.description, said.occurred_at
        rows.append((entry_id, item.member_id, *about))
        verdicts[item.row] = {"entry_id": str(entry_id)}
    await past.add(session, rows)
    return verdicts


async def undo_history(session: AsyncSession, work: Undoing) -> Collection[int]:
    await past.remove(session, [UUID(item.effect["entry_id"]) for item in work.rows])
    return [item.row for item in work.rows]


async def take_coupons(session: AsyncSession, work: Work[CouponRow]) -> Verdicts:
    """Make coupons with codes that are out already."""
    series = await brought.series_among(session, {item.said.series_id for item in work.rows})
    verdicts: dict[int, Effect | Fault] = {}
    made: dict[str, tuple[int, UUID]] = {}
    coupons = []
    for item in work.rows:
        fault = _coupon_fault(item, series, work)
        if fault or item.said.code in made:
            verdicts[item.row] = fault or _code_taken(item.said.code)
            continue
        coupon_id = uuid7()
        made[item.said.code] = item.row, coupon_id
        coupons.append(_coupon(item, coupon_id, work))
    fresh = await brought.add_coupons(session, coupons)
    for code, (row, coupon_id) in made.items():
        taken = {"coupon_id": str(coupon_id)}
        verdicts[row] = taken if code in fresh else _code_taken(code)
    return verdicts


def _coupon(item: Ready[CouponRow], coupon_id: UUID, work: Work[CouponRow]) -> BroughtCoupon:
    said = item.said
    source = f"import:{source_of(work.import_id, item.row)}"
    issued_at = min(said.issued_at or work.now, work.now)
    return BroughtCoupon(
        coupon_id, said.series_id, said.code, item.owner, said.valid_until, issued_at, source
    )


def _coupon_fault(
    item: Ready[CouponRow], series: Collection[UUID], work: Work[CouponRow]
) -> Fault | None:
    said = item.said
    if said.series_id not in series:
        detail = f"There is no series {said.series_id}; see GET /v1/coupons/series."
        return Fault("series_id", "unknown_series", detail)
    if said.valid_until and said.valid_until <= work.now:
        return Fault("valid_until", "expired", "The coupon has ended: leave the row out.")
    return None


def _code_taken(code: str) -> Fault:
    detail = f"A coupon with the code {code} exists already; see GET /v1/coupons/lookup."
    return Fault("code", "code_taken", detail)


async def undo_coupons(session: AsyncSession, work: Undoing) -> Collection[int]:
    """Remove those nobody has used."""
    rows = {UUID(item.effect["coupon_id"]): item.row for item in work.rows}
    removed = await brought.remove_coupons(session, rows)
    return [row for coupon_id, row in rows.items() if coupon_id in removed]


async def take_codes(session: AsyncSession, work: Work[ReferralCodeRow]) -> Verdicts:
    """Let members go on with the codes their friends have."""
    wanted: dict[UUID, Ready[ReferralCodeRow]] = {}
    for item in work.rows:
        wanted.setdefault(item.member_id, item)
    codes = {member_id: item.said.code for member_id, item in wanted.items()}
    given = await brought.add_codes(session, codes, work.now)
    return {
        item.row: {"member_id": str(item.member_id), "code": item.said.code}
        if item.member_id in given and wanted[item.member_id] is item
        else Fault(
            "code",
            "code_taken",
            f"The member has a code here already, or somebody else has {item.said.code}.",
        )
        for item in work.rows
    }


async def undo_codes(session: AsyncSession, work: Undoing) -> Collection[int]:
    rows = {item.effect["code"]: item.row for item in work.rows}
    removed = await brought.remove_codes(session, rows)
    return [row for code, row in rows.items() if code in removed]


async def take_referrals(session: AsyncSession, work: Work[ReferralRow]) -> Verdicts:
    """Keep who brought whom. Nobody is rewarded for it, but for those still pending."""
    said = [item.said for item in work.rows]
    people = await known(
        session,
        {row.referrer_member_id for row in said if row.referrer_member_id},
        {row.referrer_external_id for row in said if row.referrer_external_id},
    )
    verdicts: dict[int, Effect | Fault] = {}
    wanted: dict[UUID, tuple[int, BroughtReferral]] = {}
    for item in work.rows:
        named = item.said.referrer_member_id, item.said.referrer_external_id
        referrer = people.find(*named, prefix="referrer_")
        if not isinstance(referrer, UUID):
            verdicts[item.row] = referrer or _brought_before()
        elif referrer == item.member_id:
            detail = "Nobody brings themselves: give another referrer."
            verdicts[item.row] = Fault("referrer_external_id", "self_referral", detail)
        elif item.member_id in wanted:
            verdicts[item.row] = _brought_before()
        else:
            wanted[item.member_id] = item.row, _referral(item, referrer, work)
    fresh = await brought.add_referrals(session, [made for _, made in wanted.values()])
    for friend_id, (row, made) in wanted.items():
        effect = {"member_id": str(friend_id), "state": made.state}
        verdicts[row] = effect if friend_id in fresh else _brought_before()
    return verdicts


def _referral(item: Ready[ReferralRow], referrer: UUID, work: Work[ReferralRow]) -> BroughtReferral:
    pending = ReferralState(item.said.state) is ReferralState.PENDING
    return BroughtReferral(
        item.member_id,
        referrer,
        item.said.state,
        min(item.said.accepted_at, work.now),
        work.now if pending else None,
        None if pending else work.now,
    )


def _brought_before() -> Fault:
    return Fault(None, "brought_before", "The member has been brought by somebody already.")


async def undo_referrals(session: AsyncSession, work: Undoing) -> Collection[int]:
    """Remove those that stand as they were imported."""
    rows = {UUID(item.effect["member_id"]): item for item in work.rows}
    states = {friend_id: item.effect["state"] for friend_id, item in rows.items()}
    removed = await brought.remove_referrals(session, states)
    return [item.row for friend_id, item in rows.items() if friend_id in removed]


async def take_streaks(session: AsyncSession, work: Work[CheckInRow]) -> Verdicts:
    """Let members go on with their streaks, and the cards they have."""
    await open_book(session, work.member_ids, work.now)
    latest = await brought.last_days(session, work.member_ids)
    verdicts: dict[int, Effect | Fault] = {}
    streaks = []
    for item in work.rows:
        said, who = item.said, item.member_id
        here = latest.get(who)
        if said.last_day > (work.now + FIRST_ZONE).date():
            detail = "The last day with a check-in is not ahead of today."
            verdicts[item.row] = Fault("last_day", "in_the_future", detail)
        elif here is not None and brought.first_day(said.last_day, said.streak) <= here:
            detail = f"The member has checked in here, last on {here}; a streak from before ends."
            verdicts[item.row] = Fault("last_day", "checked_in_here", detail)
        else:
            latest[who] = said.last_day
            best = max(said.best or 0, said.streak)
            cards = said.freeze_cards, said.makeup_cards
            streaks.append(BroughtStreak(who, said.last_day, said.streak, best, *cards))
            verdicts[item.row] = {
                "member_id": str(who),
                "last_day": said.last_day.isoformat(),
                "streak": said.streak,
                "cards": list(cards),
                "at": work.now.isoformat(),
            }
    await brought.add_streaks(session, streaks, work.now)
    return verdicts


async def undo_streaks(session: AsyncSession, work: Undoing) -> Collection[int]:
    """Forget the days before, and take back the cards that are left."""
    owners = await work.members(session)
    await open_book(session, set(owners.values()), work.now)
    for item in work.rows:
        if item.row in owners:
            await brought.remove_streak(session, owners[item.row], item.effect)
    return [item.row for item in work.rows]


HISTORY = Importer(take_history, undo_history)
COUPONS = Importer(take_coupons, undo_coupons)
CODES = Importer(take_codes, undo_codes)
REFERRALS = Importer(take_referrals, undo_referrals)
CHECKINS = Importer(take_streaks, undo_streaks)
