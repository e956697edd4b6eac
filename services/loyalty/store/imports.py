"""Imports, their files in chunks, and what became of each row."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Row, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting, updating
from services.loyalty.rules.imports import WORKING, Fault, ImportKind, RowState
from services.loyalty.rules.imports.files import Chunk
from services.loyalty.tables import Import, ImportChunk, ImportRow

_WORKING = ", ".join(f"'{state}'" for state in WORKING)

_NEXT = text(f"""
    SELECT * FROM imports WHERE state IN ({_WORKING}) AND (retry_at IS NULL OR retry_at <= :now)
    ORDER BY import_id LIMIT 1 FOR UPDATE SKIP LOCKED
""")  # noqa: S608  (the names of our own states)

_CHUNK = text("""
    SELECT first_row, last_row, lines FROM import_chunks
    WHERE import_id = :import_id AND first_row > :reached ORDER BY first_row LIMIT 1
""")

_EARLIER = text("""
    SELECT key, min(row) AS row FROM import_rows
    WHERE import_id = :import_id AND key = ANY(:keys) GROUP BY key
""")

_IMPORTED = text("""
    SELECT key, digest, import_id, row FROM import_rows
    WHERE programme = :programme AND kind = :kind AND key = ANY(:keys)
        AND state IN ('imported', 'kept')
""")

_KEEP = inserting(
    ImportRow,
    "import_id row programme kind key digest state faults point_type points effect",
    "ON CONFLICT (import_id, row) DO UPDATE SET key = excluded.key, digest = excluded.digest,"
    " state = excluded.state, faults = excluded.faults, point_type = excluded.point_type,"
    " points = excluded.points, effect = excluded.effect",
)

_SETTLE = updating(ImportRow, "state effect")

_TO_UNDO = text("""
    SELECT row, point_type, points, effect FROM import_rows
    WHERE import_id = :import_id AND state IN ('imported', 'kept') AND row > :reached
    ORDER BY row LIMIT :limit
""")

_ADVANCE = text("""
    UPDATE imports SET reached = :reached, accepted = accepted + :accepted,
        repeated = repeated + :repeated, refused = refused + :refused,
        failures = 0, failed_with = NULL, retry_at = NULL
    WHERE import_id = :import_id
""")

_BALANCES = text("""
    SELECT point_type, sum(available)::bigint AS available, sum(pending)::bigint AS pending,
        sum(held)::bigint AS held, sum(debt)::bigint AS debt
    FROM wallets GROUP BY point_type
""")

_IN_FILE = text("""
    SELECT point_type, sum(points)::bigint AS points FROM import_rows
    WHERE import_id = :import_id AND state IN ('accepted', 'imported', 'kept')
        AND point_type IS NOT NULL
    GROUP BY point_type
""")

_IN_LEDGER = text("""
    SELECT entries.point_type, sum(entries.points)::bigint AS points FROM import_rows
    JOIN entries ON source_type = 'import'
        AND source_id = CAST(:import_id AS text) || chr(58) || row
        AND leg = 'import'
    WHERE import_id = CAST(CAST(:import_id AS text) AS uuid) AND state IN ('imported', 'kept')
    GROUP BY entries.point_type
""")

_FAULTY = text("""
    SELECT row, faults FROM import_rows
    WHERE import_id = :import_id AND state = 'refused' AND row > :after ORDER BY row LIMIT :limit
""")


class KeptRow(NamedTuple):
    """What becomes of a row, as it is written down."""

    row: int
    key: str | None
    digest: bytes | None
    state: RowState
    faults: Sequence[Fault] = ()
    point_type: str | None = None
    points: int | None = None
    effect: Mapping[str, Any] = {}


class Earlier(NamedTuple):
    """A row that was imported before."""

    digest: bytes
    import_id: UUID
    row: int


class DoneRow(NamedTuple):
    """An imported row: what it moved, and what undoing it needs."""

    row: int
    point_type: str | None
    points: int | None
    effect: dict[str, Any]


class FaultyRow(NamedTuple):
    row: int
    faults: list[dict[str, Any]]


async def begin(session: AsyncSession, made: Import) -> None:
    await session.execute(insert(Import).values(made.model_dump()))


async def keep_chunk(session: AsyncSession, import_id: UUID, chunk: Chunk) -> None:
    await session.execute(insert(ImportChunk).values(import_id=import_id, **chunk._asdict()))


async def open_twin(
    session: AsyncSession, programme: str, kind: ImportKind, digest: bytes
) -> Import | None:
    """The import of the very same file, unless that was undone or given up."""
    statement = text("""
        SELECT * FROM imports WHERE programme = :programme AND kind = :kind AND digest = :digest
            AND state NOT IN ('receiving', 'undone', 'discarded')
    """)
    given = {"programme": programme, "kind": kind, "digest": digest}
    return _import((await session.execute(statement, given)).first())


async def one(session: AsyncSession, import_id: UUID, *, lock: bool = False) -> Import | None:
    wait = "FOR UPDATE" if lock else ""
    statement = text(f"SELECT * FROM imports WHERE import_id = :import_id {wait}")  # noqa: S608
    return _import((await session.execute(statement, {"import_id": import_id})).first())


async def listed(session: AsyncSession, limit: int, before: UUID | None) -> Sequence[Import]:
    """The imports, newest first."""
    statement = select(Import).order_by(col(Import.import_id).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(Import.import_id) < before)
    return (await session.scalars(statement)).all()


async def next_working(session: AsyncSession, now: datetime) -> Import | None:
    """An import with work left that nobody else is doing, and that need not wait."""
    return _import((await session.execute(_NEXT, {"now": now})).first())


async def stopped(session: AsyncSession) -> int:
    """How many imports are stopped now."""
    statement = text("SELECT count(*) FROM imports WHERE state = 'stopped'")
    return int((await session.execute(statement)).scalar_one())


async def change(session: AsyncSession, import_id: UUID, **values: Any) -> None:
    """Set columns of an import; their names are ours."""
    changes = ", ".join(
        f"{name} = CAST(:{name} AS jsonb)" if name == "totals" else f"{name} = :{name}"
        for name in values
    )
    if "totals" in values:
        values["totals"] = orjson.dumps(values["totals"]).decode()
    statement = text(f"UPDATE imports SET {changes} WHERE import_id = :import_id")  # noqa: S608
    await session.execute(statement, {"import_id": import_id, **values})


async def alone(session: AsyncSession, programme: str, kind: str) -> None:
    """Until the transaction ends, nobody else commits rows of this kind and programme."""
    statement = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
    await session.execute(statement, {"name": f"import {programme} {kind}"})


async def next_chunk(session: AsyncSession, import_id: UUID, reached: int) -> Chunk | None:
    """The next rows of a file, after the one reached."""
    found = await session.execute(_CHUNK, {"import_id": import_id, "reached": reached})
    row = found.first()
    return Chunk(*row) if row else None


async def drop_chunks(session: AsyncSession, import_id: UUID) -> None:
    statement = text("DELETE FROM import_chunks WHERE import_id = :import_id")
    await session.execute(statement, {"import_id": import_id})


async def forgotten(session: AsyncSession, before: datetime, limit: int) -> list[UUID]:
    """Imports sent before a moment, of which nothing was committed and nobody is doing anything."""
    statement = text("""
        SELECT import_id FROM imports
        WHERE (state = 'checked' OR stopped_while = 'checking') AND created_at < :before
        ORDER BY import_id LIMIT :limit FOR UPDATE SKIP LOCKED
    """)
    return list((await session.execute(statement, {"before": before, "limit": limit})).scalars())


async def earlier_in_file(
    session: AsyncSession, import_id: UUID, keys: Collection[str]
) -> Mapping[str, int]:
    """Which rows of the file told of these first."""
    rows = await session.execute(_EARLIER, {"import_id": import_id, "keys": list(keys)})
    return {row.key: row.row for row in rows}


async def imported(
    session: AsyncSession, programme: str, kind: str, keys: Collection[str]
) -> Mapping[str, Earlier]:
    """Which rows that tell of these are imported."""
    given = {"programme": programme, "kind": kind, "keys": list(keys)}
    rows = await session.execute(_IMPORTED, given)
    return {row.key: Earlier(bytes(row.digest), row.import_id, row.row) for row in rows}


async def keep_rows(session: AsyncSession, of: Import, rows: Sequence[KeptRow]) -> None:
    """Write down what became of rows."""
    written = [
        (
            of.import_id,
            item.row,
            of.programme,
            of.kind,
            item.key,
            item.digest,
            item.state,
            [fault.kept for fault in item.faults],
            item.point_type,
            item.points,
            dict(item.effect),
        )
        for item in rows
    ]
    await _KEEP.execute(session, written)


async def settle_rows(
    session: AsyncSession, import_id: UUID, rows: Sequence[tuple[int, RowState, dict[str, Any]]]
) -> None:
    """Write down what became of rows that were to be undone."""
    await _SETTLE.execute(session, [(import_id, *row) for row in rows])


async def to_undo(
    session: AsyncSession, import_id: UUID, reached: int, limit: int
) -> list[DoneRow]:
    given = {"import_id": import_id, "reached": reached, "limit": limit}
    return [DoneRow(*row) for row in await session.execute(_TO_UNDO, given)]


async def advance(
    session: AsyncSession,
    import_id: UUID,
    reached: int,
    *,
    accepted: int = 0,
    repeated: int = 0,
    refused: int = 0,
) -> None:
    """The work has come to a row; count what became of those before it."""
    counts = {"accepted": accepted, "repeated": repeated, "refused": refused}
    await session.execute(_ADVANCE, {"import_id": import_id, "reached": reached, **counts})


async def balances(session: AsyncSession) -> dict[str, dict[str, int]]:
    """What all members have, by point type."""
    return {
        row.point_type: {
            "available": row.available,
            "pending": row.pending,
            "held": row.held,
            "debt": row.debt,
        }
        for row in await session.execute(_BALANCES)
    }


async def in_file(session: AsyncSession, import_id: UUID) -> dict[str, int]:
    """The points of the rows that were accepted, by point type."""
    rows = await session.execute(_IN_FILE, {"import_id": import_id})
    return {row.point_type: row.points for row in rows}


async def in_ledger(session: AsyncSession, import_id: UUID) -> dict[str, int]:
    """The points the ledger has from the imported rows, by point type."""
    rows = await session.execute(_IN_LEDGER, {"import_id": str(import_id)})
    return {row.point_type: row.points for row in rows}


async def faulty(
    session: AsyncSession, import_id: UUID, limit: int, after: int = 0
) -> list[FaultyRow]:
    """Rows that were refused, with what is wrong with them."""
    given = {"import_id": import_id, "after": after, "limit": limit}
    return [FaultyRow(*row) for row in await session.execute(_FAULTY, given)]


def _import(row: Row[Any] | None) -> Import | None:
    return Import(**row._asdict()) if row else None
