"""One statement for many rows. They travel as one array for each column.

The names in these statements are those of our own tables. An array cannot hold arrays of several
lengths, so columns of arrays, like those of JSON, travel as JSON. Arrays of what JSON can write too
travel as PostgreSQL writes arrays: the driver looks at each value of an array four times, at a
microsecond a value, and a library that writes JSON needs a twentieth of that.

    ADD = together(inserting(Order, "order_id placed_at"), inserting(Line, "order_id sku"))
    await ADD.execute(session, orders, lines)

What several functions write, none of which reads what another has written, travels once as well:

    async with at_once(session):
        await ADD.write(session, orders, lines)
        await SAY.write(session, events)
"""

# ruff: noqa: S608

import re
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Date,
    DateTime,
    Integer,
    Row,
    String,
    Table,
    TextClause,
    Uuid,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

REMEMBERED: Final = 256
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_WRITTEN: Final = (ARRAY, JSON, Boolean, Date, DateTime, Integer, String, Uuid)
"""The types of columns whose values JSON can write."""
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_HELD: Final = "rapport_held"
"""Under this name a session keeps what is written at once with what else is."""

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """A statement over rows of `columns`. No rows, no statement.

    Those `as_json` are encoded, and arrays of those `as_text` travel as text.
    """

    statement: TextClause
    columns: tuple[str, ...]
    as_json: frozenset[str] = frozenset()
    as_text: frozenset[str] = frozenset()

    async def execute(self, session: AsyncSession, rows: Rows, **known: Any) -> Sequence[Row[Any]]:
        """What the statement returns, if it does; `known` are its other parameters."""
        if not rows:
            return []
        return (await session.execute(self.statement, {**self.arrays(rows), **known})).all()

    async def write(self, session: AsyncSession, rows: Rows) -> None:
        """Execute it; `at_once` with what else is written there."""
        await _write(session, [(self, rows)])

    def arrays(self, rows: Rows) -> dict[str, Any]:
        """The statement's parameters for some rows."""
        return {
            name: self._array(name, list(values))
            for name, values in zip(self.columns, zip(*rows, strict=True), strict=True)
        }

    def _array(self, name: str, values: list[Any]) -> Any:
        if name in self.as_json:
            values = [_encoded(value) for value in values]
        return written(values) if name in self.as_text else values


@dataclass(frozen=True, slots=True)
class Together:
    """Several batches in one statement, so that they travel once. They see the same snapshot.

    What they refer to in one another's rows is checked at the end of all.
    """

    batches: tuple[Batch, ...]

    async def execute(self, session: AsyncSession, *rows: Rows) -> None:
        """Execute with the rows of each batch, in their order; those without any are left out."""
        await _execute(session, zip(self.batches, rows, strict=True))

    async def write(self, session: AsyncSession, *rows: Rows) -> None:
        """Execute it; `at_once` with what else is written there."""
        await _write(session, zip(self.batches, rows, strict=True))


def together(*batches: Batch) -> Together:
    """The batches as one statement."""
    return Together(batches)


def over(model: type[SQLModel], columns: str, statement: str) -> Batch:
    """A statement of one's own, `{given}` in it standing for the rows."""
    table, names = _table(model), tuple(columns.split())
    as_text = frozenset(name for name in names if isinstance(table.c[name].type, _WRITTEN))
    given = _given(table, names, as_text)
    return Batch(text(statement.replace("{given}", given)), names, _json(table, names), as_text)


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


@asynccontextmanager
async def at_once(session: AsyncSession) -> AsyncIterator[None]:
    """Have what is given to `write` in the block travel in one statement, at its end.

    Of blocks within one another, at the outermost's end. Until then nobody finds it.
    """
    if _HELD in session.info:
        yield
        return
    held: dict[Batch, Rows] = {}
    session.info[_HELD] = held
    try:
        yield
    finally:
        del session.info[_HELD]
    await _execute(session, held.items())


async def _write(session: AsyncSession, pairs: Iterable[tuple[Batch, Rows]]) -> None:
    held: dict[Batch, Rows] | None = session.info.get(_HELD)
    if held is None:
        await _execute(session, pairs)
        return
    given = {batch: rows for batch, rows in pairs if rows}
    if given.keys() & held.keys():  # what comes second may change what came first
        await _execute(session, held.items())
        held.clear()
    held |= given


async def _execute(session: AsyncSession, pairs: Iterable[tuple[Batch, Rows]]) -> None:
    filled = [pair for pair in pairs if pair[1]]
    if not filled:
        return
    given = {
        f"{_prefix(number)}{name}": array
        for number, (batch, some) in enumerate(filled)
        for name, array in batch.arrays(some).items()
    }
    await session.execute(_joined(tuple([batch.statement.text for batch, _ in filled])), given)


@lru_cache(REMEMBERED)
def _joined(statements: tuple[str, ...]) -> TextClause:
    """One statement of several, the parameters of each told apart by its number."""
    parts = [
        _PARAMETER.sub(rf":{_prefix(number)}\1", each) for number, each in enumerate(statements)
    ]
    before = ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    return text(f"WITH {before} {parts[-1]}" if before else parts[-1])


def _prefix(number: int) -> str:
    return f"part_{number}_"


def written(values: Sequence[Any]) -> str:
    """An array as PostgreSQL writes it, of values that JSON can write.

    Both quote strings alike, but for what JSON escapes beside quotes and backslashes.
    """
    json = orjson.dumps(values, default=str)
    if b"\\" in json.replace(rb"\\", b"").replace(rb"\"", b""):
        return f"{{{','.join(map(_quoted, values))}}}"
    return f"{{{json[1:-1].decode()}}}"


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _given(table: Table, names: Sequence[str], as_text: Collection[str]) -> str:
    arrays = [
        f"CAST({f'CAST(:{name} AS text)' if name in as_text else f':{name}'}"
        f" AS {_kind(table, name)}[])"
        for name in names
    ]
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
