"""An import that dies: checked, committed and undone, and killed with SIGKILL one step later again.

`python -m tests.loyalty.dying_imports <worker> <import id>` prints a line for each phase: its name
and how often it died. A step is a statement, a commit, or a connection given back.
"""

import asyncio
import os
import signal
import sys
from itertools import count
from uuid import UUID

from sqlalchemy import event

from kit import clock
from kit.testing import Harness, settings_for
from services.loyalty.actions.importing.receiving import commit, undo
from services.loyalty.actions.importing.running import advance_import
from services.loyalty.actions.verifying import verify_ledger
from services.loyalty.main import create_app
from services.loyalty.settings import Settings
from tests.loyalty.dying import in_a_child

UNSOUND = 2


async def order(harness: Harness, phase: str, import_id: UUID) -> None:
    async with harness.transaction() as session:
        if phase == "commit":
            await commit(session, import_id, skip_refused=True)
        if phase == "undo":
            await undo(session, import_id)


async def run(harness: Harness, phase: str, import_id: UUID, death: int) -> int:
    """Order a phase and do its work, and die at the step numbered `death`; 0 when all is done."""
    steps = count(1)

    def step(*_: object, **__: object) -> None:
        if next(steps) == death:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = harness.runtime.engine.sync_engine
    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    event.listen(engine, "checkin", step)
    await order(harness, phase, import_id)
    busy = True
    while busy:
        async with harness.transaction() as session:
            busy = await advance_import(session, clock.now())
    async with harness.transaction() as session:
        sound = (await verify_ledger(session)).sound
    await harness.runtime.engine.dispose()
    return 0 if sound else UNSOUND


def main() -> None:
    worker, import_id = sys.argv[1], UUID(sys.argv[2])
    harness = Harness(create_app(settings_for(Settings, worker)))
    for phase in ("check", "commit", "undo"):
        for death in count(1):
            status = in_a_child(lambda p=phase, d=death: asyncio.run(run(harness, p, import_id, d)))
            if os.WIFEXITED(status):
                if os.WEXITSTATUS(status):
                    sys.exit(os.WEXITSTATUS(status))
                sys.stdout.write(f"{phase} {death - 1}\n")
                break


if __name__ == "__main__":
    main()
