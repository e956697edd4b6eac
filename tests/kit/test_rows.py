"""Many rows in one statement: every type of column arrives as it was sent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ARRAY, MetaData, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from kit.db import Timestamp
from kit.ids import uuid7
from kit.rows import at_once, inserting, over, together, updating, written
from kit.testing import Harness

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Table(SQLModel, registry=registry(metadata=MetaData())):
    """The registry of this test alone."""


class Thing(Table, table=True):
    __tablename__ = "things"

    thing_id: UUID = Field(primary_key=True)
    number: int | None = None
    tags: list[str] = Field(sa_type=ARRAY(Text))
    facts: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    made_at: datetime | None = Field(default=None, sa_type=Timestamp)


COLUMNS = "thing_id number tags facts made_at"
INSERT = inserting(Thing, COLUMNS, "ON CONFLICT DO NOTHING RETURNING thing_id")


@pytest.fixture
async def session(harness: Harness) -> AsyncIterator[AsyncSession]:
    """A transaction with a table of things, gone with it."""
    async with harness.runtime.sessions() as session:
        await session.execute(
            text("""
                CREATE TEMPORARY TABLE things (thing_id uuid PRIMARY KEY, number integer,
                    tags text[] NOT NULL, facts jsonb, made_at timestamptz) ON COMMIT DROP
            """)
        )
        yield session
        await session.rollback()


async def things(session: AsyncSession) -> list[tuple[Any, ...]]:
    rows = await session.execute(text("SELECT * FROM things ORDER BY number"))
    return [tuple(row) for row in rows]


async def test_each_value_arrives_in_its_columns_own_type(session: AsyncSession) -> None:
    rows = [
        (uuid7(), 1, ["a", 'b"\\,{}', "в"], {"x": [1, None, {"y": "я"}]}, NOW),
        (uuid7(), 2, [], None, None),
        (uuid7(), 3, ["one more than the others have", "c"], {}, NOW),
    ]
    added = await INSERT.execute(session, rows)
    assert {row.thing_id for row in added} == {row[0] for row in rows}
    assert await things(session) == rows


WORDS = [
    "",
    "NULL",
    "null",
    'a "b" \\ c',
    "{x,y}",
    "a\nb\tc",
    "\\n",
    '\\"',
    "\x01\x7f",
    "я 🙂",
    " a ",
]


async def test_words_arrive_as_they_are_whatever_is_in_them(session: AsyncSession) -> None:
    await INSERT.execute(session, [(uuid7(), n, WORDS, {w: w}, NOW) for n, w in enumerate(WORDS)])
    echo = over(Thing, "thing_id made_at number tags", "SELECT * FROM {given}")
    assert len(await echo.execute(session, [(uuid7(), None, None, None)])) == 1
    rows = await things(session)
    assert [(row[2], row[3]) for row in rows] == [(WORDS, {w: w}) for w in WORDS]
    given = {"words": written([*WORDS, None])}
    statement = text("SELECT unnest(CAST(CAST(:words AS text) AS text[]))")
    assert (await session.scalars(statement, given)).all() == [*WORDS, None]


async def test_what_stands_is_left_and_what_changes_is_changed(session: AsyncSession) -> None:
    first, second = uuid7(), uuid7()
    await INSERT.execute(session, [(first, 1, ["a"], {}, NOW)])
    added = await INSERT.execute(
        session, [(first, 9, [], None, None), (second, 2, ["b"], None, None)]
    )
    assert [row.thing_id for row in added] == [second]
    changed = updating(Thing, "tags number", "RETURNING things.number")
    rows = await changed.execute(session, [(second, ["c", "d"], 3), (uuid7(), [], 4)])
    assert [row.number for row in rows] == [3]
    assert await things(session) == [
        (first, 1, ["a"], {}, NOW),
        (second, 3, ["c", "d"], None, None),
    ]


async def test_a_statement_of_ones_own_takes_rows_and_more(session: AsyncSession) -> None:
    wanted = [uuid7(), uuid7()]
    await INSERT.execute(session, [(one, n, [], None, None) for n, one in enumerate(wanted)])
    found = over(
        Thing,
        "thing_id number",
        "SELECT number + CAST(:more AS integer) AS sum FROM {given} JOIN things"
        " USING (thing_id, number)",
    )
    rows = await found.execute(session, [(wanted[1], 1), (wanted[0], 7)], more=40)
    assert [row.sum for row in rows] == [41]


async def test_no_rows_are_no_statement(session: AsyncSession) -> None:
    assert await over(Thing, "number", "not SQL {given}").execute(session, []) == []


async def test_several_batches_travel_in_one_statement(session: AsyncSession) -> None:
    first, second = uuid7(), uuid7()
    await INSERT.execute(session, [(first, 1, ["a"], {}, NOW)])
    write = together(INSERT, updating(Thing, "tags number"), updating(Thing, "facts"))
    await write.execute(session, [(second, 2, ["b"], {"x": 1}, None)], [(first, ["c"], 3)], [])
    assert await things(session) == [
        (second, 2, ["b"], {"x": 1}, None),
        (first, 3, ["c"], {}, NOW),
    ]
    await write.execute(session, [], [], [(second, None)])
    assert [facts for _, _, _, facts, _ in await things(session)] == [None, {}]


async def test_several_batches_without_rows_are_no_statement(session: AsyncSession) -> None:
    await together(over(Thing, "number", "not SQL {given}"), INSERT).execute(session, [], [])


NUMBER = updating(Thing, "number")


def thing(number: int) -> tuple[Any, ...]:
    return uuid7(), number, [], None, None


async def test_what_several_write_at_once_travels_once(
    harness: Harness, session: AsyncSession
) -> None:
    rows = [thing(number) for number in range(4)]
    with harness.statements() as sent:
        async with at_once(session):
            await inserting(Thing, COLUMNS).write(session, rows[:1])
            async with at_once(session):
                await inserting(Thing, COLUMNS).write(session, rows[1:3])
            await together(inserting(Thing, COLUMNS), NUMBER).write(session, rows[3:], [])
    assert await things(session) == rows
    assert len(sent) == 1


async def test_what_changes_what_was_written_at_once_comes_after_it(session: AsyncSession) -> None:
    first, second = thing(1), thing(2)
    async with at_once(session):
        await inserting(Thing, COLUMNS).write(session, [first])
        await NUMBER.write(session, [(second[0], 0)])
        await NUMBER.write(session, [(first[0], 7)])
        await NUMBER.write(session, [(first[0], 9)])
    assert [found[1] for found in await things(session)] == [9]


async def test_of_a_block_that_fails_nothing_is_written(session: AsyncSession) -> None:
    async def fail() -> None:
        async with at_once(session):
            await inserting(Thing, COLUMNS).write(session, [thing(1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await inserting(Thing, COLUMNS).write(session, [thing(2)])
    assert [found[1] for found in await things(session)] == [2]
