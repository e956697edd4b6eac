"""Reading a member's wallet, settled to the present moment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.leveling import measured_at
from services.loyalty.actions.running import running
from services.loyalty.rules.checkins import CheckIn, CheckInState, checkin_state
from services.loyalty.rules.ledger import PointType, Wallet, WalletKey
from services.loyalty.rules.tiers import Held, Progress, beginning_at, progress
from services.loyalty.store import wallets
from services.loyalty.store.wallets import Expiring, Standing
from services.loyalty.tables import Entry

EXPIRING = 3
RECENT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletView:
    """All that a wallet screen shows."""

    points: Wallet
    growth: Wallet
    progress: Progress
    tier: Held | None
    expiring: list[Expiring]
    checkin: CheckInState
    time_zone: str
    last_checkin: CheckIn | None
    recent: list[Entry]

    @property
    def household_id(self) -> UUID | None:
        """Whose wallet the points are in, if they are shared."""
        owner = self.points.key.member_id
        return owner if owner != self.growth.key.member_id else None


async def read_wallet(session: AsyncSession, member_id: UUID, now: datetime) -> WalletView:
    """The wallet as it is now. A member nobody has spoken of has an empty one."""
    stands = await settled_standing(session, member_id, now)
    return WalletView(
        points=stands.points,
        growth=stands.growth,
        progress=await _progress(session, stands, now),
        tier=stands.tier,
        expiring=await wallets.next_expiring(session, stands.points, EXPIRING),
        checkin=checkin_state(stands.last_checkin, now, stands.time_zone),
        time_zone=stands.time_zone,
        last_checkin=stands.last_checkin,
        recent=list(await wallets.history(session, stands.points.key, RECENT)),
    )


async def _progress(session: AsyncSession, stands: Standing, now: datetime) -> Progress:
    """The member's way between two tiers, by what the live version counts."""
    tiers = (await running(session)).live.tiers
    held = stands.tier or beginning_at(0, now, tiers)
    if tiers.basis == "growth_points" and tiers.window_months is None:
        return progress(held, stands.growth.available, tiers)
    member_id = stands.growth.key.member_id
    values = await measured_at(session, {member_id}, tiers, now)
    return progress(held, values[member_id], tiers)


async def settled_standing(session: AsyncSession, member_id: UUID, now: datetime) -> Standing:
    """Where a member stands once what is due has happened: nobody sees points that expired."""
    stands = await wallets.standing(session, member_id)
    if not stands.is_due(now):
        return stands
    await close_book(session, await open_book(session, {member_id}, now))
    return await wallets.standing(session, member_id)


async def settled_history(
    session: AsyncSession,
    key: WalletKey,
    now: datetime,
    *,
    limit: int,
    before_version: int | None,
) -> list[Entry]:
    """The entries of a wallet, newest first, beginning before a version of it."""
    stands = await settled_standing(session, key.member_id, now)
    key = stands.points.key if key.point_type is PointType.POINTS else key
    return list(await wallets.history(session, key, limit, before_version))
