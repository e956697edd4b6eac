"""A GET reads without a transaction, and has one when it comes to write."""

import asyncio

import pytest
from sqlalchemy import Executable, insert, select, text

from kit.db import transaction
from kit.ids import uuid7
from kit.sessions import WritesAfterAll
from kit.testing import Harness, member
from tests.kit.notes import Note, NotePinned

MORE_THAN_CONNECTIONS = 50


@pytest.mark.parametrize(
    "statement",
    [
        text("INSERT INTO notes VALUES (gen_random_uuid(), 'a', 'b')"),
        text("WITH gone AS (DELETE FROM notes RETURNING 1) SELECT count(*) FROM gone"),
        text("SELECT * FROM notes FOR NO KEY UPDATE"),
        text("SELECT * FROM notes FOR SHARE"),
        text("SELECT pg_advisory_xact_lock(1)"),
        text("SELECT set_config('timezone', 'UTC', true)"),
        text("SET LOCAL lock_timeout = 1000"),
        insert(Note),
        select(Note).with_for_update(),
    ],
    ids=str,
)
async def test_a_reading_stops_before_it_writes(harness: Harness, statement: Executable) -> None:
    async with transaction(harness.runtime.readings) as session:
        with pytest.raises(WritesAfterAll):
            await session.execute(statement)


async def test_a_reading_stops_before_it_changes_what_it_read(harness: Harness) -> None:
    note = Note(id=uuid7(), author="ada", text="kept")
    async with harness.transaction() as session:
        session.add(note)
    async with transaction(harness.runtime.readings) as session:
        found = (await session.execute(select(Note))).scalar_one()
        found.text = "changed"
        with pytest.raises(WritesAfterAll):
            await session.commit()
        session.expunge_all()
    async with harness.transaction() as session:
        assert (await session.execute(select(Note.text))).scalar_one() == "kept"


async def test_a_reading_begins_no_transaction(harness: Harness) -> None:
    moment = text("SELECT now()")  # when the transaction began
    async with transaction(harness.runtime.readings) as session:
        moments = [await session.scalar(moment) for _ in range(2)]
        assert (await session.execute(select(Note))).all() == []
    assert moments[0] < moments[1]


async def test_what_is_made_at_the_first_look_is_made_once(harness: Harness) -> None:
    async with harness.client(member()) as client:
        looks = [await client.get("/v1/motto") for _ in range(3)]
    assert [look.status_code for look in looks] == [200] * 3
    assert len({look.json()["id"] for look in looks}) == 1
    assert len(await harness.published(NotePinned)) == 1


async def test_first_looks_of_many_hold_one_connection_each(harness: Harness) -> None:
    async def look() -> int:
        async with harness.client(member()) as client:
            return (await client.get("/v1/motto")).status_code

    assert {*await asyncio.gather(*(look() for _ in range(MORE_THAN_CONNECTIONS)))} == {200}
    assert len(await harness.published(NotePinned)) == MORE_THAN_CONNECTIONS
