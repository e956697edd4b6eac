"""A part tells what a keyed write led to: to the write's caller, and nobody else."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from kit import dead_letters, receipts
from kit.auth import Caller
from kit.events import Cause, Event
from kit.ids import uuid7
from kit.testing import Harness, event, member
from tests.kit.notes import NotePinned


async def told(harness: Harness, caller: Caller, key: UUID) -> dict[str, Any]:
    async with harness.client(caller) as client:
        answer = await client.get(f"/internal/receipts/{key}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def write(harness: Harness, caller: Caller, key: UUID | str, words: str = "a") -> int:
    async with harness.client(caller, **{"Idempotency-Key": str(key)}) as client:
        return (await client.post("/v1/notes", json={"text": words})).status_code


def greeted(key: UUID, caller: Caller, words: str = "hello") -> Event:
    """A greeting that the caller's write with that key led to in another service."""
    receipt_id = receipts.receipt_id_of(caller.subject, key)
    heard = event("greeter.member.greeted.v1", {"member_id": uuid7(), "text": words})
    return replace(heard, correlation_id=str(key), receipt_id=receipt_id)


async def test_a_write_and_what_it_said_are_told(harness: Harness) -> None:
    caller, key = member(), uuid4()
    assert await write(harness, caller, key, "good news") == 201
    found = await told(harness, caller, key)
    (written,), (said,) = found["writes"], found["said"]
    assert (written["route"], written["status"]) == ("POST /v1/notes", 201)
    assert (said["type"], said["shows"]) == (NotePinned.type, {"text": "good news"})
    assert (said["published"], said["caused_by"]) == (False, None)
    assert found["hears"] == ["greeter.member.greeted.v1"]


async def test_a_write_repeated_is_told_once(harness: Harness) -> None:
    caller, key = member(), uuid4()
    for _ in range(3):
        await write(harness, caller, key)
    found = await told(harness, caller, key)
    assert (len(found["writes"]), len(found["said"])) == (1, 1)


async def test_a_key_spelt_otherwise_is_the_same_key(harness: Harness) -> None:
    caller, key = member(), uuid4()
    await write(harness, caller, key.hex.upper())
    assert len((await told(harness, caller, key))["said"]) == 1
    (said,) = await harness.events(NotePinned.type)
    assert said.correlation_id == str(key)


async def test_the_same_key_of_two_callers_is_two_receipts(harness: Harness) -> None:
    one, other, key = member(), member(), uuid4()
    await write(harness, one, key, "mine")
    await write(harness, other, key, "theirs")
    shown = (await told(harness, one, key))["said"]
    assert [said["shows"] for said in shown] == [{"text": "mine"}]
    stranger = await told(harness, member(), key)
    assert (stranger["writes"], stranger["said"], stranger["heard"]) == ([], [], [])


async def test_a_refused_write_is_told_with_its_status_and_led_to_nothing(harness: Harness) -> None:
    caller, key = member(), uuid4()
    assert await write(harness, caller, key, "rude") == 409
    found = await told(harness, caller, key)
    assert [(one["status"]) for one in found["writes"]] == [409]
    assert found["said"] == []


async def test_events_heard_and_what_they_led_to_are_on_the_receipt(harness: Harness) -> None:
    caller, key = member(), uuid4()
    heard = greeted(key, caller)
    await harness.deliver(heard)
    await harness.deliver(heard)
    found = await told(harness, caller, key)
    assert [one["event_id"] for one in found["heard"]] == [str(heard.id)]
    assert [one["caused_by"] for one in found["said"]] == [str(heard.id)]
    assert found["writes"] == []


async def test_each_event_of_a_batch_stays_on_its_own_receipt(harness: Harness) -> None:
    callers = [member() for _ in range(5)]
    key = uuid4()
    await harness.deliver(*(greeted(key, caller, caller.subject) for caller in callers))
    for caller in callers:
        (said,) = (await told(harness, caller, key))["said"]
        assert said["shows"] == {"text": caller.subject}


async def test_a_parked_event_is_told_until_it_is_settled(harness: Harness) -> None:
    caller, key = member(), uuid4()
    bad = greeted(key, caller, "poison")
    async with harness.transaction() as session:
        await dead_letters.park(session, bad.id, bad.type, bad.encode(), "RuntimeError", 8)
    assert [one["event_id"] for one in (await told(harness, caller, key))["parked"]] == [
        str(bad.id)
    ]
    async with harness.transaction() as session:
        await dead_letters.discard(session, bad.id, bad.time)
    assert (await told(harness, caller, key))["parked"] == []


async def test_what_is_no_event_is_parked_all_the_same(harness: Harness) -> None:
    async with harness.transaction() as session:
        await dead_letters.park(session, uuid7(), "x", b"\xff{", "not an event", 1)
        assert await dead_letters.count(session) == 1


async def test_a_write_without_a_key_is_on_no_receipt(harness: Harness) -> None:
    async with harness.client(member()) as client:
        await client.post("/v1/notes", json={"text": "a"})
    (said,) = await harness.events(NotePinned.type)
    assert said.receipt_id is None


async def test_only_who_is_known_is_told(harness: Harness) -> None:
    async with harness.client() as client:
        assert (await client.get(f"/internal/receipts/{uuid4()}")).status_code == 401


async def test_a_write_that_led_to_very_much_is_told_in_part(harness: Harness) -> None:
    caller, key = member(), uuid4()
    await harness.deliver(*(greeted(key, caller) for _ in range(receipts.MOST + 5)))
    found = await told(harness, caller, key)
    assert len(found["said"]) == len(found["heard"]) == receipts.MOST


def test_a_receipt_id_tells_nothing_of_caller_or_key() -> None:
    key = uuid4()
    mine = receipts.receipt_id_of("one", key)
    assert mine == receipts.receipt_id_of("one", key)
    others = {receipts.receipt_id_of("two", key), receipts.receipt_id_of("one", uuid4())}
    assert len({mine, *others}) == 3
    assert mine != key


@pytest.mark.parametrize("receipt_id", [None, uuid7()])
def test_a_receipt_id_survives_its_envelope(receipt_id: UUID | None) -> None:
    pinned = NotePinned(member_id=uuid7(), note_id=uuid7(), text="a")
    said = pinned.because(Cause("chain", receipt_id=receipt_id)).to_event()
    assert Event.decode(said.encode()).receipt_id == receipt_id
    assert said.as_cause.receipt_id == receipt_id
