"""A closed account: services are asked to erase, say when they have; the person is told."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from gateway.actions.erasures import SERVICES
from gateway.authenticator import BadCredentials
from gateway.events import AccountClosed
from gateway.identity import ERASURES_OLDEST, ERASURES_OPEN, Identity
from gateway.jobs import SCHEDULE
from kit import clock
from kit.events import Event
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, example
from tests.gateway.people import MEMBER, PASSWORD, Door, letters

FORGET = next(job for job in SCHEDULE if job.name == "forget_accounts")


@pytest.fixture
async def closed(harness: Harness, door: Door) -> AccountClosed:
    """What is said of a member who has just closed the account."""
    member = await door.registered()
    body = {"password": PASSWORD}
    answer = await door.post("/v1/auth/account/closure", body, member["access_token"])
    assert answer.status_code == 204, answer.text
    (said,) = await harness.published(AccountClosed)
    return said


def erased(service: str, closed: AccountClosed) -> Event:
    told = {"erasure_id": closed.erasure_id, "member_id": closed.member_id}
    return example(f"{service}.member.erased.v1", **told)


async def receipt(door: Door, erasure_id: UUID) -> dict[str, Any]:
    answer = await door.get(f"/v1/erasures/{erasure_id}", await door.admin())
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_erasure_is_done_once_every_service_has_said_so(
    harness: Harness, door: Door, identity: Identity, closed: AccountClosed
) -> None:
    *first, last = SERVICES
    await harness.deliver(*(erased(service, closed) for service in first))
    await identity.receipt_erasures()
    shown = await receipt(door, closed.erasure_id)
    assert (shown["member_id"], shown["finished_at"]) == (str(closed.member_id), None)
    assert {s["service"] for s in shown["services"] if s["erased_at"] is None} == {last}
    assert (ERASURES_OPEN._value.get(), (await letters(harness))[-1]["template"]) == (
        1,
        "account_closed",
    )
    await harness.deliver(erased(last, closed))
    await identity.receipt_erasures()
    shown = await receipt(door, closed.erasure_id)
    assert shown["finished_at"] is not None
    assert all(step["erased_at"] for step in shown["services"])
    assert (ERASURES_OPEN._value.get(), ERASURES_OLDEST._value.get()) == (0, 0)


async def test_while_no_erasure_is_open_new_ones_are_looked_for_now_and_then(
    harness: Harness, door: Door, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And at every turn while one is."""
    looked: list[int] = []
    receipt_erasures = identity.receipt_erasures

    async def counted() -> None:
        await receipt_erasures()
        looked.append(identity._erasures_open)

    monkeypatch.setattr(identity, "receipt_erasures", counted)
    monkeypatch.setattr("gateway.identity.NEW_ERASURES_EVERY_S", 3_600.0)
    identity._erasures_due_at = 0.0
    for _ in range(3):
        await identity.follow_erasures()
    assert looked == [0]
    member = await door.registered()
    await door.post("/v1/auth/account/closure", {"password": PASSWORD}, member["access_token"])
    [closed] = await harness.published(AccountClosed)
    identity._erasures_due_at = 0.0
    for _ in range(3):
        await identity.follow_erasures()
    assert looked == [0, 1, 1, 1]
    await harness.deliver(*(erased(service, closed) for service in SERVICES))
    for _ in range(3):
        await identity.follow_erasures()
    assert looked == [0, 1, 1, 1, 0]


async def test_the_person_is_written_to_and_then_forgotten(
    harness: Harness, identity: Identity, closed: AccountClosed
) -> None:
    for _ in range(2):  # heard twice, done once
        await harness.deliver(*(erased(service, closed) for service in SERVICES))
        await identity.receipt_erasures()
    last = (await letters(harness))[-1]
    assert (last["template"], last["to"]) == ("account_erased", MEMBER["email"])
    assert last["facts"]["erasure_id"] == str(closed.erasure_id)
    assert [each["template"] for each in await letters(harness)].count("account_erased") == 1
    async with harness.transaction() as session:
        statement = text("SELECT member_id, sealed_email FROM erasure_receipts")
        assert [tuple(row) for row in await session.execute(statement)] == [(None, None)]


async def test_whoever_knows_the_member_finds_the_receipt(
    harness: Harness, door: Door, identity: Identity, closed: AccountClosed
) -> None:
    await harness.deliver(*(erased(service, closed) for service in SERVICES))
    await identity.receipt_erasures()
    token = await door.admin()
    found = (await door.get("/v1/erasures", token, member_id=closed.member_id)).json()
    assert [each["erasure_id"] for each in found["items"]] == [str(closed.erasure_id)]
    assert (await door.get("/v1/erasures", token, member_id=uuid7())).json()["items"] == []
    assert len((await door.get("/v1/erasures", token)).json()["items"]) == 1
    absent = await door.get(f"/v1/erasures/{ABSENT}", token)
    assert (absent.status_code, absent.json()["code"]) == (404, "gateway.erasure_unknown")


async def test_nothing_is_left_of_the_account_when_its_tokens_have_expired(
    harness: Harness, identity: Identity, closed: AccountClosed
) -> None:
    async with harness.transaction() as session:
        devices = await session.execute(text("SELECT device_id, app FROM sessions"))
        assert {tuple(row) for row in devices} == {(None, None)}
    await harness.deliver(*(erased(service, closed) for service in SERVICES))
    await identity.receipt_erasures()
    await harness.run(FORGET)
    assert "accounts" in await harness.traces(closed.member_id)
    async with harness.transaction() as session:
        for statement in (
            "UPDATE accounts SET closed_at = closed_at - interval '2 days'",
            "UPDATE erasure_receipts SET finished_at = finished_at - interval '2 days'",
        ):
            await session.execute(text(statement))
    await harness.run(FORGET)
    assert await harness.traces(closed.member_id, MEMBER["email"]) == set()


async def test_accounts_closed_when_nobody_was_asked_are_asked_about_once(
    harness: Harness, door: Door, identity: Identity, closed: AccountClosed
) -> None:
    guest = await door.guest()
    async with harness.transaction() as session:
        about = {"member_id": UUID(guest["member_id"]), "now": clock.now()}
        statement = text("UPDATE accounts SET closed_at = :now WHERE member_id = :member_id")
        await session.execute(statement, about)
    for _ in range(2):
        await identity.receipt_erasures()
    said = await harness.published(AccountClosed)
    assert [str(each.member_id) for each in said[1:]] == [guest["member_id"]]


async def test_staff_erase_a_member_who_asks_them_to(harness: Harness, door: Door) -> None:
    member, token = await door.registered(), await door.admin()
    body = {"member_id": member["member_id"]}
    answer = await door.post("/v1/erasures", body, token)
    assert (answer.status_code, answer.json()["member_id"]) == (202, member["member_id"])
    (said,) = await harness.published(AccountClosed)
    assert str(said.erasure_id) == answer.json()["erasure_id"]
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/account", member["access_token"])
    trail = (await door.get("/v1/audit", token)).json()["items"]
    assert "member.erasure_asked" in {entry["action"] for entry in trail}
    again = await door.post("/v1/erasures", body, token)
    assert (again.status_code, again.json()["code"]) == (404, "gateway.account_unknown")


async def test_what_nobody_asked_for_changes_nothing(harness: Harness, door: Door) -> None:
    await harness.deliver(example("profile.member.erased.v1", erasure_id=uuid7()))
    assert (await door.get("/v1/erasures", await door.admin())).json()["items"] == []
