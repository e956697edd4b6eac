"""Guests, registration and signing in with a password."""

import asyncio
import threading
from uuid import uuid4

import pytest
from sqlalchemy import text

from gateway.events import AccountRegistered, GuestCreated, SessionStarted
from gateway.identity import Identity
from gateway.rules import FREE_FAILURES
from kit.auth import Caller, Role
from kit.problems import Unauthenticated
from kit.testing import Harness
from tests.gateway.people import DEVICE, MEMBER, PASSWORD, Door


async def test_a_guest_is_told_of_once_and_can_call(harness: Harness, door: Door) -> None:
    answer = await door.post("/v1/auth/guest", DEVICE, **{"Accept-Language": "ru"})
    guest = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    (created,) = await harness.published(GuestCreated)
    (started,) = await harness.published(SessionStarted)
    assert str(created.member_id) == str(started.member_id) == guest["member_id"]
    assert (created.device_id, created.language) == ("phone-1", "ru")
    sessions = await door.get("/v1/auth/sessions", guest["access_token"])
    assert [each["session_id"] for each in sessions.json()["items"]] == [guest["session_id"]]


async def test_a_device_alone_never_gives_its_guest_again(door: Door) -> None:
    first = await door.guest()
    assert (await door.guest())["member_id"] != first["member_id"]
    stolen = await door.guest(device_id="another", refresh_token=first["refresh_token"])
    assert stolen["member_id"] != first["member_id"]
    assert (await door.guest(refresh_token="rt_made-up"))["member_id"] != first["member_id"]


async def test_a_device_with_its_refresh_token_is_the_same_guest(door: Door) -> None:
    first = await door.guest()
    answer = await door.post("/v1/auth/guest", DEVICE | {"refresh_token": first["refresh_token"]})
    again = answer.json()
    assert answer.status_code == 200
    assert (again["member_id"], again["session_id"]) == (first["member_id"], first["session_id"])
    assert again["refresh_token"] != first["refresh_token"]


async def test_a_guest_whose_refresh_token_was_stolen_is_shut_out_at_once(
    door: Door, identity: Identity
) -> None:
    first = await door.guest()
    await door.refreshed(first["refresh_token"], device_id="the thief's")
    await door.guest(refresh_token=first["refresh_token"])
    session = Caller(subject=first["member_id"], role=Role.MEMBER, session_id=first["session_id"])
    assert identity.authenticator.has_revoked(session)


async def test_a_registered_member_is_no_guest(door: Door) -> None:
    guest = await door.guest()
    member = await door.registered(guest["access_token"])
    again = await door.guest(refresh_token=member["refresh_token"])
    assert again["member_id"] != member["member_id"]


async def test_registration_says_everything_in_normal_form(harness: Harness, door: Door) -> None:
    member = await door.registered(
        email=" Mei.Lin@Brand.Example ",
        phone="0086 138-0013-8000",
        display_name="Mei",
        channel="wechat",
        referral_code="LIN-42",
        language="zh-Hans",
        anonymous_id="anonymous-1",
    )
    (said,) = await harness.published(AccountRegistered)
    assert said.model_dump(exclude={"registered_at"}, mode="json") == {
        "member_id": member["member_id"],
        "email": "mei.lin@brand.example",
        "phone": "+8613800138000",
        "display_name": "Mei",
        "language": "zh-CN",
        "channel": "wechat",
        "referral_code": "LIN-42",
        "anonymous_id": "anonymous-1",
    }


async def test_a_guest_who_registers_stays_the_same_member(harness: Harness, door: Door) -> None:
    guest = await door.guest()
    member = await door.registered(guest["access_token"])
    assert (member["member_id"], member["session_id"]) == (guest["member_id"], guest["session_id"])
    (said,) = await harness.published(AccountRegistered)
    assert str(said.member_id) == guest["member_id"]
    assert (await door.refreshed(member["refresh_token"])).status_code == 200
    assert (await door.signed_in())["member_id"] == guest["member_id"]


async def test_a_guest_whose_registration_answer_was_lost_goes_on_as_the_member(door: Door) -> None:
    guest = await door.guest()
    await door.registered(guest["access_token"])
    again = await door.refreshed(guest["refresh_token"])
    assert again.json()["member_id"] == guest["member_id"]


async def test_a_guests_token_ends_when_the_members_is_used(door: Door) -> None:
    guest = await door.guest()
    member = await door.registered(guest["access_token"])
    assert (await door.refreshed(member["refresh_token"])).status_code == 200
    assert (await door.refreshed(guest["refresh_token"])).status_code == 401


async def test_a_member_registers_once(door: Door) -> None:
    member = await door.registered()
    body = MEMBER | {"email": "second@brand.example"}
    answer = await door.post("/v1/auth/register", body, member["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.already_registered")


async def test_staff_cannot_register_as_a_member_with_their_token(door: Door) -> None:
    answer = await door.post("/v1/auth/register", MEMBER, await door.admin())
    assert answer.status_code == 403


@pytest.mark.parametrize("taken", [{"email": "MEI@brand.example"}, {"phone": "+86 138 0013 8000"}])
async def test_what_somebody_signs_in_by_is_theirs_alone(
    harness: Harness, door: Door, taken: dict
) -> None:
    await door.registered(phone="+8613800138000")
    body = {"email": "other@brand.example", "password": PASSWORD} | taken
    answer = await door.post("/v1/auth/register", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.identifier_taken")
    assert answer.json()["fields"] == list(taken)
    assert len(await harness.published(AccountRegistered)) == 1


async def test_of_registrations_at_once_one_wins(harness: Harness, door: Door) -> None:
    answers = await asyncio.gather(*(door.post("/v1/auth/register", MEMBER) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert len(await harness.published(AccountRegistered)) == 1


async def test_a_repeated_registration_gets_the_same_tokens(harness: Harness, door: Door) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first = await door.post("/v1/auth/register", MEMBER, **key)
    again = await door.post("/v1/auth/register", MEMBER, **key)
    assert again.content == first.content
    other = await door.post("/v1/auth/register", MEMBER | {"password": "another one"}, **key)
    assert other.status_code == 422
    assert len(await harness.published(AccountRegistered)) == 1


BAD_BODIES = {
    "nothing to sign in by": {"password": PASSWORD},
    "no password": {"email": "a@b.example"},
    "a short password": {"email": "a@b.example", "password": "seven77"},
    "a long password": {"email": "a@b.example", "password": "x1" * 65},
    "a password guessed first": {"email": "a@b.example", "password": "password123"},
    "the address as password": {"email": "a@b.example", "password": "A@b.example"},
    "no e-mail address": {"email": "a.b.example", "password": PASSWORD},
    "no phone number": {"phone": "13800138000", "password": PASSWORD},
    "a role of one's own choice": {**MEMBER, "role": "admin"},
    "a member id of one's own choice": {**MEMBER, "member_id": str(uuid4())},
    "a number for a name": {**MEMBER, "display_name": 7},
    "a NUL in the name": {**MEMBER, "display_name": "a\0b"},
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
async def test_a_registration_is_refused_with(harness: Harness, door: Door, body: dict) -> None:
    answer = await door.post("/v1/auth/register", body)
    assert answer.status_code == 422
    assert str(body.get("password", "-")) not in answer.text
    assert await harness.published(AccountRegistered) == []


@pytest.mark.parametrize(
    "name", [{"email": "MEI@Brand.example"}, {"phone": "+86 (138) 0013-8000"}], ids=str
)
async def test_a_member_signs_in_by_any_spelling(door: Door, name: dict) -> None:
    member = await door.registered(phone="+8613800138000")
    answer = await door.post("/v1/auth/login", {**name, "password": PASSWORD, **DEVICE})
    assert answer.status_code == 200
    assert answer.json()["member_id"] == member["member_id"]
    assert answer.json()["session_id"] != member["session_id"]


async def test_two_keyboards_type_the_same_password(door: Door) -> None:
    await door.registered(password="caf\u00e9 au lait")
    assert await door.signed_in(password="cafe\u0301 au lait")


async def test_unknown_and_wrong_are_answered_alike(door: Door) -> None:
    await door.registered()
    wrong = await door.post("/v1/auth/login", MEMBER | {"password": "wrong horse"})
    unknown = await door.post("/v1/auth/login", MEMBER | {"email": "no@brand.example"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content


async def test_an_unknown_account_costs_a_password_comparison(
    door: Door, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    verify = identity.passwords._verify
    monkeypatch.setattr(
        identity.passwords, "_verify", lambda *given: compared.append(given) or verify(*given)
    )
    await door.post("/v1/auth/login", MEMBER)
    ((_, stored),) = compared
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_guest_has_no_password_to_sign_in_with(door: Door) -> None:
    await door.guest()
    answer = await door.post("/v1/auth/login", MEMBER)
    assert answer.status_code == 401


@pytest.mark.usefixtures("long_blocks")
async def test_failures_block_a_name_known_or_not(door: Door) -> None:
    await door.registered()
    for email in ("mei@brand.example", "no@brand.example"):
        body = MEMBER | {"email": email, "password": "wrong horse"}
        answers = [await door.post("/v1/auth/login", body) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert answers[-1].json()["code"] == "gateway.sign_in_blocked"
        assert 3_500 <= int(answers[-1].headers["retry-after"]) <= 3_600
    right = await door.post("/v1/auth/login", MEMBER)
    assert right.status_code == 429


@pytest.mark.usefixtures("long_blocks")
async def test_guesses_made_at_once_are_counted_one_by_one(door: Door) -> None:
    await door.registered()
    body = MEMBER | {"password": "wrong horse"}
    answers = await asyncio.gather(*(door.post("/v1/auth/login", body) for _ in range(20)))
    codes = [answer.status_code for answer in answers]
    assert set(codes) == {401, 429}
    assert codes.count(401) == FREE_FAILURES


async def test_success_forgives_failures(harness: Harness, door: Door) -> None:
    await door.registered()
    for _ in range(3):
        for _ in range(4):
            await door.post("/v1/auth/login", MEMBER | {"password": "wrong horse"})
        await door.signed_in()
    async with harness.transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM sign_in_failures"))).scalar() == 0


async def test_a_password_hashed_with_less_is_hashed_anew(
    harness: Harness, door: Door, identity: Identity
) -> None:
    weak = harness.settings.model_copy(update={"password_iterations": 1})
    strong, identity.passwords = identity.passwords, type(identity.passwords)(weak)
    await door.registered()
    identity.passwords.close()
    identity.passwords = strong
    await door.signed_in()
    async with harness.transaction() as session:
        stored = (await session.execute(text("SELECT password_hash FROM accounts"))).scalar_one()
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await door.signed_in()


async def test_nothing_stored_holds_a_secret(harness: Harness, door: Door) -> None:
    guest = await door.guest()
    key = {"Idempotency-Key": str(uuid4())}
    answer = await door.post("/v1/auth/register", MEMBER, guest["access_token"], **key)
    secrets = [
        PASSWORD,
        *(t[k] for t in (guest, answer.json()) for k in ("access_token", "refresh_token")),
    ]
    async with harness.transaction() as session:
        names = (
            await session.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            )
        ).scalars()
        for name in names.all():
            rows = (await session.execute(text(f'SELECT t::text FROM "{name}" t'))).scalars().all()
            dump = "\n".join(rows)
            for secret in secrets:
                assert secret not in dump
                assert secret.encode().hex() not in dump


async def test_a_stored_answer_gives_no_way_to_try_out_passwords(
    harness: Harness, door: Door
) -> None:
    """Who has the table and knows all but the password could else try one after another."""
    key = {"Idempotency-Key": str(uuid4())}
    first = await door.post("/v1/auth/register", MEMBER, **key)
    assert len(harness.runtime.secret) == 32
    harness.runtime.secret = b"what a thief would guess it to be"[:32]
    again = await door.post("/v1/auth/register", MEMBER, **key)
    assert (first.status_code, again.status_code) == (201, 422)


async def test_a_flood_of_sign_ins_is_told_to_return(
    harness: Harness, door: Door, identity: Identity
) -> None:
    narrow = harness.settings.model_copy(update={"password_threads": 1, "password_waiting": 1})
    identity.passwords.close()
    identity.passwords = type(identity.passwords)(narrow)
    bodies = [MEMBER | {"email": f"{n}@brand.example"} for n in range(10)]
    answers = await asyncio.gather(*(door.post("/v1/auth/login", body) for body in bodies))
    busy = [answer for answer in answers if answer.status_code == 503]
    assert busy
    assert all(answer.headers["retry-after"] for answer in busy)


async def test_hashing_leaves_the_event_loop_free(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hash that only the loop lets begin: were the loop held up, it would wait in vain."""
    begun, go_on = asyncio.Event(), threading.Event()
    loop, hasher = asyncio.get_running_loop(), identity.passwords._hasher

    class Waiting:
        def hash(self, password: str) -> str:
            loop.call_soon_threadsafe(begun.set)
            assert go_on.wait(30), "the loop was held up"
            return hasher.hash(password)

    monkeypatch.setattr(identity.passwords, "_hasher", Waiting())
    hashing = asyncio.create_task(identity.passwords.hash(PASSWORD))
    await begun.wait()
    go_on.set()
    assert hasher.verify(await hashing, PASSWORD)


async def test_a_wrong_token_at_registration_is_refused(door: Door) -> None:
    with pytest.raises(Unauthenticated):
        await door.post("/v1/auth/register", MEMBER, "rubbish")
