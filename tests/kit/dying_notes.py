"""A service that is killed whenever it has committed, before anything of that is published.

`python -m tests.kit.dying_notes <database> <prefix> <times>`: so many processes, one after another,
each with its relay at work, commit one note, and are killed by the kernel at that moment.
"""

import asyncio
import os
import signal
import sys

from kit import outbox
from kit.app import Runtime
from kit.db import transaction
from kit.ids import uuid7
from kit.testing import settings_for
from tests.kit.notes import NotePinned, Settings, create_app


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def note_and_die(settings: Settings, number: int) -> None:
    runtime: Runtime = create_app(settings).state.runtime
    runtime.relay.wake = die  # type: ignore[method-assign]  # called right after the COMMIT
    await runtime.start()
    if number % 2:  # its relay is at what the one before left
        await runtime.bus.wait_connected()
    said = NotePinned(member_id=uuid7(), note_id=uuid7(), text=str(number))
    async with transaction(runtime.sessions) as session:
        await outbox.publish(session, said)


def killed(settings: Settings, number: int) -> bool:
    """Whether a process of its own was killed where it shall be."""
    child = os.fork()
    if not child:
        asyncio.run(note_and_die(settings, number))
        os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def main(database: str, prefix: str, times: int) -> bool:
    options = {"database": database, "subject_prefix": prefix, "pool_size": 1}
    settings = settings_for(Settings, "killed", **options, roles={"relay"})
    return all(killed(settings, number) for number in range(times))


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
