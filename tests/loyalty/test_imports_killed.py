"""kill -9 between any two steps of an import: every row counts once, and undone it counts no more.

The phases go on where they were; each commits whole chunks.
"""

import asyncio
import sys
from collections.abc import AsyncIterator

from kit import clock
from kit.testing import Harness
from services.loyalty.actions.importing.receiving import Announced, receive
from services.loyalty.rules.imports import Format, ImportKind
from tests.loyalty.importing import named, shown
from tests.loyalty.members import balances, execute, proved

FILE = b"external_id,point_type,points\nC-1,points,100\nC-1,growth,500\nC-2,points,-30\nC-9,,1\n"


async def parts() -> AsyncIterator[bytes]:
    for place in range(0, len(FILE), 7):
        yield FILE[place : place + 7]


async def test_an_import_killed_at_every_step_is_done_once(
    harness: Harness, worker_id: str
) -> None:
    ann, bob = await named(harness, "C-1"), await named(harness, "C-2")
    told = Announced(
        programme="stamps",
        kind=ImportKind.BALANCES,
        format=Format.CSV,
        commits_itself=False,
        actor="operator",
        chunk_rows=2,
    )
    async with harness.transaction() as session:
        work = await receive(session, told, parts(), clock.now())
    await harness.runtime.engine.dispose()  # the child needs the connections
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.loyalty.dying_imports", worker_id, str(work.import_id)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()[-2000:]
    died = dict(line.split() for line in printed.decode().splitlines())
    assert all(int(died[phase]) > 10 for phase in ("check", "commit", "undo")), died
    done = await shown(harness, str(work.import_id))
    assert (done["state"], done["refused"]) == ("undone", 1)
    assert done["totals"]["ledger"] == {"points": 70, "growth": 500}
    assert await balances(harness, ann) == (0, 0, 0, 0)
    assert await balances(harness, bob) == (0, 0, 0, 0)
    entries = await execute(
        harness, "SELECT leg, count(*) AS n, sum(points) AS points FROM entries GROUP BY leg"
    )
    assert sorted(tuple(row) for row in entries) == [("import", 3, 570), ("undo", 3, -570)]
    await proved(harness)
