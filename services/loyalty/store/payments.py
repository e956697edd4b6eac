"""Orders paid with points: the terms, what a payment is decided by, and the payments.

The SQL is put together from pieces of this package alone.
"""

# ruff: noqa: S608

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting
from services.loyalty import tables
from services.loyalty.rules.ledger import Source
from services.loyalty.rules.paying import PayingTerms, PaymentState, Purse
from services.loyalty.rules.velocity import DeviceStanding
from services.loyalty.store.velocity import DEVICE, PACE, limits_of, pace_of

_SET_TERMS = inserting(
    tables.PaymentTerms,
    "currency points minor least_points step most_percent most_minor with_coupons lasts_s",
)
_ADD = inserting(
    tables.Payment,
    "payment_id order_id key member_id amount_minor currency points discount_minor worth_points"
    " worth_minor with_coupons made_at",
    rest="ON CONFLICT DO NOTHING RETURNING payment_id",
)

_set = attrgetter(*_SET_TERMS.columns)
_added = attrgetter(*_ADD.columns)

_DECIDING = text(f"""
    SELECT velocity_limits.*, pace.*, device.*, to_jsonb(payment_terms) AS terms,
        EXISTS (
            SELECT FROM order_discounts WHERE order_id = :order_id AND rolled_back_at IS NULL
        ) AS has_coupons
    FROM velocity_limits LEFT JOIN payment_terms ON currency = :currency
    CROSS JOIN LATERAL ({PACE.format(member="CAST(:member_id AS uuid)")}) AS pace
    CROSS JOIN LATERAL (
        {DEVICE.format(member="CAST(:member_id AS uuid)", session="CAST(:session AS text)")}
    ) AS device
""")

_MADE = """
    SELECT payments.*, holds.state, holds.expires_at, holds.captured,
        holds.member_id AS holder_id, coalesce(back.refunded, 0) AS returned
    FROM payments JOIN holds ON hold_id = payment_id
    LEFT JOIN LATERAL (
        SELECT sum(refunds.refunded)::bigint AS refunded
        FROM entries JOIN refunds ON entry_id = entries.id
        WHERE source_type = 'hold' AND source_id = payments.payment_id::text
    ) AS back ON true
"""

_LOCK_ORDER = text("SELECT pg_advisory_xact_lock(hashtextextended('paying:' || :order_id, 0))")


@dataclass(frozen=True, slots=True)
class Deciding:
    """What a payment is decided by, beside what its member has."""

    terms: PayingTerms | None
    has_coupons: bool
    purse: Purse
    """As of nothing available."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A payment as it stands: `paid` of its points have been spent, `returned` have come back.

    `holder_id` is in whose wallet the points are, or were when it ended.
    """

    payment_id: UUID
    order_id: str
    key: UUID
    member_id: UUID
    holder_id: UUID
    amount_minor: int
    currency: str
    points: int
    discount_minor: int
    with_coupons: bool
    state: PaymentState
    paid: int
    returned: int
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @property
    def source(self) -> Source:
        """What the entries of its hold are owed to."""
        return Source("hold", str(self.payment_id))

    @property
    def to_pay_minor(self) -> int:
        return self.amount_minor - self.discount_minor

    def stands(self, now: datetime) -> bool:
        """Whether its points pay, or have paid, for the order."""
        if self.state is PaymentState.HELD:
            return self.expires_at > now
        return self.state in (PaymentState.PAID, PaymentState.RETURNED)


async def terms(session: AsyncSession) -> list[PayingTerms]:
    """The terms of each currency that orders can be paid in with points."""
    rows = await session.execute(text("SELECT * FROM payment_terms ORDER BY currency"))
    return [_terms(row._asdict()) for row in rows]


async def set_terms(session: AsyncSession, given: Sequence[PayingTerms]) -> None:
    """Let just these be the terms. Who sets them at once does so one after the other."""
    await session.execute(text("LOCK TABLE payment_terms IN SHARE ROW EXCLUSIVE MODE"))
    await session.execute(text("DELETE FROM payment_terms"))
    await _SET_TERMS.execute(session, list(map(_set, given)))


async def deciding(
    session: AsyncSession,
    *,
    member_id: UUID,
    session_id: str | None,
    order_id: str | None,
    currency: str,
    now: datetime,
) -> Deciding:
    """What a member's payment is decided by."""
    given = {
        "member_id": member_id,
        "session": session_id or "",
        "order_id": order_id or "",
        "currency": currency,
        "hour_ago": now - timedelta(hours=1),
        "day_ago": now - timedelta(days=1),
    }
    row = (await session.execute(_DECIDING, given)).one()
    device = DeviceStanding(known_since=row.known_since, trusted=row.trusted)
    purse = Purse(available=0, pace=pace_of(row), device=device, limits=limits_of(row))
    return Deciding(_terms(row.terms) if row.terms else None, row.has_coupons, purse)


async def lock_order(session: AsyncSession, order_id: str) -> None:
    """Let nobody else put points or coupons on the order meanwhile."""
    await session.execute(_LOCK_ORDER, {"order_id": order_id})


async def add(session: AsyncSession, payment: tables.Payment) -> bool:
    """Write a payment down, after its hold; False if the order has one already."""
    rows = await _ADD.execute(session, [_added(payment)])
    return bool(rows)


async def end(session: AsyncSession, payment_id: UUID, now: datetime) -> None:
    """Let the order of a payment be paid anew."""
    statement = text("""
        UPDATE payments SET ended_at = :now WHERE payment_id = :payment_id AND ended_at IS NULL
    """)
    await session.execute(statement, {"payment_id": payment_id, "now": now})


async def of_key(session: AsyncSession, key: UUID) -> Made | None:
    """What was asked for with this key."""
    return await _one(session, "payments.key = :key", key=key)


async def with_id(session: AsyncSession, payment_id: UUID) -> Made | None:
    return await _one(session, "payment_id = :payment_id", payment_id=payment_id)


async def of_order(session: AsyncSession, order_id: str) -> Made | None:
    """What pays for an order, or else did last."""
    return await _one(session, "order_id = :order_id", order_id=order_id)


async def of_orders(session: AsyncSession, order_ids: Collection[str]) -> list[Made]:
    """What pays for some orders now, in the order of their ids."""
    statement = text(f"""
        {_MADE} WHERE order_id = ANY(:order_ids) AND ended_at IS NULL ORDER BY order_id
    """)
    rows = await session.execute(statement, {"order_ids": list(order_ids)})
    return [_made(row) for row in rows]


async def of_member(
    session: AsyncSession, member_id: UUID, limit: int, before: UUID | None
) -> list[Made]:
    """A member's payments, newest first, beginning before one of them."""
    statement = text(f"""
        {_MADE} WHERE payments.member_id = :member_id
            AND (CAST(:before AS uuid) IS NULL OR payment_id < :before)
        ORDER BY payment_id DESC LIMIT :limit
    """)
    given = {"member_id": member_id, "before": before, "limit": limit}
    return [_made(row) for row in await session.execute(statement, given)]


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Let a merged member's payments be those of the one who goes on."""
    statement = text("UPDATE payments SET member_id = :survivor WHERE member_id = :absorbed")
    await session.execute(statement, {"absorbed": absorbed, "survivor": survivor})


async def _one(session: AsyncSession, condition: str, **given: Any) -> Made | None:
    statement = text(f"""
        {_MADE} WHERE {condition} ORDER BY ended_at IS NULL DESC, payment_id DESC LIMIT 1
    """)
    row = (await session.execute(statement, given)).first()
    return _made(row) if row else None


def _terms(row: dict[str, Any]) -> PayingTerms:
    return PayingTerms(**row)


def _made(row: Row[Any]) -> Made:
    known = row._asdict()
    for name in ("captured", "worth_points", "worth_minor"):
        del known[name]
    return Made(**{**known, "state": _state(row), "paid": row.captured})


def _state(row: Row[Any]) -> PaymentState:
    """What the hold says, and what has come back of it."""
    if row.captured:
        return PaymentState.RETURNED if row.returned >= row.captured else PaymentState.PAID
    states = {
        "open": PaymentState.HELD,
        "voided": PaymentState.CANCELLED,
        "timed_out": PaymentState.TIMED_OUT,
    }
    return states[row.state]
