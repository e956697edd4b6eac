"""The pytest plugin: a service on real stores, callers with good tokens, events delivered for real.

`tests/<service>/conftest.py` says `harness = harness_of(create_app, Settings)`; a test then asks
for `harness`. Its database is migrated once per worker and emptied before each test; commits are
real.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import orjson
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from sqlalchemy import event as hooks
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, erasure, inbox, jwt
from kit.app import Runtime
from kit.auth import ISSUER, TOKEN_TYPE, Caller, Role
from kit.db import Sessions, transaction
from kit.events import Event, Payload
from kit.ids import uuid7
from kit.migrate import migrate
from kit.scheduler import Job
from kit.settings import Settings

EXAMPLES = Path("tests/contracts/examples")
_KEPT = {"alembic_version"}

P = TypeVar("P", bound=Payload)


ABSENT = UUID("01a1ffec-1522-7519-a168-3f4fd41709bf")
"""The id of nothing: fixed, so that the names of tests that use it are."""


@cache
def _signing_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def test_jwks() -> str:
    """The public half of the key the tests' tokens are signed with, as a JSON key set."""
    return orjson.dumps({"keys": [jwt.jwk_of("test", _signing_key().public_key())]}).decode()


test_jwks.__test__ = False  # type: ignore[attr-defined]  # a value for tests, not a test


def member(member_id: UUID | None = None) -> Caller:
    return Caller(subject=str(member_id or uuid7()), role=Role.MEMBER, session_id=str(uuid7()))


def agent() -> Caller:
    return Caller(subject=str(uuid7()), role=Role.AGENT)


def marketer() -> Caller:
    return Caller(subject=str(uuid7()), role=Role.MARKETER)


def analyst() -> Caller:
    return Caller(subject=str(uuid7()), role=Role.ANALYST)


def admin() -> Caller:
    return Caller(subject=str(uuid7()), role=Role.ADMIN)


def backend(*scopes: str) -> Caller:
    """The company's own backend, with an API key of these scopes."""
    return Caller(subject=str(uuid7()), role=Role.SERVICE, scopes=frozenset(scopes))


def token_of(caller: Caller, audience: str, *, lifetime_s: int = 600, **claims: Any) -> str:
    """An internal token for `caller`, as the gateway would sign it; `claims` replace its claims."""
    now = int(time.time())
    body = {
        "iss": ISSUER,
        "aud": audience,
        "sub": caller.subject,
        "role": caller.role,
        "scopes": sorted(caller.scopes),
        "sid": caller.session_id,
        "iat": now,
        "exp": now + lifetime_s,
        **claims,
    }
    return jwt.encode(body, typ=TOKEN_TYPE, kid="test", key=_signing_key())


def event(event_type: str, data: Mapping[str, Any], subject: object = None) -> Event:
    """An event as another service would publish it."""
    event_id = uuid7()
    about = subject or data.get("member_id")
    return Event(
        id=event_id,
        type=event_type,
        source=f"/{event_type.split('.', 1)[0]}",
        subject=str(about) if about else None,
        time=clock.now(),
        data=orjson.loads(orjson.dumps(dict(data))),
        correlation_id=str(event_id),
    )


def example(event_type: str, **changes: Any) -> Event:
    """The contract's example of a type, with fields of its data replaced."""
    file = EXAMPLES / f"{event_type}.json"
    return event(event_type, {**orjson.loads(file.read_bytes())["data"], **changes})


class Harness:
    """A service under test. Its relay, consumers and scheduler do not run: the test drives them."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.runtime: Runtime = app.state.runtime
        self.service = self.runtime.service
        self.settings = self.runtime.settings

    @property
    def sessions(self) -> Sessions:
        return self.runtime.sessions

    def client(self, caller: Caller | None = None, **headers: str) -> httpx.AsyncClient:
        """A client that calls as `caller` would through the gateway."""
        if caller is not None:
            headers["Authorization"] = f"Bearer {token_of(caller, self.service.name)}"
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)

    async def deliver(self, *events: Event | Payload) -> None:
        """Handle `events` as one batch, as the consumer does."""
        batch = [e if isinstance(e, Event) else e.to_event() for e in events]
        for portion in inbox.portions(batch):
            async with transaction(self.sessions) as session:
                await inbox.receive(session, self.service.name, self.service.handlers, portion)

    async def published(self, payload_type: type[P]) -> list[P]:
        """What the service has said of this type, in order."""
        return [payload_type.model_validate(e.data) for e in await self.events(payload_type.type)]

    async def events(self, event_type: str) -> list[Event]:
        statement = text("SELECT body FROM outbox WHERE type = :type ORDER BY seq")
        async with transaction(self.sessions) as session:
            rows = await session.execute(statement, {"type": event_type})
            return [Event.decode(row.body) for row in rows]

    async def run(self, job: Job, at: datetime | None = None) -> None:
        """Run `job` until it has nothing more to do, as the scheduler does, as if it were `at`."""
        more = True
        while more:
            async with transaction(self.sessions) as session:
                more = await _has_work(session, job) and await job.run(session, at or clock.now())

    async def erase(self) -> None:
        """Erase whoever is to be erased, once their sessions have long ended."""
        assert self.service.erase is not None  # noqa: S101
        job = erasure.job_of(self.service.erase)
        for _ in ("see who it is", "erase"):
            await self.run(job, clock.now() + erasure.SETTLING)

    async def traces(self, *words: object) -> set[str]:
        """The tables, but those of events, in which any of these words can still be read."""
        async with transaction(self.sessions) as session:
            tables = set(await _tables(session)) - {"inbox", "outbox", "tombstones", "erasures"}
            return {name for name in tables if await _holds(session, name, list(map(str, words)))}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with transaction(self.sessions) as session:
            yield session

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """What the service sends to its database meanwhile, in order, white space folded."""
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            sent.append(" ".join(statement.split()))

        engine = self.runtime.engine.sync_engine
        hooks.listen(engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            hooks.remove(engine, "before_cursor_execute", note)

    async def remember(self) -> None:
        """Keep what the migrations wrote: `empty` puts it back."""
        async with transaction(self.sessions) as session:
            await _remember(session, self.settings.database)

    async def empty(self) -> None:
        """Delete every row but those the migrations wrote: the database as it was when new."""
        async with transaction(self.sessions) as session:
            await _restore(session, await _tables(session))


async def _has_work(session: AsyncSession, job: Job) -> bool:
    """Whether the scheduler would run a job that is due."""
    return not job.work or (await session.execute(text(job.work))).first() is not None


_seeds: dict[str, dict[str, list[str]]] = {}


async def _tables(session: AsyncSession) -> list[str]:
    statement = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [row.tablename for row in await session.execute(statement) if row.tablename not in _KEPT]


async def _holds(session: AsyncSession, table: str, words: list[str]) -> bool:
    statement = text(f"""
        SELECT EXISTS (SELECT FROM "{table}" AS given, unnest(CAST(:words AS text[])) AS word
        WHERE position(word IN to_jsonb(given)::text) > 0)
    """)  # noqa: S608  (names from the catalogue)
    return bool((await session.execute(statement, {"words": words})).scalar_one())


async def _remember(session: AsyncSession, database: str) -> None:
    """Keep the rows that migrations wrote (default rules and the like)."""
    kept = {}
    for name in await _tables(session):
        statement = text(f'SELECT to_jsonb(t)::text AS row FROM "{name}" t')  # noqa: S608
        rows = await session.execute(statement)
        if found := [row.row for row in rows]:
            kept[name] = found
    _seeds[database] = kept


async def _restore(session: AsyncSession, tables: list[str]) -> None:
    """Empty the tables that hold anything: emptying one makes files anew, for each of its indexes.

    A busy disk may take its time for that.
    """
    await session.execute(text("SET LOCAL statement_timeout = '60s'"))
    if names := ", ".join(f'"{name}"' for name in await _filled(session, tables)):
        await session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    database = (await session.execute(text("SELECT current_database()"))).scalar_one()
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    for name, rows in _seeds.get(database, {}).items():
        statement = text(
            f'INSERT INTO "{name}" OVERRIDING SYSTEM VALUE '  # noqa: S608  (names from the catalogue)
            f'SELECT * FROM jsonb_populate_recordset(NULL::"{name}", CAST(:rows AS jsonb))'
        )
        await session.execute(statement, {"rows": f"[{','.join(rows)}]"})


async def _filled(session: AsyncSession, tables: list[str]) -> list[str]:
    """The tables that hold rows, and those that held some when new."""
    looks = " UNION ALL ".join(
        f"SELECT '{name}' AS name WHERE EXISTS (SELECT FROM \"{name}\")"  # noqa: S608  (as above)
        for name in tables
    )
    rows = await session.execute(text(looks))
    database = (await session.execute(text("SELECT current_database()"))).scalar_one()
    return sorted({row.name for row in rows} | _seeds.get(database, {}).keys())


def name_of(caller: Caller) -> str:
    """A caller in the name of a test: the role, and what an API key may do."""
    return " ".join([caller.role, *sorted(caller.scopes)])


def settings_for(kind: type[Settings], worker: str, **changes: Any) -> Settings:
    """Settings of a part on the run's stores, with a database and subjects of this worker's own."""
    database = kind.model_fields["database"].default
    return kind(
        **{
            "postgres_url": os.environ["POSTGRES_URL"],
            "nats_url": os.environ["NATS_URL"],
            "database": f"{database}_{worker}",
            "subject_prefix": f"evt_{database}_{worker}",
            "jwks": test_jwks(),
            "pool_size": 20,
            "request_timeout_ms": 60_000,  # other tests may keep the machine busy
            **changes,
        }
    )


_turn: list[Harness] = []


async def _take_turn(harness: Harness) -> None:
    """Close the connections of the service tested before: a worker holds one's at a time."""
    if _turn and _turn[0] is not harness:
        await _turn[0].runtime.engine.dispose()
    _turn[:] = [harness]


def harness_of(
    create_app: Callable[..., FastAPI], kind: type[Settings], **changes: Any
) -> Callable[..., Any]:
    """The `harness` fixture of a service's tests."""
    made: list[Harness] = []

    async def opened(worker: str) -> Harness:
        harness = Harness(create_app(settings_for(kind, worker, **changes)))
        await migrate(harness.service, harness.settings)
        await harness.remember()
        return harness

    @pytest_asyncio.fixture(loop_scope="session", name="harness")
    async def fixture(worker_id: str) -> Harness:
        if not made:
            made.append(await opened(worker_id))
        await _take_turn(made[0])
        await made[0].empty()
        return made[0]

    return fixture


async def until(condition: Callable[[], Awaitable[Any]], *, within_s: float = 120.0) -> Any:
    """Wait until `condition` gives something true, and return that; fail after `within_s`."""
    deadline = time.monotonic() + within_s
    while True:
        if found := await condition():
            return found
        if time.monotonic() > deadline:
            pytest.fail(f"not within {within_s} s: {getattr(condition, '__name__', condition)}")
        await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """`main`, or the name of the xdist worker."""
    workerinput = getattr(request.config, "workerinput", {"workerid": "main"})
    return str(workerinput["workerid"])
