"""Referrals, codes, terms, and the traces that tie members together."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask, Rows
from services.loyalty.rules.orders import Order
from services.loyalty.rules.prizes import Prize
from services.loyalty.rules.referrals import ReferralState, Terms, Traces
from services.loyalty.tables import Referral

_TRACES = text("""
    SELECT
        ARRAY(SELECT device FROM devices WHERE member_id = :friend_id) AS friend_devices,
        ARRAY(SELECT device FROM devices WHERE member_id = :referrer_id) AS referrer_devices,
        ARRAY(SELECT others.device FROM devices AS own
            JOIN devices AS others ON others.device = own.device
            JOIN referrals ON referrals.friend_id = others.member_id
            WHERE own.member_id = :friend_id AND others.member_id <> :friend_id
                AND referrals.state <> 'rejected') AS brought_devices,
        (SELECT count(*) FROM referrals WHERE network = :network AND accepted_at > :day_ago
            AND friend_id <> :friend_id) AS from_network_today,
        EXISTS (SELECT FROM referrals WHERE friend_id = :referrer_id AND referrer_id = :friend_id)
            AS is_circle,
        (SELECT count(*) FROM referrals WHERE referrer_id = :referrer_id AND state = 'rewarded'
            AND settled_at > :month_ago) AS rewarded_lately
""")

_DUE = text("""
    SELECT friend_id, referrer_id FROM referrals WHERE look_at <= :now
    ORDER BY look_at LIMIT :limit
""")

_LOCK_DUE = text("""
    SELECT * FROM referrals WHERE friend_id = ANY(:friend_ids) AND look_at <= :now
    ORDER BY friend_id FOR UPDATE
""")

_FIRST_ORDER = text("""
    SELECT * FROM orders WHERE member_id = :member_id AND placed_at IS NOT NULL AND NOT undone
        AND amount_minor - refunded_minor >= :minimum_minor
    ORDER BY placed_at, order_id LIMIT 1
""")

_REFERRER = text("""
    SELECT (SELECT code FROM referral_codes WHERE member_id = :member_id) AS code,
        count(*) FILTER (WHERE state = 'pending') AS pending,
        count(*) FILTER (WHERE state = 'rewarded') AS rewarded, count(*) AS invited
    FROM (SELECT state FROM referrals WHERE referrer_id = :member_id LIMIT 10000) AS own
""")


_TERMS = text("SELECT * FROM referral_terms")

_CODE = text("SELECT code FROM referral_codes WHERE member_id = :member_id")


class Stats(NamedTuple):
    invited: int
    pending: int
    rewarded: int


class Referrer(NamedTuple):
    """A member as one who brings others; `code` is None until they ask for it."""

    code: str | None
    stats: Stats


def terms() -> Ask[Terms]:
    return Ask(_TERMS, {}, _terms, is_common=True)


def _terms(found: Rows) -> Terms:
    row = found.one()
    return Terms(
        referrer_prize=Prize.of(row.referrer_prize),
        friend_prize=Prize.of(row.friend_prize),
        minimum_order_minor=row.minimum_order_minor,
        return_days=row.return_days,
        new_days=row.new_days,
        lapse_days=row.lapse_days,
        most_rewarded=row.most_rewarded,
        most_per_network=row.most_per_network,
    )


async def set_terms(session: AsyncSession, values: dict[str, Any]) -> None:
    """Replace the terms; `values` are columns, prizes as they are kept."""
    statement = text("""
        UPDATE referral_terms SET referrer_prize = CAST(:referrer_prize AS jsonb),
            friend_prize = CAST(:friend_prize AS jsonb),
            minimum_order_minor = :minimum_order_minor, return_days = :return_days,
            new_days = :new_days, lapse_days = :lapse_days, most_rewarded = :most_rewarded,
            most_per_network = :most_per_network
    """)
    await session.execute(statement, values)


async def code_of(session: AsyncSession, member_id: UUID) -> str | None:
    found = await session.execute(_CODE, {"member_id": member_id})
    return found.scalar_one_or_none()


async def add_code(session: AsyncSession, member_id: UUID, code: str, now: datetime) -> bool:
    """Give a member a code; False if they have one, or somebody has this."""
    statement = text("""
        INSERT INTO referral_codes (member_id, code, created_at) VALUES (:member_id, :code, :now)
        ON CONFLICT DO NOTHING RETURNING 1
    """)
    given = {"member_id": member_id, "code": code, "now": now}
    return (await session.execute(statement, given)).first() is not None


async def owner_of(session: AsyncSession, code: str) -> UUID | None:
    """Who brings friends with this code: of a merged member, who goes on for them."""
    statement = text("""
        SELECT coalesce(merged_into, member_id) AS owner
        FROM referral_codes LEFT JOIN members USING (member_id) WHERE code = :code
    """)
    found: UUID | None = (await session.execute(statement, {"code": code})).scalar_one_or_none()
    return found


async def referral(session: AsyncSession, friend_id: UUID) -> Referral | None:
    statement = text("SELECT * FROM referrals WHERE friend_id = :friend_id")
    row = (await session.execute(statement, {"friend_id": friend_id})).first()
    return Referral(**row._asdict()) if row else None


async def add(session: AsyncSession, made: Referral) -> bool:
    """Write a referral; False if the friend has been brought before."""
    if await referral(session, made.friend_id) is not None:
        return False
    await session.execute(insert(Referral).values(made.model_dump()))
    return True


async def traces(session: AsyncSession, referral: Referral, now: datetime) -> Traces:
    """What ties the friend to the one who brought them, and to other friends."""
    given = {
        "friend_id": referral.friend_id,
        "referrer_id": referral.referrer_id,
        "network": referral.network,
        "day_ago": now - timedelta(days=1),
        "month_ago": now - timedelta(days=30),
    }
    row = (await session.execute(_TRACES, given)).one()
    return Traces(
        friend_devices=frozenset(row.friend_devices),
        referrer_devices=frozenset(row.referrer_devices),
        brought_devices=frozenset(row.brought_devices),
        from_network_today=row.from_network_today,
        is_circle=row.is_circle,
        rewarded_lately=row.rewarded_lately,
    )


async def due(session: AsyncSession, now: datetime, limit: int) -> dict[UUID, UUID]:
    """Who has been brought, and by whom, where it is time to look."""
    rows = await session.execute(_DUE, {"now": now, "limit": limit})
    return {row.friend_id: row.referrer_id for row in rows}


async def lock_due(
    session: AsyncSession, friend_ids: Collection[UUID], now: datetime
) -> list[Referral]:
    """Those of the referrals it is still time to look at. The wallets of both sides are locked."""
    rows = await session.execute(_LOCK_DUE, {"friend_ids": list(friend_ids), "now": now})
    return [Referral(**row._asdict()) for row in rows]


async def first_order(session: AsyncSession, member_id: UUID, minimum_minor: int) -> Order | None:
    """The first order of a member that is worth enough and stands."""
    given = {"member_id": member_id, "minimum_minor": minimum_minor}
    row = (await session.execute(_FIRST_ORDER, given)).first()
    return _order(row) if row else None


async def look_again(session: AsyncSession, friend_ids: Sequence[UUID], at: datetime) -> None:
    statement = text("UPDATE referrals SET look_at = :at WHERE friend_id = ANY(:friend_ids)")
    await session.execute(statement, {"friend_ids": list(friend_ids), "at": at})


async def settle(
    session: AsyncSession,
    friend_id: UUID,
    state: ReferralState,
    *,
    reason: str | None = None,
    order_id: str | None = None,
    now: datetime,
) -> None:
    """Bring a referral to its end."""
    statement = text("""
        UPDATE referrals SET state = :state, reason = :reason, order_id = :order_id,
            look_at = NULL, settled_at = :now
        WHERE friend_id = :friend_id
    """)
    given = {
        "friend_id": friend_id,
        "state": state,
        "reason": reason,
        "order_id": order_id,
        "now": now,
    }
    await session.execute(statement, given)


def referrer(member_id: UUID) -> Ask[Referrer]:
    return Ask(_REFERRER, {"member_id": member_id}, _referrer)


def _referrer(found: Rows) -> Referrer:
    row = found.one()
    stats = Stats(invited=row.invited, pending=row.pending, rewarded=row.rewarded)
    return Referrer(row.code, stats)


async def newness(session: AsyncSession, member_id: UUID) -> tuple[datetime | None, bool]:
    """Since when somebody is a member, and whether they have ordered."""
    statement = text("""
        SELECT (SELECT enrolled_at FROM members WHERE member_id = :member_id) AS enrolled_at,
            EXISTS (SELECT FROM orders WHERE member_id = :member_id) AS has_ordered
    """)
    row = (await session.execute(statement, {"member_id": member_id})).one()
    return row.enrolled_at, row.has_ordered


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Let a merged member's referrals be those of the one who goes on, but none of themselves."""
    given = {"absorbed": absorbed, "survivor": survivor}
    for statement in (
        """DELETE FROM referrals WHERE (friend_id, referrer_id) IN
            ((:absorbed, :survivor), (:survivor, :absorbed))""",
        "UPDATE referrals SET referrer_id = :survivor WHERE referrer_id = :absorbed",
        """UPDATE referrals SET friend_id = :survivor WHERE friend_id = :absorbed
            AND NOT EXISTS (SELECT FROM referrals WHERE friend_id = :survivor)""",
        """UPDATE devices SET member_id = :survivor WHERE member_id = :absorbed AND device NOT IN
            (SELECT device FROM devices WHERE member_id = :survivor)""",
        """UPDATE referral_codes SET member_id = :survivor WHERE member_id = :absorbed
            AND NOT EXISTS (SELECT FROM referral_codes WHERE member_id = :survivor)""",
    ):
        await session.execute(text(statement), given)


def _order(row: Row[Any]) -> Order:
    return Order(
        order_id=row.order_id,
        member_id=row.member_id,
        amount_minor=row.amount_minor,
        currency=row.currency,
        placed_at=row.placed_at,
        delivered_at=row.delivered_at,
        undone=row.undone,
        refunded_minor=row.refunded_minor,
    )
