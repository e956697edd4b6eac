"""Moving members in from another programme: files are sent, checked, committed, and undone."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Key
from kit.db import Sessions, Tx, transaction
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from kit.problems import Unsupported
from kit.uploads import Received
from services.loyalty.actions.importing.receiving import (
    Announced,
    commit,
    discard,
    known_import,
    receive,
    undo,
)
from services.loyalty.actions.importing.running import faults_of, moved_otherwise
from services.loyalty.rules.imports import Format, ImportKind, ImportState
from services.loyalty.rules.imports.files import written
from services.loyalty.rules.ledger import PointType
from services.loyalty.store import imports, past
from services.loyalty.tables import Import, PastEntry

router = Router(tags=["Import"])

ADMIN = requires(Role.ADMIN, scope="imports:write")
ImportPath = Annotated[UUID, Path(description="The import's id.")]
PORTION = 1_000
_FORMATS = {
    "text/csv": Format.CSV,
    "application/x-ndjson": Format.JSONL,
    "application/jsonl": Format.JSONL,
    "application/jsonlines": Format.JSONL,
}
_CSV_EXAMPLE = "external_id,points,expires_at\nC-1,1200,2027-12-31\n"
_JSONL_EXAMPLE = '{"external_id": "C-1", "points": 1200, "expires_at": "2027-12-31"}\n'
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            name: {
                "schema": {"type": "string"},
                "example": _CSV_EXAMPLE if format_ is Format.CSV else _JSONL_EXAMPLE,
            }
            for name, format_ in sorted(_FORMATS.items())
        },
    }
}


class Totals(Answer):
    """Points by point type: of the accepted rows, and what the ledger has of them.

    `before` and `after` are all members' balances around the import; `moved_otherwise` is what
    changed them meanwhile beside it.
    """

    file: dict[str, int] = Field(default_factory=dict)
    ledger: dict[str, int] | None = None
    before: dict[str, dict[str, int]] | None = None
    after: dict[str, dict[str, int]] | None = None
    moved_otherwise: dict[str, int] | None = None
    after_undoing: dict[str, dict[str, int]] | None = None


class ImportAnswer(Answer):
    """How far an import has come: of `rows`, those up to row `reached`.

    `repeated` rows were imported before and do nothing; `refused` ones have errors. One that is
    `stopped` goes on when it is committed, undone or, while it was checked, sent again.
    """

    import_id: UUID
    programme: str
    kind: ImportKind
    state: ImportState
    rows: int
    reached: int
    accepted: int
    repeated: int
    refused: int
    totals: Totals
    created_at: datetime
    checked_at: datetime | None
    committed_at: datetime | None
    undone_at: datetime | None
    failures: int = Field(description="How often in a row the work at hand has failed, by now.")
    failed_with: str | None = Field(
        description="The class of the last such error; the log has all of it, with the import's id."
    )
    retry_at: datetime | None = Field(description="When it is tried again; others go on.")
    stopped_while: ImportState | None = Field(
        description="What it was doing when it was stopped, as it kept failing."
    )

    @classmethod
    def of(cls, work: Import) -> "ImportAnswer":
        totals: dict[str, Any] = dict(work.totals)
        if "after" in totals:
            totals["moved_otherwise"] = moved_otherwise(totals, totals["ledger"])
        return cls.model_validate({**work.model_dump(), "totals": totals})


class RowError(Answer):
    """What is wrong with a row; rows are numbered as in a spreadsheet, the header being 1."""

    row: int
    column: str | None
    code: str
    detail: str


class RowErrors(Answer):
    """The errors of one row."""

    row: int
    errors: list[RowError]


class Commit(Body):
    skip_refused: bool = Field(
        default=False, description="Import the other rows although some have errors."
    )


class PastEntryAnswer(Answer):
    entry_id: UUID
    point_type: PointType
    points: int
    description: str
    occurred_at: datetime


@router.post("/v1/loyalty/imports", status_code=202, dependencies=[ADMIN], openapi_extra=_BODY)
async def create_import(
    parts: Received,
    caller: CurrentCaller,
    tx: Tx,
    *,
    kind: Annotated[ImportKind, Query(description="What the rows are.")],
    programme: Annotated[Key, Query(description="Your name of the programme they come from.")],
    commit_at_once: Annotated[
        bool, Query(alias="commit", description="Import what is right without asking again.")
    ] = False,
    content_type: Annotated[str, Header(include_in_schema=False)] = "",
) -> ImportAnswer:
    """Send a CSV file, or lines of JSON, to be checked: a dry run of every row.

    It goes on in the background. The same file sent again is the same import.
    """
    format_ = _FORMATS.get(content_type.partition(";")[0].strip().lower())
    if format_ is None:
        raise Unsupported("Send text/csv with a header row, or application/x-ndjson.")
    told = Announced(
        programme=programme,
        kind=kind,
        format=format_,
        commits_itself=commit_at_once,
        actor=caller.subject,
    )
    return ImportAnswer.of(await receive(tx, told, parts, clock.now()))


@router.get("/v1/loyalty/imports", dependencies=[ADMIN])
async def list_imports(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[ImportAnswer]:
    """The imports, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await imports.listed(tx, limit + 1, before)
    return page(found, limit, ImportAnswer.of, lambda work: (work.import_id,))


@router.get("/v1/loyalty/imports/{import_id}", dependencies=[ADMIN])
async def show_import(import_id: ImportPath, tx: Tx) -> ImportAnswer:
    """How far an import has come, and what it has done."""
    return ImportAnswer.of(await known_import(tx, import_id))


@router.get("/v1/loyalty/imports/{import_id}/errors", dependencies=[ADMIN])
async def list_import_errors(
    import_id: ImportPath, tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[RowErrors]:
    """The rows that were refused, each with what is wrong and what would be right."""
    await known_import(tx, import_id)
    after = decode_cursor(cursor, int)[0] if cursor else 0
    found = await imports.faulty(tx, import_id, limit + 1, after)
    return page(found, limit, _row_errors, lambda row: (row.row,))


@router.get(
    "/v1/loyalty/imports/{import_id}/errors.csv",
    dependencies=[ADMIN],
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def download_import_errors(import_id: ImportPath, request: Request, tx: Tx) -> Response:
    """The same as a CSV file: row, column, code, detail."""
    await known_import(tx, import_id)
    lines = _error_lines(request.app.state.runtime.sessions, import_id)
    name = f'attachment; filename="errors-{import_id}.csv"'
    headers = {"content-disposition": name}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/v1/loyalty/imports/{import_id}/commits", status_code=202, dependencies=[ADMIN])
async def commit_import(import_id: ImportPath, body: Commit, tx: Tx) -> ImportAnswer:
    """Import the rows that were checked. It goes on in the background."""
    return ImportAnswer.of(await commit(tx, import_id, skip_refused=body.skip_refused))


@router.post("/v1/loyalty/imports/{import_id}/reversals", status_code=202, dependencies=[ADMIN])
async def undo_import(import_id: ImportPath, tx: Tx) -> ImportAnswer:
    """Undo a whole import. The ledger keeps what was written, and gets entries that take it back.

    What members have used since stays: points become owed as the point type has it.
    """
    return ImportAnswer.of(await undo(tx, import_id))


@router.delete("/v1/loyalty/imports/{import_id}", dependencies=[ADMIN])
async def discard_import(import_id: ImportPath, tx: Tx) -> ImportAnswer:
    """Give up an import of which nothing has been committed."""
    return ImportAnswer.of(await discard(tx, import_id))


@router.get("/v1/points/earlier")
async def list_earlier_points(
    member_id: MemberId,
    tx: Tx,
    point_type: PointType = PointType.POINTS,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[PastEntryAnswer]:
    """What happened to the caller's points in the programme before this one, newest first."""
    before = decode_cursor(cursor, datetime.fromisoformat, UUID) if cursor else None
    found = await past.of_member(
        tx, member_id, point_type, limit + 1, (before[0], before[1]) if before else None
    )
    return page(found, limit, PastEntryAnswer.model_validate, _place)


def _place(entry: PastEntry) -> tuple[datetime, UUID]:
    return entry.occurred_at, entry.entry_id


def _row_errors(row: imports.FaultyRow) -> RowErrors:
    errors = [RowError.model_validate(fault) for fault in faults_of([row])]
    return RowErrors(row=row.row, errors=errors)


async def _error_lines(sessions: Sessions, import_id: UUID) -> AsyncIterator[str]:
    """The lines of the file, a portion of rows read in each transaction."""
    yield written([["row", "column", "code", "detail"]])
    after = 0
    while True:
        async with transaction(sessions) as session:
            rows = await imports.faulty(session, import_id, PORTION, after)
        if not rows:
            return
        after = rows[-1].row
        faults = faults_of(rows)
        yield written([f["row"], f["column"] or "", f["code"], f["detail"]] for f in faults)
