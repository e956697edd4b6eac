"""Deployments on one machine prefer the same ports: none starts while one of another is down."""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = Path(tempfile.gettempdir()) / "rapport-deployments.lock"


@contextmanager
def alone() -> Iterator[None]:
    """While this lasts, nobody else starts a deployment or ends a process of one.

    A process that was killed comes back at its port, which a deployment that starts just then
    would take for a free one. It ends with whoever holds it; nobody may ask for it twice.
    """
    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
