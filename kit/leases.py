"""Leases: work that one process at a time may do, held as PostgreSQL advisory locks.

A lease lives and dies with its database connection, so a killed process leaves none behind.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

RETRY_S = 1.0
CHECK_S = 5.0


@asynccontextmanager
async def lease(engine: AsyncEngine, name: str) -> AsyncIterator["Lease"]:
    """Wait until `name` is ours, then hold it."""
    key = zlib.crc32(name.encode())
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        while not await _try(connection, key):  # noqa: ASYNC110  (another process holds it)
            await asyncio.sleep(RETRY_S)
        try:
            yield Lease(connection)
        finally:
            if not connection.closed and not connection.invalidated:
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


async def _try(connection: AsyncConnection, key: int) -> bool:
    statement = text("SELECT pg_try_advisory_lock(:key)")
    return bool((await connection.execute(statement, {"key": key})).scalar_one())


class Lease:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()

    async def confirm(self) -> None:
        """Raise when the connection, and with it the lease, is gone."""
        async with self._lock:
            await self._connection.execute(text("SELECT 1"))
