"""Connections of the driver that know PostgreSQL's own types.

asyncpg asks the server what an array of uuid is, on each connection anew, in a query that takes it
8 ms to plan. What the server was delivered with has the same numbers everywhere, and is asked for
once in a process.

This rests on names that asyncpg keeps to itself: tests/kit/test_driver.py notices when they change.
"""

from collections.abc import Collection
from types import SimpleNamespace
from typing import Any, Final

import asyncpg

FIRST_MADE: Final = 16_384
"""The least number of a type that was not there from the beginning (FirstNormalObjectId)."""

_known: dict[frozenset[int], Any] = {}
_NOT_ASKED: Final = SimpleNamespace(name="not asked")
"""Stands for the statement that asked: none has taken the place of another on this connection."""


class Connection(asyncpg.Connection):
    """A connection that asks for PostgreSQL's own types once in a process."""

    @property
    def is_spoilt(self) -> bool:
        """Whether it is within a transaction, or believes so.

        asyncpg goes on believing so after a BEGIN that failed: what comes next is a savepoint of no
        transaction, for ever.
        """
        began = self._top_xact is not None  # type: ignore[attr-defined]
        return began or self.is_in_transaction()

    async def _introspect_types(
        self,
        typeoids: Collection[int],
        timeout: float | None,  # noqa: ASYNC109  (the name is theirs)
    ) -> Any:
        wanted = frozenset(typeoids)
        if max(wanted) >= FIRST_MADE:
            return await super()._introspect_types(typeoids, timeout)  # type: ignore[misc]
        if wanted not in _known:
            types, asked = await super()._introspect_types(typeoids, timeout)  # type: ignore[misc]
            _known[wanted] = types
            return types, asked
        return _known[wanted], _NOT_ASKED
