"""An open loop: calls are made when they are due, however long those before them take.

A call's latency is counted from when it was due, so that a stall is felt by all who would have
called during it. A call that is refused takes for ever.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from math import inf

from bench.client import RefusedError
from bench.rounds import percentile

SHARES = (0.5, 0.99)


async def offered(
    rate: float, seconds: float, call: Callable[[int], Awaitable[object]]
) -> list[float]:
    """Seconds each call took, `rate` of them a second; `call` gets its number."""
    began = time.perf_counter() + 0.1
    latencies: list[float] = []

    async def one(number: int) -> None:
        try:
            await call(number)
        except RefusedError:
            latencies.append(inf)
        else:
            latencies.append(time.perf_counter() - began - number / rate)

    async with asyncio.TaskGroup() as calls:
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0, began + number / rate - time.perf_counter()))
            calls.create_task(one(number))
    return latencies


def described(latencies: Sequence[float]) -> str:
    """How long calls took, in words; of shares that reach into those refused, that they do."""
    shown = [f"p{share * 100:g} {_time(percentile(list(latencies), share))}" for share in SHARES]
    refused = sum(taken == inf for taken in latencies)
    if refused:
        shown.append(f"{refused:,} of {len(latencies):,} calls refused (429 or 503)")
    return ", ".join(shown)


def _time(seconds: float) -> str:
    return "refused" if seconds == inf else f"{seconds * 1000:.1f} ms"
