"""What every replica of the gateway does with traffic: each tells the others by way of Valkey.

Breakers, ejections, shedding and what is in flight are each process's own, as they must be: nobody
waits for anybody to protect a service. So that an operator sees the whole by asking any of them,
each writes its state into one hash every `TELL_S`, under its name. What was not renewed for
`FRESH_S` is of a replica that is gone; the time is Valkey's, for replicas' clocks may differ.
"""

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

KEY: Final = "traffic:replicas"
TELL_S: Final = 2.0
FRESH_S: Final = 10.0

State = Mapping[str, Any]


def name_of_this() -> str:
    """Name this process among all: the host, which in Kubernetes is the pod, and the process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


class Replicas:
    """One per process. `run` it beside requests."""

    def __init__(
        self,
        valkey: Redis,
        state: Callable[[], State],
        name: str,
        clock: Callable[[], Awaitable[float]] | None = None,
    ) -> None:
        self._valkey = valkey
        self._state = state
        self._clock = clock or self._valkeys_time
        self.name = name

    async def run(self) -> None:
        while True:
            try:
                await self.tell()
            except (RedisError, OSError) as error:
                log.debug("the other replicas hear nothing of this one: %r", error)
            await asyncio.sleep(TELL_S)

    async def tell(self) -> None:
        """Let the others know how things are here."""
        told = orjson.dumps({"told_at": await self._clock(), **self._state()})
        await self._valkey.hset(KEY, self.name, told)
        await self._valkey.expire(KEY, int(FRESH_S))

    async def leave(self) -> None:
        """Be no replica any more."""
        with contextlib.suppress(RedisError, OSError):
            await self._valkey.hdel(KEY, self.name)

    async def others(self) -> list[State] | None:
        """The other replicas' states, by their names; None while Valkey is away."""
        try:
            told = {name: orjson.loads(state) for name, state in (await self._all()).items()}
            now = await self._clock()
            gone = [name for name, state in told.items() if abs(now - state["told_at"]) >= FRESH_S]
            if gone:
                await self._valkey.hdel(KEY, *gone)
        except (RedisError, OSError):
            return None
        return [told[name] for name in sorted(told.keys() - {self.name, *gone})]

    async def _all(self) -> dict[str, bytes]:
        found: Mapping[Any, Any] = await self._valkey.hgetall(KEY)
        return {name.decode(): state for name, state in found.items()}

    async def _valkeys_time(self) -> float:
        seconds, microseconds = await self._valkey.time()
        return float(seconds + microseconds / 1_000_000)
