"""A device approved by a code: by who reads the member's letters, not by who has their password."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from gateway.events import SessionApproved
from gateway.rules import CODE_PACE
from kit.testing import Harness
from tests.gateway.people import DEVICE, MEMBER, PASSWORD, Door, letters, pass_time
from tests.gateway.test_membership import NEW, wanted

ASK = "/v1/auth/account/approvals"
CONFIRM = f"{ASK}/confirm"
DAY = timedelta(days=1)


async def age(harness: Harness, by: timedelta = DAY) -> None:
    """Let the addresses members have be theirs for longer."""
    async with harness.transaction() as session:
        older = "UPDATE account_identifiers SET added_at = added_at - CAST(:by AS interval)"
        await session.execute(text(older), {"by": by})


@pytest.fixture
async def member(harness: Harness, door: Door) -> dict:
    """A member of long standing, signed in on a device."""
    await door.registered()
    await age(harness)
    return (await door.post("/v1/auth/login", MEMBER | DEVICE)).json()


async def code_for(harness: Harness, door: Door, token: str, **body: str) -> dict:
    answer = await door.post(ASK, body, token)
    assert answer.status_code == 202, answer.text
    code = (await letters(harness))[-1]["facts"]["code"]
    return {"code_id": answer.json()["code_id"], "code": code}


async def test_a_code_approves_the_device_of_its_session(
    harness: Harness, door: Door, member: dict
) -> None:
    token = member["access_token"]
    code = await code_for(harness, door, token)
    letter = (await letters(harness))[-1]
    assert (letter["to"], letter["template"]) == (MEMBER["email"], "code_approve_device")
    assert letter["action"] is None, "no link approves a device"
    assert (await door.post(CONFIRM, code, token)).status_code == 204
    (said,) = await harness.published(SessionApproved)
    assert (str(said.member_id), str(said.session_id), said.device_id) == (
        member["member_id"],
        member["session_id"],
        DEVICE["device_id"],
    )
    shown = (await door.get("/v1/auth/account", token)).json()
    assert shown["email"]["verified_at"] is not None


async def test_a_code_approves_once(harness: Harness, door: Door, member: dict) -> None:
    token = member["access_token"]
    code = await code_for(harness, door, token)
    answers = [await door.post(CONFIRM, code, token) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 401]
    assert len(await harness.published(SessionApproved)) == 1


async def test_an_address_put_in_place_by_a_thief_approves_nothing(
    harness: Harness, door: Door, member: dict
) -> None:
    token = member["access_token"]
    new = await wanted(harness, door, token, email=NEW, password=PASSWORD)
    await door.post("/v1/auth/account/identifiers/confirm", new, token)
    refused = await door.post(ASK, {}, token)
    assert (refused.status_code, refused.json()["code"]) == (409, "gateway.no_settled_address")
    await age(harness)
    await pass_time(harness, CODE_PACE[0][1])
    assert (await door.post(ASK, {}, token)).status_code == 202


async def test_a_code_goes_to_the_kind_of_address_asked_for(
    harness: Harness, door: Door, member: dict
) -> None:
    token = member["access_token"]
    none = await door.post(ASK, {"kind": "phone"}, token)
    assert (none.status_code, none.json()["code"]) == (409, "gateway.no_settled_address")
    assert (await door.post(ASK, {"kind": "pigeon"}, token)).status_code == 422
    assert (await door.post(ASK, {"kind": "email"}, token)).status_code == 202


async def test_anothers_code_and_one_for_another_purpose_approve_nothing(
    harness: Harness, door: Door, member: dict
) -> None:
    code = await code_for(harness, door, member["access_token"])
    other = await door.registered(email="ivan@brand.example")
    assert (await door.post(CONFIRM, code, other["access_token"])).status_code == 401
    new = await wanted(harness, door, other["access_token"], email=NEW, password=PASSWORD)
    assert (await door.post(CONFIRM, new, other["access_token"])).status_code == 401
    assert await harness.published(SessionApproved) == []


async def test_a_guest_has_nothing_to_approve(door: Door) -> None:
    guest = await door.guest()
    answer = await door.post(ASK, {}, guest["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.not_registered")
