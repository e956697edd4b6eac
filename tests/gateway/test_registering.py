"""Registration where addresses are proven first: nobody learns who has an account."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from gateway.events import AccountRegistered, GuestMerged
from gateway.identity import Identity
from kit.testing import Harness
from tests.gateway.people import MEMBER, PASSWORD, Door, letters

ADA = {"email": "ada.l@brand.example", "password": PASSWORD, "display_name": "Ada"}
REGISTER = "/v1/auth/register"


@pytest.fixture
def confirmed(identity: Identity) -> Iterator[None]:
    """REGISTRATION=confirmed."""
    identity.registers_at_once = False
    yield
    identity.registers_at_once = True


async def asked(
    harness: Harness, door: Door, token: str | None = None, **changes: Any
) -> dict[str, Any]:
    """The code sent for a registration."""
    answer = await door.post(REGISTER, ADA | changes, token)
    assert answer.status_code == 202, answer.text
    letter = (await letters(harness))[-1]
    assert letter["template"] == "code_register"
    return {"code_id": answer.json()["code_id"], "code": letter["facts"]["code"]}


@pytest.mark.usefixtures("confirmed")
async def test_who_registers_proves_the_address_first(harness: Harness, door: Door) -> None:
    code = await asked(harness, door)
    assert await harness.published(AccountRegistered) == []
    signed_in = await door.post(f"{REGISTER}/confirm", code | {"device_id": "phone-1"})
    assert signed_in.status_code == 201, signed_in.text
    (said,) = await harness.published(AccountRegistered)
    assert (said.email, said.display_name) == (ADA["email"], "Ada")
    shown = await door.get("/v1/auth/account", signed_in.json()["access_token"])
    assert shown.json()["email"]["verified_at"] is not None
    login = {"email": ADA["email"], "password": PASSWORD}
    assert (await door.post("/v1/auth/login", login)).status_code == 200


@pytest.mark.usefixtures("confirmed")
async def test_a_taken_address_is_answered_as_a_fresh_one_is(
    harness: Harness, door: Door, identity: Identity
) -> None:
    identity.registers_at_once = True
    await door.registered()
    identity.registers_at_once = False
    with harness.statements() as taken:
        one = await door.post(REGISTER, ADA | {"email": MEMBER["email"]})
    with harness.statements() as free:
        other = await door.post(REGISTER, ADA | {"email": "nobody@brand.example"})
    assert taken == free != []
    assert (one.status_code, other.status_code) == (202, 202)
    assert one.json() | {"code_id": None} == other.json() | {"code_id": None}
    letter, _ = (await letters(harness))[-2:]
    assert (letter["template"], letter["facts"]) == ("account_exists", {})
    assert letter["action"] == "/sign-in"


@pytest.mark.usefixtures("confirmed")
async def test_a_guest_who_confirms_keeps_everything(harness: Harness, door: Door) -> None:
    guest = await door.guest()
    code = await asked(harness, door, guest["access_token"])
    answer = await door.post(f"{REGISTER}/confirm", code, guest["access_token"])
    assert (answer.status_code, answer.json()["member_id"]) == (201, guest["member_id"])


@pytest.mark.usefixtures("confirmed")
async def test_of_two_registrations_of_an_address_the_second_signs_in(
    harness: Harness, door: Door
) -> None:
    first = await asked(harness, door)
    async with harness.transaction() as session:
        await session.execute(text("UPDATE codes SET issued_at = issued_at - interval '1 minute'"))
    second = await asked(harness, door, display_name="Eve")
    one = await door.post(f"{REGISTER}/confirm", second)
    other = await door.post(f"{REGISTER}/confirm", first)
    assert (one.status_code, other.status_code) == (201, 200)
    assert one.json()["member_id"] == other.json()["member_id"]
    assert await harness.published(GuestMerged) == []


@pytest.mark.usefixtures("confirmed")
async def test_a_code_to_register_is_good_once_and_for_nothing_else(
    harness: Harness, door: Door
) -> None:
    code = await asked(harness, door)
    for way in ("login/code", "password/reset"):
        body = code | ({"new_password": PASSWORD} if way == "password/reset" else {})
        assert (await door.post(f"/v1/auth/{way}", body)).status_code == 401
    assert (await door.post(f"{REGISTER}/confirm", code)).status_code == 201
    assert (await door.post(f"{REGISTER}/confirm", code)).status_code == 401
    sign_in = await door.code(harness, email="nobody@brand.example")
    assert (await door.post(f"{REGISTER}/confirm", sign_in)).status_code == 401


@pytest.mark.usefixtures("confirmed")
async def test_what_waits_is_sealed(harness: Harness, door: Door) -> None:
    await asked(harness, door)
    assert await harness.traces(ADA["email"], "Ada", "argon2") == {"staff_members"}


@pytest.mark.usefixtures("confirmed")
async def test_one_address_is_proven_at_a_time(door: Door) -> None:
    answer = await door.post(REGISTER, ADA | {"phone": "+8613800138000"})
    assert (answer.status_code, answer.json()["code"]) == (422, "gateway.one_address")
