"""Relay: publishes what waits in the outbox, in order, one relay of a service at a time.

Rows are read under a transaction-long advisory lock, published with `Nats-Msg-Id`, then marked.
Dying between publishing and marking publishes them again: the stream's duplicate window, and
beneath it every consumer's inbox, absorb that.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import metrics
from kit.bus import Bus, created_at
from kit.db import Sessions, transaction
from kit.events import stream_name, wire_subject
from kit.pace import rest_s

log = logging.getLogger(__name__)

BATCH = 256
POLL_S = 0.5  # what another process committed; our own commits wake us
PACE_S = 0.01  # between small batches: what is committed meanwhile shares the next
PAUSE_AFTER_ERROR_S = 0.5
KNOWN_FOR_S = 2.0

_WAIT_FOR_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('relay'))")
_TRY_LOCK = text("""
    SELECT pg_try_advisory_xact_lock(hashtext('relay')),
        set_config('synchronous_commit', 'off', true)
""")
"""Nobody waits until it is on the disk what has been published: a mark that a crash takes along is
one that was not made yet."""
_WAITING = text("""
    SELECT seq, id, type, partition, body FROM outbox
    WHERE published_at IS NULL ORDER BY seq LIMIT :limit
""")
"""Asked after the lock is held, so that what another replica has just marked is not among it."""

_MARK = text("""
    UPDATE outbox
    SET published_at = now(), stream_seq = acknowledged.place, stream_created_at = :created_at
    FROM unnest(CAST(:seqs AS bigint[]), CAST(:places AS bigint[])) AS acknowledged (seq, place)
    WHERE outbox.seq = acknowledged.seq
""")


async def hold_relays(session: AsyncSession) -> None:
    """Until the transaction ends, no relay of the service publishes."""
    await session.execute(_WAIT_FOR_LOCK)


class Relay:
    def __init__(self, sessions: Sessions, bus: Bus, service: str, prefix: str) -> None:
        self._sessions = sessions
        self._bus = bus
        self._service = service
        self._prefix = prefix
        self._stream = stream_name(prefix, service)
        self._woken = asyncio.Event()
        self._created_at: datetime | None = None
        self._asked_at = 0.0
        self._last_place = 0

    def wake(self) -> None:
        """Publish soon: something was just committed to the outbox by this process."""
        self._woken.set()

    async def run(self) -> None:
        while True:
            await self._bus.wait_connected()
            try:
                await self._publish_all()
            except Exception as error:  # noqa: BLE001  (whatever it was, try again)
                log.warning("%s: the relay tries again: %r", self._service, error)
                self._created_at = None
                await asyncio.sleep(PAUSE_AFTER_ERROR_S)

    async def ensure_stream(self) -> None:
        """Make the service's stream if it is not there; only its own service may."""
        await self._bus.ensure_stream(self._stream, [f"{self._prefix}.{self._service}.>"])

    async def _publish_all(self) -> None:
        await self.ensure_stream()
        while self._bus.connected:
            self._woken.clear()
            began = time.monotonic()
            if await self.publish_batch() < BATCH:
                await self._rest(time.monotonic() - began)

    async def _rest(self, worked_s: float) -> None:
        await asyncio.sleep(rest_s(worked_s, PACE_S))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_S):
                await self._woken.wait()

    async def publish_batch(self) -> int:
        """Publish the oldest waiting events; how many.

        Raises ConnectionError when some were not taken.
        """
        async with transaction(self._sessions) as session:
            if not (await session.execute(_TRY_LOCK)).scalar_one():
                return 0  # another replica is at it
            rows = (await session.execute(_WAITING, {"limit": BATCH})).all()
            if not rows:
                return 0
            was_known = self._is_fresh()
            created = await self._stream_created_at()
            places = await self._bus.publish(
                [
                    (wire_subject(self._prefix, row.type, row.partition), str(row.id), row.body)
                    for row in rows
                ]
            )
            taken = {row.seq: place for row, place in zip(rows, places, strict=True) if place}
            if was_known and self._begins_anew(taken.values()):
                return 0
            self._last_place = max(taken.values(), default=0)
            await self._mark(session, taken, created)
        metrics.PUBLISHED.labels(self._service).inc(sum(place is not None for place in places))
        if None in places:
            message = "JetStream did not acknowledge every event"
            raise ConnectionError(message)
        return len(rows)

    async def _stream_created_at(self) -> datetime:
        """As it was before the batch: a stream that was wiped and made anew is another stream."""
        if self._created_at is not None and self._is_fresh():
            return self._created_at
        info = await self._bus.stream_info(self._stream)
        if info is None:
            message = f"the stream {self._stream} is gone"
            raise ConnectionError(message)
        self._created_at, self._asked_at = created_at(info), time.monotonic()
        return self._created_at

    def _is_fresh(self) -> bool:
        return self._created_at is not None and time.monotonic() < self._asked_at + KNOWN_FOR_S

    def _begins_anew(self, places: Iterable[int]) -> bool:
        """Whether the stream may be another since we asked: it does not go on where we were.

        Then the batch is published once more, which does no harm, knowing the stream it goes into.
        """
        if min(places, default=self._last_place + 1) > self._last_place:
            return False
        self._created_at = None
        self.wake()
        return True

    async def _mark(self, session: AsyncSession, places: dict[int, int], created: datetime) -> None:
        if places:
            values = {"seqs": list(places), "places": list(places.values()), "created_at": created}
            await session.execute(_MARK, values)
