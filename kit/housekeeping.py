"""Jobs every part runs.

Reconcile with the stream, delete what has been kept long enough, and erase whoever is to be erased.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from kit import dead_letters, erasure, idempotency, inbox, outbox
from kit.reconciler import reconcile
from kit.scheduler import Job

if TYPE_CHECKING:
    from kit.app import Runtime

CHUNK = 5_000
OUTLIVES_STREAM = timedelta(days=7)
IDEMPOTENCY_KEPT = timedelta(hours=72)


def housekeeping(runtime: "Runtime") -> list[Job]:
    """The jobs of `runtime`.

    Outbox and inbox rows and settled dead letters outlive the stream's retention.
    """
    service = runtime.service.name
    retention = timedelta(days=runtime.settings.stream_retention_days)
    kept = retention + OUTLIVES_STREAM

    async def reconcile_stream(session: AsyncSession, now: datetime) -> bool:
        if runtime.bus.connected:
            await runtime.relay.ensure_stream()
            await reconcile(
                session,
                runtime.bus,
                service=service,
                stream=runtime.stream,
                now=now,
                retention=retention,
            )
            runtime.relay.wake()
        return False

    async def purge(session: AsyncSession, now: datetime) -> bool:
        deleted = [
            await outbox.delete_older(session, now - kept, CHUNK),
            await inbox.delete_older(session, now - kept, CHUNK),
            await dead_letters.delete_older(session, now - kept, CHUNK),
            await idempotency.delete_older(session, now - IDEMPOTENCY_KEPT, CHUNK),
        ]
        return max(deleted) == CHUNK

    erase = runtime.service.erase
    return [
        *([erasure.job_of(erase)] if erase else []),
        Job("kit.reconcile", timedelta(seconds=20), reconcile_stream),
        Job("kit.purge", timedelta(hours=1), purge),
    ]
