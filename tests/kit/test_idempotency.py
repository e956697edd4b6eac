"""Idempotency-Key: the semantics promised in docs/api."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import text

from kit.testing import Harness, member
from tests.kit.notes import NotePinned


async def stored_answers(harness: Harness) -> list[bytes]:
    async with harness.transaction() as session:
        rows = await session.execute(text("SELECT answer FROM idempotency_keys"))
        return [row.answer for row in rows]


async def test_a_repeat_gets_the_first_answer_byte_for_byte(harness: Harness) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with harness.client(member(), **headers) as client:
        first = await client.post("/v1/notes", json={"text": "a"})
        again = await client.post("/v1/notes", json={"text": "a"})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["cache-control"] == first.headers["cache-control"] == "no-store"
    assert "idempotent-replayed" not in first.headers
    assert len(await harness.published(NotePinned)) == 1


async def test_another_body_under_the_same_key_is_refused(harness: Harness) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with harness.client(member(), **headers) as client:
        await client.post("/v1/notes", json={"text": "a"})
        other = await client.post("/v1/notes", json={"text": "b"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(await harness.published(NotePinned)) == 1


async def test_a_key_belongs_to_its_caller(harness: Harness) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        async with harness.client(member(), **headers) as client:
            assert (await client.post("/v1/notes", json={"text": "a"})).status_code == 201
    assert len(await harness.published(NotePinned)) == 2


async def test_fifty_at_once_have_one_effect_and_one_answer(harness: Harness) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with harness.client(member(), **headers) as client:
        post = (client.post("/v1/notes", json={"text": "a"}) for _ in range(50))
        answers = await asyncio.gather(*post)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await harness.published(NotePinned)) == 1


async def test_a_refusal_is_kept_and_its_effect_is_not(harness: Harness) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with harness.client(member(), **headers) as client:
        first = await client.post("/v1/notes", json={"text": "rude"})
        again = await client.post("/v1/notes", json={"text": "rude"})
        listed = await client.get("/v1/notes")
    assert (first.status_code, first.json()["code"]) == (409, "notes.too_rude")
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == "application/problem+json"
    assert listed.json()["items"] == []
    assert await harness.published(NotePinned) == []


async def test_an_invalid_body_does_not_spend_the_key(harness: Harness) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with harness.client(member(), **headers) as client:
        invalid = await client.post("/v1/notes", json={"text": ""})
        valid = await client.post("/v1/notes", json={"text": "a"})
    assert (invalid.status_code, valid.status_code) == (422, 201)


async def test_a_stored_answer_cannot_be_read_without_its_request(harness: Harness) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with harness.client(member(), **headers) as client:
        await client.post("/v1/notes", json={"text": "confidential"})
    (answer,) = await stored_answers(harness)
    assert b"confidential" not in answer


async def test_without_a_key_each_request_counts(harness: Harness) -> None:
    async with harness.client(member()) as client:
        for _ in range(2):
            assert (await client.post("/v1/notes", json={"text": "a"})).status_code == 201
    assert len(await harness.published(NotePinned)) == 2


async def test_a_route_that_moves_value_requires_the_key(harness: Harness) -> None:
    async with harness.client(member()) as client:
        without = await client.post("/v1/gifts", json={"text": "a"})
    assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize("key", ["1", "x" * 36, ""])
async def test_a_key_that_is_no_uuid_is_refused(harness: Harness, key: str) -> None:
    async with harness.client(member(), **{"Idempotency-Key": key}) as client:
        answer = await client.post("/v1/notes", json={"text": "a"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_refusal_that_may_pass_is_not_kept(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Idempotency-Key": str(uuid4())}
    async with harness.client(member(), **headers) as client:
        with monkeypatch.context() as patch:
            patch.setattr("tests.kit.notes.TooRude.passing", True)
            refused = await client.post("/v1/notes", json={"text": "rude"})
        again = await client.post("/v1/notes", json={"text": "rude"})
    assert (refused.status_code, again.status_code) == (409, 409)
    assert "idempotent-replayed" not in again.headers
