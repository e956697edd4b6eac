"""What PostgreSQL was delivered with is asked for once in a process."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from kit import driver
from kit.db import transaction
from kit.testing import ABSENT, Harness


async def connect(harness: Harness) -> asyncpg.Connection:
    url = harness.settings.database_url("postgresql")
    return await asyncpg.connect(url, connection_class=driver.Connection)


async def test_a_type_is_asked_for_once_in_a_process(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask = asyncpg.Connection._introspect_types

    async def count(self, typeoids, timeout):  # noqa: ASYNC109
        asked.append(set(typeoids))
        return await ask(self, typeoids, timeout)

    monkeypatch.setattr(driver, "_known", {})
    monkeypatch.setattr(asyncpg.Connection, "_introspect_types", count)
    for _ in range(3):
        connection = await connect(harness)
        assert await connection.fetchval("SELECT $1::uuid[]", [ABSENT]) == [ABSENT]
        assert await connection.fetchval("SELECT ARRAY[1, 2]::int8[]") == [1, 2]
        await connection.close()
    assert len(asked) == 2


async def test_types_made_later_are_asked_for_on_each_connection(harness: Harness) -> None:
    for words in (["sad", "happy"], ["happy", "glad"]):
        connection = await connect(harness)
        async with connection.transaction():
            listed = ", ".join(f"'{word}'" for word in words)
            await connection.execute(f"CREATE TYPE mood AS ENUM ({listed})")
            assert await connection.fetchval("SELECT $1::mood[]", words) == words
            await connection.execute("DROP TYPE mood")
        await connection.close()


async def test_sessions_use_such_connections(harness: Harness) -> None:
    async with harness.transaction() as session:
        connection = await (await session.connection()).get_raw_connection()
        assert isinstance(connection.driver_connection, driver.Connection)


@pytest.mark.parametrize("left", ["an open transaction", "a transaction that failed to begin"])
async def test_a_connection_left_within_a_transaction_is_given_up(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    pid = text("SELECT pg_backend_pid()")
    async with harness.runtime.engine.connect() as connection:
        spoilt = (await connection.execute(pid)).scalar_one()
    async with harness.runtime.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if left == "an open transaction":
            await driver.execute("BEGIN")
        else:
            monkeypatch.setattr("asyncpg.Connection.execute", failing)
            with pytest.raises(ConnectionError):
                await driver.transaction().start()
            monkeypatch.undo()
        assert driver.is_spoilt
    for _ in range(3):
        async with transaction(harness.sessions) as session:
            assert (await session.execute(pid)).scalar_one() != spoilt


async def failing(*_: object, **__: object) -> None:
    raise ConnectionError
