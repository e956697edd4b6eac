"""Erasing: the tombstone first, then all at once or nothing, never before others are done."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, erasure, inbox
from kit.db import transaction
from kit.erasure import LONGEST_WAIT, SETTLING, Erasure, erase_next, erased_among, note
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, event
from tests.kit.notes import Greeted, NotePinned

HEARD: list[object] = []


async def hear(_: AsyncSession, events: list[Event]) -> None:
    HEARD.extend(each.subject for each in events)


@erasure.of_erased_too
async def hear_all(session: AsyncSession, events: list[Event]) -> None:
    await hear(session, events)


@pytest.fixture(autouse=True)
def heard() -> list[object]:
    HEARD.clear()
    return HEARD


def greeting(member_id: object) -> Event:
    return event(Greeted.type, {"member_id": member_id, "text": "hello"})


async def forget_notes(session: AsyncSession, asked: Erasure, _: datetime) -> NotePinned:
    about = {"author": str(asked.member_id)}
    await session.execute(text("DELETE FROM notes WHERE author = :author"), about)
    return NotePinned(member_id=asked.member_id, note_id=asked.erasure_id, text="erased")


async def write(harness: Harness, author: object) -> None:
    async with harness.transaction() as session:
        statement = text("INSERT INTO notes VALUES (gen_random_uuid(), :author, 'secret')")
        await session.execute(statement, {"author": str(author)})


async def ask(harness: Harness, *member_ids: object, at: datetime | None = None) -> None:
    async with harness.transaction() as session:
        await note(session, uuid7(), member_ids, at or clock.now())


async def run(harness: Harness, erase=forget_notes, at: datetime | None = None) -> bool:
    async with harness.transaction() as session:
        return await erase_next(session, erase, at or clock.now() + SETTLING)


async def test_an_event_of_an_erased_member_has_no_effect(harness: Harness, heard: list) -> None:
    gone, here = uuid7(), uuid7()
    await ask(harness, gone)
    both = [greeting(gone), greeting(here)]
    async with harness.transaction() as session:
        new = await inbox.receive(session, "notes", {Greeted.type: hear}, both)
    assert (new, heard) == (2, [str(here)])


async def test_a_handler_may_hear_of_the_erased_too(harness: Harness, heard: list) -> None:
    gone = uuid7()
    await ask(harness, gone)
    async with harness.transaction() as session:
        await inbox.receive(session, "notes", {Greeted.type: hear_all}, [greeting(gone)])
    assert heard == [str(gone)]


async def test_it_is_known_since_when_somebody_is_erased(harness: Harness) -> None:
    gone, at = uuid7(), clock.now()
    await ask(harness, gone, at=at)
    async with harness.transaction() as session:
        assert await erased_among(session, [gone, uuid7()]) == {gone: at}
        assert await erased_among(session, []) == {}


async def test_what_began_before_the_tombstone_is_waited_for(harness: Harness) -> None:
    gone = uuid7()
    async with transaction(harness.sessions) as under_way:
        await under_way.execute(text("SELECT 1"))
        await ask(harness, gone)
        await run(harness)
        assert not await run(harness)
        statement = text("INSERT INTO notes VALUES (gen_random_uuid(), :author, 'secret')")
        await under_way.execute(statement, {"author": str(gone)})
    assert await run(harness)
    assert await harness.traces("secret") == set()


async def test_what_never_ends_is_not_waited_for_for_ever(harness: Harness) -> None:
    gone, long_ago = uuid7(), clock.now() - LONGEST_WAIT - timedelta(minutes=1)
    async with transaction(harness.sessions) as dump:
        await dump.execute(text("SELECT 1"))
        await ask(harness, gone, at=long_ago)
        await run(harness)
        assert await run(harness)


async def test_sessions_that_have_just_ended_are_given_time(harness: Harness) -> None:
    await ask(harness, uuid7())
    now = clock.now()
    assert [await run(harness, at=now), await run(harness, at=now)] == [False, False]


async def test_dying_half_way_leaves_nothing_half_done(harness: Harness) -> None:
    gone = uuid7()
    await write(harness, gone)
    await ask(harness, gone)
    await run(harness)

    async def die(session: AsyncSession, asked: Erasure, now: datetime) -> NotePinned:
        await forget_notes(session, asked, now)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await run(harness, die)
    assert await harness.traces("secret") == {"notes"}
    assert await harness.published(NotePinned) == []
    assert await run(harness)
    assert await harness.traces("secret") == set()
    assert [said.member_id for said in await harness.published(NotePinned)] == [gone]


async def test_what_is_not_done_yet_holds_nobody_else_up(harness: Harness) -> None:
    stuck, other = uuid7(), uuid7()
    await ask(harness, stuck)
    await ask(harness, other)
    await run(harness)

    async def unless_stuck(
        session: AsyncSession, asked: Erasure, now: datetime
    ) -> NotePinned | None:
        return None if asked.member_id == stuck else await forget_notes(session, asked, now)

    for _ in range(2):
        await run(harness, unless_stuck)
    assert [said.member_id for said in await harness.published(NotePinned)] == [other]


async def test_asked_again_nothing_is_done_again(harness: Harness) -> None:
    gone, erasure_id = uuid7(), uuid7()
    for _ in range(2):
        async with harness.transaction() as session:
            await note(session, erasure_id, [gone], clock.now())
        await run(harness)
        await run(harness)
    assert len(await harness.published(NotePinned)) == 1


async def test_stored_answers_and_letters_about_the_member_go(harness: Harness) -> None:
    gone = uuid7()
    async with harness.transaction() as session:
        await session.execute(
            text("""
                INSERT INTO dead_letters (event_id, type, body, error, tries)
                VALUES (gen_random_uuid(), 'x', convert_to(:body, 'UTF8'), 'odd', 1)
            """),
            {"body": f'{{"subject": "{gone}"}}'},
        )
        await session.execute(
            text("""
                INSERT INTO idempotency_keys (key, caller, route, fingerprint)
                VALUES (gen_random_uuid(), :caller, 'POST /v1/notes', 'x')
            """),
            {"caller": str(gone)},
        )
    await ask(harness, gone)
    await run(harness)
    await run(harness)
    async with harness.transaction() as session:
        left = (
            "SELECT (SELECT count(*) FROM dead_letters) + (SELECT count(*) FROM idempotency_keys)"
        )
        assert (await session.execute(text(left))).scalar_one() == 0
