"""The work of imports: a chunk of rows in each transaction, with how far it has come.

Checking does all that committing does and takes it back (a savepoint), so it finds what committing
would. Whoever dies on the way has done whole chunks; the next goes on behind them. A chunk that
fails unexpectedly is tried again some times, while others go on; then its import is stopped, and
what it had done before stands.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import Counter, Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.importing import belongings
from services.loyalty.actions.importing.balances import BALANCES
from services.loyalty.actions.importing.tiers import TIERS
from services.loyalty.actions.importing.work import (
    Importer,
    Members,
    Ready,
    Undoing,
    Work,
    known,
)
from services.loyalty.rules.imports import (
    Fault,
    Format,
    ImportKind,
    ImportState,
    RowState,
    retry_after,
)
from services.loyalty.rules.imports.files import (
    CHUNK_ROWS,
    Chunk,
    Header,
    Misread,
    read,
)
from services.loyalty.rules.imports.rows import Row, parse
from services.loyalty.store import imports as store
from services.loyalty.store.imports import Earlier, KeptRow
from services.loyalty.tables import Import

log = logging.getLogger(__name__)

IMPORTERS: Mapping[ImportKind, Importer] = {
    ImportKind.BALANCES: BALANCES,
    ImportKind.TIERS: TIERS,
    ImportKind.HISTORY: belongings.HISTORY,
    ImportKind.COUPONS: belongings.COUPONS,
    ImportKind.REFERRAL_CODES: belongings.CODES,
    ImportKind.REFERRALS: belongings.REFERRALS,
    ImportKind.CHECKINS: belongings.CHECKINS,
}

STOPPED = Counter(
    "loyalty_imports_stopped_total", "Imports whose work failed again and again and was stopped."
)
STOPPED_NOW = Gauge(
    "loyalty_stopped_imports", "Imports that are stopped now, and go on only when somebody says so."
)
UNHINDERED: Mapping[str, Any] = {"failures": 0, "failed_with": None, "retry_at": None}

Judged = Mapping[int, Row | list[Fault]]


async def advance_import(session: AsyncSession, now: datetime) -> bool:
    """Do one portion of an import; if there was one."""
    work = await store.next_working(session, now)
    if work is None:
        return False
    try:
        async with session.begin_nested():
            await _portion(session, work, now)
    except Exception as error:
        log.exception(
            "import %s: %s failed behind row %d", work.import_id, work.state, work.reached
        )
        await _set_aside(session, work, error, now)
    return True


async def count_stopped(session: AsyncSession) -> None:
    """Keep the gauge `loyalty_stopped_imports` true."""
    STOPPED_NOW.set(await store.stopped(session))


async def _portion(session: AsyncSession, work: Import, now: datetime) -> None:
    match ImportState(work.state):
        case ImportState.CHECKING:
            await _read(session, work, now, checking=True)
        case ImportState.COMMITTING:
            await _read(session, work, now, checking=False)
        case _:
            await _undo(session, work, now)


async def _set_aside(session: AsyncSession, work: Import, error: Exception, now: datetime) -> None:
    """Let an import wait whose portion failed, or stop it. Of the error its class alone is kept.

    Its words may hold what the file says of people.
    """
    failures = work.failures + 1
    wait = retry_after(failures)
    changes: dict[str, Any] = {"failures": failures, "failed_with": type(error).__name__}
    if wait is None:
        STOPPED.inc()
        changes |= {"state": ImportState.STOPPED, "stopped_while": work.state, "retry_at": None}
    else:
        changes["retry_at"] = now + wait
    await store.change(session, work.import_id, **changes)


async def resume(session: AsyncSession, work: Import) -> None:
    """Let a stopped import go on where it was."""
    await store.change(
        session, work.import_id, state=work.stopped_while, stopped_while=None, **UNHINDERED
    )


async def begin_commit(session: AsyncSession, work: Import) -> None:
    """Let an import that was checked be committed, from its first row on."""
    totals = {**work.totals, "before": await store.balances(session)}
    await store.change(
        session,
        work.import_id,
        state=ImportState.COMMITTING,
        reached=0,
        accepted=0,
        repeated=0,
        refused=0,
        totals=totals,
        **UNHINDERED,
    )


async def _read(session: AsyncSession, work: Import, now: datetime, *, checking: bool) -> None:
    chunk = await store.next_chunk(session, work.import_id, work.reached)
    if chunk is None:
        await (_end_check if checking else _end_commit)(session, work, now)
        return
    if not checking:
        await store.alone(session, work.programme, work.kind)
    rows = await _take(session, work, chunk, now, checking=checking)
    await store.keep_rows(session, work, rows)
    states = [row.state for row in rows]
    await store.advance(
        session,
        work.import_id,
        chunk.last_row,
        accepted=states.count(RowState.ACCEPTED) + states.count(RowState.IMPORTED),
        repeated=states.count(RowState.REPEATED),
        refused=states.count(RowState.REFUSED),
    )


async def _take(
    session: AsyncSession, work: Import, chunk: Chunk, now: datetime, *, checking: bool
) -> list[KeptRow]:
    """Take in the rows of a chunk; what became of each."""
    judged = _parsed(work, chunk)
    said = {row: one for row, one in judged.items() if isinstance(one, Row)}
    kept = [_refused(row, one) for row, one in judged.items() if isinstance(one, list)]
    kept += await _known_already(session, work, said)
    for row in kept:
        said.pop(row.row, None)
    ready, strangers = await _whose(session, said)
    kept += strangers
    savepoint = await session.begin_nested() if checking else None
    importer = IMPORTERS[ImportKind(work.kind)]
    verdicts = (
        await importer.take(session, Work(work.import_id, work.actor, now, ready)) if ready else {}
    )
    if savepoint is not None:
        await savepoint.rollback()
    done = RowState.ACCEPTED if checking else RowState.IMPORTED
    return kept + [_settled(item, verdicts[item.row], done) for item in ready]


def _parsed(work: Import, chunk: Chunk) -> Judged:
    """By row: what it says, or what is wrong with it."""
    kind, header = ImportKind(work.kind), Header(work.delimiter, tuple(work.columns))
    return {
        item.row: [item.fault] if isinstance(item, Misread) else parse(kind, item.fields)
        for item in read(chunk, Format(work.format), header)
    }


async def _known_already(
    session: AsyncSession, work: Import, said: Mapping[int, Row]
) -> list[KeptRow]:
    """Rows that tell of what an earlier row has told of: here, or in another file."""
    keys = {one.key for one in said.values()}
    first = dict(await store.earlier_in_file(session, work.import_id, keys))
    imported = await store.imported(session, work.programme, work.kind, keys)
    found = []
    for row, one in said.items():
        place = first.setdefault(one.key, row)
        if place != row:
            found.append(_refused(row, [_said_twice(place)]))
        elif (earlier := imported.get(one.key)) is None:
            continue
        elif earlier.digest == one.digest:
            found.append(KeptRow(row, one.key, one.digest, RowState.REPEATED))
        else:
            found.append(_refused(row, [_changed(earlier)]))
    return found


def _refused(row: int, faults: Sequence[Fault]) -> KeptRow:
    return KeptRow(row, None, None, RowState.REFUSED, faults)


def _said_twice(place: int) -> Fault:
    detail = f"Row {place} tells of the same; leave one out, or give each a `reference` of its own."
    return Fault("reference", "said_twice", detail)


def _changed(earlier: Earlier) -> Fault:
    detail = (
        f"Row {earlier.row} of the import {earlier.import_id} told of it, with other values."
        " Undo that import first, or give this row a `reference` of its own."
    )
    return Fault("reference", "imported_otherwise", detail)


async def _whose(
    session: AsyncSession, said: Mapping[int, Row]
) -> tuple[list[Ready[Any]], list[KeptRow]]:
    """The rows with their members, and those whose member nobody knows."""
    people = await known(
        session,
        {one.member_id for one in said.values() if one.member_id},
        {one.external_id for one in said.values() if one.external_id},
    )
    return _sorted_out(said, people)


def _sorted_out(said: Mapping[int, Row], people: Members) -> tuple[list[Ready[Any]], list[KeptRow]]:
    ready: list[Ready[Any]] = []
    strangers: list[KeptRow] = []
    for row, one in said.items():
        owner = people.find(one.member_id, one.external_id)
        if isinstance(owner, Fault):
            strangers.append(_refused(row, [owner]))
        else:
            ready.append(Ready(row, one, owner))
    return ready, strangers


def _settled(item: Ready[Any], verdict: dict[str, Any] | Fault, done: RowState) -> KeptRow:
    said = item.said
    if isinstance(verdict, Fault):
        return _refused(item.row, [verdict])
    points: int | None = None
    if said.kind is ImportKind.BALANCES:
        points = said.points
    point_type = said.point_type if points is not None else None
    effect = verdict if done is RowState.IMPORTED else {}
    return KeptRow(item.row, said.key, said.digest, done, (), point_type, points, effect)


async def _end_check(session: AsyncSession, work: Import, now: datetime) -> None:
    totals = {"file": await store.in_file(session, work.import_id)}
    checked = {"state": ImportState.CHECKED, "checked_at": now, "totals": totals}
    await store.change(session, work.import_id, **checked)
    if work.commits_itself:
        work.totals = totals
        await begin_commit(session, work)


async def _end_commit(session: AsyncSession, work: Import, now: datetime) -> None:
    """Say what the ledger has of it. The file is not needed any more."""
    told = await store.in_file(session, work.import_id)
    written = await store.in_ledger(session, work.import_id)
    if told != written:
        log.error("import %s: its rows say %s, the ledger %s", work.import_id, told, written)
    after = await store.balances(session)
    totals = {**work.totals, "file": told, "ledger": written, "after": after}
    await store.change(
        session, work.import_id, state=ImportState.COMMITTED, committed_at=now, totals=totals
    )
    await store.drop_chunks(session, work.import_id)


async def _undo(session: AsyncSession, work: Import, now: datetime) -> None:
    """Undo a portion, or find that all is undone that can be."""
    rows = await store.to_undo(session, work.import_id, work.reached, CHUNK_ROWS)
    if not rows:
        totals = {**work.totals, "after_undoing": await store.balances(session)}
        await store.change(
            session, work.import_id, state=ImportState.UNDONE, undone_at=now, totals=totals
        )
        return
    undoing = Undoing(work.import_id, work.actor, now, rows)
    undone = set(await IMPORTERS[ImportKind(work.kind)].undo(session, undoing))
    settled = [(item.row, _after_undoing(item.row, undone), item.effect) for item in rows]
    await store.settle_rows(session, work.import_id, settled)
    await store.advance(session, work.import_id, rows[-1].row, accepted=-len(undone))


def _after_undoing(row: int, undone: Collection[int]) -> RowState:
    return RowState.UNDONE if row in undone else RowState.KEPT


def faults_of(rows: Sequence[store.FaultyRow]) -> list[dict[str, Any]]:
    """One line for each fault: its row, column, code and what would be right."""
    return [{"row": row.row, **fault} for row in rows for fault in row.faults]


def moved_otherwise(totals: Mapping[str, Any], imported: Mapping[str, int]) -> dict[str, int]:
    """What balances changed by beside the import: what members did meanwhile. Usually nothing."""
    return {
        kind: _worth(totals["after"][kind])
        - _worth(totals["before"].get(kind, {}))
        - imported.get(kind, 0)
        for kind in totals["after"]
    }


def _worth(balances: Mapping[str, int]) -> int:
    held = sum(balances.get(name, 0) for name in ("available", "pending", "held"))
    return held - balances.get("debt", 0)
