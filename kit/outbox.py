"""Outbox: events written in the transaction of what they tell, published afterwards by the relay.

Rows stay after publication, longer than the stream keeps them: PostgreSQL is the ledger, the stream
a copy that may be lost and is then made again (kit.reconciler).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from kit.db import Timestamp, metadata
from kit.events import Event, Payload
from kit.rows import Batch

table = Table(
    "outbox",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False, comment="The event's id, and its Nats-Msg-Id."),
    Column("type", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="The envelope as it is published."),
    Column("created_at", Timestamp, nullable=False, server_default=text("now()")),
    Column("published_at", Timestamp),
    Column("stream_seq", BigInteger, comment="Where the stream put it."),
    Column("stream_created_at", Timestamp, comment="Which life of the stream that was."),
    Column("receipt_id", Uuid, comment="The keyed write that led to it."),
    Index("ix_outbox_waiting", "seq", postgresql_where=text("published_at IS NULL")),
    Index("ix_outbox_stream", "stream_created_at", "stream_seq"),
    Index("ix_outbox_receipt_id", "receipt_id", postgresql_where=text("receipt_id IS NOT NULL")),
)

_INSERT = Batch(
    text("""
        INSERT INTO outbox (id, type, partition, body, receipt_id)
        SELECT * FROM unnest(
            CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:partitions AS smallint[]),
            CAST(:bodies AS bytea[]), CAST(:receipt_ids AS uuid[]))
    """),
    ("ids", "types", "partitions", "bodies", "receipt_ids"),
)


async def publish(session: AsyncSession, *payloads: Payload) -> None:
    """Say `payloads` to the other services if, and only if, the session's transaction commits."""
    await publish_events(session, [payload.to_event() for payload in payloads])


async def publish_events(session: AsyncSession, events: Sequence[Event]) -> None:
    if not events:
        return
    rows = [(e.id, e.type, e.partition, e.encode(), e.receipt_id) for e in events]
    await _INSERT.write(session, rows)
    session.info["has_published"] = True


async def oldest_waiting(session: AsyncSession) -> datetime | None:
    """When the longest-waiting unpublished event was written."""
    statement = text(
        "SELECT created_at FROM outbox WHERE published_at IS NULL ORDER BY seq LIMIT 1"
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def delete_older(session: AsyncSession, before: datetime, limit: int) -> int:
    """Of the `limit` oldest events, delete those published before `before`; the number deleted."""
    statement = text("""
        DELETE FROM outbox USING (SELECT seq FROM outbox ORDER BY seq LIMIT :limit) AS oldest
        WHERE outbox.seq = oldest.seq AND outbox.published_at < :before RETURNING outbox.seq
    """)
    return len((await session.execute(statement, {"before": before, "limit": limit})).all())
