"""What the app and staff look at: where a member stands, what expires next, the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask, Rows
from services.loyalty.rules.checkins import CheckIn
from services.loyalty.rules.ledger import LARGEST, PointType, Wallet, WalletKey
from services.loyalty.rules.tiers import Held
from services.loyalty.store.locking import wallet_of
from services.loyalty.store.members import UNKNOWN_ZONE
from services.loyalty.store.remarks import REASON
from services.loyalty.store.tiers import held_of
from services.loyalty.tables import Entry

_STANDING = text("""
    SELECT wallets.*, members.time_zone, tier, tier_since, tier_until, tier_review_at,
        tier_warned, last.day, last.streak
    FROM wallets AS own JOIN members USING (member_id)
    JOIN wallets ON wallets.member_id = coalesce(own.household_id, own.member_id)
        AND wallets.point_type = own.point_type
    LEFT JOIN LATERAL (
        SELECT day, streak FROM checkins WHERE checkins.member_id = own.member_id
        ORDER BY day DESC LIMIT 1
    ) AS last ON true
    WHERE own.member_id = :member_id
""")

_EXPIRING = text("""
    SELECT sum(remaining)::bigint AS points, due_at AS expires_at FROM lots
    WHERE member_id = :member_id AND point_type = 'points' AND state = 'active'
        AND is_open AND due_at IS NOT NULL
    GROUP BY due_at ORDER BY due_at LIMIT :limit
""")


_HISTORY = text(f"""
    SELECT id, version, kind, points, available, pending, held, debt, rule, source_type, source_id,
        {REASON}, by_member_id, occurred_at
    FROM entries
    WHERE member_id = :member_id AND point_type = :point_type AND version < :before
    ORDER BY version DESC LIMIT :limit
""")  # noqa: S608  (a piece of our own)


_OWN_HISTORY = text(f"""
    SELECT line.*, home.due_at
    FROM wallets AS own JOIN wallets AS home
        ON home.member_id = coalesce(own.household_id, own.member_id)
        AND home.point_type = own.point_type
    CROSS JOIN LATERAL (
        SELECT id, version, kind, points, available, pending, held, debt, rule, source_type,
            source_id, {REASON}, by_member_id, occurred_at
        FROM entries WHERE entries.member_id = home.member_id
            AND entries.point_type = home.point_type AND version < :before
        ORDER BY version DESC LIMIT :limit
    ) AS line
    WHERE own.member_id = :member_id AND own.point_type = :point_type
    ORDER BY version DESC
""")  # noqa: S608  (a piece of our own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a member stands; of one nobody has spoken of, at the very beginning.

    `points` may be in the wallet of the member's household; growth points are always their own.
    """

    points: Wallet
    growth: Wallet
    time_zone: str = UNKNOWN_ZONE
    tier: Held | None = None
    last_checkin: CheckIn | None = None

    def is_due(self, now: datetime) -> bool:
        return self.points.is_due(now) or self.growth.is_due(now)


class Line(NamedTuple):
    """An entry as a history shows it."""

    entry_id: UUID
    version: int
    kind: str
    points: int
    available: int
    pending: int
    held: int
    debt: int
    rule: str
    source_type: str
    source_id: str
    reason: str | None
    by_member_id: UUID | None
    occurred_at: datetime


class Expiring(NamedTuple):
    points: int
    expires_at: datetime


def standing(member_id: UUID) -> Ask[Standing]:
    return Ask(_STANDING, {"member_id": member_id}, partial(_standing, member_id))


def _standing(member_id: UUID, found: Rows) -> Standing:
    rows = found.all()
    if not rows:
        points, growth = (
            Wallet(key=WalletKey(member_id, kind)) for kind in (PointType.POINTS, PointType.GROWTH)
        )
        return Standing(points=points, growth=growth)
    held = {row.point_type: wallet_of(row) for row in rows}
    row = rows[0]
    return Standing(
        points=held[PointType.POINTS],
        growth=held[PointType.GROWTH],
        time_zone=row.time_zone,
        tier=held_of(row),
        last_checkin=CheckIn(row.day, row.streak) if row.day else None,
    )


def next_expiring(owner_id: UUID, limit: int) -> Ask[list[Expiring]]:
    """The next moments at which a wallet's available points expire, and how many do."""
    return Ask(_EXPIRING, {"member_id": owner_id, "limit": limit}, _expiring)


def _expiring(rows: Rows) -> list[Expiring]:
    return [Expiring(row.points, row.expires_at) for row in rows]


def history(key: WalletKey, limit: int, before_version: int | None = None) -> Ask[Sequence[Line]]:
    """The entries of a wallet, newest first, beginning before a version of it."""
    given = {**key._asdict(), "before": before_version or LARGEST, "limit": limit}
    return Ask(_HISTORY, given, _lines)


def _lines(rows: Rows) -> Sequence[Line]:
    return [Line(*row) for row in rows]


async def own_history(
    session: AsyncSession, key: WalletKey, limit: int, before_version: int | None
) -> tuple[Sequence[Line], datetime | None]:
    """The same for a member, whoever keeps their points; and when something is due there.

    Nothing is due in a wallet in which nothing ever was.
    """
    given = {**key._asdict(), "before": before_version or LARGEST, "limit": limit}
    rows = (await session.execute(_OWN_HISTORY, given)).all()
    return [Line(*row[:-1]) for row in rows], rows[0].due_at if rows else None


async def entry(session: AsyncSession, entry_id: UUID) -> Entry | None:
    return await session.get(Entry, entry_id)
