"""Members, for staff: lists, one member, tags."""

import asyncio

import pytest

from kit.ids import uuid7
from kit.pages import encode_cursor
from kit.testing import admin, agent, analyst, backend, marketer, member
from services.profile.events import MemberUpdated
from services.profile.rules.members import MOST_TAGS
from tests.profile.conftest import Profile, track

READERS = [agent(), marketer(), analyst(), admin(), backend("members:read")]
STRANGERS = [member(), backend("members:write"), backend("activities:write")]


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/activities"])
async def test_who_may_read_members(profile: Profile, path: str) -> None:
    url = "/v1/members" + path.format(id=await profile.register())
    assert (await profile.call(None, "GET", url)).status_code == 401
    assert {(await profile.call(c, "GET", url)).status_code for c in STRANGERS} == {403}
    assert {(await profile.call(c, "GET", url)).status_code for c in READERS} == {200}


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_who_may_tag(profile: Profile, method: str) -> None:
    url = f"/v1/members/{await profile.register()}/tags/vip"
    assert (await profile.call(None, method, url)).status_code == 401
    for caller in (member(), analyst(), backend("members:read")):
        assert (await profile.call(caller, method, url)).status_code == 403
    for caller in (agent(), marketer(), admin(), backend("members:write")):
        assert (await profile.call(caller, method, url)).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/activities"), ("PUT", "/tags/vip"), ("DELETE", "/tags/vip")],
)
async def test_an_absent_member_is_not_found(profile: Profile, method: str, path: str) -> None:
    answer = await profile.call(admin(), method, f"/v1/members/{uuid7()}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "profile.member_not_found")
    assert (await profile.call(admin(), method, f"/v1/members/mei{path}")).status_code == 422


async def test_the_list_is_walked_by_cursor_and_shows_each_once(profile: Profile) -> None:
    members = sorted([str(await profile.register()) for _ in range(7)])
    seen, cursor = [], None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await profile.call(agent(), "GET", "/v1/members", params=query)).json()
        seen += [item["member_id"] for item in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == members


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"limit": 0}, 422),
        ({"limit": 201}, 422),
        ({"cursor": "x"}, 422),
        ({"cursor": "WyJub25lIl0"}, 422),
        ({"segment": "none"}, 404),
        ({"segment": "' OR 1=1 --"}, 422),
        ({"segment": "\0"}, 422),
        ({"segment": "lapsed"}, 200),
    ],
    ids=str,
)
async def test_bad_queries_of_the_list(profile: Profile, query, status) -> None:
    answer = await profile.call(agent(), "GET", "/v1/members", params=query)
    assert answer.status_code == status


async def test_merged_members_are_not_listed(profile: Profile) -> None:
    await profile.send(track(anonymousId="phone-1"))
    mei = await profile.register(anonymous_id="phone-1")
    page = (await profile.call(agent(), "GET", "/v1/members")).json()
    assert [item["member_id"] for item in page["items"]] == [str(mei)]


async def test_the_timeline_is_walked_by_cursor(profile: Profile) -> None:
    mei = await profile.register()
    same_time = [track(userId=str(mei), timestamp="2026-03-01T10:00:00Z") for _ in range(5)]
    await profile.send(*same_time)
    seen, query = [], {"limit": 2}
    while True:
        path = f"/v1/members/{mei}/activities"
        page = (await profile.call(agent(), "GET", path, params=query)).json()
        seen += [item["activity_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert sorted(seen) == sorted(message["messageId"] for message in same_time)


@pytest.mark.parametrize(
    "cursor",
    [
        encode_cursor("2026-03-01", "x"),
        encode_cursor("2026-03-01T00:00:00Z", "\0"),
        encode_cursor(5, "x"),
        encode_cursor("x"),
        "?",
    ],
)
async def test_a_forged_cursor_of_the_timeline_is_refused(profile: Profile, cursor: str) -> None:
    path = f"/v1/members/{await profile.register()}/activities"
    answer = await profile.call(agent(), "GET", path, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_tags_are_put_once_and_taken_off_once(profile: Profile) -> None:
    mei = await profile.register()
    for method, tags in [("PUT", ["золото"]), ("PUT", ["золото"]), ("DELETE", []), ("DELETE", [])]:
        answer = await profile.call(agent(), method, f"/v1/members/{mei}/tags/золото")
        assert (answer.status_code, answer.json()["tags"]) == (200, tags)
    told = await profile.harness.published(MemberUpdated)
    assert [event.tags for event in told] == [["золото"], []]


async def test_racing_tags_are_all_kept(profile: Profile) -> None:
    mei = await profile.register()
    tags = [f"tag-{n}" for n in range(8)]
    paths = [f"/v1/members/{mei}/tags/{tag}" for tag in tags]
    await asyncio.gather(*(profile.call(agent(), "PUT", path) for path in paths))
    assert (await profile.shown(mei))["tags"] == tags
    versions = [e.aggregate_version for e in await profile.harness.events(MemberUpdated.type)]
    assert versions == sorted(set(versions))


async def test_a_member_has_a_limited_number_of_tags(profile: Profile) -> None:
    mei = await profile.register()
    for n in range(MOST_TAGS):
        await profile.call(agent(), "PUT", f"/v1/members/{mei}/tags/tag-{n}")
    answer = await profile.call(agent(), "PUT", f"/v1/members/{mei}/tags/one-more")
    assert (answer.status_code, answer.json()["code"]) == (422, "profile.too_many_tags")
    again = await profile.call(agent(), "PUT", f"/v1/members/{mei}/tags/tag-1")
    assert again.status_code == 200


@pytest.mark.parametrize("tag", ["%20", "-vip", "x" * 51, "a%00b"])
async def test_bad_tags_are_refused(profile: Profile, tag: str) -> None:
    answer = await profile.call(
        agent(), "PUT", f"/v1/members/{await profile.register()}/tags/{tag}"
    )
    assert answer.status_code == 422
