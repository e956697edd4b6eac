"""Keeping what loyalty knows of members."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.problems import NotFound
from services.loyalty.actions.bookkeeping import close_book, lock_wallets, open_book
from services.loyalty.actions.households import depart
from services.loyalty.actions.merging import earned_twice, join_checkins, take_back
from services.loyalty.actions.tiers import join_tiers
from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import PointType, WalletKey
from services.loyalty.rules.merges import merge
from services.loyalty.rules.orders import Order
from services.loyalty.store import (
    boards,
    books,
    chain,
    claims,
    coupons,
    holds,
    members,
    missions,
    occasions,
    offers,
    orders,
    past,
    payments,
    redemptions,
    referrals,
    tiers,
)
from services.loyalty.store.members import Description, SegmentChange
from services.loyalty.store.payments import Made

PORTION = 5_000
"""Entries looked through at once for points of merged members."""

_Owned = TypeVar("_Owned", Occasion, Order, Made)


class MemberNotFound(NotFound):
    code = "loyalty.member_not_found"
    title = "No such member"


async def known_member(session: AsyncSession, member_id: UUID) -> UUID:
    """Who goes on for a member. Raises MemberNotFound if loyalty has never heard of them."""
    heir = await members.heir(session, member_id)
    if heir is None:
        raise MemberNotFound(f"There is no member {member_id}.")
    return heir


async def describe_members(
    session: AsyncSession, descriptions: Sequence[Description], now: datetime
) -> None:
    """Enrol the members described, and keep the newest description of each.

    A member's row is written by who holds their wallets.
    """
    newest: dict[UUID, Description] = {}
    for description in sorted(descriptions, key=lambda given: given.described_at):
        newest[description.member_id] = description
    await lock_wallets(session, newest.keys(), now)
    await members.describe(session, list(newest.values()))


async def identify_members(session: AsyncSession, known: Mapping[str, UUID]) -> None:
    """Keep the company's own ids of members: imports name members by them."""
    await members.identify(session, sorted(known.items()))


async def sort_members(session: AsyncSession, changes: Sequence[SegmentChange]) -> None:
    """Keep the newest that profile says of each member and segment."""
    newest: dict[tuple[UUID, str], SegmentChange] = {}
    for change in sorted(changes, key=lambda given: given.changed_at):
        newest[change.member_id, change.segment] = change
    await members.change_segments(session, [newest[key] for key in sorted(newest)])


async def of_survivors(session: AsyncSession, items: Sequence[_Owned]) -> list[_Owned]:
    """`items` with the members who go on, where theirs has been merged into another."""
    if not items:
        return []
    heirs = await members.survivors(session, {item.member_id for item in items})
    return [
        replace(item, member_id=heirs[item.member_id]) if item.member_id in heirs else item
        for item in items
    ]


@dataclass(frozen=True, slots=True)
class Merge:
    """Two members are one since `merged_at`: `survivor` goes on for `absorbed`."""

    absorbed: UUID
    survivor: UUID
    merged_at: datetime


async def merge_members(session: AsyncSession, merges: Sequence[Merge], now: datetime) -> None:
    """Move to those who go on all that those have who were merged into them, one after the other.

    Doing so twice moves nothing the second time.
    """
    heirs = await members.survivors(session, {each.survivor for each in merges})
    concerned = {one for each in merges for one in (each.absorbed, each.survivor)}
    await lock_wallets(session, concerned | set(heirs.values()), now)
    for each in merges:
        await _merge(session, each, now)


async def _merge(session: AsyncSession, merge: Merge, now: datetime) -> None:
    """A guest that was merged away and got an account goes on for the one who went on for it."""
    absorbed, survivor = merge.absorbed, merge.survivor
    heir = (await members.survivors(session, [survivor])).get(survivor, survivor)
    if heir == absorbed:
        await members.part(session, survivor)
    else:
        survivor = heir
    await _move_all(session, absorbed, survivor, now)
    await members.merge(session, absorbed, survivor, merge.merged_at)


async def _move_all(session: AsyncSession, absorbed: UUID, survivor: UUID, now: datetime) -> None:
    book = await open_book(session, {absorbed, survivor}, now)
    tier = (await tiers.held(session, [absorbed]))[absorbed]
    await depart(session, book, absorbed)
    await books.bring_all(session, book, absorbed)
    await holds.bring_all(session, book, absorbed)
    pairs = [(WalletKey(absorbed, kind), WalletKey(survivor, kind)) for kind in PointType]
    needed = Counter({book.home(heir): book.wallets[key].debt for key, heir in pairs})
    twice = await earned_twice(session, book, absorbed, survivor)
    for lot, _ in twice:
        needed[lot.key] += lot.reversible
    await books.bring_spendable(session, book, needed)
    take_back(book, twice)
    for key, heir in pairs:
        merge(book, key, heir)
    await close_book(session, book)
    await orders.reassign(session, absorbed, survivor)
    await join_checkins(session, absorbed, survivor, now)
    await redemptions.reassign(session, absorbed, survivor)
    await payments.reassign(session, absorbed, survivor)
    await coupons.reassign(session, absorbed, survivor)
    await claims.reassign(session, absorbed, survivor)
    await missions.reassign(session, absorbed, survivor)
    await boards.reassign(session, absorbed, survivor)
    await offers.reassign(session, absorbed, survivor)
    await referrals.reassign(session, absorbed, survivor)
    await occasions.merge_counts(session, absorbed, survivor)
    await past.reassign(session, absorbed, survivor)
    await outbox.publish(session, *await join_tiers(session, book, absorbed, tier, survivor))


async def gather_strays(session: AsyncSession, now: datetime, limit: int) -> bool:
    """Move what merged members got while they were being merged, or later; if there may be more.

    What they get is in entries: those written since are read, and again until they are sealed, as
    others may still be committed among them.
    """
    mark = await chain.mark(session, chain.GATHERED)
    sealed = await chain.reached(session, chain.SEALED)
    last = await chain.last_of_portion(session, mark.seq, PORTION)
    strays = await members.strays(session, mark.seq, PORTION, limit)
    await lock_wallets(session, {member_id for pair in strays for member_id in pair}, now)
    for absorbed, survivor in strays:
        await _move_all(session, absorbed, survivor, now)
    if len(strays) == limit:
        return True
    mark.seq = max(mark.seq, min(last, sealed))
    await chain.set_mark(session, mark)
    return bool(strays) or last < sealed
