"""Transfers, households, and adjustments that wait.

The SQL is put together from pieces of this file alone; finance uses some of them, too.
"""

# ruff: noqa: S608

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty.rules.sharing import AdjustmentState
from services.loyalty.tables import Adjustment, Household, HouseholdMember, Transfer

STAYS = 50
"""So many stays are told of: people may join and leave for ever."""

EARNED = """
    coalesce(sum(points) FILTER (WHERE kind IN ('earn', 'adjust', 'reverse')), 0)::bigint
"""
SPENT = """
    - coalesce(sum(points) FILTER (WHERE kind IN ('spend', 'capture', 'refund')), 0)::bigint
"""
IN_STAY = """
    entries.member_id = stay.household_id AND entries.point_type = 'points'
        AND entries.by_member_id = stay.member_id
        AND entries.recorded_at BETWEEN stay.joined_at AND coalesce(stay.left_at, 'infinity')
"""
"""Which `entries` a member of a household wrote in a `stay` there."""

_STAYS = text(f"""
    WITH stays AS (
        SELECT * FROM household_members WHERE household_id = :household_id
        ORDER BY left_at DESC NULLS FIRST LIMIT :limit
    ),
    entries AS MATERIALIZED (
        SELECT * FROM entries WHERE member_id = :household_id AND point_type = 'points'
            AND version > (SELECT coalesce(max(version), 0) FROM finance_stays
                           WHERE household_id = :household_id)
    ),
    lately AS (
        SELECT stay.member_id, joined_at, {EARNED} AS earned, {SPENT} AS spent
        FROM stays AS stay JOIN entries ON {IN_STAY} GROUP BY stay.member_id, joined_at
    )
    SELECT stays.member_id, joined_at, left_at,
        coalesce(known.earned, 0) + coalesce(lately.earned, 0) AS earned,
        coalesce(known.spent, 0) + coalesce(lately.spent, 0) AS spent
    FROM stays LEFT JOIN finance_stays AS known USING (household_id, member_id, joined_at)
    LEFT JOIN lately USING (member_id, joined_at)
    ORDER BY joined_at, member_id
""")
"""What finance has added up of each stay, and what has been written since."""


class Stay(NamedTuple):
    """A member's time in a household, what they earned in it, and what they spent of it."""

    member_id: UUID
    joined_at: datetime
    left_at: datetime | None
    earned: int
    spent: int


async def add_transfer(session: AsyncSession, transfer: Transfer) -> None:
    await session.execute(insert(Transfer).values(transfer.model_dump()))


async def transfer_with_key(session: AsyncSession, member_id: UUID, key: UUID) -> Transfer | None:
    """The transfer a member asked for with this key."""
    statement = select(Transfer).where(
        col(Transfer.from_member_id) == member_id, col(Transfer.key) == key
    )
    return (await session.scalars(statement)).one_or_none()


async def given_since(session: AsyncSession, member_id: UUID, since: datetime) -> int:
    """The points a member has given away since a moment."""
    statement = select(func.coalesce(func.sum(col(Transfer.points)), 0)).where(
        col(Transfer.from_member_id) == member_id, col(Transfer.made_at) > since
    )
    return int((await session.execute(statement)).scalar_one())


async def add_household(session: AsyncSession, household: Household) -> None:
    await session.execute(insert(Household).values(household.model_dump()))


async def household(session: AsyncSession, household_id: UUID) -> Household:
    found = await session.get(Household, household_id, populate_existing=True)
    assert found is not None  # noqa: S101  (wallets refer to households that are)
    return found


async def is_household(session: AsyncSession, member_id: UUID) -> bool:
    """Whether what is enrolled under this id is no person."""
    return await session.get(Household, member_id) is not None


async def household_with_code(session: AsyncSession, code: str) -> Household | None:
    """The household that can be joined with this code."""
    statement = select(Household).where(
        col(Household.code) == code, col(Household.closed_at).is_(None)
    )
    return (await session.scalars(statement)).one_or_none()


async def stays(session: AsyncSession, household_id: UUID) -> list[Stay]:
    """Who is in a household, and who was last; the first first."""
    rows = await session.execute(_STAYS, {"household_id": household_id, "limit": STAYS})
    return [Stay(**row) for row in rows.mappings()]


async def present(session: AsyncSession, household_id: UUID) -> set[UUID]:
    """Who is in a household."""
    stay = HouseholdMember
    statement = select(col(stay.member_id)).where(
        col(stay.household_id) == household_id, col(stay.left_at).is_(None)
    )
    return set((await session.scalars(statement)).all())


async def join(session: AsyncSession, household_id: UUID, member_id: UUID, now: datetime) -> None:
    await session.execute(
        insert(HouseholdMember).values(
            household_id=household_id, member_id=member_id, joined_at=now
        )
    )


async def leave(session: AsyncSession, household_id: UUID, member_id: UUID, now: datetime) -> None:
    stay = HouseholdMember
    await session.execute(
        update(stay)
        .where(
            col(stay.household_id) == household_id,
            col(stay.member_id) == member_id,
            col(stay.left_at).is_(None),
        )
        .values(left_at=now)
        .execution_options(synchronize_session=False)
    )


async def close(session: AsyncSession, household_id: UUID, now: datetime) -> None:
    await session.execute(
        update(Household)
        .where(col(Household.household_id) == household_id)
        .values(closed_at=now)
        .execution_options(synchronize_session=False)
    )


async def add_adjustment(session: AsyncSession, adjustment: Adjustment) -> None:
    await session.execute(insert(Adjustment).values(adjustment.model_dump()))


async def adjustment(
    session: AsyncSession, adjustment_id: UUID, *, lock: bool = False
) -> Adjustment | None:
    """An adjustment that waits, or waited, for a second person."""
    return await session.get(
        Adjustment, adjustment_id, populate_existing=True, with_for_update=lock
    )


async def adjustments(
    session: AsyncSession, state: AdjustmentState | None, limit: int, before: UUID | None
) -> Sequence[Adjustment]:
    """The adjustments two people are needed for, newest first, beginning before one of them."""
    statement = select(Adjustment).order_by(col(Adjustment.adjustment_id).desc()).limit(limit)
    if state is not None:
        statement = statement.where(col(Adjustment.state) == state)
    if before is not None:
        statement = statement.where(col(Adjustment.adjustment_id) < before)
    return (await session.scalars(statement)).all()


async def decide(
    session: AsyncSession,
    adjustment_id: UUID,
    state: AdjustmentState,
    decided_by: str,
    now: datetime,
) -> None:
    await session.execute(
        update(Adjustment)
        .where(col(Adjustment.adjustment_id) == adjustment_id)
        .values(state=state, decided_by=decided_by, decided_at=now)
        .execution_options(synchronize_session=False)
    )
