"""Check-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty import tables
from services.loyalty.rules.checkins import CheckIn


async def add(session: AsyncSession, member_id: UUID, made: CheckIn, now: datetime) -> None:
    await session.execute(
        insert(tables.CheckIn).values(
            member_id=member_id, day=made.day, streak=made.streak, recorded_at=now
        )
    )


async def copy(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Count a merged member's check-ins as those of the one who goes on."""
    statement = text("""
        INSERT INTO checkins (member_id, day, streak, recorded_at)
        SELECT :survivor, day, streak, recorded_at FROM checkins WHERE member_id = :absorbed
        ON CONFLICT DO NOTHING
    """)
    await session.execute(statement, {"absorbed": absorbed, "survivor": survivor})
