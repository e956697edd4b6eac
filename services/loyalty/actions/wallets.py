"""Reading a member's wallet, settled to the present moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask, gathered
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.tiers import measure_at
from services.loyalty.actions.versions import running
from services.loyalty.rules.checkins import CheckInState, checkin_state
from services.loyalty.rules.ledger import PointType, Wallet, WalletKey
from services.loyalty.rules.programme.document import Tiers
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
    recent: Sequence[Line]

    @property
    def household_id(self) -> UUID | None:
        """Whose wallet the points are in, if they are shared."""
        owner = self.points.key.member_id
        return owner if owner != self.growth.key.member_id else None


async def read_wallet(session: AsyncSession, member_id: UUID, now: datetime) -> WalletView:
    """The wallet as it is now. A member nobody has spoken of has an empty one."""
    stands = await settled_standing(session, member_id, now)
    tiers = (await running(session)).live.tiers
    asks = asks_of(member_id, stands.points.key.member_id, tiers, now)
    found = await gathered(session, asks.sent)
    cards = await checkins.cards(session, member_id)
    return WalletView(
        points=stands.points,
        growth=stands.growth,
        progress=progress_of(stands, found.of(asks.measure) if asks.measure else None, tiers, now),
        tier=stands.tier,
        expiring=found.of(asks.expiring),
        checkin=checkin_state(stands.last_checkin, now, stands.time_zone, cards.freezes),
        time_zone=stands.time_zone,
        recent=found.of(asks.recent),
    )


class WalletAsks(NamedTuple):
    """What is asked of a wallet beside where its member stands."""

    expiring: Ask[list[Expiring]]
    recent: Ask[Sequence[Line]]
    measure: Ask[int] | None
    """None where tiers count the growth points there are."""

    @property
    def sent(self) -> Sequence[Ask[Any]]:
        return [ask for ask in self if ask is not None]


def asks_of(member_id: UUID, owner_id: UUID, tiers: Tiers, now: datetime) -> WalletAsks:
    """What to ask of a member whose points are in the wallet of `owner_id`."""
    counts_balance = tiers.basis == "growth_points" and tiers.window_months is None
    return WalletAsks(
        expiring=wallets.next_expiring(owner_id, EXPIRING),
        recent=wallets.history(WalletKey(owner_id, PointType.POINTS), RECENT),
        measure=None if counts_balance else measure_at(member_id, tiers, now),
    )


def progress_of(stands: Standing, measured: int | None, tiers: Tiers, now: datetime) -> Progress:
    """The member's way between two tiers, by what was measured, else by their growth points."""
    held = stands.tier or beginning_at(0, now, tiers)
    value = stands.growth.available if measured is None else measured
    return progress(held, value, tiers)


async def settled_standing(session: AsyncSession, member_id: UUID, now: datetime) -> Standing:
    """Where a member stands once what is due has happened: nobody sees points that expired."""
    stands = await wallets.standing(member_id).of(session)
    if not stands.is_due(now):
        return stands
    await settle_member(session, member_id, now)
    return await wallets.standing(member_id).of(session)


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
    """The entries of a member's wallet, newest first, beginning before a version of it."""
    lines, due_at = await wallets.own_history(session, key, limit, before_version)
    if due_at is None or due_at > now:
        return lines
    await settle_member(session, key.member_id, now)
    return (await wallets.own_history(session, key, limit, before_version))[0]
