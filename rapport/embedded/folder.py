"""The data folder: who uses it, what was left running over it, and where its sockets are.

<data>/lock        held by the process that uses the folder; contains its id
<data>/run.json    the children of that process, for a next start after a crash
<data>/sockets/    0700; in the temporary folder instead when the path is too long for a socket
<data>/logs/       one file per child
<data>/postgres|nats|valkey/
"""

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from rapport import run_file
from rapport.errors import OperatorError
from rapport.processes import Child, Trace

LONGEST_SOCKET_PATH = 100  # macOS allows 103 bytes, Linux 107.
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(slots=True)
class DataFolder:
    """A data folder in use by this process."""

    path: Path
    sockets: Path
    children: dict[str, Trace] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def taken(cls, path: Path) -> Iterator["DataFolder"]:
        """Take the folder for this process, after ending what an earlier one left running."""
        path = path.resolve()
        path.mkdir(parents=True, exist_ok=True)
        with lock(path):
            end_leftovers(path)
            with sockets_folder(path) as sockets:
                try:
                    yield cls(path, sockets)
                finally:
                    run_file.forget(path)

    def folder(self, name: str) -> Path:
        """A folder of its own for one server, closed to others and made when absent."""
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def child(
        self, name: str, *, stop_signal: signal.Signals = signal.SIGTERM, user: str = ""
    ) -> Child:
        """A child that logs to this folder, and that a next start could find."""
        return Child(name, self.log(name), stop_signal, user, self._remember)

    def log(self, name: str) -> Path:
        """The log file of `name`."""
        logs = self.path / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        return logs / f"{name}.log"

    def _remember(self, child: Child) -> None:
        if trace := child.trace():
            self.children[child.name] = trace
        self.note()

    def note(self, **facts: Any) -> None:
        """Write down the children, and `facts` other commands need while this process runs."""
        self.facts |= facts
        children = {name: asdict(trace) for name, trace in self.children.items()}
        run_file.note(self.path, {"pid": os.getpid(), **self.facts, "children": children})


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold `<data>/lock`; the kernel lets go of it however this process ends."""
    with (path / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OperatorError(
                f"{path} is in use by process {holder(file)}; stop it, "
                "or name another folder with --data"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def holder(file: TextIO) -> str:
    """The process id written by whoever holds the lock."""
    file.seek(0)
    return file.read().strip() or "unknown"


def end_leftovers(path: Path) -> None:
    """Stop the children of an earlier process that could not stop them itself."""
    for trace in run_file.noted(path).get("children", {}).values():
        Trace(**trace).end()
    run_file.forget(path)


@contextmanager
def sockets_folder(path: Path) -> Iterator[Path]:
    """A 0700 folder whose path is short enough for Unix sockets."""
    near = path / "sockets"
    if len(f"{near}{LONGEST_SOCKET_NAME}") <= LONGEST_SOCKET_PATH:
        near.mkdir(mode=0o700, exist_ok=True)
        yield near
        return
    far = Path(tempfile.mkdtemp(prefix="rapport-"))
    try:
        yield far
    finally:
        shutil.rmtree(far, ignore_errors=True)
