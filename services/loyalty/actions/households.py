"""Households: members who share one wallet of points. Growth points, and tiers, stay their own."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.ids import uuid7
from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import close_book, open_book, settle
from services.loyalty.actions.velocity import check_device, may_release
from services.loyalty.actions.wallets import settled_standing
from services.loyalty.events import HouseholdJoined, HouseholdLeft
from services.loyalty.rules import sharing as rules
from services.loyalty.rules.book import Book
from services.loyalty.rules.codes import normal
from services.loyalty.rules.ledger import PointType, WalletKey
from services.loyalty.store import books, holds, locking, sharing
from services.loyalty.store.sharing import Stay
from services.loyalty.tables import Household

LARGEST = 8
"""The most members of a household."""
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What codes are made of: nothing that can be taken for something else."""


class NoHousehold(NotFound):
    code = "loyalty.no_household"
    title = "Not in a household"


class HouseholdNotFound(NotFound):
    code = "loyalty.household_not_found"
    title = "No such household"


class AlreadyInHousehold(Conflict):
    code = "loyalty.already_in_household"
    title = "Already in a household"


class HouseholdFull(Conflict):
    code = "loyalty.household_full"
    title = "The household is full"


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household, what it has to spend, and who is or was in it.

    `code` is None for who may not let others at its points.
    """

    household: Household
    available: int
    stays: list[Stay]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Joiner:
    """A member who shares points, and the session they do it from."""

    member_id: UUID
    session_id: str | None = None


async def found_household(
    session: AsyncSession, by: Joiner, name: str, now: datetime
) -> HouseholdView:
    """Make a household of one. Raises AlreadyInHousehold or StepUpRequired."""
    household_id = uuid7()
    await locking.enrol(session, [household_id], now)
    code = "".join(secrets.choice(LETTERS) for _ in range(10))
    household = Household(
        household_id=household_id, name=name, code=code, created_at=now, closed_at=None
    )
    await sharing.add_household(session, household)
    return await _join(session, household, by, now)


async def join_household(
    session: AsyncSession, by: Joiner, code: str, now: datetime
) -> HouseholdView:
    """Share a household's points, and bring one's own.

    Raises HouseholdNotFound, HouseholdFull, AlreadyInHousehold or StepUpRequired.
    """
    household = await sharing.household_with_code(session, normal(code))
    if household is None:
        raise HouseholdNotFound("No household has this code; ask for the present one.")
    return await _join(session, household, by, now)


async def leave_household(session: AsyncSession, member_id: UUID, now: datetime) -> HouseholdView:
    """Take along what is left of what one brought and earned. Raises NoHousehold."""
    book = await open_book(session, {member_id}, now)
    household_id = book.wallets[_points_of(member_id)].household_id
    if household_id is None:
        raise NoHousehold("You are in no household: found one, or join one by its code.")
    await depart(session, book, member_id)
    await close_book(session, book)
    household = await sharing.household(session, household_id)
    available = book.wallets[_points_of(household_id)].available
    return HouseholdView(household, available, await sharing.stays(session, household_id))


async def depart(session: AsyncSession, book: Book, member_id: UUID) -> None:
    """Let a member leave their household, if they are in one, in a book opened for them."""
    member = _points_of(member_id)
    household_id = book.wallets[member].household_id
    if household_id is None:
        return
    await books.bring_all(session, book, household_id)
    await holds.bring_all(session, book, household_id)
    last = await sharing.present(session, household_id) == {member_id}
    rules.leave(book, member, _points_of(household_id), str(uuid7()), last=last)
    await sharing.leave(session, household_id, member_id, book.now)
    if last:
        await sharing.close(session, household_id, book.now)
    household = await sharing.household(session, household_id)
    left = HouseholdLeft(
        member_id=member_id, household_id=household_id, name=household.name, left_at=book.now
    )
    await outbox.publish(session, left)


async def own_household(session: AsyncSession, by: Joiner, now: datetime) -> HouseholdView:
    """The household a member is in. Raises NoHousehold."""
    stands = await settled_standing(session, by.member_id, now)
    household_id = stands.points.key.member_id
    if household_id == by.member_id:
        raise NoHousehold("You are in no household: found one, or join one by its code.")
    household = await sharing.household(session, household_id)
    available = stands.points.available
    trusted = await may_release(session, by.member_id, by.session_id, available, now)
    stays = await sharing.stays(session, household_id)
    return HouseholdView(household, available, stays, household.code if trusted else None)


async def _join(
    session: AsyncSession, household: Household, by: Joiner, now: datetime
) -> HouseholdView:
    member_id = by.member_id
    book = await open_book(session, {member_id}, now)
    own, shared = _points_of(member_id), _points_of(household.household_id)
    if book.wallets[own].household_id is not None:
        raise AlreadyInHousehold("Leave the household you are in first.")
    await check_device(session, member_id, by.session_id, book.wallets[own].available, now)
    await locking.lock_too(session, book, [household.household_id])
    await settle(session, book)
    household = await sharing.household(session, household.household_id)
    if household.closed_at is not None:
        raise HouseholdNotFound("No household has this code; ask for the present one.")
    if len(await sharing.present(session, household.household_id)) >= LARGEST:
        raise HouseholdFull(f"A household has at most {LARGEST} members.")
    await books.bring_all(session, book, member_id)
    await holds.bring_all(session, book, member_id)
    await books.bring_spendable(session, book, {shared: book.wallets[own].debt})
    rules.join(book, own, shared, str(uuid7()))
    await sharing.join(session, household.household_id, member_id, now)
    joined = HouseholdJoined(
        member_id=member_id,
        household_id=household.household_id,
        name=household.name,
        joined_at=now,
    )
    await close_book(session, book, said=[joined])
    stays = await sharing.stays(session, household.household_id)
    return HouseholdView(household, book.wallets[shared].available, stays, household.code)


def _points_of(member_id: UUID) -> WalletKey:
    return WalletKey(member_id, PointType.POINTS)
