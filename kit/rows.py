"""One statement for many rows. They travel as one array for each column.

The names in these statements are those of our own tables. An array cannot hold arrays of several
lengths, so columns of arrays, like those of JSON, travel as JSON.
"""

# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ARRAY, JSON, Row, Table, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Batch:
    """A statement over rows of `columns`; those `as_json` are encoded. No rows, no statement."""

    statement: TextClause
    columns: tuple[str, ...]
    as_json: frozenset[str] = frozenset()

    async def execute(
        self, session: AsyncSession, rows: Sequence[Sequence[Any]], **known: Any
    ) -> Sequence[Row[Any]]:
        """What the statement returns, if it does; `known` are its other parameters."""
        if not rows:
            return []
        arrays = dict(zip(self.columns, map(list, zip(*rows, strict=True)), strict=True))
        for name in self.as_json:
            arrays[name] = [_encoded(value) for value in arrays[name]]
        return (await session.execute(self.statement, {**arrays, **known})).all()


def over(model: type[SQLModel], columns: str, statement: str) -> Batch:
    """A statement of one's own, `{given}` in it standing for the rows."""
    table, names = _table(model), tuple(columns.split())
    return Batch(
        text(statement.replace("{given}", _given(table, names))), names, _json(table, names)
    )


def inserting(model: type[SQLModel], columns: str, rest: str = "") -> Batch:
    """INSERT of rows with `columns`, separated by spaces.

    `rest` is what follows: a WHERE over `given`, an ON CONFLICT, a RETURNING.
    """
    table, names = _table(model), tuple(columns.split())
    values = ", ".join(_value(table, name) for name in names)
    statement = f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {{given}} {rest}"
    return over(model, columns, statement)


def updating(model: type[SQLModel], columns: str, rest: str = "") -> Batch:
    """UPDATE of `columns`, separated by spaces; in a row the primary key stands before them.

    `rest` is what follows: an AND over `given`, a RETURNING.
    """
    table = _table(model)
    keys = [column.name for column in table.primary_key]
    changes = ", ".join(f"{name} = {_value(table, name)}" for name in columns.split())
    found = " AND ".join(f"{table}.{key} = given.{key}" for key in keys)
    statement = f"UPDATE {table} SET {changes} FROM {{given}} WHERE {found} {rest}"
    return over(model, " ".join([*keys, columns]), statement)


def _given(table: Table, names: Sequence[str]) -> str:
    arrays = [f"CAST(:{name} AS {_kind(table, name)}[])" for name in names]
    return f"unnest({', '.join(arrays)}) AS given ({', '.join(names)})"


def _kind(table: Table, name: str) -> str:
    """The type a column's values travel as."""
    column_type = table.c[name].type
    return "jsonb" if isinstance(column_type, ARRAY) else column_type.compile(_DIALECT)


def _value(table: Table, name: str) -> str:
    """A value as it has arrived, in its column's own type."""
    column_type = table.c[name].type
    if not isinstance(column_type, ARRAY):
        return f"given.{name}"
    elements = f"ARRAY(SELECT jsonb_array_elements_text(given.{name}))"
    return f"CAST({elements} AS {column_type.compile(_DIALECT)})"


def _json(table: Table, names: Sequence[str]) -> frozenset[str]:
    return frozenset(name for name in names if isinstance(table.c[name].type, ARRAY | JSON))


def _encoded(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, default=str).decode()


def _table(model: type[SQLModel]) -> Table:
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)  # noqa: S101  (for the type checker)
    return table
