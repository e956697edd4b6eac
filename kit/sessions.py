"""Sessions that hand plain SQL to the driver.

For each statement SQLAlchemy looks up how it is compiled, wraps a cursor and describes the result,
in a greenlet of its own: 200 µs of processor time for what asyncpg does in 50. A `text` needs none
of that. Here it goes to asyncpg as it is, on the connection and in the transaction of the session;
its rows and its errors are those SQLAlchemy gives. Everything else goes SQLAlchemy's way, and only
then is the session made that keeps its objects: it joins the transaction there is.

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
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import NullType
from sqlalchemy.util import greenlet_spawn

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

    sync_session_class = Session
    _begins = True
    info: dict[Any, Any] = {}  # noqa: RUF012  (each session has its own)
    _opened: Connection | None = None
    """The connection, if a `text` came first; SQLAlchemy's session joins it."""
    _adapted: Any = None
    """SQLAlchemy's wrapper of the driver's connection."""
    _root: SessionTransaction | None = None
    """The transaction or savepoint of SQLAlchemy's session for which `_adapted` was noted."""

    def __init__(
        self,
        bind: AsyncEngine,
        *,
        info: Mapping[Any, Any] | None = None,
        autoflush: bool = True,
        expire_on_commit: bool = True,
    ) -> None:
        self._engine = self._opens = bind
        self._kept: dict[str, Any] = {"autoflush": autoflush, "expire_on_commit": expire_on_commit}
        self.info = dict(info or {})

    def __getattr__(self, name: str) -> Any:
        """Make the session of SQLAlchemy's when something asks for it."""
        if name not in {"sync_session", "_proxied"}:
            raise AttributeError(name)
        super().__init__(
            bind=self._engine,
            sync_session_class=self.sync_session_class,
            **self._kept,
            join_transaction_mode="control_fully",
        )
        if self._opened is not None:
            self.sync_session.bind = self._joined(self._opened)
        return self.sync_session

    def _joined(self, opened: Connection) -> Connection:
        return opened

    @property
    def _is_whole(self) -> bool:
        return "sync_session" in self.__dict__

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
        if self._is_whole:
            if self._root is None or _innermost(self.sync_session) is not self._root:
                await greenlet_spawn(self._attach)
        elif self._opened is None:
            await greenlet_spawn(self._open)
        connection, adapted = self._connection, self._adapted
        arguments = [params[name] for name in plain.arguments]
        for hook in connection.dispatch.before_cursor_execute:
            hook(connection, None, plain.statement, arguments, None, False)
        try:
            if self._begins and adapted._transaction is None:
                await adapted._start_transaction()
            since = connection.dialect._invalidate_schema_cache_asof  # type: ignore[attr-defined]
            prepared, attributes = await adapted._prepare(plain.statement, since)
            records = await prepared.fetch(*arguments)
        except BaseException as error:  # noqa: BLE001  (it raises)
            await greenlet_spawn(self._refuse, plain.statement, error)
        names = tuple([attribute.name for attribute in attributes])
        return IteratorResult(_columns(names), iter(records))

    def _open(self) -> None:
        """Take a connection, and begin a transaction on it if there is to be one."""
        self._connection = self._opened = self._opens.sync_engine.connect()
        if self._begins:
            self._opened.begin()
        self._adapted = self._opened.connection.dbapi_connection

    def _attach(self) -> None:
        """Note the connection of SQLAlchemy's session; asking for it sets a savepoint."""
        self._connection = self.sync_session.connection()
        self._adapted = self._connection.connection.dbapi_connection
        self._root = _innermost(self.sync_session)

    def _refuse(self, statement: str, error: BaseException) -> NoReturn:
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

    async def commit(self) -> None:
        if self._is_whole:
            await super().commit()
        elif self._opened is not None:
            await greenlet_spawn(self._finish)

    async def rollback(self) -> None:
        if self._is_whole:
            await super().rollback()
        else:
            await self.close()

    async def finish(self) -> None:
        """Commit, and give the connection back."""
        if self._is_whole or self._opened is not None:
            await greenlet_spawn(self._finish)

    async def close(self) -> None:
        if self._is_whole or self._opened is not None:
            await greenlet_spawn(self._close)

    def _finish(self) -> None:
        if self._is_whole:
            self.sync_session.commit()
        elif self._opened is not None:
            self._opened.commit()
        self._close()

    def _close(self) -> None:
        if self._is_whole:
            self.sync_session.close()
            self.sync_session.bind = self._engine.sync_engine
        if self._opened is not None:
            opened, self._opened = self._opened, None
            opened.close()


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

    `bind` commits each statement by itself; `plain` is the engine beneath, for which a `text` needs
    no more. Raises WritesAfterAll before anything is written.
    """

    sync_session_class = Unwritten
    _begins = False

    def __init__(self, bind: AsyncEngine, *, plain: AsyncEngine, **options: Any) -> None:
        super().__init__(bind, **options)
        self._opens = plain

    def _joined(self, opened: Connection) -> Connection:
        return opened.execution_options(isolation_level="AUTOCOMMIT")

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


def innermost(session: AsyncSession) -> object:
    """What the session is in, a transaction or a savepoint: another object for each."""
    if isinstance(session, QuickSession) and not session._is_whole:
        return session._opened  # savepoints are SQLAlchemy's
    return _innermost(session.sync_session)


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
