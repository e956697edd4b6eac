"""A member's own account: addresses, password and end, and what a stolen session cannot do."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from gateway.authenticator import BadCredentials
from gateway.events import AccountClosed, IdentifierChanged, SessionRevoked
from gateway.identity import Identity
from kit.testing import Harness
from tests.gateway.people import ADMIN, MEMBER, PASSWORD, Door, letters, pass_time

ACCOUNT = "/v1/auth/account"
NEW = "mei.new@brand.example"


@pytest.fixture
async def member(door: Door) -> dict:
    return await door.registered()


@pytest.fixture
async def by_code(harness: Harness, door: Door) -> dict:
    """A member without a password."""
    code = await door.code(harness, phone="+8613800138000")
    return (await door.post("/v1/auth/login/code", code)).json()


async def grow_old(harness: Harness) -> None:
    """Let sessions be older than a fresh one."""
    async with harness.transaction() as session:
        await session.execute(text("UPDATE sessions SET started_at = started_at - interval '11m'"))


async def wanted(harness: Harness, door: Door, token: str, **body: str) -> dict:
    """The code sent to a new address."""
    answer = await door.post(f"{ACCOUNT}/identifiers", body, token)
    assert answer.status_code == 202, answer.text
    code = (await letters(harness))[-1]["facts"]["code"]
    return {"code_id": answer.json()["code_id"], "code": code}


async def test_an_account_shows_what_it_is_signed_in_by(door: Door, member: dict) -> None:
    shown = (await door.get(ACCOUNT, member["access_token"])).json()
    assert (shown["member_id"], shown["has_password"]) == (member["member_id"], True)
    assert (shown["email"]["value"], shown["email"]["verified_at"]) == (MEMBER["email"], None)
    assert (shown["phone"], shown["issuers"]) == (None, [])
    guest = await door.guest()
    shown = (await door.get(ACCOUNT, guest["access_token"])).json()
    assert (shown["registered_at"], shown["has_password"], shown["email"]) == (None, False, None)


async def test_a_new_address_replaces_the_old_once_it_is_proven(
    harness: Harness, door: Door, member: dict
) -> None:
    token = member["access_token"]
    code = await wanted(harness, door, token, email=NEW, password=PASSWORD)
    shown = (await door.get(ACCOUNT, token)).json()
    assert shown["email"]["value"] == MEMBER["email"]
    assert (await door.post(f"{ACCOUNT}/identifiers/confirm", code, token)).status_code == 204
    shown = (await door.get(ACCOUNT, token)).json()
    assert shown["email"]["value"] == NEW
    assert shown["email"]["verified_at"] is not None
    (said,) = await harness.published(IdentifierChanged)
    assert (said.kind, said.value, said.previous) == ("email", NEW, MEMBER["email"])
    warning = (await letters(harness))[-1]
    assert (warning["to"], warning["template"]) == (MEMBER["email"], "identifier_changed")
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 401
    assert (await door.signed_in(email=NEW))["member_id"] == member["member_id"]


async def test_a_first_phone_number_is_added(harness: Harness, door: Door, member: dict) -> None:
    token = member["access_token"]
    code = await wanted(harness, door, token, phone="+8613800138000", password=PASSWORD)
    await door.post(f"{ACCOUNT}/identifiers/confirm", code, token)
    shown = (await door.get(ACCOUNT, token)).json()
    assert (shown["email"]["value"], shown["phone"]["value"]) == (
        MEMBER["email"],
        "+8613800138000",
    )


async def test_an_address_of_another_account_is_not_told_of_before_it_is_proven(
    harness: Harness, door: Door, member: dict
) -> None:
    other = await door.registered(email="other@brand.example")
    token = other["access_token"]
    code = await wanted(harness, door, token, email=MEMBER["email"], password=PASSWORD)
    answer = await door.post(f"{ACCOUNT}/identifiers/confirm", code, token)
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.identifier_taken")
    assert (await door.signed_in())["member_id"] == member["member_id"]


async def test_a_code_for_one_member_confirms_nothing_for_another(
    harness: Harness, door: Door, member: dict
) -> None:
    code = await wanted(harness, door, member["access_token"], email=NEW, password=PASSWORD)
    other = await door.registered(email="other@brand.example")
    answer = await door.post(f"{ACCOUNT}/identifiers/confirm", code, other["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "gateway.code_refused")


async def test_two_members_who_prove_one_address_at_once_do_not_share_it(
    harness: Harness, door: Door, member: dict
) -> None:
    tokens = [member["access_token"]]
    tokens.append((await door.registered(email="other@brand.example"))["access_token"])
    codes = []
    for token in tokens:
        codes.append(await wanted(harness, door, token, email=NEW, password=PASSWORD))
        await pass_time(harness, timedelta(seconds=30))
    answers = await asyncio.gather(
        *(
            door.post(f"{ACCOUNT}/identifiers/confirm", code, token)
            for code, token in zip(codes, tokens, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_a_guest_registers_before_changing_anything(door: Door) -> None:
    guest = await door.guest()
    answer = await door.post(f"{ACCOUNT}/identifiers", {"email": NEW}, guest["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.not_registered")


GUARDED = [
    ("POST", "/identifiers", {"email": NEW}),
    ("PUT", "/password", {"new_password": "another horse"}),
    ("POST", "/closure", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
async def test_a_stolen_session_cannot(
    harness: Harness, door: Door, member: dict, method: str, path: str, body: dict
) -> None:
    """Where there is a password it is asked for, however fresh the session."""
    url, token = ACCOUNT + path, member["access_token"]
    without = await door.call(method, url, token, json=body)
    assert (without.status_code, without.json()["code"]) == (403, "gateway.password_required")
    wrong = await door.call(method, url, token, json=body | {"password": "wrong horse"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "gateway.wrong_credentials")
    assert await letters(harness) == []
    assert (await door.signed_in())["member_id"] == member["member_id"]


@pytest.mark.parametrize(("method", "path", "body"), GUARDED)
async def test_an_old_session_without_a_password_cannot(
    harness: Harness, door: Door, by_code: dict, method: str, path: str, body: dict
) -> None:
    await grow_old(harness)
    token = by_code["access_token"]
    answer = await door.call(method, ACCOUNT + path, token, json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "gateway.sign_in_again")


@pytest.mark.usefixtures("long_blocks")
async def test_guessing_the_password_with_a_stolen_session_is_blocked(
    door: Door, member: dict
) -> None:
    body, token = {"password": "wrong horse"}, member["access_token"]
    answers = [await door.post(f"{ACCOUNT}/closure", body, token) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


async def test_a_changed_password_ends_all_other_sessions(
    harness: Harness, door: Door, member: dict
) -> None:
    elsewhere = await door.signed_in()
    body = {"password": PASSWORD, "new_password": "another horse"}
    token = member["access_token"]
    answer = await door.call("PUT", f"{ACCOUNT}/password", token, json=body)
    assert answer.status_code == 204
    assert (await door.refreshed(elsewhere["refresh_token"])).status_code == 401
    with pytest.raises(BadCredentials):
        await door.get(ACCOUNT, elsewhere["access_token"])
    assert (await door.refreshed(member["refresh_token"])).status_code == 200
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 401
    await door.signed_in(password="another horse")
    assert [each.reason for each in await harness.published(SessionRevoked)] == ["password_changed"]


async def test_a_first_password_is_set_just_after_a_code(door: Door, by_code: dict) -> None:
    body = {"new_password": "another horse"}
    answer = await door.call("PUT", f"{ACCOUNT}/password", by_code["access_token"], json=body)
    assert answer.status_code == 204
    sign_in = {"phone": "+8613800138000", "password": "another horse"}
    assert (await door.post("/v1/auth/login", sign_in)).json()["member_id"] == by_code["member_id"]


async def test_a_guest_who_registered_in_place_has_signed_in_just_now(
    harness: Harness, door: Door
) -> None:
    guest = await door.guest()
    await grow_old(harness)
    code = await door.code(harness, phone="+8613800138000")
    member = (await door.post("/v1/auth/login/code", code, guest["access_token"])).json()
    assert member["session_id"] == guest["session_id"]
    body = {"new_password": "another horse"}
    answer = await door.call("PUT", f"{ACCOUNT}/password", member["access_token"], json=body)
    assert answer.status_code == 204


async def test_a_closed_account_is_gone_and_its_address_free(
    harness: Harness, door: Door, member: dict
) -> None:
    answer = await door.post(f"{ACCOUNT}/closure", {"password": PASSWORD}, member["access_token"])
    assert answer.status_code == 204
    (closed,) = await harness.published(AccountClosed)
    assert str(closed.member_id) == member["member_id"]
    assert [each.reason for each in await harness.published(SessionRevoked)] == ["account_closed"]
    assert (await letters(harness))[-1]["template"] == "account_closed"
    with pytest.raises(BadCredentials):
        await door.get(ACCOUNT, member["access_token"])
    assert (await door.refreshed(member["refresh_token"])).status_code == 401
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 401
    again = await door.registered()
    assert again["member_id"] != member["member_id"]


async def test_nothing_one_could_sign_in_by_is_kept_of_a_closed_account(
    harness: Harness, door: Door, member: dict
) -> None:
    await door.post(f"{ACCOUNT}/closure", {"password": PASSWORD}, member["access_token"])
    async with harness.transaction() as session:
        statement = text("SELECT password_hash, display_name, closed_at FROM accounts")
        ((password_hash, display_name, closed_at),) = await session.execute(statement)
        left = await session.execute(text("SELECT count(*) FROM account_identifiers"))
    assert (password_hash, display_name) == (None, None)
    assert closed_at is not None
    assert left.scalar_one() == 0


async def test_a_guest_closes_at_any_time(harness: Harness, door: Door) -> None:
    guest = await door.guest()
    await grow_old(harness)
    answer = await door.post(f"{ACCOUNT}/closure", {}, guest["access_token"])
    assert answer.status_code == 204
    assert len(await harness.published(AccountClosed)) == 1


async def test_an_account_closes_once_however_often_it_is_asked(
    harness: Harness, door: Door, member: dict
) -> None:
    body, token = {"password": PASSWORD}, member["access_token"]
    answers = await asyncio.gather(
        *(door.post(f"{ACCOUNT}/closure", body, token) for _ in range(3)), return_exceptions=True
    )
    assert [getattr(answer, "status_code", 0) for answer in answers].count(204) == 1
    assert len(await harness.published(AccountClosed)) == 1


async def test_the_account_is_for_members(door: Door) -> None:
    assert (await door.get(ACCOUNT)).status_code == 401
    assert (await door.get(ACCOUNT, await door.admin())).status_code == 403


async def test_no_password_is_computed_while_a_transaction_is_open(
    harness: Harness, door: Door, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rush of sign-ins must cost passwords, not the database's connections."""
    open_ones: list[int] = []
    compute = identity.passwords._apart

    async def watched(work: object) -> object:
        open_ones.append(harness.runtime.engine.sync_engine.pool.checkedout())
        return await compute(work)

    monkeypatch.setattr(identity.passwords, "_apart", watched)
    key = {"Idempotency-Key": "01982f3e-8a00-7000-8000-00000000feed"}
    member = (await door.post("/v1/auth/register", MEMBER, **key)).json()
    await door.post("/v1/auth/login", MEMBER, **key)
    admin = await door.admin()
    staff = {"email": "leo@brand.example", "display_name": "Leo", "role": "agent"}
    await door.post("/v1/staff", staff | {"password": PASSWORD}, admin, **key)
    body = {"password": PASSWORD, "new_password": "another horse"}
    token = member["access_token"]
    await door.call("PUT", f"{ACCOUNT}/password", token, json=body, headers=key)
    code = await door.code(harness, "reset_password", email=MEMBER["email"])
    await door.post("/v1/auth/password/reset", code | {"new_password": PASSWORD}, **key)
    assert open_ones == [0] * len(open_ones)
    assert len(open_ones) == 7


async def meanwhile(
    harness: Harness, identity: Identity, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Let something happen between the proof of a password and the session it is to start."""
    rehashed = identity.rehashed

    async def changed(*given: object) -> str | None:
        async with harness.transaction() as session:
            await session.execute(text(change))
        return await rehashed(*given)

    monkeypatch.setattr(identity, "rehashed", changed)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE accounts SET password_hash = NULL", id="the password was removed"),
        pytest.param("UPDATE accounts SET password_hash = 'x'", id="the password was changed"),
        pytest.param(
            "UPDATE accounts SET password_hash = NULL, closed_at = now()", id="it was closed"
        ),
    ],
)
async def test_a_password_proves_nothing_any_more_when(
    harness: Harness,
    door: Door,
    identity: Identity,
    member: dict,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    """Or a thief's sign-in that was under way would outlive the change that was to end it."""
    await meanwhile(harness, identity, monkeypatch, change)
    answer = await door.post("/v1/auth/login", MEMBER)
    assert (answer.status_code, answer.json()["code"]) == (401, "gateway.wrong_credentials")
    async with harness.transaction() as session:
        count = await session.execute(text("SELECT count(*) FROM sessions"))
    assert count.scalar_one() == 1


async def test_a_staff_password_proves_nothing_any_more_when_it_was_changed(
    harness: Harness, door: Door, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meanwhile(harness, identity, monkeypatch, "UPDATE staff_members SET password_hash = 'x'")
    assert (await door.post("/v1/auth/staff/login", ADMIN)).status_code == 401


async def test_no_session_outlives_a_closure_at_the_same_time(
    harness: Harness, door: Door, by_code: dict
) -> None:
    """Sign-ins by code and a closure race: afterwards nobody is signed in to the closed account."""
    await pass_time(harness, timedelta(seconds=30))
    code = await door.code(harness, phone="+8613800138000")
    answers = await asyncio.gather(
        door.post("/v1/auth/login/code", code),
        door.post(f"{ACCOUNT}/closure", {}, by_code["access_token"]),
    )
    assert answers[1].status_code == 204
    async with harness.transaction() as session:
        statement = text("""
            SELECT count(*) FROM sessions JOIN accounts USING (member_id)
            WHERE sessions.revoked_at IS NULL AND accounts.closed_at IS NOT NULL
        """)
        assert (await session.execute(statement)).scalar_one() == 0
