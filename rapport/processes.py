"""Child processes that are stopped with us, and found again if we could not stop them.

Each runs in a session of its own, so that Ctrl-C in the terminal reaches us alone and we decide the
order of the end. On Linux a child also gets its stop signal when we are killed; elsewhere, and for
what ignored the signal, `Trace` remembers a process well enough to end it at the next start.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from rapport.errors import OperatorError

LAUNCH = Path(__file__).with_name("launch.py")
POLL_S = 0.01


def launched(command: Sequence[str], *, stop_signal: signal.Signals, user: str = "") -> list[str]:
    """`command`, run as `user` and sent `stop_signal` when this process dies."""
    program = shutil.which(command[0])
    if program is None:
        raise OperatorError(f"{command[0]} is not installed; install rapport[embedded]")
    bound = [str(os.getpid()), str(int(stop_signal)), user, program, *command[1:]]
    return [sys.executable, "-I", "-S", str(LAUNCH), *bound]


@dataclass(frozen=True, slots=True)
class Trace:
    """A process as the next start may find it; the start time guards against a reused id."""

    pid: int
    started_at: float
    stop_signal: int

    @classmethod
    def of(cls, pid: int, stop_signal: signal.Signals) -> Self:
        """The trace of a running process."""
        return cls(pid, psutil.Process(pid).create_time(), int(stop_signal))

    def end(self, grace_s: float = 20) -> None:
        """Stop the process if it still runs; kill it when it does not listen."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.started_at) > 1:
                return
            process.send_signal(self.stop_signal)
            process.wait(grace_s)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(slots=True)
class Child:
    """One child process and its log file; `started` hears of every start."""

    name: str
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    user: str = ""
    started: Callable[["Child"], None] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, command: Sequence[str]) -> None:
        """Start `command` in a session of its own, its output appended to the log."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 -- our own commands, no shell
                launched(command, stop_signal=self.stop_signal, user=self.user),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if self.started:
            self.started(self)

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self.process.pid if self.process and self.running else None

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def trace(self) -> Trace | None:
        """What the next start needs to find it."""
        try:
            return Trace.of(self.process.pid, self.stop_signal) if self.process else None
        except psutil.NoSuchProcess:
            return None

    def ask_to_stop(self) -> None:
        """Send the stop signal; harmless when it has ended."""
        if self.running and self.process:
            self.process.send_signal(self.stop_signal)

    def wait_until_stopped(self, grace_s: float = 30) -> None:
        """Wait for the end that was asked for; kill after `grace_s`."""
        if self.process is None:
            return
        try:
            self.process.wait(grace_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    async def ended(self) -> int:
        """The exit code, once it has one (negative: the signal that killed it)."""
        while self.process is None or (code := self.process.poll()) is None:  # noqa: ASYNC110
            await asyncio.sleep(POLL_S * 10)
        return code

    def last_words(self, lines: int = 5) -> str:
        """The end of the log, for a message."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])
