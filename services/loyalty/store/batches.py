"""One statement for many rows. They travel as one array for each column.

The names in these statements are those of our own tables.
"""

# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel


@dataclass(frozen=True, slots=True)
class Batch:
    """A statement over rows of `columns`. No rows, no statement."""

    statement: TextClause
    columns: tuple[str, ...]

    async def execute(
        self, session: AsyncSession, rows: Sequence[tuple[Any, ...]]
    ) -> Sequence[Row[Any]]:
        """What the statement returns, if it does."""
        if not rows:
            return []
        arrays = dict(zip(self.columns, map(list, zip(*rows, strict=True)), strict=True))
        return (await session.execute(self.statement, arrays)).all()


@dataclass(frozen=True, slots=True)
class Together:
    """Several batches in one statement, so that they travel once. They see the same snapshot.

    What they refer to in one another's rows is checked at the end of all.
    """

    statement: TextClause
    columns: tuple[tuple[str, ...], ...]

    async def execute(self, session: AsyncSession, *batches: Sequence[tuple[Any, ...]]) -> None:
        """Execute with the rows of each batch, in their order. No rows at all, no statement."""
        if not any(batches):
            return
        given: dict[str, list[Any]] = {}
        for number, (columns, rows) in enumerate(zip(self.columns, batches, strict=True)):
            arrays = list(map(list, zip(*rows, strict=True))) or [[] for _ in columns]
            given |= {
                f"{_parameter(number)}{name}": a for name, a in zip(columns, arrays, strict=True)
            }
        await session.execute(self.statement, given)


def together(*batches: Batch) -> Together:
    """The batches as one statement."""
    parts = [
        batch.statement.text.replace("CAST(:", f"CAST(:{_parameter(number)}")
        for number, batch in enumerate(batches)
    ]
    named = ", ".join(f"batch_{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    columns = tuple(batch.columns for batch in batches)
    return Together(text(f"WITH {named} {parts[-1]}"), columns)


def _parameter(number: int) -> str:
    return f"batch_{number}_"


def inserting(model: type[SQLModel], columns: str, conflict: str = "") -> Batch:
    """INSERT of rows with `columns`, separated by spaces; `conflict` is an ON CONFLICT clause."""
    table, names = _table(model), tuple(columns.split())
    listed, rows = ", ".join(names), _unnested(table, names)
    return Batch(
        text(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {rows} {conflict}"), names
    )


def updating(model: type[SQLModel], columns: str) -> Batch:
    """UPDATE of `columns`, separated by spaces; in a row the primary key stands before them."""
    table, names = _table(model), tuple(columns.split())
    keys = tuple(column.name for column in table.primary_key)
    changes = ", ".join(f"{name} = given.{name}" for name in names)
    found = " AND ".join(f"{table}.{key} = given.{key}" for key in keys)
    rows = _unnested(table, keys + names)
    return Batch(text(f"UPDATE {table} SET {changes} FROM {rows} WHERE {found}"), keys + names)


def _unnested(table: Table, columns: Sequence[str]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    types = [table.c[name].type.compile(dialect) for name in columns]
    arrays = [f"CAST(:{name} AS {kind}[])" for name, kind in zip(columns, types, strict=True)]
    return f"unnest({', '.join(arrays)}) AS given ({', '.join(columns)})"


def _table(model: type[SQLModel]) -> Table:
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)  # noqa: S101  (for the type checker)
    return table
