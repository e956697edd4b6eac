"""Plain SQL gives the rows and the errors that SQLAlchemy gives, in its transaction."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import bindparam, column, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from kit.db import is_passing, sqlstate, transaction
from kit.dead_letters import table as dead_letters
from kit.ids import uuid7
from kit.testing import Harness

TWO = text("SELECT n AS number, n || '!' AS word FROM generate_series(1, :most) AS n")
SLIP = text("INSERT INTO slips (slip_id, text) VALUES (:slip_id, :text)")


@pytest.fixture
async def slips(harness: Harness) -> None:
    async with harness.transaction() as session:
        await session.execute(
            text("CREATE TABLE IF NOT EXISTS slips (slip_id uuid PRIMARY KEY, text text)")
        )


async def count(harness: Harness) -> int:
    async with harness.transaction() as session:
        return int((await session.execute(text("SELECT count(*) FROM slips"))).scalar_one())


async def test_rows_are_those_of_sqlalchemy(harness: Harness) -> None:
    async with harness.transaction() as session:
        rows = (await session.execute(TWO, {"most": 2})).all()
        assert rows == [(1, "1!"), (2, "2!")]
        assert [row.word for row in rows] == ["1!", "2!"]
        assert [row._asdict() for row in rows] == [
            {"number": 1, "word": "1!"},
            {"number": 2, "word": "2!"},
        ]
        assert dict((await session.execute(TWO, {"most": 1})).mappings().one()) == {
            "number": 1,
            "word": "1!",
        }
        assert list((await session.execute(TWO, {"most": 2})).scalars()) == [1, 2]
        assert await session.scalar(TWO, {"most": 1}) == 1
        for number, word in await session.execute(TWO, {"most": 1}):
            assert (number, word) == (1, "1!")


async def test_no_rows_are_still_a_result(harness: Harness) -> None:
    async with harness.transaction() as session:
        assert (await session.execute(TWO, {"most": 0})).all() == []
        assert (await session.execute(TWO, {"most": 0})).scalar_one_or_none() is None
        assert (await session.execute(TWO, {"most": 0})).mappings().first() is None
        with pytest.raises(NoResultFound):
            (await session.execute(TWO, {"most": 0})).one()
        assert (await session.execute(text("SET LOCAL lock_timeout = 1000"))).all() == []


async def test_a_parameter_named_twice_and_a_colon_are_what_they_say(harness: Harness) -> None:
    statement = text(r"SELECT CAST(:n AS integer) + :n AS sum, '12\:30' AS time, '1'::text AS one")
    async with harness.transaction() as session:
        assert (await session.execute(statement, {"n": 2})).one() == (4, "12:30", "1")


async def test_parameters_with_types_are_converted(harness: Harness) -> None:
    statement = text("SELECT n FROM generate_series(1, 9) AS n WHERE n IN :some").bindparams(
        bindparam("some", expanding=True)
    )
    async with harness.transaction() as session:
        assert list((await session.execute(statement, {"some": [2, 5]})).scalars()) == [2, 5]


@pytest.mark.usefixtures("slips")
async def test_plain_sql_and_other_statements_share_a_transaction(harness: Harness) -> None:
    before = await count(harness)

    async def fail() -> None:
        async with harness.transaction() as session:
            await session.execute(SLIP, {"slip_id": uuid7(), "text": "gone"})
            await session.execute(select(dead_letters))
            await session.execute(SLIP, {"slip_id": uuid7(), "text": "gone"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(harness) == before


BACKEND = text("SELECT pg_backend_pid(), pg_current_xact_id_if_assigned() IS NOT NULL")


@pytest.mark.usefixtures("slips")
async def test_what_comes_after_plain_sql_joins_its_transaction(harness: Harness) -> None:
    before = await count(harness)
    async with harness.sessions() as session:
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "kept"})
        pid: int = (await session.execute(BACKEND)).one()[0]
        assert (await session.execute(BACKEND)).one() == (pid, True)
        assert (await session.execute(select(*column_of_backend()))).one() == (pid, True)
        assert (await session.execute(BACKEND)).one() == (pid, True)
        await session.commit()
        assert (await session.execute(BACKEND)).one() == (pid, False)
        await session.close()
        assert await session.scalar(select(column("n")).select_from(text("(SELECT 1 AS n) AS o")))
        await session.rollback()
    assert await count(harness) == before + 1


def column_of_backend() -> list[Any]:
    """What BACKEND asks, as SQLAlchemy asks it."""
    number = func.pg_current_xact_id_if_assigned()
    return [func.pg_backend_pid(), number.is_not(None)]


async def test_readings_of_both_kinds_use_one_connection_and_no_transaction(
    harness: Harness,
) -> None:
    asked = text("SELECT pg_backend_pid(), now()")
    async with transaction(harness.runtime.readings) as session:
        pid, moment = (await session.execute(asked)).one()
        of_sqlalchemy = (await session.execute(select(func.pg_backend_pid(), func.now()))).one()
        again = (await session.execute(asked)).one()
    assert {pid} == {of_sqlalchemy[0], again[0]}
    assert moment < of_sqlalchemy[1] < again[1], "each statement has a transaction of its own"
    async with harness.transaction() as session:
        moments = {(await session.execute(asked)).one()[1] for _ in range(2)}
    assert len(moments) == 1, "what commits by itself is not left to the next"


async def test_a_session_asked_for_nothing_takes_no_connection(harness: Harness) -> None:
    pool: Any = harness.runtime.engine.pool
    before = pool.checkedout()
    async with harness.transaction() as session:
        assert pool.checkedout() == before
        await session.execute(TWO, {"most": 1})
        assert pool.checkedout() == before + 1
    assert pool.checkedout() == before


@pytest.mark.usefixtures("slips")
async def test_a_savepoint_takes_back_what_came_after_it(harness: Harness) -> None:
    before = await count(harness)
    async with harness.transaction() as session:
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "kept"})
        savepoint = await session.begin_nested()
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "gone"})
        await savepoint.rollback()
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "kept"})
    assert await count(harness) == before + 2


@pytest.mark.usefixtures("slips")
async def test_a_session_used_again_begins_a_further_transaction(harness: Harness) -> None:
    before = await count(harness)
    async with harness.sessions() as session:
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "kept"})
        await session.commit()
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "gone"})
        await session.rollback()
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "kept"})
        await session.commit()
    assert await count(harness) == before + 2


@pytest.mark.usefixtures("slips")
async def test_an_error_is_sqlalchemys_and_quotes_no_parameter(harness: Harness) -> None:
    note: dict[str, Any] = {"slip_id": uuid7(), "text": "a secret"}

    async def write_twice() -> None:
        async with harness.transaction() as session:
            await session.execute(SLIP, note)
            await session.execute(SLIP, note)

    with pytest.raises(IntegrityError) as caught:
        await write_twice()
    assert sqlstate(caught.value) == "23505"
    assert "a secret" not in str(caught.value)
    async with harness.transaction() as session:
        await session.execute(SLIP, note)


async def test_a_value_of_another_type_is_an_error_of_the_statement(harness: Harness) -> None:
    async with harness.sessions() as session:
        with pytest.raises(DBAPIError):
            await session.execute(TWO, {"most": "many"})


async def test_a_lost_connection_passes_and_is_replaced(harness: Harness) -> None:
    async def lose() -> None:
        async with harness.transaction() as session:
            await end(harness, session)
            await session.execute(TWO, {"most": 1})

    with pytest.raises(DBAPIError) as caught:
        await lose()
    assert is_passing(caught.value)
    assert caught.value.connection_invalidated
    async with harness.transaction() as session:
        assert await session.scalar(TWO, {"most": 1}) == 1


async def end(harness: Harness, session: AsyncSession) -> None:
    """End the session's own connection, from the server's side."""
    pid = await session.scalar(text("SELECT pg_backend_pid()"))
    async with harness.transaction() as other:
        await other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


async def test_a_cancelled_statement_leaves_nothing_behind(harness: Harness) -> None:
    began = asyncio.Event()

    async def sleep() -> None:
        async with harness.transaction() as session:
            await session.execute(text("SELECT 1"))
            began.set()
            await session.execute(text("SELECT pg_sleep(60)"))

    sleeping = asyncio.create_task(sleep())
    await began.wait()
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    async with harness.transaction() as session:
        assert await session.scalar(TWO, {"most": 1}) == 1


async def test_a_table_that_changes_its_shape_is_read_as_it_is(harness: Harness) -> None:
    async with harness.transaction() as session:
        await session.execute(text("CREATE TABLE shapes AS SELECT 1 AS a"))
    try:
        for _ in range(3):
            async with harness.transaction() as session:
                assert (await session.execute(text("SELECT * FROM shapes"))).one() == (1,)
        async with harness.transaction() as session:
            await session.execute(text("ALTER TABLE shapes ADD COLUMN b integer DEFAULT 2"))
        refused = 0
        for _ in range(5):
            async with harness.sessions() as session:
                try:
                    assert (await session.execute(text("SELECT * FROM shapes"))).one() == (1, 2)
                except DBAPIError:
                    refused += 1
        assert refused <= 1, "one refusal tells all connections to look again"
    finally:
        async with harness.transaction() as session:
            await session.execute(text("DROP TABLE shapes"))


async def test_hooks_hear_of_plain_sql(harness: Harness) -> None:
    with harness.statements() as heard:
        async with harness.transaction() as session:
            await session.execute(text("SELECT CAST(:n AS integer)"), {"n": 1})
    assert heard == ["SELECT CAST($1 AS integer)"]


@pytest.mark.usefixtures("slips")
async def test_plain_sql_is_within_the_savepoints_around_it(harness: Harness) -> None:
    before = await count(harness)
    async with harness.transaction() as session:
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "kept"})
        outer = await session.begin_nested()
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "outer"})
        inner = await session.begin_nested()
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "inner"})
        await inner.commit()
        await outer.rollback()
        await session.execute(SLIP, {"slip_id": uuid7(), "text": "kept too"})
    assert await count(harness) == before + 2
