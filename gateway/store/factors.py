"""Recovery codes of staff, by keyed hash."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import RecoveryCode


async def replace_recovery_codes(
    session: AsyncSession, staff_id: UUID, hashes: Collection[bytes]
) -> None:
    """Put these codes in the place of those there were."""
    await session.execute(delete(RecoveryCode).where(col(RecoveryCode.staff_id) == staff_id))
    if hashes:
        rows = [{"staff_id": staff_id, "code_hash": each} for each in hashes]
        await session.execute(insert(RecoveryCode).values(rows))


async def use_recovery_code(
    session: AsyncSession, staff_id: UUID, code_hash: bytes, now: datetime
) -> bool:
    """Use a code up; False when there is no such code, or it was used."""
    statement = (
        update(RecoveryCode)
        .where(
            col(RecoveryCode.staff_id) == staff_id,
            col(RecoveryCode.code_hash) == code_hash,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=now)
        .returning(col(RecoveryCode.staff_id))
    )
    return (await session.execute(statement)).first() is not None
