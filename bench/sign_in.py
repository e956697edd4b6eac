"""Fifty sign-ins at once: what they cost the event loop, and so everybody else.

A heart beats every millisecond; a beat that comes late is what another caller would have waited.
The references are a quiet loop, and passwords compared on the loop itself.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import uvloop

from bench.rounds import console, percentile
from gateway.passwords import Passwords
from gateway.settings import Settings

AT_ONCE = 50
ROUNDS = 5
BEAT_S = 0.001
PASSWORD = "correct horse battery"  # noqa: S105  (it protects nothing)


async def lags_during(work: Awaitable[object]) -> list[float]:
    """How late each beat came while `work` was done, in milliseconds."""
    lags = []
    task = asyncio.ensure_future(work)
    while not task.done():
        due = time.perf_counter() + BEAT_S
        await asyncio.sleep(BEAT_S)
        lags.append((time.perf_counter() - due) * 1000)
    await task
    return lags


async def quiet() -> None:
    await asyncio.sleep(1)


async def measure() -> None:
    passwords = Passwords(Settings())
    stored = await passwords.hash(PASSWORD)

    async def in_the_pool() -> None:
        await asyncio.gather(*(passwords.matches(PASSWORD, stored) for _ in range(AT_ONCE)))

    async def on_the_loop() -> None:
        for _ in range(AT_ONCE):
            passwords._verify(PASSWORD, stored)  # noqa: SLF001  (what the pool computes)
            await asyncio.sleep(0)

    cases: dict[str, Callable[[], Awaitable[None]]] = {
        "a quiet loop": quiet,
        f"{AT_ONCE} sign-ins in the pool": in_the_pool,
        f"{AT_ONCE} sign-ins on the loop": on_the_loop,
    }
    for name, case in cases.items():
        lags, began = [], time.perf_counter()
        for _ in range(ROUNDS):
            lags += await lags_during(case())
        took_s = (time.perf_counter() - began) / ROUNDS
        middle, late = percentile(lags, 0.5), percentile(lags, 0.99)
        lag = f"lag p50 {middle:.1f} ms, p99 {late:.1f} ms, longest {max(lags):.1f} ms"
        console.print(f"  {name}: {lag}; {took_s:.2f} s each")
    passwords.close()


def main() -> None:
    uvloop.run(measure())
