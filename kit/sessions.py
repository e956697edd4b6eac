"""Sessions that hand plain SQL to the driver.

For each statement SQLAlchemy looks up how it is compiled, wraps a cursor and describes the result,
in a greenlet of its own: 200 µs of processor time for what asyncpg does in 50. A `text` needs none
of that. Here it goes to asyncpg as it is, on the connection and in the transaction of the session;
its rows and its errors are those SQLAlchemy gives. Everything else goes SQLAlchemy's way.

This rests on a few names that SQLAlchemy keeps to itself: tests/kit/test_sessions.py notices when
they change.
"""

# ruff: noqa: SLF001

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from sqlalchemy import Connection, Executable, Result, TextClause, text
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import NullType

REMEMBERED = 4096
_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call]


class Plain(NamedTuple):
    """A statement as the driver takes it, and the names of its arguments in their order."""

    statement: str
    arguments: Sequence[str]


_TYPED = Plain("", ())
"""Stands for a statement with a parameter that is more than a value."""
_NOTED = "rapport_plain"
_CHANGES = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CALL|LOCK|SET|SHARE"
    r"|set_config|nextval|pg_advisory\w*|pg_notify)\b"
)


class QuickSession(AsyncSession):
    """A session, quicker for statements of `text`."""

    _root: SessionTransaction | None = None
    """The transaction or savepoint for which `_connection` and `_adapted` were noted."""
    _connection: Connection
    _adapted: Any

    async def execute(
        self, statement: Executable, params: Any = None, **options: Any
    ) -> Result[Any]:
        if type(statement) is not TextClause or options or not isinstance(params, dict | None):
            return await super().execute(statement, params, **options)
        plain = statement.__dict__.get(_NOTED) or _noted(statement)
        if plain is _TYPED:
            return await super().execute(statement, params)
        return await self._execute(plain, params or {})

    async def _execute(self, plain: Plain, params: Mapping[str, Any]) -> Result[Any]:
        if self._root is None or _innermost(self.sync_session) is not self._root:
            await self.run_sync(self._attach)
        connection, adapted = self._connection, self._adapted
        arguments = [params[name] for name in plain.arguments]
        for hook in connection.dispatch.before_cursor_execute:
            hook(connection, None, plain.statement, arguments, None, False)
        try:
            if adapted._transaction is None:
                await adapted._start_transaction()
            since = connection.dialect._invalidate_schema_cache_asof  # type: ignore[attr-defined]
            prepared, attributes = await adapted._prepare(plain.statement, since)
            records = await prepared.fetch(*arguments)
        except BaseException as error:  # noqa: BLE001  (it raises)
            await self.run_sync(self._refuse, plain.statement, error)
        names = tuple([attribute.name for attribute in attributes])
        return IteratorResult(_columns(names), iter(records))

    def _attach(self, session: Session) -> None:
        """Note the connection of the session's transaction; asking for it sets a savepoint."""
        self._connection = session.connection()
        self._adapted = self._connection.connection.dbapi_connection
        self._root = _innermost(session)

    def _refuse(self, _: Session, statement: str, error: BaseException) -> NoReturn:
        """Raise what SQLAlchemy makes of the driver's error, and give a lost connection up."""
        self._root = None
        dialect: Any = self._connection.dialect
        try:
            self._adapted._handle_exception(error)
        except BaseException as translated:  # noqa: BLE001  (a cancellation, too)
            if isinstance(translated, dialect.dbapi.InvalidCachedStatementError):
                dialect._invalidate_schema_cache()
            self._connection._handle_dbapi_exception(translated, statement, None, None, None)
        raise error


class WritesAfterAll(Exception):  # noqa: N818  (a turn, not an error)
    """What began as a reading wants to write: it is to be begun again, in a transaction."""


class Unwritten(Session):
    """Objects that stay as they were read."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        if not self._is_clean():
            raise WritesAfterAll
        super().flush(objects)


class ReadingSession(QuickSession):
    """A session that only reads: its statements are not in one transaction.

    Raises WritesAfterAll before anything is written.
    """

    sync_session_class = Unwritten

    async def execute(
        self, statement: Executable, params: Any = None, **options: Any
    ) -> Result[Any]:
        if _writes(statement):
            raise WritesAfterAll
        return await super().execute(statement, params, **options)


def _writes(statement: Executable) -> bool:
    """Whether a statement may do more than read."""
    if isinstance(statement, TextClause):
        return _names_a_change(statement.text)
    is_plain = getattr(statement, "_for_update_arg", None) is None
    return not (isinstance(statement, SelectBase) and is_plain)


@lru_cache(REMEMBERED)
def _names_a_change(statement: str) -> bool:
    return _CHANGES.search(statement) is not None


def _innermost(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def _noted(statement: TextClause) -> Plain:
    """How the driver takes a statement, noted on it for the next time."""
    plain = _TYPED if _has_types(statement) else _plain(statement.text)
    statement.__dict__[_NOTED] = plain
    return plain


@lru_cache(REMEMBERED)
def _plain(statement: str) -> Plain:
    compiled = text(statement).compile(dialect=_DIALECT)
    return Plain(compiled.string, tuple(compiled.positiontup or ()))


@lru_cache(REMEMBERED)
def _columns(names: tuple[str, ...]) -> SimpleResultMetaData:
    return SimpleResultMetaData(names)


def _has_types(statement: TextClause) -> bool:
    """Whether a parameter is more than a value: SQLAlchemy then converts or expands it."""
    return any(
        bound.expanding or not isinstance(bound.type, NullType)
        for bound in statement._bindparams.values()
    )
