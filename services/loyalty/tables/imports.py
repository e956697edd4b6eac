"""Programmes moved in from elsewhere: the imports, their files in portions, and what each row did.

A row of a file is imported once: no two imported rows of a programme have the same key, whatever
files they came in. What an import put into the ledger stays there; undoing it adds entries.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.imports import Format, ImportKind, ImportState, RowState
from services.loyalty.tables.registry import Table


class Import(Table, table=True):
    """A file of one kind of rows. `reached` is the last row that the work at hand has done.

    `totals` are those of the ledger before and after. `failures` in a row, the last one
    `failed_with` that class of errors, let its work wait until `retry_at`, and then stop.
    """

    __tablename__ = "imports"
    __table_args__ = (
        one_of("kind", ImportKind),
        one_of("format", Format),
        one_of("state", ImportState),
        CheckConstraint(
            "rows >= 0 AND reached >= 0 AND accepted >= 0 AND repeated >= 0 AND refused >= 0",
            name="counts",
        ),
        CheckConstraint("failures >= 0", name="failures"),
        CheckConstraint(
            "stopped_while IN ('checking', 'committing', 'undoing')", name="stopped_while"
        ),
        CheckConstraint("(state = 'stopped') = (stopped_while IS NOT NULL)", name="stopped"),
        Index(
            "uq_imports_open",
            "programme",
            "kind",
            "digest",
            unique=True,
            postgresql_where=text("state NOT IN ('receiving', 'undone', 'discarded')"),
        ),
        Index(
            "ix_imports_working",
            "import_id",
            postgresql_where=text("state IN ('checking', 'committing', 'undoing')"),
        ),
    )

    import_id: UUID = Field(primary_key=True)
    programme: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    format: str = Field(sa_type=Text)
    delimiter: str = Field(sa_type=Text)
    columns: list[str] = Field(sa_type=ARRAY(Text))
    digest: bytes = Field(sa_type=LargeBinary)
    state: str = Field(sa_type=Text)
    commits_itself: bool = False
    rows: int = Field(0, sa_type=BigInteger)
    reached: int = Field(0, sa_type=BigInteger)
    accepted: int = Field(0, sa_type=BigInteger)
    repeated: int = Field(0, sa_type=BigInteger)
    refused: int = Field(0, sa_type=BigInteger)
    totals: dict[str, Any] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "{}"})
    actor: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=Timestamp)
    checked_at: datetime | None = Field(None, sa_type=Timestamp)
    committed_at: datetime | None = Field(None, sa_type=Timestamp)
    undone_at: datetime | None = Field(None, sa_type=Timestamp)
    failures: int = Field(0, sa_column_kwargs={"server_default": "0"})
    failed_with: str | None = Field(None, sa_type=Text)
    retry_at: datetime | None = Field(None, sa_type=Timestamp)
    stopped_while: str | None = Field(None, sa_type=Text)


class ImportChunk(Table, table=True):
    """Whole rows of a file as they came; the first has the number `first_row`."""

    __tablename__ = "import_chunks"

    import_id: UUID = Field(primary_key=True, foreign_key="imports.import_id")
    first_row: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    last_row: int = Field(sa_type=BigInteger)
    lines: str = Field(sa_type=Text)


class ImportRow(Table, table=True):
    """What became of a row. `key` names what it tells of; `digest` is of all that it tells.

    `effect` is what undoing it needs.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        one_of("kind", ImportKind),
        one_of("state", RowState),
        CheckConstraint("(state = 'refused') = (jsonb_array_length(faults) > 0)", name="faults"),
        CheckConstraint("state = 'refused' OR key IS NOT NULL", name="key"),
        Index("ix_import_rows_key", "import_id", "key"),
        Index("ix_import_rows_state", "import_id", "state", "row"),
        Index(
            "uq_import_rows_imported",
            "programme",
            "kind",
            "key",
            unique=True,
            postgresql_where=text("state IN ('imported', 'kept')"),
        ),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    import_id: UUID = Field(primary_key=True, foreign_key="imports.import_id")
    row: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    programme: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    key: str | None = Field(None, sa_type=Text)
    digest: bytes | None = Field(None, sa_type=LargeBinary)
    state: str = Field(sa_type=Text)
    faults: list[dict[str, Any]] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "[]"})
    point_type: str | None = Field(None, sa_type=Text)
    points: int | None = Field(None, sa_type=BigInteger)
    effect: dict[str, Any] = Field(sa_type=JSONB, sa_column_kwargs={"server_default": "{}"})


class ExternalId(Table, table=True):
    """The company's own id of a member, as profile has said it."""

    __tablename__ = "external_ids"
    __table_args__ = (Index("ix_external_ids_member_id", "member_id"),)

    external_id: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID


class PastEntry(Table, table=True):
    """What happened to a member's points in the programme before. To be read; it counts nowhere."""

    __tablename__ = "past_entries"
    __table_args__ = (
        CheckConstraint("points <> 0", name="points"),
        Index("ix_past_entries_member_id", "member_id", "occurred_at", "entry_id"),
    )

    entry_id: UUID = Field(primary_key=True)
    member_id: UUID
    point_type: str = Field(sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    description: str = Field(sa_type=Text)
    occurred_at: datetime = Field(sa_type=Timestamp)
