"""Dead letters: events that could not be handled, kept with their error until somebody decides."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kit.db import Timestamp, metadata
from kit.events import Event
from kit.inbox import Handler, receive

table = Table(
    "dead_letters",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="The message as it arrived."),
    Column("error", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("parked_at", Timestamp, nullable=False, server_default=text("now()")),
    Column("settled_at", Timestamp),
    Column("settlement", Text, comment="replayed or discarded"),
    Column("receipt_id", Uuid, comment="The keyed write that led to it."),
    Index("ix_dead_letters_waiting", "parked_at", postgresql_where=text("settled_at IS NULL")),
    Index(
        "ix_dead_letters_receipt_id",
        "receipt_id",
        postgresql_where=text("receipt_id IS NOT NULL"),
    ),
)


async def park(
    session: AsyncSession, event_id: UUID, event_type: str, body: bytes, error: str, tries: int
) -> None:
    """Keep a message that could not be handled.

    The same one parked again keeps its newest error.
    """
    row = insert(table).values(
        event_id=event_id,
        type=event_type,
        body=body,
        error=error,
        tries=tries,
        receipt_id=_receipt_of(body),
    )
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[table.c.event_id],
            set_={"error": error, "tries": tries, "settled_at": None, "settlement": None},
        )
    )


def _receipt_of(body: bytes) -> UUID | None:
    """The receipt an event belongs to; of what is no event, none."""
    try:
        return Event.decode(body).receipt_id
    except (ValueError, KeyError, TypeError):
        return None


async def waiting(session: AsyncSession, limit: int = 100) -> Sequence[RowMapping]:
    """The oldest unsettled dead letters."""
    statement = (
        table.select().where(table.c.settled_at.is_(None)).order_by(table.c.parked_at).limit(limit)
    )
    return (await session.execute(statement)).mappings().all()


async def count(session: AsyncSession) -> int:
    statement = text("SELECT count(*) FROM dead_letters WHERE settled_at IS NULL")
    return int((await session.execute(statement)).scalar_one())


async def find(session: AsyncSession, event_id: UUID) -> RowMapping | None:
    statement = table.select().where(table.c.event_id == event_id).with_for_update()
    return (await session.execute(statement)).mappings().one_or_none()


async def replay(
    session: AsyncSession,
    service: str,
    handlers: Mapping[str, Handler],
    event_id: UUID,
    at: datetime,
) -> bool:
    """Handle the event once more, in the session's transaction; False when it is not waiting."""
    letter = await find(session, event_id)
    if letter is None or letter["settled_at"] is not None:
        return False
    await receive(session, service, handlers, [Event.decode(letter["body"])])
    await _settle(session, event_id, "replayed", at)
    return True


async def discard(session: AsyncSession, event_id: UUID, at: datetime) -> bool:
    """Give the event up; False when it is not waiting."""
    letter = await find(session, event_id)
    if letter is None or letter["settled_at"] is not None:
        return False
    await _settle(session, event_id, "discarded", at)
    return True


async def delete_older(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` letters settled before `before`; the number deleted."""
    statement = text("""
        DELETE FROM dead_letters WHERE event_id IN
            (SELECT event_id FROM dead_letters WHERE settled_at < :before LIMIT :limit)
        RETURNING event_id
    """)
    return len((await session.execute(statement, {"before": before, "limit": limit})).all())


async def _settle(session: AsyncSession, event_id: UUID, how: str, at: datetime) -> None:
    await session.execute(
        table.update().where(table.c.event_id == event_id).values(settled_at=at, settlement=how)
    )
