"""Reads asked for at once travel in one statement.

    async with gathered(session) as reads:
        rewards = reads.begin(offered(reads.session, ...))
        badges = reads.begin(of_member(reads.session, ...))
    rewards.result(), badges.result()

What costs in a small read is the way there and back. The queries of what is begun side by side are
collected until all wait, sent as one statement with a column of JSON for each, and every one gets
its rows as if it had been alone; they see one snapshot. What is not a SELECT of `text` goes by
itself.
"""

# ruff: noqa: S608

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar, cast
from uuid import UUID

import orjson
from sqlalchemy import Executable, Result, TextClause, text
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_SELECTS = re.compile(r"\s*(SELECT|WITH)\b(?!.*\b(INSERT|UPDATE|DELETE)\b)", re.DOTALL)

REMEMBERED: Final = 256
STEPS: Final = 3
"""Turns of the loop until all wait: a read may begin when another ends, and begin others."""

Found = TypeVar("Found")
Reader = Callable[[Any], Any]

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


class Shape(NamedTuple):
    """What a query's rows are: their columns, and how some of them are read."""

    columns: SimpleResultMetaData
    readers: tuple[tuple[int, Reader], ...]

    def result(self, listed: str | None) -> Result[Any]:
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


class Asked(NamedTuple):
    """A query that waits to be sent, and who waits for its rows."""

    query: str
    given: Mapping[str, Any]
    rows: "asyncio.Future[Result[Any]]"


class Together:
    """A session in which queries wait for one another. `digest` is of all they have found."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._asked: list[Asked] = []
        self._busy = asyncio.Lock()
        self._is_over = False
        self._found = hashlib.blake2b(digest_size=16)

    @property
    def digest(self) -> bytes:
        return self._found.digest()

    @property
    def info(self) -> dict[Any, Any]:
        return self._session.info

    @property
    def sync_session(self) -> Session:
        return self._session.sync_session

    async def execute(
        self, statement: Executable, params: Mapping[str, Any] | None = None
    ) -> Result[Any]:
        query = statement.text if type(statement) is TextClause else ""
        if query not in _shapes:
            async with self._turn():
                if not _SELECTS.match(query):
                    return await self._session.execute(statement, params)
                _shapes[query] = await _shape(self._session, text(query))
        rows: asyncio.Future[Result[Any]] = asyncio.get_running_loop().create_future()
        self._asked.append(Asked(query, params or {}, rows))
        if len(self._asked) == 1:  # the first sends for all, and they end as it does
            for _ in range(STEPS):
                await asyncio.sleep(0)
            await self._send()
        return await rows

    async def get(self, *arguments: Any, **options: Any) -> Any:
        async with self._turn():
            return await self._session.get(*arguments, **options)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Alone on the connection; after an error nobody is.

        Everyone is being ended then, and a statement under way would take the connection along.
        """
        async with self._busy:
            if self._is_over:
                raise asyncio.CancelledError
            try:
                yield
            except BaseException:
                self._is_over = True
                raise

    async def _send(self) -> None:
        """Send what has been asked for meanwhile."""
        async with self._turn():
            asked, self._asked = self._asked, []
            try:
                found = (await self._session.execute(*_joined(asked))).one()
            except BaseException as error:
                for one in asked[1:]:
                    _end(one.rows, error)
                raise
        for one, listed in zip(asked, found, strict=True):
            self._found.update((listed or "").encode() + b"\0")
            if not one.rows.done():
                one.rows.set_result(_shapes[one.query].result(listed))


def _end(rows: "asyncio.Future[Result[Any]]", error: BaseException) -> None:
    """Let whoever waits for the rows end as the one who was to send for them."""
    if rows.done():
        return
    if isinstance(error, asyncio.CancelledError):
        rows.cancel()
    else:
        rows.set_exception(error)


class Reads:
    """Reads under way side by side; to be given `session`, in which they wait for one another."""

    def __init__(self, together: Together, group: asyncio.TaskGroup) -> None:
        self.session = cast("AsyncSession", together)
        self._together = together
        self._group = group

    def begin(self, read: Coroutine[Any, Any, Found]) -> "asyncio.Task[Found]":
        return self._group.create_task(read)

    @property
    def digest(self) -> bytes:
        """Of all that has been read."""
        return self._together.digest


@asynccontextmanager
async def gathered(session: AsyncSession) -> AsyncIterator[Reads]:
    """Reads side by side in the transaction of `session`; all have ended when the block has.

    The first error ends all of them, and is raised.
    """
    try:
        async with asyncio.TaskGroup() as group:
            yield Reads(Together(session), group)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


def _joined(asked: Sequence[Asked]) -> tuple[TextClause, dict[str, Any]]:
    """One statement of several, and its parameters."""
    given: dict[str, Any] = {}
    for number, one in enumerate(asked):
        given |= {f"q{number}_{name}": value for name, value in one.given.items()}
    return _statement(tuple([one.query for one in asked])), given


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
