"""Gauges of a running part.

Every process keeps its own, also those of the shared stores: a gauge set by whichever replica's
turn it is would stay at its last value in all the others.
"""

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from kit import clock, dead_letters, metrics, outbox
from kit.db import transaction

if TYPE_CHECKING:
    from kit.app import Runtime

log = logging.getLogger(__name__)

EVERY_S = 5.0


async def keep_gauges(runtime: "Runtime") -> None:
    """Measure again and again, for ever; what cannot be measured now keeps its last value."""
    while True:
        try:
            await measure_process(runtime)
            await measure_stores(runtime)
        except Exception as error:  # noqa: BLE001  (whatever it was, try again)
            log.warning("gauges keep their last values: %r", error)
        await asyncio.sleep(EVERY_S)


async def measure_process(runtime: "Runtime") -> None:
    """Whether this process is ready, and how much of its connections it uses."""
    service = runtime.service.name
    checks = await runtime.readiness()
    metrics.READY.labels(service).set(all(state == "ok" for state in checks.values()))
    metrics.BUS_CONNECTED.labels(service).set(runtime.bus.connected)
    metrics.POOL_IN_USE.labels(service).set(runtime.engine.pool.checkedout())  # type: ignore[attr-defined]


async def measure_stores(runtime: "Runtime") -> None:
    """How far behind the part is, and what it could not handle."""
    service = runtime.service.name
    async with transaction(runtime.sessions) as session:
        oldest = await outbox.oldest_waiting(session)
        parked = await dead_letters.count(session)
    waited_s = (clock.now() - oldest).total_seconds() if oldest else 0
    metrics.OUTBOX_AGE.labels(service).set(waited_s)
    metrics.DEAD_LETTERS.labels(service).set(parked)
    if runtime.bus.connected:
        await measure_lag(runtime)


async def measure_lag(runtime: "Runtime") -> None:
    """How many events of each stream the part has still to receive, in all its groups."""
    lag: Counter[str] = Counter()
    for consumer in runtime.consumers:
        behind = await runtime.bus.lag(consumer.stream, consumer.durable)
        lag[consumer.stream] += behind if consumer.is_wanted else 0
    for stream, events in lag.items():
        metrics.CONSUMER_LAG.labels(runtime.service.name, stream).set(events)
