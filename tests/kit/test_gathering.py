"""Reads asked for at once: each gets what it would have got alone, and all travel once."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import gathered
from kit.testing import Harness

KINDS = text("""
    SELECT CAST(:number AS int) AS number, 7::bigint AS big, true AS yes, 1.5::float8 AS half,
        'a''b\\"c 茶' AS words, NULL::uuid AS nothing,
        '01a1ffec-1522-7519-a168-3f4fd41709bf'::uuid AS id,
        '2026-03-02T10:00:00.123456+03'::timestamptz AS at, '2026-03-02'::date AS day,
        10000000000000.25::numeric AS exact, ARRAY['x', 'y'] AS listed,
        ARRAY['01a1ffec-1522-7519-a168-3f4fd41709bf']::uuid[] AS ids
""")
SEVERAL = text("""
    WITH given AS (SELECT n FROM generate_series(1, CAST(:most AS int)) AS n)
    SELECT n, n * 2 AS double FROM given ORDER BY n DESC
""")


async def rows(session: AsyncSession, statement: Any, **given: Any) -> Sequence[Any]:
    return (await session.execute(statement, given)).all()


async def test_each_gets_what_it_would_have_got_alone(harness: Harness) -> None:
    async with harness.transaction() as session:
        alone = [
            await rows(session, KINDS, number=1),
            await rows(session, SEVERAL, most=3),
            await rows(session, SEVERAL, most=0),
        ]
        async with gathered(session) as reads:
            begun = [
                reads.begin(rows(reads.session, KINDS, number=1)),
                reads.begin(rows(reads.session, SEVERAL, most=3)),
                reads.begin(rows(reads.session, SEVERAL, most=0)),
            ]
    found = [each.result() for each in begun]
    assert [[tuple(row) for row in each] for each in found] == [
        [tuple(row) for row in each] for each in alone
    ]
    pairs = zip(alone[0][0], found[0][0], strict=True)
    assert all(isinstance(one, type(other)) for one, other in pairs)
    assert found[1][0].double == 6


async def test_what_is_asked_for_at_once_is_one_statement(harness: Harness) -> None:
    async def both(session: AsyncSession) -> int:
        """Two, one after the other."""
        [first, *_] = await rows(session, SEVERAL, most=4)
        return len(await rows(session, SEVERAL, most=first.n + 1))

    async with harness.transaction() as session:
        with harness.statements() as seen:
            async with gathered(session) as reads:
                begun = [reads.begin(both(reads.session)) for _ in range(3)]
    assert [each.result() for each in begun] == [5, 5, 5]
    assert len(seen) == 2


async def test_the_digest_is_of_all_that_was_found(harness: Harness) -> None:
    async def digest(*most: int) -> bytes:
        async with harness.transaction() as session, gathered(session) as reads:
            for n in most:
                reads.begin(rows(reads.session, SEVERAL, most=n))
        return reads.digest

    assert await digest(1, 2) == await digest(1, 2)
    assert len({await digest(1, 2), await digest(2, 1), await digest(1), await digest(1, 0)}) == 4


async def test_an_error_ends_all_and_is_raised(harness: Harness) -> None:
    broken = text("SELECT 1 / CAST(:zero AS int) AS n")
    before = asyncio.all_tasks()

    async def read_both() -> None:
        async with harness.transaction() as session, gathered(session) as reads:
            reads.begin(rows(reads.session, SEVERAL, most=1))
            reads.begin(rows(reads.session, broken, zero=0))

    with pytest.raises(DBAPIError, match="division by zero"):
        await read_both()
    assert asyncio.all_tasks() <= before


async def test_a_write_goes_by_itself(harness: Harness) -> None:
    write = text("INSERT INTO notes (id, author, text) VALUES (gen_random_uuid(), 'a', :words)")
    hidden = text("""
        WITH made AS (INSERT INTO notes (id, author, text)
            VALUES (gen_random_uuid(), 'a', 'b') RETURNING text) SELECT text FROM made
    """)
    count = text("SELECT count(*) AS n FROM notes")
    async with harness.transaction() as session:
        async with gathered(session) as reads:
            reads.begin(rows(reads.session, SEVERAL, most=2))
            reads.begin(rows(reads.session, write, words="x"))
            reads.begin(rows(reads.session, hidden))
        [row] = await rows(session, count)
    assert row.n == 2


async def test_columns_of_one_name_are_refused(harness: Harness) -> None:
    async def read() -> None:
        async with harness.transaction() as session, gathered(session) as reads:
            reads.begin(rows(reads.session, text("SELECT 1 AS n, 2 AS n")))

    with pytest.raises(ValueError, match="columns of one name"):
        await read()


async def test_who_leaves_takes_nothing_along(harness: Harness) -> None:
    """A deadline passes while all wait: the connection goes back whole, and no task is left."""
    slow = text("SELECT 1 AS n FROM (SELECT pg_sleep(60)) AS slow")
    before = asyncio.all_tasks()

    async def read() -> None:
        async with (
            asyncio.timeout(0.2),
            harness.transaction() as session,
            gathered(session) as reads,
        ):
            for statement, given in ((SEVERAL, {"most": 1}), (slow, {}), (slow, {})):
                reads.begin(rows(reads.session, statement, **given))

    with pytest.raises(TimeoutError):
        await read()
    async with harness.transaction() as session:
        [row] = await rows(session, SEVERAL, most=1)
    assert row.n == 1
    assert asyncio.all_tasks() <= before
