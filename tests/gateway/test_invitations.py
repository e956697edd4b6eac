"""Invitations to join the staff."""

import asyncio

import pytest
from sqlalchemy import text

from gateway.identity import Identity
from kit.testing import Harness
from tests.gateway.people import INVITED, PASSWORD, Door, letters

ACCEPT = "/v1/auth/staff/invitations/accept"
LOGIN = "/v1/auth/staff/login"


async def invited(harness: Harness, door: Door, admin: str, **changes: object) -> str:
    """The token of an invitation, as it came by e-mail."""
    answer = await door.post("/v1/staff/invitations", INVITED | changes, admin)
    assert answer.status_code == 201, answer.text
    return (await letters(harness))[-1]["action"].partition("#")[2]


async def test_the_invited_choose_their_password_and_sign_in(
    harness: Harness, door: Door, admin: str
) -> None:
    token = await invited(harness, door, admin, scopes=["campaigns:read"])
    letter = (await letters(harness))[-1]
    assert (letter["to"], letter["template"]) == (INVITED["email"], "staff_invitation")
    assert (letter["for_staff"], letter["facts"]["inviter"]) == (True, "Administrator")
    answer = await door.post(ACCEPT, {"token": token, "password": PASSWORD})
    assert answer.status_code == 201
    assert (answer.json()["role"], answer.json()["scopes"]) == ("marketer", ["campaigns:read"])
    login = {"email": INVITED["email"], "password": PASSWORD}
    assert (await door.post(LOGIN, login)).json()["role"] == "marketer"
    assert (await door.get("/v1/staff/invitations", admin)).json()["items"] == []
    actions = [e["action"] for e in (await door.get("/v1/audit", admin)).json()["items"]]
    assert actions[:4] == [
        "staff.signed_in",
        "staff.invitation_accepted",
        "staff.added",
        "staff.invited",
    ]


async def test_an_invitation_is_accepted_once(harness: Harness, door: Door, admin: str) -> None:
    body = {"token": await invited(harness, door, admin), "password": PASSWORD}
    answers = await asyncio.gather(*(door.post(ACCEPT, body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]


async def test_a_later_invitation_replaces_an_earlier(
    harness: Harness, door: Door, admin: str
) -> None:
    first = await invited(harness, door, admin)
    second = await invited(harness, door, admin, role="analyst")
    refused = await door.post(ACCEPT, {"token": first, "password": PASSWORD})
    assert refused.json()["code"] == "gateway.invitation_refused"
    answer = await door.post(ACCEPT, {"token": second, "password": PASSWORD})
    assert answer.json()["role"] == "analyst"
    again = await door.post("/v1/staff/invitations", INVITED, admin)
    assert (again.status_code, again.json()["code"]) == (409, "gateway.staff_exists")


async def test_an_invitation_is_withdrawn(harness: Harness, door: Door, admin: str) -> None:
    token = await invited(harness, door, admin)
    (shown,) = (await door.get("/v1/staff/invitations", admin)).json()["items"]
    assert token not in str(shown)
    path = f"/v1/staff/invitations/{shown['invitation_id']}"
    assert (await door.delete(path, admin)).status_code == 204
    assert (await door.delete(path, admin)).status_code == 404
    assert (await door.post(ACCEPT, {"token": token, "password": PASSWORD})).status_code == 401


async def test_an_old_invitation_is_refused_and_costs_no_hash(
    harness: Harness,
    door: Door,
    identity: Identity,
    admin: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = await invited(harness, door, admin)
    async with harness.transaction() as session:
        await session.execute(text("UPDATE invitations SET expires_at = now()"))
    monkeypatch.setattr(identity.passwords, "hash", None)
    for tried in (token, "in_made-up"):
        answer = await door.post(ACCEPT, {"token": tried, "password": PASSWORD})
        assert answer.status_code == 401


async def test_of_invitations_sent_at_once_one_is_open(
    harness: Harness, door: Door, admin: str
) -> None:
    answers = await asyncio.gather(
        *(door.post("/v1/staff/invitations", INVITED, admin) for _ in range(5))
    )
    assert [answer.status_code for answer in answers] == [201] * 5
    assert len((await door.get("/v1/staff/invitations", admin)).json()["items"]) == 1


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "agent"}])
async def test_who_is_no_administrator_any_more_has_left_no_door_open(
    harness: Harness, door: Door, admin: str, change: dict
) -> None:
    leaving = {"email": "lee@brand.example", "display_name": "Lee", "role": "admin"}
    added = (await door.post("/v1/staff", leaving | {"password": PASSWORD}, admin)).json()
    signed_in = await door.post(LOGIN, {"email": leaving["email"], "password": PASSWORD})
    token = await invited(harness, door, signed_in.json()["access_token"], role="admin")
    mine = await invited(harness, door, admin, email="mia@brand.example")
    path = f"/v1/staff/{added['staff_id']}"
    assert (await door.call("PATCH", path, admin, json=change)).status_code == 200
    refused = await door.post(ACCEPT, {"token": token, "password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (401, "gateway.invitation_refused")
    assert (await door.post(ACCEPT, {"token": mine, "password": PASSWORD})).status_code == 201
    trail = (await door.get("/v1/audit", admin, action="staff.invitation_withdrawn")).json()
    assert len(trail["items"]) == 1
