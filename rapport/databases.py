"""Work on a part's database from the command line."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from kit.db import create_engine, create_sessions, transaction
from rapport.parts import Part

T = TypeVar("T")


async def in_transaction(part: Part, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Do `work` in one transaction on the part's database."""
    engine = create_engine(part.settings())
    try:
        async with transaction(create_sessions(engine)) as session:
            return await work(session)
    finally:
        await engine.dispose()
