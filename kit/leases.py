"""Leases: work that one process at a time may do, held as PostgreSQL advisory locks.

A process holds its leases on one connection beside the pool. They live and die with it, so a killed
process leaves none behind. On that connection it also says, by a shared lock, that it is there:
work of several parts is divided evenly among the processes present.
"""

import asyncio
import contextlib
import logging
import time
import zlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg

from kit.settings import Settings

log = logging.getLogger(__name__)

RETRY_S = 1.0
CHECK_S = 5.0
TIMEOUT_S = 5.0

_TAKE = "SELECT pg_try_advisory_lock($1)"
_GIVE = "SELECT pg_advisory_unlock($1)"
_APPEAR = "SELECT pg_advisory_lock_shared(1, 0)"
_PRESENT = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND (classid, objid, objsubid) = (1, 0, 2)
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(slots=True, eq=False)
class Lease:
    """One part of some work, held on a connection; `counted` while it is among our share."""

    work: str
    parts: int
    key: int
    connection: "asyncpg.Connection[asyncpg.Record]"
    checked_at: float
    counted: bool = True


class Leases:
    """The leases of one process on its database. `close` them at the end."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._held: Counter[str] = Counter()
        self._present = 1
        self._counted_at = 0.0

    @contextlib.asynccontextmanager
    async def hold(self, work: str, part: int = 0, parts: int = 1) -> AsyncIterator[Lease]:
        """Wait until `part` of the `parts` of `work` is ours to do, then hold it."""
        key = zlib.crc32(f"{work} {part} of {parts}".encode())
        while (lease := await self._take(work, parts, key)) is None:  # noqa: ASYNC110  (others')
            await asyncio.sleep(RETRY_S)
        try:
            yield lease
        finally:
            await self._give(lease)

    async def keeps(self, lease: Lease) -> bool:
        """Whether to go on; False when another process is there and shall have it.

        Looks every few seconds. Raises when the connection, and with it the lease, is gone.
        """
        if time.monotonic() < lease.checked_at + CHECK_S:
            return True
        async with self._lock:
            if lease.connection is not await self._connected():
                raise ConnectionError("the connection that held the lease was lost")
            lease.checked_at = time.monotonic()
            if self._held[lease.work] > await self._share(lease.connection, lease.parts):
                self._uncount(lease)
        return lease.counted

    async def close(self) -> None:
        """Give up all leases."""
        if self._connection is not None:
            with contextlib.suppress(Exception):
                await self._connection.close(timeout=TIMEOUT_S)

    async def _take(self, work: str, parts: int, key: int) -> Lease | None:
        async with self._lock:
            connection = await self._connected()
            if self._held[work] >= await self._share(connection, parts):
                return None
            if not await _ask(connection, _TAKE, key):
                return None
            self._held[work] += 1
            return Lease(work, parts, key, connection, time.monotonic())

    async def _give(self, lease: Lease) -> None:
        """Give the lease back. Where that goes wrong it has ended with its connection."""
        async with self._lock:
            if lease.connection is self._connection and not lease.connection.is_closed():
                self._uncount(lease)
                try:
                    await _ask(lease.connection, _GIVE, lease.key)
                except Exception as error:  # noqa: BLE001  (whatever it was, the lease is over)
                    log.warning("leases end with their connection: %r", error)

    def _uncount(self, lease: Lease) -> None:
        if lease.counted:
            lease.counted = False
            self._held[lease.work] -= 1

    async def _connected(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._held.clear()
            connection = await asyncpg.connect(
                self._settings.database_url("postgresql"),
                timeout=TIMEOUT_S,
                server_settings={"application_name": f"{self._settings.database} leases"},
            )
            await _ask(connection, _APPEAR)
            self._connection = connection
            self._counted_at = 0.0
        return self._connection

    async def _share(self, connection: "asyncpg.Connection[asyncpg.Record]", parts: int) -> int:
        """How many of `parts` are ours, rounded up, as many processes as there are now."""
        if time.monotonic() > self._counted_at + RETRY_S:
            self._present = max(1, await _ask(connection, _PRESENT))
            self._counted_at = time.monotonic()
        return -(-parts // self._present)


async def _ask(
    connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *arguments: object
) -> Any:
    """The value of a statement, or the end of the connection: else nobody knew what it had done.

    Other leases on it are lost too, and noticed: rather that than one which nobody can ever take.
    """
    try:
        return await connection.fetchval(statement, *arguments, timeout=TIMEOUT_S)
    except BaseException:
        connection.terminate()
        raise
