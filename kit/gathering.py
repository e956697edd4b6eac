"""Reads that travel in one statement.

    asks = Asks(rewards=offered(...), badges=of_member(...))
    found = await gathered(session, asks)
    found.of(asks.rewards), found.of(asks.badges)

What costs in a small read is the way there and back. An `Ask` is a query that has not been sent:
alone it is answered by `of`, and several are sent as one statement with a column of JSON for each;
they see one snapshot. Each column is read when it is asked for, so that who only compares digests
reads none.
"""

# ruff: noqa: S608

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import Result, TextClause, text
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.ext.asyncio import AsyncSession

_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_SELECTS = re.compile(r"\s*(SELECT|WITH)\b(?!.*\b(INSERT|UPDATE|DELETE)\b)", re.DOTALL)

REMEMBERED: Final = 256

Found = TypeVar("Found")
Found_co = TypeVar("Found_co", covariant=True)
Reader = Callable[[Any], Any]
Rows = Result[*tuple[Any, ...]]
"""What a query has found."""

_READERS: Final[Mapping[str, Reader]] = {
    "uuid": UUID,
    "timestamptz": datetime.fromisoformat,
    "date": date.fromisoformat,
    "numeric": lambda value: Decimal(str(value)),
}
"""How values are read that JSON holds as others, by the name of their type."""
_AS_THEY_ARE: Final = frozenset(
    {"bool", "int2", "int4", "int8", "float8", "text", "varchar", "json", "jsonb"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Ask(Generic[Found_co]):
    """A query, what it is given, and what its rows are read as."""

    query: TextClause
    given: Mapping[str, Any]
    read: Callable[[Rows], Found_co]
    is_common: bool = False
    """Whether many members find the same rows. `read`, then a function of nothing else, is asked
    once for them; what it makes of them must not be changed, nor be anybody's own."""

    async def of(self, session: AsyncSession) -> Found_co:
        """What is found by this alone."""
        return self.read(await session.execute(self.query, dict(self.given)))


class Gathered:
    """What several asks have found: for each the text of its rows."""

    def __init__(self, texts: Mapping[Ask[Any], str | None]) -> None:
        self._texts = texts

    @cached_property
    def digest(self) -> bytes:
        """Of all that was found, in the order it was asked for."""
        found = "\0".join([listed or "" for listed in self._texts.values()])
        return hashlib.blake2b(found.encode(), digest_size=16).digest()

    def of(self, ask: Ask[Found]) -> Found:
        """What one of the asks has found."""
        listed = self._texts[ask]
        if not ask.is_common:
            return ask.read(_shapes[ask.query.text].result(listed))
        key = ask.query.text, listed
        if key in _common:
            _common.move_to_end(key)
        else:
            _common[key] = ask.read(_shapes[ask.query.text].result(listed))
            if len(_common) > REMEMBERED:
                _common.popitem(last=False)
        return cast("Found", _common[key])


async def gathered(session: AsyncSession, asks: Iterable[Ask[Any]]) -> Gathered:
    """Send the asks together. Raises ValueError for what cannot travel so."""
    sent = tuple(asks)
    for ask in sent:
        if ask.query.text not in _shapes:
            _shapes[ask.query.text] = await _shape(session, ask.query)
    given = {
        f"q{number}_{name}": value
        for number, ask in enumerate(sent)
        for name, value in ask.given.items()
    }
    statement = _statement(tuple([ask.query.text for ask in sent]))
    row = (await session.execute(statement, given)).one()
    return Gathered(dict(zip(sent, row, strict=True)))


class Shape(NamedTuple):
    """What a query's rows are: their columns, and how some of them are read."""

    columns: SimpleResultMetaData
    readers: tuple[tuple[int, Reader], ...]

    def result(self, listed: str | None) -> Rows:
        """The rows as if the query had been alone; no rows are listed as null."""
        found: Iterable[Mapping[str, Any]] = orjson.loads(listed) if listed else ()
        return IteratorResult(self.columns, iter([self._row(list(one.values())) for one in found]))

    def _row(self, values: list[Any]) -> tuple[Any, ...]:
        for place, read in self.readers:
            if values[place] is not None:
                values[place] = read(values[place])
        return tuple(values)


_shapes: dict[str, Shape] = {}
"""Of queries met before; there are as many as the program has."""
_common: OrderedDict[tuple[str, str | None], Any] = OrderedDict()


@lru_cache(REMEMBERED)
def _statement(queries: tuple[str, ...]) -> TextClause:
    columns = []
    for number, query in enumerate(queries):
        part = _PARAMETER.sub(rf":q{number}_\1", query)
        rows = f"SELECT json_agg(row_to_json(found))::text FROM ({part}) AS found"
        columns.append(f"({rows}) AS q{number}")
    return text(f"SELECT {', '.join(columns)}")


async def _shape(session: AsyncSession, statement: TextClause) -> Shape:
    """What the rows of a query met for the first time are, as the database says."""
    if not _SELECTS.match(statement.text):
        message = f"only queries are gathered, not {statement.text}"
        raise ValueError(message)
    connection = await session.connection()
    driver: Any = (await connection.get_raw_connection()).driver_connection
    prepared = await driver.prepare(str(statement.compile(dialect=connection.dialect)))
    attributes = prepared.get_attributes()
    names = tuple(attribute.name for attribute in attributes)
    if len(set(names)) < len(names):
        message = f"columns of one name in {statement.text}"
        raise ValueError(message)
    read = [_reader(attribute.type.name) for attribute in attributes]
    readers = tuple((place, one) for place, one in enumerate(read) if one is not None)
    return Shape(SimpleResultMetaData(names), readers)


def _reader(kind: str) -> Reader | None:
    """How a value of this type is read; None: as JSON has it."""
    element = kind.removesuffix("[]").removeprefix("_")
    if element in _AS_THEY_ARE:
        return None
    if element not in _READERS:
        message = f"values of the type {kind} are not read through JSON"
        raise ValueError(message)
    read = _READERS[element]
    return read if element == kind else lambda values: [read(value) for value in values]
