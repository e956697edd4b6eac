"""What a step costs PostgreSQL."""

from collections.abc import Awaitable, Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.testing import Harness


async def rows_read(harness: Harness, step: Callable[[AsyncSession], Awaitable[object]]) -> int:
    """The rows and entries of indexes PostgreSQL touches for a step that has been done before.

    The fewest of three: a planner whose statistics are new looks at some of its own.
    """
    total = text("""
        SELECT (SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_xact_user_tables)
            + (SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_stat_user_indexes)
    """)
    async with harness.transaction() as session:
        await step(session)
    touched = []
    for _ in range(3):
        async with harness.transaction() as session:
            before = (await session.execute(total)).scalar_one()
            await step(session)
            touched.append(int((await session.execute(total)).scalar_one() - before))
    return min(touched)
