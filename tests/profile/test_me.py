"""A member's own profile."""

import asyncio

import pytest

from kit.ids import uuid7
from kit.testing import agent, backend, member
from services.profile.events import MemberUpdated
from tests.profile.conftest import Profile, registered


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_only_members_have_a_profile_of_their_own(profile: Profile, method: str) -> None:
    assert (await profile.call(None, method, "/v1/me", json={})).status_code == 401
    for caller in (agent(), backend("members:read")):
        assert (await profile.call(caller, method, "/v1/me", json={})).status_code == 403


async def test_a_registered_member_sees_what_the_account_said(profile: Profile) -> None:
    mei = await profile.register(email="mei@example.com", display_name="Mei", language="zh-CN")
    body = (await profile.call(member(mei), "GET", "/v1/me")).json()
    assert body["member_id"] == str(mei)
    assert (body["anonymous"], body["email"], body["language"]) == (
        False,
        "mei@example.com",
        "zh-CN",
    )


async def test_a_member_sees_a_profile_before_the_gateways_event_arrives(profile) -> None:
    mei = uuid7()
    first = await asyncio.gather(*(profile.call(member(mei), "GET", "/v1/me") for _ in range(4)))
    assert [answer.status_code for answer in first] == [200] * 4
    await profile.register(mei, email="mei@example.com")
    assert (await profile.call(member(mei), "GET", "/v1/me")).json()["email"] == "mei@example.com"
    assert await profile.created() == [mei]


async def test_what_has_not_changed_is_not_sent_again(profile: Profile) -> None:
    mei = member(await profile.register())
    first = await profile.call(mei, "GET", "/v1/me")
    known = {"If-None-Match": first.headers["etag"]}
    assert (await profile.call(mei, "GET", "/v1/me", headers=known)).status_code == 304
    await profile.call(mei, "PATCH", "/v1/me", json={"display_name": "Mei Lin"})
    again = await profile.call(mei, "GET", "/v1/me", headers=known)
    assert (again.status_code, again.json()["display_name"]) == (200, "Mei Lin")


async def test_a_member_changes_its_profile_and_others_are_told_once(profile: Profile) -> None:
    mei = member(await profile.register(display_name="Mei"))
    change = {"display_name": None, "language": "ru", "time_zone": "Asia/Yekaterinburg"}
    for _ in range(2):
        answer = await profile.call(mei, "PATCH", "/v1/me", json=change)
        assert answer.status_code == 200
        assert {name: answer.json()[name] for name in change} == change
    (told,) = await profile.harness.published(MemberUpdated)
    assert (told.display_name, told.language, told.time_zone) == (None, "ru", "Asia/Yekaterinburg")


async def test_what_is_left_out_stays(profile: Profile) -> None:
    mei = member(await profile.register(display_name="Mei"))
    answer = await profile.call(mei, "PATCH", "/v1/me", json={"time_zone": "Asia/Shanghai"})
    assert answer.json()["display_name"] == "Mei"
    assert (await profile.call(mei, "PATCH", "/v1/me", json={})).json() == answer.json()


async def test_a_stale_change_is_refused(profile: Profile) -> None:
    mei = member(await profile.register())
    read = (await profile.call(mei, "GET", "/v1/me")).headers["etag"]
    changes = [{"display_name": "From the phone"}, {"display_name": "From the tablet"}]
    answers = [
        await profile.call(mei, "PATCH", "/v1/me", json=change, headers={"If-Match": read})
        for change in changes
    ]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert (await profile.call(mei, "GET", "/v1/me")).json()["display_name"] == "From the phone"


async def test_of_racing_changes_of_one_version_one_wins(profile: Profile) -> None:
    mei = member(await profile.register())
    read = {"If-Match": (await profile.call(mei, "GET", "/v1/me")).headers["etag"]}
    answers = await asyncio.gather(
        *(
            profile.call(mei, "PATCH", "/v1/me", json={"display_name": f"{n}"}, headers=read)
            for n in range(5)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"time_zone": None}, "body"),
        ({"language": "de"}, "language"),
        ({"language": None}, "body"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "x" * 121}, "display_name"),
        ({"display_name": "a\0b"}, "display_name"),
        ({"display_name": 5}, "display_name"),
        ({"email": "other@example.com"}, "email"),
        ({"stage": "active"}, "stage"),
    ],
    ids=str,
)
async def test_bad_changes_are_refused_by_field(profile: Profile, change, field) -> None:
    mei = member(await profile.register())
    answer = await profile.call(mei, "PATCH", "/v1/me", json=change)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("content", [b"{", b"", b"\xff"])
async def test_a_body_that_is_no_json_is_malformed(profile: Profile, content: bytes) -> None:
    mei = member(await profile.register())
    headers = {"Content-Type": "application/json"}
    answer = await profile.call(mei, "PATCH", "/v1/me", content=content, headers=headers)
    assert answer.status_code in (400, 422)


async def test_a_guests_old_token_does_not_open_the_account_it_became(profile: Profile) -> None:
    guest, mei = uuid7(), uuid7()
    assert (await profile.call(member(guest), "GET", "/v1/me")).status_code == 200
    await profile.harness.deliver(registered(mei, anonymous_id=str(guest)))
    assert await profile.merged() == [(mei, guest)]
    for method in ("GET", "PATCH"):
        answer = await profile.call(member(guest), method, "/v1/me", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "profile.merged_away")
