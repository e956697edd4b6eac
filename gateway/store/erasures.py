"""Receipts of erasure, and what is left of closed accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import Account, AuthSession, ErasureReceipt, ErasureStep


@dataclass(frozen=True, slots=True)
class Open:
    """How many erasures are not done, and since when the oldest waits."""

    count: int
    since: datetime | None


async def add(session: AsyncSession, receipt: ErasureReceipt) -> bool:
    """Write a receipt; False where the member's erasure goes on already."""
    statement = insert(ErasureReceipt).values(receipt.model_dump()).on_conflict_do_nothing()
    written = await session.execute(statement.returning(col(ErasureReceipt.erasure_id)))
    return written.first() is not None


async def note_steps(session: AsyncSession, steps: Sequence[Mapping[str, Any]]) -> None:
    """Note that services have erased members; what no receipt is kept of is left out."""
    statement = text("""
        INSERT INTO erasure_steps (erasure_id, service, erased_at)
        SELECT erasure_id, :service, :erased_at FROM erasure_receipts
        WHERE erasure_id = :erasure_id ON CONFLICT DO NOTHING
    """)
    for step in steps:
        await session.execute(statement, step)


async def lock_done(
    session: AsyncSession, services: Sequence[str], limit: int
) -> Sequence[ErasureReceipt]:
    """Open receipts of members whom all of `services` have erased, locked."""
    steps = (
        select(func.count())
        .where(
            col(ErasureStep.erasure_id) == col(ErasureReceipt.erasure_id),
            col(ErasureStep.service).in_(services),
        )
        .scalar_subquery()
    )
    statement = (
        select(ErasureReceipt)
        .where(col(ErasureReceipt.member_id).is_not(None), steps == len(services))
        .order_by(col(ErasureReceipt.requested_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).all()


async def finish(session: AsyncSession, erasure_id: UUID, now: datetime) -> None:
    await session.execute(
        update(ErasureReceipt)
        .where(col(ErasureReceipt.erasure_id) == erasure_id)
        .values(finished_at=now, member_id=None, sealed_email=None)
    )


async def still_open(session: AsyncSession) -> Open:
    statement = select(func.count(), func.min(col(ErasureReceipt.requested_at))).where(
        col(ErasureReceipt.member_id).is_not(None)
    )
    count, since = (await session.execute(statement)).one()
    return Open(count, since)


async def open_receipt_of(session: AsyncSession, member_id: UUID) -> ErasureReceipt | None:
    """The receipt of a member who is being erased."""
    statement = select(ErasureReceipt).where(col(ErasureReceipt.member_id) == member_id)
    return (await session.scalars(statement)).one_or_none()


async def receipt_of(session: AsyncSession, erasure_id: UUID) -> ErasureReceipt | None:
    return await session.get(ErasureReceipt, erasure_id)


async def receipts_before(
    session: AsyncSession, before: UUID | None, digest: bytes | None, limit: int
) -> Sequence[ErasureReceipt]:
    """Receipts, newest first, beginning behind `before`; of one member, if a digest is given."""
    statement = select(ErasureReceipt).order_by(col(ErasureReceipt.erasure_id).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(ErasureReceipt.erasure_id) < before)
    if digest is not None:
        statement = statement.where(col(ErasureReceipt.member_digest) == digest)
    return (await session.scalars(statement)).all()


async def steps_of(
    session: AsyncSession, erasure_ids: Sequence[UUID]
) -> Mapping[UUID, dict[str, datetime]]:
    """When each service erased, by erasure."""
    found: dict[UUID, dict[str, datetime]] = {erasure_id: {} for erasure_id in erasure_ids}
    statement = select(ErasureStep).where(col(ErasureStep.erasure_id).in_(erasure_ids))
    for step in await session.scalars(statement.order_by(col(ErasureStep.service))):
        found[step.erasure_id][step.service] = step.erased_at
    return found


async def forget_devices(session: AsyncSession, member_id: UUID) -> None:
    """Forget on what the member, and the guests they were, had signed in."""
    guests = select(col(Account.member_id)).where(col(Account.merged_into) == member_id)
    await session.execute(
        update(AuthSession)
        .where((col(AuthSession.member_id) == member_id) | col(AuthSession.member_id).in_(guests))
        .values(device_id=None, platform=None, app=None)
        .execution_options(synchronize_session=False)
    )


async def closed_unasked(session: AsyncSession, limit: int) -> Sequence[Account]:
    """Closed accounts of members whom nobody has been asked to erase, locked."""
    asked = exists().where(col(ErasureReceipt.member_id) == col(Account.member_id))
    digest = func.sha256(func.convert_to(text("accounts.member_id::text"), "UTF8"))
    erased = exists().where(col(ErasureReceipt.member_digest) == digest)
    statement = (
        select(Account)
        .where(
            col(Account.closed_at).is_not(None), col(Account.merged_into).is_(None), ~asked, ~erased
        )
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).all()


_DELETE_ERASED = text("""
    WITH gone AS (
        SELECT member_id FROM accounts
        WHERE closed_at < :before AND merged_into IS NULL AND EXISTS (
            SELECT FROM erasure_receipts
            WHERE member_digest = sha256(convert_to(accounts.member_id::text, 'UTF8'))
                AND finished_at < :before
        ) LIMIT :limit
    )
    DELETE FROM accounts WHERE member_id IN (SELECT member_id FROM gone)
        OR merged_into IN (SELECT member_id FROM gone)
    RETURNING member_id
""")


async def delete_erased(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete accounts of members erased before, with sessions and guests; at least how many."""
    return len((await session.execute(_DELETE_ERASED, {"before": before, "limit": limit})).all())
