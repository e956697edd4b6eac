"""Files of another programme, taken in from the command line: checked, and then imported."""

import asyncio
import csv
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from kit import clock
from kit.db import Sessions, create_engine, create_sessions, transaction
from kit.problems import Problem
from rapport.errors import OperatorError
from rapport.parts import LOYALTY
from services.loyalty.actions.importing.receiving import (
    Announced,
    commit,
    discard,
    known_import,
    receive,
)
from services.loyalty.actions.importing.running import advance_import, faults_of
from services.loyalty.rules.imports import WORKING, Format, ImportKind, ImportState
from services.loyalty.store import imports as store
from services.loyalty.tables import Import

PART = 65_536
PORTION = 1_000
PAUSE_S = 0.2
FORMATS = {".csv": Format.CSV, ".jsonl": Format.JSONL, ".ndjson": Format.JSONL}

T = TypeVar("T")
Report = Callable[[Import], None]


def checked(file: Path, kind: str, programme: str, report: Report) -> Import:
    """Send a file and check every row of it; `report` hears how far that is."""
    told = Announced(
        programme=programme,
        kind=_kind(kind),
        format=_format(file),
        commits_itself=False,
        actor="operator",
    )

    async def work(sessions: Sessions) -> Import:
        async with transaction(sessions) as session:
            made = await receive(session, told, _parts(file), clock.now())
        return _unhindered(await _finished(sessions, made.import_id, report), ImportState.CHECKING)

    return _do(work)


def imported(import_id: UUID, report: Report, *, skip_refused: bool) -> Import:
    """Import the rows that were checked."""

    async def work(sessions: Sessions) -> Import:
        async with transaction(sessions) as session:
            await commit(session, import_id, skip_refused=skip_refused)
        return _unhindered(await _finished(sessions, import_id, report), ImportState.COMMITTING)

    return _do(work)


def given_up(import_id: UUID) -> None:
    """Forget a file that was only to be checked."""

    async def work(sessions: Sessions) -> Import:
        async with transaction(sessions) as session:
            return await discard(session, import_id)

    _do(work)


def write_errors(import_id: UUID, target: Path) -> None:
    """Write what is wrong with each refused row: row, column, code, detail."""

    async def work(sessions: Sessions) -> None:
        with target.open("w", newline="", encoding="utf-8") as opened:
            writer = csv.DictWriter(opened, ["row", "column", "code", "detail"])
            writer.writeheader()
            after = 0
            async with transaction(sessions) as session:
                while rows := await store.faulty(session, import_id, PORTION, after):
                    writer.writerows(faults_of(rows))
                    after = rows[-1].row

    _do(work)


async def _finished(sessions: Sessions, import_id: UUID, report: Report) -> Import:
    """Do the work of imports, as the service does beside us, until this one has no more."""
    while True:
        async with transaction(sessions) as session:
            busy = await advance_import(session, clock.now())
            found = await known_import(session, import_id)
        report(found)
        if found.state not in WORKING:
            return found
        if not busy:
            await asyncio.sleep(PAUSE_S)


def _unhindered(found: Import, wanted: ImportState) -> Import:
    """The import, unless its work kept failing. Raises OperatorError."""
    if found.stopped_while == wanted:
        raise OperatorError(
            f"import {found.import_id} was stopped behind row {found.reached}, as that fails with"
            f" {found.failed_with} (see above, or the log); say the same again to go on"
        )
    return found


async def _parts(file: Path) -> AsyncIterator[bytes]:
    try:
        with file.open("rb") as opened:
            while part := opened.read(PART):
                yield part
    except OSError as error:
        raise OperatorError(f"{file} cannot be read: {error}") from error


def _kind(name: str) -> ImportKind:
    try:
        return ImportKind(name)
    except ValueError:
        raise OperatorError(
            f"{name} is no kind of rows; they are {', '.join(ImportKind)}"
        ) from None


def _format(file: Path) -> Format:
    found = FORMATS.get(file.suffix.lower())
    if found is None:
        raise OperatorError(f"{file} must end in .csv, or in .jsonl where its lines are JSON")
    return found


def _do(work: Callable[[Sessions], Awaitable[T]]) -> T:
    """Do `work` on loyalty's database, saying in words what it refuses."""
    try:
        return asyncio.run(_on_database(work))
    except Problem as refusal:
        raise OperatorError(refusal.detail) from refusal


async def _on_database(work: Callable[[Sessions], Awaitable[T]]) -> T:
    engine = create_engine(LOYALTY.settings())
    try:
        return await work(create_sessions(engine))
    finally:
        await engine.dispose()
