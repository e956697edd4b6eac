"""What a step costs PostgreSQL."""

from collections.abc import Awaitable, Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.testing import Harness

AS_WHERE_THERE_ARE_MANY = text("""
    SELECT set_config(name, 'off', true)
    FROM unnest(ARRAY['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) AS name
""")
"""Of few rows the planner may read all, and does or does not as its statistics are new or old."""


async def rows_read(harness: Harness, step: Callable[[AsyncSession], Awaitable[object]]) -> int:
    """The rows and entries of indexes PostgreSQL touches for a step that has been done before.

    The fewest of three: a planner whose statistics are new looks at some by itself.
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
            await session.execute(AS_WHERE_THERE_ARE_MANY)
            before = (await session.execute(total)).scalar_one()
            await step(session)
            touched.append(int((await session.execute(total)).scalar_one() - before))
    return min(touched)
