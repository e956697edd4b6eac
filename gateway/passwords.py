"""Passwords: Argon2id (RFC 9106, OWASP: at least 19 MiB, 2 passes), computed beside the event loop.

The pool is bounded in threads and in who may wait: a rush of sign-ins costs the rush time, not the
other callers their answers. An account that is not there costs exactly as much as one that is.
"""

import asyncio
import contextlib
import os
import secrets
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gateway.settings import Settings
from kit import memory
from kit.problems import Unavailable

T = TypeVar("T")


NICENESS: Final = 5
REST_S: Final = 5.0  # so long after passwords were computed their memory is kept for the next ones


def _step_back() -> None:
    """Let this thread have a processor when the event loop wants none.

    Measured under a busy machine (bench.sign_in): the loop's lag at p99 halves.
    """
    if sys.platform == "linux":  # elsewhere priorities are a whole process's
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


class PasswordsBusy(Unavailable):
    code = "gateway.sign_in_busy"
    title = "Too many sign-ins at this moment"


class Passwords:
    def __init__(
        self, settings: Settings, give_back: Callable[[], None] = memory.give_back
    ) -> None:
        self._give_back = give_back
        self._hasher = PasswordHasher(
            time_cost=settings.password_iterations,
            memory_cost=settings.password_memory_kib,
            parallelism=1,
        )
        self._most = settings.password_threads + settings.password_waiting
        self._present = 0
        self._tidying: asyncio.TimerHandle | None = None
        self._pool = ThreadPoolExecutor(
            settings.password_threads, thread_name_prefix="argon2", initializer=_step_back
        )
        self._decoy = self._hasher.hash(secrets.token_hex())

    async def hash(self, password: str) -> str:
        return await self._apart(lambda: self._hasher.hash(password))

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether `password` is the one hashed in `stored`; without it, the same work for a no."""
        verdict = await self._apart(lambda: self._verify(password, stored or self._decoy))
        return verdict and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether `stored` was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        if self._tidying is not None:
            self._tidying.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _apart(self, work: Callable[[], T]) -> T:
        if self._present >= self._most:
            raise PasswordsBusy("Try again in a moment.", retry_after_s=2)
        self._present += 1
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._pool, work)
        finally:
            self._present -= 1
            if not self._present and self._tidying is None:
                self._tidying = loop.call_later(REST_S, self._tidy)

    def _tidy(self) -> None:
        """Give the memory back, unless somebody is there, after whom this is called again."""
        self._tidying = None
        if not self._present:
            self._give_back()
