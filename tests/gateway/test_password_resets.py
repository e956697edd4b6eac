"""A forgotten password, set anew with a code."""

import pytest

from gateway.authenticator import BadCredentials
from gateway.events import SessionRevoked
from gateway.identity import Identity
from kit.testing import Harness
from tests.gateway.people import EMAIL, MEMBER, Door, letters, wrong


async def test_a_reset_for_an_unknown_address_is_answered_with_the_same_work(
    harness: Harness, door: Door
) -> None:
    """The same statements in the same order take the same time; the answer differs by its id."""
    await door.registered()
    body = {"purpose": "reset_password"}
    with harness.statements() as known:
        one = await door.post("/v1/auth/codes", body | {"email": MEMBER["email"]})
    with harness.statements() as unknown:
        other = await door.post("/v1/auth/codes", body | {"email": "nobody@brand.example"})
    assert known == unknown != []
    assert (one.status_code, other.status_code) == (202, 202)
    assert one.json() | {"code_id": None} == other.json() | {"code_id": None}
    assert [letter["template"] for letter in await letters(harness)] == [
        "code_reset_password",
        "code_no_account",
    ]


async def test_a_reset_sets_the_password_and_ends_all_sessions(
    harness: Harness, door: Door
) -> None:
    member = await door.registered()
    code = await door.code(harness, "reset_password", **EMAIL)
    body = code | {"new_password": "another horse"}
    assert (await door.post("/v1/auth/password/reset", body)).status_code == 204
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 401
    assert (await door.signed_in(password="another horse"))["member_id"] == member["member_id"]
    assert (await door.refreshed(member["refresh_token"])).status_code == 401
    assert [each.reason for each in await harness.published(SessionRevoked)] == ["password_changed"]
    assert (await letters(harness))[-1]["template"] == "password_changed"
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/account", member["access_token"])


@pytest.mark.usefixtures("long_blocks")
async def test_a_reset_lifts_the_block_of_a_guessed_password(harness: Harness, door: Door) -> None:
    await door.registered()
    for _ in range(6):
        await door.post("/v1/auth/login", MEMBER | {"password": "wrong horse"})
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 429
    code = await door.code(harness, "reset_password", **EMAIL)
    await door.post("/v1/auth/password/reset", code | {"new_password": "another horse"})
    await door.signed_in(password="another horse")


async def test_a_weak_password_costs_the_code_nothing(harness: Harness, door: Door) -> None:
    await door.registered()
    code = await door.code(harness, "reset_password", **EMAIL)
    weak = await door.post("/v1/auth/password/reset", code | {"new_password": "12345678"})
    assert weak.status_code == 422
    body = code | {"new_password": "another horse"}
    assert (await door.post("/v1/auth/password/reset", body)).status_code == 204


async def test_a_bad_code_is_not_worth_a_hash(
    harness: Harness, door: Door, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.registered()
    code = await door.code(harness, "reset_password", **EMAIL)
    monkeypatch.setattr(identity.passwords, "hash", None)
    body = wrong(code) | {"new_password": "another horse"}
    assert (await door.post("/v1/auth/password/reset", body)).status_code == 401
