"""Reconciler: finds what a stream lost and has the relay publish it again.

A stream may lose acknowledged events (Jepsen, NATS 2.12.1, 2025): its files deleted, its tail
truncated, a block damaged. The outbox remembers which life of the stream took each event, and
where; whatever is not there any more is marked unpublished. Consumers' inboxes absorb what they had
already handled.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from nats.js.api import StreamInfo
from nats.js.errors import NotFoundError
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import metrics
from kit.bus import Bus, created_at
from kit.relay import hold_relays

log = logging.getLogger(__name__)

SAMPLES = 16
PORTION = 512
"""Events asked for at once. Between two portions PostgreSQL hears of us: it ends who is silent."""

# Both of these read the index on (stream_created_at, stream_seq), and nothing when nothing is lost.
_FORGET_OTHER_LIVES = text("""
    UPDATE outbox SET published_at = NULL, stream_created_at = NULL, stream_seq = NULL
    WHERE (stream_created_at < :created_at OR stream_created_at > :created_at)
      AND published_at > :since RETURNING seq
""")
_FORGET_TAIL = text("""
    UPDATE outbox SET published_at = NULL, stream_created_at = NULL, stream_seq = NULL
    WHERE stream_created_at = :created_at AND stream_seq > :last_seq RETURNING seq
""")
_FORGET = text("""
    UPDATE outbox SET published_at = NULL, stream_created_at = NULL, stream_seq = NULL
    WHERE seq = ANY(:seqs)
""")
_AT = text("""
    SELECT seq, id, stream_seq FROM outbox
    WHERE stream_created_at = :created_at AND stream_seq = ANY(:places)
""")
_FROM = text("""
    SELECT seq, id, stream_seq FROM outbox
    WHERE stream_created_at = :created_at AND stream_seq >= :first_seq
    ORDER BY stream_seq LIMIT :limit
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
    await hold_relays(session)  # what is published after we asked is not in what we were told
    info = await bus.stream_info(stream)
    if info is None:
        return 0  # it was removed this moment; the next run makes it anew, and compares
    life = {"created_at": created_at(info)}
    others = {**life, "since": now - retention}
    lost = len((await session.execute(_FORGET_OTHER_LIVES, others)).all())
    tail = {**life, "last_seq": info.state.last_seq}
    lost += len((await session.execute(_FORGET_TAIL, tail)).all())
    lost += await _forget_damaged(session, bus, stream, info)
    if lost:
        metrics.REPUBLISHED.labels(service).inc(lost)
        log.error("%s had lost %d events; they are published again", stream, lost)
    return lost


async def _forget_damaged(session: AsyncSession, bus: Bus, stream: str, info: StreamInfo) -> int:
    """Look at a few events; if one is not where it was put, look at all."""
    first, last = info.state.first_seq, info.state.last_seq
    if last < first:
        return 0
    places = [random.randint(first, last) for _ in range(SAMPLES)]  # noqa: S311  (a sample)
    life = {"created_at": created_at(info)}
    sample = (await session.execute(_AT, {**life, "places": places})).all()
    if not await _missing(bus, stream, sample):
        return 0
    forgotten = 0
    portion = {**life, "first_seq": first, "limit": PORTION}
    while rows := (await session.execute(_FROM, portion)).all():
        portion["first_seq"] = rows[-1].stream_seq + 1
        gone = await _missing(bus, stream, rows)
        await session.execute(_FORGET, {"seqs": gone})
        forgotten += len(gone)
    return forgotten


async def _missing(bus: Bus, stream: str, rows: Sequence[Row[Any]]) -> list[int]:
    asked = (_is_there(bus, stream, row.stream_seq, str(row.id)) for row in rows)
    there = await asyncio.gather(*asked)
    return [row.seq for row, is_there in zip(rows, there, strict=True) if not is_there]


async def _is_there(bus: Bus, stream: str, stream_seq: int, message_id: str) -> bool:
    try:
        message = await bus.jetstream.get_msg(stream, stream_seq, direct=True)
    except NotFoundError:
        return False
    return (message.headers or {}).get("Nats-Msg-Id") == message_id
