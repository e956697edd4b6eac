"""Reconciler: finds what a stream lost and has the relay publish it again.

A stream may lose acknowledged events (Jepsen, NATS 2.12.1, 2025): its files deleted, its tail
truncated, a block damaged. The outbox remembers which life of the stream took each event, and
where; whatever is not there any more is marked unpublished. Consumers' inboxes absorb what they had
already handled.
"""

import logging
from datetime import datetime, timedelta

from nats.js.errors import NotFoundError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import metrics
from kit.bus import Bus, created_at

log = logging.getLogger(__name__)

SAMPLES = 16

_FORGET_OTHER_LIVES = text("""
    UPDATE outbox SET published_at = NULL
    WHERE published_at > :since AND stream_created_at <> :created_at RETURNING seq
""")
_FORGET_TAIL = text("""
    UPDATE outbox SET published_at = NULL
    WHERE published_at > :since AND stream_created_at = :created_at AND stream_seq > :last_seq
    RETURNING seq
""")
_FORGET = text("UPDATE outbox SET published_at = NULL WHERE seq = ANY(:seqs) RETURNING seq")
_SAMPLE = text("""
    SELECT seq, id, stream_seq FROM outbox
    WHERE published_at > :since AND stream_created_at = :created_at AND stream_seq >= :first_seq
    ORDER BY random() LIMIT :limit
""")
_ALL_BETWEEN = text("""
    SELECT seq, id, stream_seq FROM outbox
    WHERE published_at > :since AND stream_created_at = :created_at AND stream_seq >= :first_seq
    ORDER BY seq
""")


async def reconcile(
    session: AsyncSession,
    bus: Bus,
    *,
    service: str,
    stream: str,
    now: datetime,
    retention: timedelta,
) -> int:
    """Mark unpublished what the stream should hold and does not; how many events.

    Needs the connection.
    """
    info = await bus.stream_info(stream)
    if info is None:
        return 0  # the relay makes the stream; the next run compares
    since = now - retention
    life = {"since": since, "created_at": created_at(info)}
    lost = len((await session.execute(_FORGET_OTHER_LIVES, life)).all())
    tail = {**life, "last_seq": info.state.last_seq}
    lost += len((await session.execute(_FORGET_TAIL, tail)).all())
    lost += await _forget_damaged(session, bus, stream, {**life, "first_seq": info.state.first_seq})
    if lost:
        metrics.REPUBLISHED.labels(service).inc(lost)
        log.error("%s had lost %d events; they are published again", stream, lost)
    return lost


async def _forget_damaged(
    session: AsyncSession, bus: Bus, stream: str, life: dict[str, object]
) -> int:
    """Look at a few events; if one is not where it was put, look at all."""
    sample = (await session.execute(_SAMPLE, {**life, "limit": SAMPLES})).all()
    if not [row for row in sample if not await _is_there(bus, stream, row.stream_seq, str(row.id))]:
        return 0
    rows = (await session.execute(_ALL_BETWEEN, life)).all()
    gone = [
        row.seq for row in rows if not await _is_there(bus, stream, row.stream_seq, str(row.id))
    ]
    await session.execute(_FORGET, {"seqs": gone})
    return len(gone)


async def _is_there(bus: Bus, stream: str, stream_seq: int, message_id: str) -> bool:
    try:
        message = await bus.jetstream.get_msg(stream, stream_seq, direct=True)
    except NotFoundError:
        return False
    return (message.headers or {}).get("Nats-Msg-Id") == message_id
