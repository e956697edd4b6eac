"""Codes: whom they sign in, and all the ways in which they are no good."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from gateway.authenticator import BadCredentials
from gateway.events import AccountRegistered, GuestMerged, IdentifierChanged
from gateway.identity import Identity
from gateway.limits import Quota
from gateway.rules import CODE_LIFE, CODE_PACE, CODE_TRIES, next_code_at
from kit.testing import Harness
from tests.gateway.people import (
    BACKEND_KEY,
    DEVICE,
    EMAIL,
    MEMBER,
    PASSWORD,
    PHONE,
    Door,
    letters,
    pass_time,
    wrong,
)

NEXT = CODE_PACE[0][1]


async def sign_in(door: Door, code: dict, token: str | None = None, **more: str) -> dict:
    answer = await door.post("/v1/auth/login/code", code | more, token)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


@pytest.mark.parametrize("address", [EMAIL, PHONE], ids=["e-mail", "phone"])
async def test_who_is_new_is_registered(harness: Harness, door: Door, address: dict) -> None:
    code = await door.code(harness, **address)
    answer = await door.post(
        "/v1/auth/login/code",
        code | DEVICE | {"display_name": "Mei", "referral_code": "LIN-42", "language": "zh-Hans"},
    )
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    (said,) = await harness.published(AccountRegistered)
    assert (str(said.member_id), said.display_name) == (answer.json()["member_id"], "Mei")
    assert (said.referral_code, said.language) == ("LIN-42", "zh-CN")
    assert {"email": said.email, "phone": said.phone} == {"email": None, "phone": None} | address


async def test_who_is_known_is_signed_in(harness: Harness, door: Door) -> None:
    first = await sign_in(door, await door.code(harness, **PHONE))
    await pass_time(harness, NEXT)
    second = await sign_in(door, await door.code(harness, phone="0086 138 0013 8000"))
    assert second["member_id"] == first["member_id"]
    assert second["session_id"] != first["session_id"]
    assert len(await harness.published(AccountRegistered)) == 1


async def test_a_message_says_all_that_is_needed_in_the_language_asked_for(
    harness: Harness, door: Door
) -> None:
    await door.post("/v1/auth/codes", EMAIL, **{"Accept-Language": "ru"})
    await door.post("/v1/auth/codes", PHONE | {"language": "zh-Hans"}, **{"Accept-Language": "ru"})
    mail, sms = await letters(harness)
    assert (mail["to"], mail["channel"]) == (MEMBER["email"], "email")
    assert (mail["template"], mail["language"]) == ("code_sign_in", "ru")
    assert len(mail["facts"]["code"]) == 6
    assert mail["action"].startswith("/sign-in#lk_")
    assert (sms["to"], sms["channel"], sms["language"]) == (PHONE["phone"], "sms", "zh-CN")


async def test_the_link_alone_signs_in_once(harness: Harness, door: Door) -> None:
    code = await door.code(harness, **EMAIL)
    link = (await letters(harness))[-1]["action"].partition("#")[2]
    await sign_in(door, {"link": link})
    for used in ({"link": link}, code):
        answer = await door.post("/v1/auth/login/code", used)
        assert (answer.status_code, answer.json()["code"]) == (401, "gateway.code_refused")


async def test_a_code_is_good_once_however_many_use_it_at_once(
    harness: Harness, door: Door
) -> None:
    code = await door.code(harness, **EMAIL)
    answers = await asyncio.gather(*(door.post("/v1/auth/login/code", code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    assert len(await harness.published(AccountRegistered)) == 1


async def test_a_lost_answer_is_given_again_to_the_same_key(harness: Harness, door: Door) -> None:
    code, key = await door.code(harness, **EMAIL), {"Idempotency-Key": str(uuid4())}
    first, again = [await door.post("/v1/auth/login/code", code, **key) for _ in range(2)]
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"


async def test_a_code_is_too_old_after_ten_minutes(harness: Harness, door: Door) -> None:
    code = await door.code(harness, **EMAIL)
    await pass_time(harness, CODE_LIFE)
    assert (await door.post("/v1/auth/login/code", code)).status_code == 401


@pytest.mark.parametrize(
    ("tries", "status"),
    [
        pytest.param(CODE_TRIES - 1, 201, id="the last try may be right"),
        pytest.param(CODE_TRIES, 401, id="after the last try the right code is refused"),
    ],
)
async def test_a_code_can_be_tried_five_times(
    harness: Harness, door: Door, tries: int, status: int
) -> None:
    code = await door.code(harness, **EMAIL)
    for _ in range(tries):
        assert (await door.post("/v1/auth/login/code", wrong(code))).status_code == 401
    assert (await door.post("/v1/auth/login/code", code)).status_code == status


async def test_a_hundred_guesses_at_once_are_five(harness: Harness, door: Door) -> None:
    code = await door.code(harness, **EMAIL)
    guesses = [code | {"code": f"{guess:06d}"} for guess in range(20)]
    await asyncio.gather(*(door.post("/v1/auth/login/code", guess) for guess in guesses))
    async with harness.transaction() as session:
        left = (await session.execute(text("SELECT tries_left FROM codes"))).scalar_one()
    assert left == 0


async def test_guessing_with_another_code_id_costs_this_one_nothing(
    harness: Harness, door: Door
) -> None:
    code = await door.code(harness, **EMAIL)
    for _ in range(CODE_TRIES):
        guess = code | {"code_id": str(uuid4())}
        assert (await door.post("/v1/auth/login/code", guess)).status_code == 401
    assert (await door.post("/v1/auth/login/code", code)).status_code == 201


@pytest.mark.parametrize(
    ("purpose", "path", "more"),
    [
        ("reset_password", "/v1/auth/login/code", {}),
        ("sign_in", "/v1/auth/password/reset", {"new_password": "another horse"}),
        ("sign_in", "/v1/auth/account/identifiers/confirm", {}),
    ],
)
async def test_a_code_is_good_for_its_purpose_only(
    harness: Harness, door: Door, purpose: str, path: str, more: dict
) -> None:
    member = await door.registered()
    code = await door.code(harness, purpose, **EMAIL)
    answer = await door.post(path, code | more, member["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "gateway.code_refused")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"code": "123456"}, id="a code without its id"),
        pytest.param({"code_id": str(uuid4())}, id="an id without its code"),
        pytest.param({"code_id": str(uuid4()), "code": "1", "link": "lk_x"}, id="both"),
        pytest.param({"code_id": "x", "code": "123456"}, id="no UUID"),
    ],
)
async def test_what_is_no_code_is_refused(door: Door, body: dict) -> None:
    assert (await door.post("/v1/auth/login/code", body)).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="no address"),
        pytest.param(EMAIL | PHONE, id="two addresses"),
        pytest.param({"email": "nobody"}, id="no e-mail address"),
        pytest.param(EMAIL | {"purpose": "confirm_identifier"}, id="a purpose of its own route"),
        pytest.param(PHONE | {"purpose": "reset_staff_password"}, id="staff by phone"),
    ],
)
async def test_a_request_for_a_code_is_refused_with(door: Door, body: dict) -> None:
    assert (await door.post("/v1/auth/codes", body)).status_code == 422


NOW = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


@pytest.mark.parametrize(
    ("ago_s", "wait_s"),
    [
        pytest.param([], None, id="the first goes out"),
        pytest.param([10], 20, id="the second waits half a minute"),
        pytest.param([30], None, id="and then goes out"),
        pytest.param([31, 100, 200, 300, 400], 3200, id="five in an hour"),
        pytest.param([3000, 3600, 3601, 3602, 3603], None, id="older ones do not count"),
        pytest.param([4000 + 1000 * n for n in range(10)], 86400 - 13000, id="ten in a day"),
    ],
)
def test_an_address_is_sent_so_many_codes(ago_s: list[int], wait_s: int | None) -> None:
    issued = [NOW - timedelta(seconds=ago) for ago in ago_s]
    at = next_code_at(issued, NOW)
    assert at == (None if wait_s is None else NOW + timedelta(seconds=wait_s))


async def test_phones_behind_one_address_that_enter_their_codes_leave_room_for_others(
    harness: Harness, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = {"X-Forwarded-For": f"2001:db8:{uuid4().int & 0xFFFF:x}:{uuid4().int & 0xFFFF:x}::1"}
    monkeypatch.setattr(harness.app.state.sign_in_limit, "_codes", Quota(2, 86_400))
    asked: list[int] = []
    for number in range(8):
        email = {"email": f"{number}@phones.example"}
        answer = await door.post("/v1/auth/codes", email, None, **behind)
        asked.append(answer.status_code)
        if number < 5:  # the others never do
            link = (await letters(harness))[-1]["action"].partition("#")[2]
            body = {"link": link} | DEVICE
            entered = await door.post("/v1/auth/login/code", body, None, **behind)
            assert entered.status_code == 201, entered.text
    assert asked == [202] * 7 + [429]


async def test_an_address_is_not_flooded(harness: Harness, door: Door) -> None:
    asked = (door.post("/v1/auth/codes", EMAIL | {"purpose": p}) for p in ("sign_in",) * 5)
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [202, 429, 429, 429, 429]
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["code"] == "gateway.too_many_codes"
    assert 1 <= int(refused.headers["retry-after"]) <= NEXT.total_seconds()
    assert len(await letters(harness)) == 1
    other = await door.post("/v1/auth/codes", {"email": "other@brand.example"})
    assert other.status_code == 202


async def test_numbers_of_other_countries_can_be_left_out(
    harness: Harness, door: Door, identity: Identity
) -> None:
    identity.phone_prefixes = ("+86", "+7")
    answer = await door.post("/v1/auth/codes", {"phone": "+19005550199"})
    assert (answer.status_code, answer.json()["code"]) == (422, "gateway.phone_not_served")
    assert (await door.post("/v1/auth/codes", PHONE)).status_code == 202


async def test_no_code_can_be_read_anywhere(harness: Harness, door: Door) -> None:
    code = await door.code(harness, **EMAIL)
    link = (await letters(harness))[-1]["action"].partition("#")[2]
    async with harness.transaction() as session:
        dump = ""
        for table in ("codes", "outbox", "idempotency_keys", "audit_entries"):
            rows = await session.execute(text(f"SELECT t::text FROM {table} t"))
            dump += "".join(row[0] for row in rows)
        bodies = await session.execute(text("SELECT body FROM outbox"))
        dump += "".join(row.body.decode() for row in bodies)
    for secret in (code["code"], link, MEMBER["email"]):
        assert secret not in dump
        assert secret.encode().hex() not in dump


async def test_the_first_proof_of_an_address_ends_what_was_prepared_under_it(
    harness: Harness, door: Door
) -> None:
    """Somebody registered a stranger's address with a password of theirs, and waits."""
    thief = await door.registered()
    owner = await sign_in(door, await door.code(harness, **EMAIL))
    assert owner["member_id"] == thief["member_id"]
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 401
    assert (await door.refreshed(thief["refresh_token"])).status_code == 401
    assert (await door.refreshed(owner["refresh_token"])).status_code == 200
    assert (await letters(harness))[-1]["template"] == "password_removed"


async def test_a_proven_address_keeps_its_password(harness: Harness, door: Door) -> None:
    member = await door.registered()
    answer = await door.post(
        "/v1/auth/account/identifiers", EMAIL | {"password": PASSWORD}, member["access_token"]
    )
    letter = (await letters(harness))[-1]
    confirmed = {"code_id": answer.json()["code_id"], "code": letter["facts"]["code"]}
    path = "/v1/auth/account/identifiers/confirm"
    assert (await door.post(path, confirmed, member["access_token"])).status_code == 204
    await pass_time(harness, NEXT)
    await sign_in(door, await door.code(harness, **EMAIL))
    assert (await door.signed_in())["member_id"] == member["member_id"]
    assert (await door.refreshed(member["refresh_token"])).status_code == 200


async def test_a_mistyped_address_gives_nobody_the_account(harness: Harness, door: Door) -> None:
    """It was registered beside a phone number, which was proven; the address never was."""
    member = await door.registered(**PHONE)
    await sign_in(door, await door.code(harness, **PHONE))
    stranger = await sign_in(door, await door.code(harness, **EMAIL))
    assert stranger["member_id"] != member["member_id"]
    (lost,) = await harness.published(IdentifierChanged)
    assert (str(lost.member_id), lost.value, lost.previous) == (
        member["member_id"],
        None,
        MEMBER["email"],
    )


async def test_a_guest_who_is_new_is_registered_in_place(harness: Harness, door: Door) -> None:
    guest = await door.guest()
    member = await sign_in(door, await door.code(harness, **EMAIL), guest["access_token"])
    assert (member["member_id"], member["session_id"]) == (guest["member_id"], guest["session_id"])
    assert await harness.published(GuestMerged) == []


@pytest.mark.parametrize("way", ["code", "password"])
async def test_what_a_guest_did_follows_to_the_account(
    harness: Harness, door: Door, way: str
) -> None:
    account = await door.registered()
    guest = await door.guest()
    token = guest["access_token"]
    if way == "code":
        member = await sign_in(door, await door.code(harness, **EMAIL), token)
    else:
        member = (await door.post("/v1/auth/login", MEMBER, token)).json()
    assert member["member_id"] == account["member_id"]
    (merged,) = await harness.published(GuestMerged)
    assert (merged.member_id, merged.guest_id) == (
        UUID(account["member_id"]),
        UUID(guest["member_id"]),
    )
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/sessions", token)
    assert (await door.refreshed(guest["refresh_token"])).status_code == 401
    assert (await door.guest(refresh_token=guest["refresh_token"]))["member_id"] not in {
        guest["member_id"],
        member["member_id"],
    }


async def test_a_guest_is_merged_once_however_many_sign_in_at_once(
    harness: Harness, door: Door
) -> None:
    await door.registered()
    guest = await door.guest()
    token = guest["access_token"]
    answers = await asyncio.gather(
        *(door.post("/v1/auth/login", MEMBER, token) for _ in range(3)), return_exceptions=True
    )
    assert any(getattr(answer, "status_code", 0) == 200 for answer in answers)
    assert len(await harness.published(GuestMerged)) == 1


async def test_a_member_who_signs_in_as_another_takes_nothing_along(
    harness: Harness, door: Door
) -> None:
    first = await door.registered()
    await door.registered(email="second@brand.example")
    body = MEMBER | {"email": "second@brand.example"}
    assert (await door.post("/v1/auth/login", body, first["access_token"])).status_code == 200
    assert await harness.published(GuestMerged) == []
    assert (await door.get("/v1/auth/account", first["access_token"])).status_code == 200


@pytest.mark.parametrize("who", ["another member", "an administrator", "the backend"])
async def test_a_new_address_is_a_new_member_whoever_proves_it(
    harness: Harness, door: Door, who: str
) -> None:
    """Only a guest's session goes on as the new member's."""
    token = {
        "another member": (await door.registered())["access_token"],
        "an administrator": await door.admin(),
        "the backend": BACKEND_KEY,
    }[who]
    code = await door.code(harness, **PHONE)
    answer = await door.post("/v1/auth/login/code", code, token)
    assert answer.status_code == 201, answer.text
    new = answer.json()
    assert (new["role"], new["staff_id"]) == ("member", None)
    shown = (await door.get("/v1/auth/account", new["access_token"])).json()
    assert shown["phone"]["value"] == PHONE["phone"]
    again = (await door.refreshed(new["refresh_token"])).json()
    assert again["member_id"] == new["member_id"] == shown["member_id"]


async def test_ids_of_codes_are_of_the_present(harness: Harness, door: Door) -> None:
    """They sort by time, so a database is not searched at random."""
    ids = [(await door.code(harness, email=f"m{n}@brand.example"))["code_id"] for n in range(3)]
    assert all(earlier < later for earlier, later in pairwise(ids))
