"""Calls answered together: each has what it would have had alone."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import Response
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.auth import Caller
from kit.clock import now
from kit.combining import Call, Combiner
from kit.db import transaction
from kit.events import Event
from kit.idempotency import Keyed, delete_older
from kit.receipts import receipt_id_of
from kit.testing import Harness, member, until
from tests.kit.notes import NotePinned, create_app


async def pin(
    harness: Harness, words: str, key: UUID | None = None, caller: Caller | None = None
) -> httpx.Response:
    headers = {"Idempotency-Key": str(key or uuid4())}
    async with harness.client(caller or member(), **headers) as client:
        return await client.post("/v1/pins", json={"text": words})


@contextmanager
def commits_of(harness: Harness) -> Iterator[list[None]]:
    """A list that grows by one at each commit."""
    engine = harness.runtime.engine.sync_engine
    seen: list[None] = []

    def on_commit(_: object) -> None:
        seen.append(None)

    event.listen(engine, "commit", on_commit)
    yield seen
    event.remove(engine, "commit", on_commit)


async def pinned(harness: Harness) -> list[str]:
    return sorted(said.text for said in await harness.published(NotePinned))


async def test_many_at_once_share_commits_and_each_has_its_own_answer(harness: Harness) -> None:
    words = [f"n{number}" for number in range(100)]
    with commits_of(harness) as commits:
        answers = await asyncio.gather(*(pin(harness, each) for each in words))
    assert [answer.json()["text"] for answer in answers] == words
    assert {answer.status_code for answer in answers} == {201}
    assert await pinned(harness) == sorted(words)
    assert len(commits) < 50


async def test_statements_of_calls_together_are_planned_once_and_others_as_ever(
    harness: Harness,
) -> None:
    mode, seen = text("SELECT current_setting('plan_cache_mode')"), []

    async def look(session: AsyncSession, wishes: Sequence[str]) -> Sequence[str]:
        seen.append((await session.execute(mode)).scalar_one())
        return wishes

    key = uuid4()
    keyed = Keyed("somebody", "GET /mode", key, key.bytes, key.bytes * 2)
    await Combiner(harness.runtime.sessions, look).answer(Call(keyed, "look", Response))
    async with transaction(harness.runtime.sessions) as session:
        seen.append((await session.execute(mode)).scalar_one())
    assert seen == ["force_generic_plan", "auto"]


async def test_a_refusal_costs_the_others_nothing_and_is_kept(harness: Harness) -> None:
    caller, key = member(), uuid4()
    first, *others = await asyncio.gather(
        pin(harness, "rude", key, caller), *(pin(harness, "kind") for _ in range(10))
    )
    again = await pin(harness, "rude", key, caller)
    assert (first.status_code, first.json()["code"]) == (409, "notes.too_rude")
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == "application/problem+json"
    assert {answer.status_code for answer in others} == {201}
    assert await pinned(harness) == ["kind"] * 10


async def test_one_that_breaks_the_transaction_breaks_its_own_alone(harness: Harness) -> None:
    words = ["a", "poison", "b", "rude", "c"] * 4
    answers = await asyncio.gather(*(pin(harness, each) for each in words))
    wanted = {"a": 201, "b": 201, "c": 201, "poison": 500, "rude": 409}
    assert [answer.status_code for answer in answers] == [wanted[each] for each in words]
    assert await pinned(harness) == sorted("abc" * 4)


async def test_a_refusal_that_may_pass_is_not_kept(harness: Harness) -> None:
    caller, key = member(), uuid4()
    for _ in range(2):
        answer = await pin(harness, "busy", key, caller)
        assert answer.status_code == 429
        assert "idempotent-replayed" not in answer.headers


async def test_twins_at_once_have_one_effect_and_one_answer(harness: Harness) -> None:
    caller, key = member(), uuid4()
    answers = await asyncio.gather(*(pin(harness, "a", key, caller) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await pinned(harness) == ["a"]


async def test_twins_in_two_processes_have_one_effect_and_one_answer(harness: Harness) -> None:
    other = Harness(create_app(harness.settings))
    callers, keys = [member() for _ in range(20)], [uuid4() for _ in range(20)]
    answers = await asyncio.gather(
        *(
            pin(place, "a", key, caller)
            for caller, key in zip(callers, keys, strict=True)
            for place in (harness, other)
        )
    )
    await other.runtime.engine.dispose()
    assert {answer.status_code for answer in answers} == {201}
    assert all(answers[n].content == answers[n + 1].content for n in range(0, 40, 2))
    assert await pinned(harness) == ["a"] * 20


async def test_another_body_under_the_same_key_is_refused(harness: Harness) -> None:
    caller, key = member(), uuid4()
    answers = await asyncio.gather(*(pin(harness, each, key, caller) for each in ("a", "b")))
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    [refused] = [answer for answer in answers if answer.status_code == 422]
    assert refused.json()["code"] == "idempotency_key_reused"
    assert len(await pinned(harness)) == 1


async def test_each_event_is_on_the_account_of_its_own_write(harness: Harness) -> None:
    callers, keys = [member() for _ in range(20)], [uuid4() for _ in range(20)]
    pairs = list(zip(callers, keys, strict=True))
    await asyncio.gather(*(pin(harness, "a", key, caller) for caller, key in pairs))
    said: list[Event] = await harness.events(NotePinned.type)
    assert {(e.subject, e.correlation_id, e.receipt_id) for e in said} == {
        (caller.subject, str(key), receipt_id_of(caller.subject, key)) for caller, key in pairs
    }


async def test_who_leaves_gets_the_answer_later(harness: Harness) -> None:
    caller, key = member(), uuid4()
    async with harness.transaction() as session:
        await session.execute(text("LOCK TABLE notes"))
        leaving = asyncio.create_task(pin(harness, "a", key, caller))
        await until(lambda: _is_waiting(harness))
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
    assert (await pin(harness, "a", key, caller)).status_code == 201
    assert await pinned(harness) == ["a"]


async def _is_waiting(harness: Harness) -> bool:
    statement = text("""
        SELECT EXISTS (SELECT FROM pg_locks WHERE relation = 'notes'::regclass AND NOT granted)
    """)
    async with harness.transaction() as session:
        return bool((await session.execute(statement)).scalar_one())


async def test_a_store_that_is_away_is_told_to_each(harness: Harness) -> None:
    """The table is gone for a while: nothing is half done, and the same keys succeed later."""
    callers, keys = [member() for _ in range(5)], [uuid4() for _ in range(5)]
    pairs = list(zip(callers, keys, strict=True))
    async with harness.transaction() as session:
        await session.execute(text("ALTER TABLE notes RENAME TO away"))
    answers = await asyncio.gather(*(pin(harness, "a", key, caller) for caller, key in pairs))
    assert {answer.status_code for answer in answers} == {500}
    async with harness.transaction() as session:
        await session.execute(text("ALTER TABLE away RENAME TO notes"))
    answers = await asyncio.gather(*(pin(harness, "a", key, caller) for caller, key in pairs))
    assert {answer.status_code for answer in answers} == {201}
    assert await pinned(harness) == ["a"] * 5


async def test_kept_answers_are_forgotten_like_all_others(harness: Harness) -> None:
    await pin(harness, "a")
    async with harness.transaction() as session:
        assert await delete_older(session, now(), 10) == 1


async def test_a_key_is_needed(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = await client.post("/v1/pins", json={"text": "a"})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
