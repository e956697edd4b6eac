"""The part's own PostgreSQL database: engine, transactions, migrations.

The edge (a request, a batch of events, a job) opens one transaction; everything below it receives
the session and never commits.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy import CheckConstraint, DateTime, MetaData, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from kit.driver import Connection
from kit.sessions import QuickSession, ReadingSession, WritesAfterAll
from kit.settings import Settings

log = logging.getLogger(__name__)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)
"""kit's own tables, which every part's database has beside the part's."""

Timestamp = DateTime(timezone=True)


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """A constraint, named after `column`, that only values of `kind` may be in it."""
    listed = ", ".join(f"'{value}'" for value in kind)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


Sessions = async_sessionmaker[QuickSession]


def create_engine(settings: Settings) -> AsyncEngine:
    """An engine whose statements stop by themselves at the request deadline.

    For a connection half of that time is waited at most.
    """
    milliseconds = str(settings.request_timeout_ms)
    half_s = settings.request_timeout_ms / 2_000
    engine = create_async_engine(
        settings.database_url(),
        pool_size=settings.pool_size,
        max_overflow=0,  # a connection beyond the pool would be opened anew for each use
        pool_timeout=half_s,
        hide_parameters=True,  # they hold personal data, and errors are logged
        connect_args={
            "timeout": half_s,
            "connection_class": Connection,
            "prepared_statement_cache_size": 500,
            "server_settings": {
                "application_name": settings.database,
                "statement_timeout": milliseconds,
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
                "jit": "off",
            },
        },
    )
    event.listen(engine.sync_engine, "checkin", _give_up_if_spoilt)
    return engine


def _give_up_if_spoilt(adapted: Any, record: ConnectionPoolEntry) -> None:
    """Let nobody have a connection on which a transaction was left open."""
    if adapted is not None and adapted.driver_connection.is_spoilt:
        log.warning("a connection came back within a transaction; it is given up")
        record.invalidate()


def create_sessions(engine: AsyncEngine, published: Callable[[], None] | None = None) -> Sessions:
    """Sessions on `engine`.

    `published` is called after each commit that put events in the outbox.
    """
    return async_sessionmaker(
        engine, class_=QuickSession, expire_on_commit=False, info={"published": published}
    )


def create_readings(engine: AsyncEngine) -> Sessions:
    """Sessions on `engine` that can only read, and begin no transaction for it.

    Each statement sees what is committed when it begins, as in a transaction of READ COMMITTED.
    """
    by_themselves = engine.execution_options(isolation_level="AUTOCOMMIT")
    return async_sessionmaker(
        by_themselves, class_=ReadingSession, expire_on_commit=False, plain=engine
    )


_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


@asynccontextmanager
async def transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """One transaction: committed at the end, rolled back on any error."""
    session = sessions()
    try:
        yield session
        await session.finish()
    except BaseException:
        await asyncio.shield(asyncio.ensure_future(session.close()))
        raise
    if session.info.get("has_published") and (published := session.info["published"]):
        published()


async def _request_transaction(request: Request) -> AsyncIterator[AsyncSession]:
    if (keyed := getattr(request.state, "session", None)) is not None:
        yield keyed  # opened, and later committed, by kit.idempotency
        return
    runtime, reads = request.app.state.runtime, getattr(request.state, "reads", False)
    async with transaction(runtime.readings if reads else runtime.sessions) as session:
        if reads:
            request.state.reading = session
        yield session


Tx = Annotated[AsyncSession, Depends(_request_transaction, scope="function")]
"""The request's transaction, committed before the answer leaves: a failed commit answers 5xx."""


def reading_first(endpoint: Endpoint) -> Endpoint:
    """An endpoint that reads without a transaction, which is half the way to the database.

    One that comes to write, as what is made when it is first looked at, is begun again in one.
    """

    async def read(request: Request) -> Response:
        request.state.reads = True
        try:
            return await endpoint(request)
        except WritesAfterAll:
            await request.state.reading.close()
            request.state.reads = False
            return await endpoint(request)

    return read


async def _request_snapshot(request: Request) -> AsyncIterator[AsyncSession]:
    async with transaction(request.app.state.runtime.sessions) as session:
        await session.execute(_ONE_MOMENT)
        yield session


Snapshot = Annotated[AsyncSession, Depends(_request_snapshot, scope="function")]
"""The request's transaction where all it reads must be of one moment."""

LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
UNIQUE_VIOLATION = "23505"
_CONFLICTS = ("40001", "40P01")
_PASSING_STATES = ("08", "53", "57P", "40", LOCK_NOT_AVAILABLE)


def sqlstate(error: BaseException) -> str:
    """The five-character SQLSTATE of a database error, or an empty string."""
    origin = getattr(error, "orig", error)
    return str(getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or "")


def is_conflict(error: BaseException) -> bool:
    """Whether another transaction stood in the way: a deadlock, or two that exclude each other."""
    return isinstance(error, DBAPIError) and sqlstate(error) in _CONFLICTS


def is_unique_violation(error: BaseException) -> bool:
    """Whether somebody else has written a row that can be there only once."""
    return isinstance(error, DBAPIError) and sqlstate(error) == UNIQUE_VIOLATION


def is_too_slow(error: BaseException) -> bool:
    """Whether a statement was cancelled for its length: it may be as long the next time."""
    return isinstance(error, DBAPIError) and sqlstate(error) == QUERY_CANCELED


def is_passing(error: BaseException) -> bool:
    """Whether the same work may well succeed later.

    The store was away, busy, or chose us as a victim.
    """
    if isinstance(error, PoolTimeout | OSError | TimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or isinstance(error, InterfaceError | OperationalError):
        return True
    return sqlstate(error).startswith(_PASSING_STATES)
