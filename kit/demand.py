"""Demand: events that a part hears only while somebody asks for them.

Their handlers have a consumer of their own at each stream, which is made when somebody asks and
begins at that moment, so that nothing said since is missed; and which lets everything pass when
nobody asks any more. While nobody does they cost a look at a table now and then.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from kit.db import Sessions, transaction
from kit.inbox import Handler

LOOK_S = 1.0

H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Demand:
    """What asks for events. `since` says from what moment on; None while nobody asks."""

    name: str
    since: Callable[[AsyncSession], Awaitable[datetime | None]]


def on_demand(demand: Demand, handler: H) -> H:
    """Mark a handler of events that are heard only while somebody asks for them."""
    handler.demand = demand  # type: ignore[attr-defined]
    return handler


def by_demand(handlers: Mapping[str, Handler]) -> dict[Demand | None, dict[str, Handler]]:
    """`handlers` by what asks for their events; None: they are always heard."""
    found: dict[Demand | None, dict[str, Handler]] = {}
    for event_type, handler in handlers.items():
        found.setdefault(getattr(handler, "demand", None), {})[event_type] = handler
    return found


class Watch:
    """Looks whether somebody asks, every second at most however many want to know."""

    def __init__(self, sessions: Sessions, demand: Demand) -> None:
        self._sessions = sessions
        self._demand = demand
        self._lock = asyncio.Lock()
        self._since: datetime | None = None
        self._looked_at = -LOOK_S

    @property
    def name(self) -> str:
        return self._demand.name

    @property
    def is_asked(self) -> bool:
        """Whether somebody asked when we last looked."""
        return self._since is not None

    async def since(self) -> datetime | None:
        """From what moment on somebody asks; None when nobody does."""
        async with self._lock:
            if time.monotonic() >= self._looked_at + LOOK_S:
                async with transaction(self._sessions) as session:
                    self._since = await self._demand.since(session)
                self._looked_at = time.monotonic()
        return self._since

    async def asked(self) -> datetime:
        """Wait until somebody asks; from what moment on."""
        while (since := await self.since()) is None:  # noqa: ASYNC110  (others ask)
            await asyncio.sleep(LOOK_S)
        return since
