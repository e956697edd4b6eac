"""Asks that travel together: each finds what it would have found alone, in one statement."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask, Rows, gathered
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


def rows(found: Rows) -> Sequence[Any]:
    return found.all()


def kinds(number: int) -> Ask[Sequence[Any]]:
    return Ask(KINDS, {"number": number}, rows)


def several(most: int) -> Ask[Sequence[Any]]:
    return Ask(SEVERAL, {"most": most}, rows)


async def digest(session: AsyncSession, *most: int) -> bytes:
    return (await gathered(session, [several(n) for n in most])).digest


async def test_each_finds_what_it_would_have_found_alone(harness: Harness) -> None:
    asks = [kinds(1), several(3), several(0)]
    async with harness.transaction() as session:
        alone = [await ask.of(session) for ask in asks]
        found = await gathered(session, asks)
    together = [found.of(ask) for ask in asks]
    assert [[tuple(row) for row in each] for each in together] == [
        [tuple(row) for row in each] for each in alone
    ]
    pairs = zip(alone[0][0], together[0][0], strict=True)
    assert all(isinstance(one, type(other)) for one, other in pairs)
    assert together[1][0].double == 6


async def test_what_is_gathered_is_one_statement(harness: Harness) -> None:
    async with harness.transaction() as session:
        await gathered(session, [kinds(1), several(1)])
        with harness.statements() as seen:
            await gathered(session, [kinds(2), several(2), several(5)])
    assert len(seen) == 1


async def test_the_digest_is_of_all_that_was_found(harness: Harness) -> None:
    async with harness.transaction() as session:
        assert await digest(session, 1, 2) == await digest(session, 1, 2)
        others = [(1, 2), (2, 1), (1,), (1, 0), (0, 1)]
        assert len({await digest(session, *most) for most in others}) == len(others)


async def test_what_many_find_is_read_once(harness: Harness) -> None:
    read: list[int] = []

    def counted(found: Rows) -> int:
        read.append(len(found.all()))
        return read[-1]

    def common(most: int) -> Ask[int]:
        return Ask(SEVERAL, {"most": most}, counted, is_common=True)

    async with harness.transaction() as session:
        for most in (21, 22, 21, 21, 22):
            ask = common(most)
            assert (await gathered(session, [ask])).of(ask) == most
    assert read == [21, 22]


async def test_what_is_not_looked_at_is_not_read(harness: Harness) -> None:
    def refused(_: Rows) -> None:
        raise AssertionError

    async with harness.transaction() as session:
        found = await gathered(session, [Ask(SEVERAL, {"most": 1}, refused), several(1)])
    assert found.digest


async def test_an_error_is_raised_and_leaves_the_session_usable(harness: Harness) -> None:
    broken = Ask(text("SELECT 1 / CAST(:zero AS int) AS n"), {"zero": 0}, rows)
    async with harness.transaction() as session:
        with pytest.raises(DBAPIError, match="division by zero"):
            async with session.begin_nested():
                await gathered(session, [several(1), broken])
        assert len(await several(2).of(session)) == 2


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT 1 AS n, 2 AS n", "columns of one name"),
        ("SELECT '1 day'::interval AS long", "values of the type interval"),
        ("INSERT INTO notes (id, author, text) VALUES (gen_random_uuid(), 'a', 'b')", "only quer"),
        ("WITH made AS (INSERT INTO notes DEFAULT VALUES RETURNING 1) SELECT 1", "only queries"),
    ],
)
async def test_what_cannot_travel_so_is_refused(harness: Harness, query: str, why: str) -> None:
    async with harness.transaction() as session:
        with pytest.raises(ValueError, match=why):
            await gathered(session, [Ask(text(query), {}, rows)])
