"""What is deleted of a member who is erased, and what stays under the id alone.

Entries, postings and lots, orders and what coupons and points took off them, redemptions,
transfers, stays in households, entries to draws and referrals stay: they are the books of the
programme.

The SQL is put together from pieces of this file alone.
"""

# ruff: noqa: S608

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

DELETED: Final = (
    "board_places",
    "checkins",
    "checkin_cards",
    "checkin_keys",
    "code_claims",
    "coupon_member_uses",
    "devices",
    "earned_counts",
    "external_ids",
    "member_badges",
    "member_segments",
    "mission_marks",
    "mission_progress",
    "occasions",
    "offer_claims",
    "past_entries",
    "referral_codes",
    "remarks",
    "reminders",
    "wrong_codes",
)
"""Tables with a `member_id` of whose rows nothing stays."""

_WIPE = (
    text("""
        UPDATE members SET erased_at = :now, time_zone = 'UTC', language = 'en', tags = '{}',
            described_at = NULL, channel = NULL, stage = NULL, anonymous = true,
            tier = (SELECT body #>> '{tiers,levels,0,key}' FROM programme_versions
                    WHERE state = 'live'),
            tier_since = :now, tier_until = NULL, tier_review_at = NULL, tier_warned = false
        WHERE member_id = ANY(CAST(:ids AS uuid[]))
    """),
    text("""
        WITH chosen AS (
            SELECT coupon_id FROM coupons
            WHERE member_id = ANY(CAST(:ids AS uuid[])) AND revoked_at IS NULL
            ORDER BY coupon_id FOR NO KEY UPDATE
        )
        UPDATE coupons SET revoked_at = :now FROM chosen
        WHERE coupons.coupon_id = chosen.coupon_id
    """),
    text("""
        UPDATE referrals SET network = NULL, look_at = NULL,
            state = CASE state WHEN 'pending' THEN 'lapsed' ELSE state END,
            settled_at = coalesce(settled_at, :now)
        WHERE friend_id = ANY(CAST(:ids AS uuid[])) OR referrer_id = ANY(CAST(:ids AS uuid[]))
    """),
    text("""
        UPDATE adjustments SET reason = '',
            decided_by = coalesce(decided_by, 'erasure'), decided_at = coalesce(decided_at, :now),
            state = CASE state WHEN 'waiting' THEN 'rejected' ELSE state END
        WHERE member_id = ANY(CAST(:ids AS uuid[]))
    """),
    text("""
        UPDATE transfers SET message = NULL
        WHERE from_member_id = ANY(CAST(:ids AS uuid[]))
            OR to_member_id = ANY(CAST(:ids AS uuid[]))
    """),
    text("""
        UPDATE redemptions SET tracking = NULL
        WHERE member_id = ANY(CAST(:ids AS uuid[]))
    """),
    text("""
        UPDATE households SET name = ''
        WHERE closed_at <= :now AND household_id IN (
            SELECT household_id FROM household_members
            WHERE member_id = ANY(CAST(:ids AS uuid[])))
    """),
)


async def known_among(session: AsyncSession, member_ids: Collection[UUID]) -> list[UUID]:
    """Those of the members loyalty has heard of."""
    statement = text("""
        SELECT member_id FROM members WHERE member_id = ANY(CAST(:ids AS uuid[])) ORDER BY member_id
    """)
    return list((await session.execute(statement, {"ids": list(member_ids)})).scalars())


async def wipe(session: AsyncSession, member_ids: Collection[UUID], now: datetime) -> None:
    """Delete all that tells of the members, and from what stays all but their ids."""
    ids = list(member_ids)
    for table in DELETED:
        statement = text(f"DELETE FROM {table} WHERE member_id = ANY(CAST(:ids AS uuid[]))")
        await session.execute(statement, {"ids": ids})
    for statement in _WIPE:
        known = {"now": now} if ":now" in statement.text else {}
        await session.execute(statement, {"ids": ids, **known})
