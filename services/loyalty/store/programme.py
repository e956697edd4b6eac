"""The tiers of the live version."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.tiers import Tier

_LEVELS = text("""
    SELECT body #> '{tiers,levels}' AS levels FROM programme_versions WHERE state = 'live'
""")


async def tiers(session: AsyncSession) -> list[Tier]:
    """The tiers, ascending."""
    levels = (await session.execute(_LEVELS)).scalar_one()
    return [Tier(level["key"], level["threshold"]) for level in levels]
