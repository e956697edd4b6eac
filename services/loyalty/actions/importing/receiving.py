"""Taking files of another programme, and what is ordered about them."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.ids import uuid7
from kit.problems import Conflict, NotFound, Unprocessable
from services.loyalty.actions.importing.running import UNHINDERED, begin_commit, resume
from services.loyalty.rules.imports import Format, ImportKind, ImportState
from services.loyalty.rules.imports.files import CHUNK_ROWS, BadFileError, Chunk, Cutter
from services.loyalty.rules.imports.rows import wrong_columns
from services.loyalty.store import imports as store
from services.loyalty.tables import Import


class BadFile(Unprocessable):
    code = "loyalty.bad_file"
    title = "The file cannot be read"


class ImportNotFound(NotFound):
    code = "loyalty.import_not_found"
    title = "No such import"


class NotNow(Conflict):
    code = "loyalty.import_state"
    title = "The import is in another state"


class RowsRefused(Conflict):
    code = "loyalty.rows_refused"
    title = "Some rows cannot be imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A file as its sender describes it."""

    programme: str
    kind: ImportKind
    format: Format
    commits_itself: bool
    actor: str
    chunk_rows: int = CHUNK_ROWS


async def receive(
    session: AsyncSession, told: Announced, parts: AsyncIterator[bytes], now: datetime
) -> Import:
    """Keep a file in chunks, to be checked; of one that is here already, its import.

    That is checked further if it was stopped. Raises BadFile.
    """
    savepoint = await session.begin_nested()
    made = _new(told, now)
    await store.begin(session, made)
    cutter, digest = Cutter(told.format, told.chunk_rows), hashlib.sha256()
    try:
        async for part in parts:
            digest.update(part)
            await _keep(session, made, cutter, cutter.feed(part))
        await _keep(session, made, cutter, cutter.end())
    except BadFileError as error:
        raise BadFile(str(error)) from None
    if cutter.rows <= (cutter.header is not None):
        raise BadFile("The file has no rows: send a header and at least one, or lines of JSON.")
    await store.alone(session, told.programme, f"receiving {told.kind}")
    if twin := await store.open_twin(session, told.programme, told.kind, digest.digest()):
        await savepoint.rollback()
        return await _checked_further(session, twin)
    await store.change(
        session,
        made.import_id,
        state=ImportState.CHECKING,
        digest=digest.digest(),
        delimiter=cutter.header.delimiter if cutter.header else "",
        columns=list(cutter.header.columns) if cutter.header else [],
        rows=cutter.rows - (cutter.header is not None),
    )
    return await known_import(session, made.import_id)


async def _checked_further(session: AsyncSession, twin: Import) -> Import:
    if twin.stopped_while == ImportState.CHECKING:
        await resume(session, twin)
    return await known_import(session, twin.import_id)


async def _keep(
    session: AsyncSession, made: Import, cutter: Cutter, chunks: Iterator[Chunk]
) -> None:
    """Keep what has been cut off, of a file whose header is right. Raises BadFileError."""
    for chunk in chunks:
        await store.keep_chunk(session, made.import_id, chunk)
    if cutter.header and (wrong := wrong_columns(ImportKind(made.kind), cutter.header.columns)):
        raise BadFileError(wrong)


def _new(told: Announced, now: datetime) -> Import:
    return Import(
        import_id=uuid7(),
        programme=told.programme,
        kind=told.kind,
        format=told.format,
        delimiter="",
        columns=[],
        digest=b"",
        state=ImportState.RECEIVING,
        commits_itself=told.commits_itself,
        rows=0,
        reached=0,
        accepted=0,
        repeated=0,
        refused=0,
        totals={},
        actor=told.actor,
        created_at=now,
        checked_at=None,
        committed_at=None,
        undone_at=None,
        failures=0,
        failed_with=None,
        retry_at=None,
        stopped_while=None,
    )


async def known_import(session: AsyncSession, import_id: UUID, *, lock: bool = False) -> Import:
    """An import. Raises ImportNotFound."""
    found = await store.one(session, import_id, lock=lock)
    if found is None:
        raise ImportNotFound(f"There is no import {import_id}.")
    return found


async def commit(session: AsyncSession, import_id: UUID, *, skip_refused: bool) -> Import:
    """Have the checked rows imported, or the rest of them where that was stopped.

    Raises ImportNotFound, NotNow or RowsRefused.
    """
    work = await known_import(session, import_id, lock=True)
    if work.state in (ImportState.COMMITTING, ImportState.COMMITTED):
        return work
    if work.stopped_while == ImportState.COMMITTING:
        await resume(session, work)
        return await known_import(session, import_id)
    _must_be(work, ImportState.CHECKED, "committed")
    if work.refused and not skip_refused:
        raise RowsRefused(
            f"{work.refused} of {work.rows} rows would not be imported; see"
            f" GET /v1/loyalty/imports/{import_id}/errors. Mend the file and send it again, or"
            " commit with `skip_refused` to import the others.",
            refused=work.refused,
        )
    await begin_commit(session, work)
    return await known_import(session, import_id)


async def undo(session: AsyncSession, import_id: UUID) -> Import:
    """Have an import undone, by entries that take back what it brought; also a stopped one.

    Raises ImportNotFound or NotNow.
    """
    work = await known_import(session, import_id, lock=True)
    if work.state in (ImportState.UNDOING, ImportState.UNDONE):
        return work
    if work.stopped_while == ImportState.UNDOING:
        await resume(session, work)
        return await known_import(session, import_id)
    if work.stopped_while != ImportState.COMMITTING:
        _must_be(work, ImportState.COMMITTED, "undone")
    begun = {"state": ImportState.UNDOING, "reached": 0, "stopped_while": None, **UNHINDERED}
    await store.change(session, import_id, **begun)
    await store.drop_chunks(session, import_id)
    return await known_import(session, import_id)


async def discard(session: AsyncSession, import_id: UUID) -> Import:
    """Give up an import of which nothing has been committed. Raises ImportNotFound or NotNow."""
    work = await known_import(session, import_id, lock=True)
    if work.state == ImportState.DISCARDED:
        return work
    if ImportState.CHECKING not in (work.state, work.stopped_while):
        _must_be(work, ImportState.CHECKED, "discarded")
    await store.drop_chunks(session, import_id)
    given_up = {"state": ImportState.DISCARDED, "stopped_while": None, **UNHINDERED}
    await store.change(session, import_id, **given_up)
    return await known_import(session, import_id)


async def discard_forgotten(session: AsyncSession, before: datetime, limit: int) -> bool:
    """Give up imports nobody has committed since, with their files; True when there may be more."""
    found = await store.forgotten(session, before, limit)
    for import_id in found:
        await discard(session, import_id)
    return len(found) == limit


def _must_be(work: Import, state: ImportState, to_be: str) -> None:
    if work.state != state:
        raise NotNow(
            f"The import is {work.state}; only one that is {state} can be {to_be}.",
            state=work.state,
        )
