"""Dead letters of the parts: looking at them, replaying and discarding them."""

import asyncio
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, dead_letters
from rapport.databases import in_transaction
from rapport.errors import OperatorError
from rapport.parts import part_named, parts_named


def waiting(names: Collection[str]) -> list[tuple[str, RowMapping]]:
    """What waits in each part, with the part's name."""

    async def all_waiting() -> list[tuple[str, RowMapping]]:
        return [
            (part.name, letter)
            for part in parts_named(names)
            for letter in await in_transaction(part, dead_letters.waiting)
        ]

    return asyncio.run(all_waiting())


def letter(name: str, event_id: UUID) -> RowMapping:
    """One dead letter."""
    found = asyncio.run(
        in_transaction(part_named(name), lambda session: dead_letters.find(session, event_id))
    )
    if found is None:
        raise OperatorError("no such event was parked; see `rapport dead-letters list`")
    return found


def replay(name: str, event_id: UUID) -> bool:
    """Handle the event again, its effect and its settlement in one transaction."""
    part = part_named(name)
    handlers = part.service.handlers

    async def handle(session: AsyncSession) -> bool:
        return await dead_letters.replay(session, part.name, handlers, event_id, clock.now())

    try:
        return asyncio.run(in_transaction(part, handle))
    except Exception as error:
        raise OperatorError(f"it fails again, and waits on: {error!r}") from error


def discard(name: str, event_id: UUID) -> bool:
    """Give the event up."""
    return asyncio.run(
        in_transaction(part_named(name), lambda s: dead_letters.discard(s, event_id, clock.now()))
    )
