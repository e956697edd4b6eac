"""Inbox: what was heard, each event once.

Its row, its effect and what the effect says commit together. What is heard of a member who was
erased has no effect (kit.erasure).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Column, Index, Table, Text, Uuid, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import metrics
from kit.db import Timestamp, metadata
from kit.events import Event, caused_by

Handler = Callable[[AsyncSession, Sequence[Event]], Awaitable[None]]
"""Handles the events of one type in a batch: each new, and one member's in order."""

table = Table(
    "inbox",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("handled_at", Timestamp, nullable=False, server_default=text("now()")),
    Column("receipt_id", Uuid, comment="The keyed write that led to it."),
    Index("ix_inbox_handled_at", "handled_at"),
    Index("ix_inbox_receipt_id", "receipt_id", postgresql_where=text("receipt_id IS NOT NULL")),
)


H = TypeVar("H", bound=Handler)


def planned_once(handler: H) -> H:
    """Mark a handler whose statements are planned once on each connection, whatever they are given.

    Of arrays with few values PostgreSQL takes a plan of their own to be worth it each time, and is
    at it longer than at the work. Only for statements that name in their text what the partial
    indexes they need ask for: a plan for any parameter uses no index that is for some.
    """
    handler.planned_once = True  # type: ignore[attr-defined]
    return handler


class Unprocessable(Exception):  # noqa: N818  (a verdict on the event)
    """An event that can never be handled, however often it is tried: it is parked at once."""


@dataclass(slots=True)
class Group:
    """Events of one type that one call of its handler may take together."""

    type: str
    events: list[Event] = field(default_factory=list)


def plan(events: Iterable[Event]) -> list[Group]:
    """Group `events` by type into the fewest calls that keep each subject's events in their order.

    An event joins the earliest group of its type that is not before any group holding its subject.
    """
    groups: list[Group] = []
    last_group_of: dict[str, int] = {}
    for event in events:
        subject = event.subject or str(event.id)
        earliest = last_group_of.get(subject, 0)
        place = next(
            (n for n in range(earliest, len(groups)) if groups[n].type == event.type), len(groups)
        )
        if place == len(groups):
            groups.append(Group(event.type))
        groups[place].events.append(event)
        last_group_of[subject] = place
    return groups


def portions(events: Sequence[Event]) -> list[Sequence[Event]]:
    """What is handled in a transaction each: events of one type, or all where one subject's.

    A handler locks the rows of all its events in one order. Several in a transaction, each for
    other subjects, would lock in none, and two batches wait for each other.
    """
    if len({event.subject or event.id for event in events}) == 1:
        return [events]
    return [group.events for group in plan(events)]


async def receive(
    session: AsyncSession, service: str, handlers: Mapping[str, Handler], events: Sequence[Event]
) -> int:
    """Handle those of `events` not handled before; how many. All in the caller's transaction."""
    once = {event.id: event for event in events}
    new = await _claim(session, once, planned_once=_are_planned_once(handlers, events))
    late = [e for e in once.values() if new.get(e.id) and not _of_erased_too(handlers[e.type])]
    metrics.LATE.labels(service).inc(len(late))
    heard = new.keys() - {event.id for event in late}
    for group in plan(event for event in once.values() if event.id in heard):
        alone = group.events[0].as_cause if len(group.events) == 1 else None
        with caused_by(alone):
            await handlers[group.type](session, group.events)
        metrics.HANDLED.labels(service, group.type).inc(len(group.events))
    metrics.DUPLICATES.labels(service).inc(len(events) - len(new))
    return len(new)


def _are_planned_once(handlers: Mapping[str, Handler], events: Iterable[Event]) -> bool:
    return all(getattr(handlers[event.type], "planned_once", False) for event in events)


def _of_erased_too(handler: Handler) -> bool:
    return getattr(handler, "of_erased_too", False)


_CLAIM = text("""
    WITH given AS (
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:receipt_ids AS uuid[]),
            CAST(:subjects AS text[])) AS given (event_id, type, receipt_id, subject)
    ), claimed AS (
        INSERT INTO inbox (event_id, type, receipt_id)
        SELECT event_id, type, receipt_id FROM given ON CONFLICT DO NOTHING RETURNING event_id
    )
    SELECT event_id, EXISTS (
        SELECT FROM tombstones WHERE digest = sha256(convert_to(subject, 'UTF8'))
    ) AS erased, (
        SELECT CASE WHEN CAST(:planned_once AS boolean)
            THEN set_config('plan_cache_mode', 'force_generic_plan', true) END
    )
    FROM claimed JOIN given USING (event_id)
""")


async def _claim(
    session: AsyncSession, events: Mapping[UUID, Event], *, planned_once: bool
) -> dict[UUID, bool]:
    """Write the inbox rows; the ids that were not there, and whether their subject is erased.

    Sorted, so that two batches never deadlock. If there are any, what follows is planned once.
    """
    ids = sorted(events)
    columns = {
        "ids": ids,
        "types": [events[event_id].type for event_id in ids],
        "receipt_ids": [events[event_id].receipt_id for event_id in ids],
        "subjects": [events[event_id].subject for event_id in ids],
        "planned_once": planned_once,
    }
    return {row.event_id: row.erased for row in await session.execute(_CLAIM, columns)}


async def delete_older(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` rows handled before `before`; the number deleted."""
    statement = text("""
        DELETE FROM inbox WHERE event_id IN
            (SELECT event_id FROM inbox WHERE handled_at < :before ORDER BY handled_at LIMIT :limit)
        RETURNING event_id
    """)
    return len((await session.execute(statement, {"before": before, "limit": limit})).all())
