"""The data folder: who uses it, what was left running over it, and where its sockets are.

<data>/lock        held by the process that uses the folder; contains its id
<data>/run.json    the children of that process, for a next start after a crash
<data>/sockets/    0700; in the temporary folder instead when the path is too long for a socket
<data>/logs/       one file per child
<data>/postgres|nats|valkey/
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

from rapport.embedded import system_user
from rapport.processes import CannotStart, Child, Trace

LONGEST_SOCKET_PATH = 100  # macOS allows 103 bytes, Linux 107.
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"


@dataclass(slots=True)
class DataFolder:
    """A data folder in use by this process."""

    path: Path
    user: str
    sockets: Path
    traces: dict[str, Trace] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def taken(cls, path: Path) -> Iterator["DataFolder"]:
        """Take the folder for this process, after ending what an earlier one left running."""
        path = path.resolve()
        path.mkdir(parents=True, exist_ok=True)
        with lock(path):
            end_leftovers(path / "run.json")
            user = system_user.required()
            if user:
                system_user.let_pass(path / "postgres")
            with sockets_folder(path) as sockets:
                system_user.give(sockets, user)
                yield cls(path, user, sockets)
                (path / "run.json").unlink(missing_ok=True)

    def folder(self, name: str, *, user: str = "") -> Path:
        """A folder of its own for one server, closed to others and made when absent."""
        folder = self.path / name
        folder.mkdir(mode=0o700, exist_ok=True)
        system_user.give(folder, user)
        return folder

    def log(self, name: str) -> Path:
        """The log file of one child."""
        return self.path / "logs" / f"{name}.log"

    def remember(self, child: Child) -> None:
        """Write down a child that was just started, so that a next start could end it."""
        if trace := child.trace():
            self.traces[child.name] = trace
        rewrite(
            self.path / "run.json", {name: asdict(trace) for name, trace in self.traces.items()}
        )


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold `<data>/lock`; the kernel lets go of it however this process ends."""
    with (path / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
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


def end_leftovers(run_file: Path) -> None:
    """Stop the children of an earlier process that could not stop them itself."""
    if run_file.exists():
        for trace in json.loads(run_file.read_text()).values():
            Trace(**trace).end()
        run_file.unlink()


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


def rewrite(path: Path, content: object) -> None:
    """Replace a JSON file at once, readable by its owner only."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, indent=2))
    fresh.replace(path)
