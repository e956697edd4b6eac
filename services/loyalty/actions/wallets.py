"""Reading a member's wallet, settled to the present moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Reads, gathered
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.leveling import measured_at
from services.loyalty.actions.running import running
from services.loyalty.rules.checkins import CheckIn, CheckInState, checkin_state
from services.loyalty.rules.ledger import PointType, Wallet, WalletKey
from services.loyalty.rules.tiers import Held, Progress, beginning_at, progress
from services.loyalty.store import checkins, wallets
from services.loyalty.store.wallets import Expiring, Line, Standing

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
    recent: Sequence[Line]

    @property
    def household_id(self) -> UUID | None:
        """Whose wallet the points are in, if they are shared."""
        owner = self.points.key.member_id
        return owner if owner != self.growth.key.member_id else None


async def read_wallet(session: AsyncSession, member_id: UUID, now: datetime) -> WalletView:
    """The wallet as it is now. A member nobody has spoken of has an empty one."""
    stands = await settled_standing(session, member_id, now)
    async with gathered(session) as reads:
        view = reads.begin(view_of(reads, stands, now))
        cards = reads.begin(checkins.cards(reads.session, member_id))
    freezes = cards.result().freezes
    state = checkin_state(stands.last_checkin, now, stands.time_zone, freezes)
    return replace(view.result(), checkin=state)


async def view_of(reads: Reads, stands: Standing, now: datetime) -> WalletView:
    """The wallet of a member who stands so, as part of other reads."""
    session = reads.session
    way = reads.begin(_progress(session, stands, now))
    expiring = reads.begin(wallets.next_expiring(session, stands.points, EXPIRING))
    recent = reads.begin(wallets.history(session, stands.points.key, RECENT))
    return WalletView(
        points=stands.points,
        growth=stands.growth,
        progress=await way,
        tier=stands.tier,
        expiring=await expiring,
        checkin=checkin_state(stands.last_checkin, now, stands.time_zone),
        time_zone=stands.time_zone,
        last_checkin=stands.last_checkin,
        recent=await recent,
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
    await settle_member(session, member_id, now)
    return await wallets.standing(session, member_id)


async def settle_member(session: AsyncSession, member_id: UUID, now: datetime) -> None:
    """Let what is due in a member's wallets happen."""
    await close_book(session, await open_book(session, {member_id}, now))


async def settled_history(
    session: AsyncSession,
    key: WalletKey,
    now: datetime,
    *,
    limit: int,
    before_version: int | None,
) -> Sequence[Line]:
    """The entries of a wallet, newest first, beginning before a version of it."""
    stands = await settled_standing(session, key.member_id, now)
    key = stands.points.key if key.point_type is PointType.POINTS else key
    return await wallets.history(session, key, limit, before_version)
