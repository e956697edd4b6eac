"""GET and PUT /v1/preferences, and one-click unsubscribe."""

import pytest
from sqlalchemy import text

from kit.ids import uuid7
from kit.testing import ABSENT, Harness, agent, member
from tests.notify.events import created, inbox_of, replied, stage_changed, survey

PATH = "/v1/preferences"


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_only_members_have_preferences(harness: Harness, method) -> None:
    async with harness.client() as anyone, harness.client(agent()) as staff:
        assert (await anyone.request(method, PATH)).status_code == 401
        assert (await staff.request(method, PATH, json={"categories": {}})).status_code == 403


async def test_what_holds_before_anything_is_chosen(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = (await client.get(PATH)).json()
    assert answer["categories"]["points"] == {"inbox": True, "email": False, "push": True}
    assert answer["mandatory"] == {
        "account": ["email", "inbox"],
        "orders": ["inbox"],
        "points": [],
        "rewards": [],
        "support": ["inbox"],
        "surveys": [],
        "marketing": [],
    }
    assert (answer["quiet_hours"], answer["time_zone"]) == (None, "UTC")


async def test_choices_are_kept_and_replaced_as_a_whole(harness: Harness) -> None:
    caller = member()
    await harness.deliver(created(caller.member_id, time_zone="Asia/Shanghai"))
    chosen = {
        "categories": {"points": {"email": True}, "surveys": {"inbox": False, "email": False}},
        "quiet_hours": {"starts": "22:30", "ends": "07:00"},
        "time_zone": "Europe/Moscow",
    }
    async with harness.client(caller) as client:
        first = await client.put(PATH, json=chosen)
        assert first.status_code == 200
        assert (await client.get(PATH)).json() == first.json()
        answer = first.json()
        assert answer["categories"]["points"]["email"] is True
        assert answer["categories"]["surveys"] == {"inbox": False, "email": False, "push": True}
        assert answer["quiet_hours"] == chosen["quiet_hours"]
        assert answer["time_zone"] == "Europe/Moscow"
        answer = (await client.put(PATH, json={"categories": {}})).json()
        assert answer["categories"]["points"]["email"] is False
        assert (answer["quiet_hours"], answer["time_zone"]) == (None, "Asia/Shanghai")


async def test_what_is_read_can_be_written_back(harness: Harness) -> None:
    async with harness.client(member()) as client:
        read = (await client.get(PATH)).json()
        body = {key: read[key] for key in ("categories", "quiet_hours", "time_zone")}
        assert (await client.put(PATH, json=body)).json() == read


async def test_what_is_mandatory_stays_on_and_the_refusal_names_it(harness: Harness) -> None:
    chosen = {"account": {"inbox": False, "email": True}, "support": {"inbox": False}}
    async with harness.client(member()) as client:
        before = (await client.get(PATH)).json()
        answer = await client.put(PATH, json={"categories": chosen})
        assert (answer.status_code, answer.json()["code"]) == (422, "notify.mandatory_category")
        assert [error["field"] for error in answer.json()["errors"]] == [
            "categories.account.inbox",
            "categories.support.inbox",
        ]
        assert (await client.get(PATH)).json() == before


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Europe", "a\u0000b", ""])
async def test_a_time_zone_must_be_one(harness: Harness, zone) -> None:
    async with harness.client(member()) as client:
        answer = await client.put(PATH, json={"categories": {}, "time_zone": zone})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "time_zone"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "categories"),
        ({"categories": {"weather": {"inbox": True}}}, "categories.weather"),
        ({"categories": {"points": {"fax": True}}}, "categories.points.fax"),
        ({"categories": {"points": {"inbox": "perhaps"}}}, "categories.points.inbox"),
        ({"categories": {}, "quiet_hours": {"starts": "22:00"}}, "quiet_hours.ends"),
        ({"categories": {}, "quiet_hours": {"starts": "22", "ends": "7:00"}}, "quiet_hours.ends"),
        ({"categories": {}, "quiet_hours": {"starts": 1320, "ends": "07:00"}}, "quiet_hours"),
        ({"categories": {}, "quiet_hours": {"starts": "24:00", "ends": "07:00"}}, "quiet_hours"),
        ({"categories": {}, "quiet_hours": {"starts": "22:00Z", "ends": "07:00"}}, "quiet_hours"),
        ({"categories": {}, "quiet_hours": {"starts": "22:00:30", "ends": "07:00"}}, "quiet_hours"),
        ({"categories": {}, "quiet_hours": {"starts": "07:00", "ends": "07:00"}}, "quiet_hours"),
        ({"categories": {}, "sound": "off"}, "sound"),
    ],
)
async def test_a_bad_choice_is_refused_and_named(harness: Harness, body, field) -> None:
    async with harness.client(member()) as client:
        answer = await client.put(PATH, json=body)
    assert answer.status_code == 422
    assert any(error["field"].startswith(field) for error in answer.json()["errors"])


async def test_what_is_switched_off_is_not_told(harness: Harness) -> None:
    caller = member()
    off = {"surveys": {"inbox": False, "email": False}, "support": {"email": False}}
    async with harness.client(caller) as client:
        await client.put(PATH, json={"categories": off})
    await harness.deliver(survey(caller.member_id), replied(caller.member_id))
    items = await inbox_of(harness, caller.member_id)
    assert [item["category"] for item in items] == ["support"]
    async with harness.transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM deliveries"))).scalar_one() == 0


async def token_of(harness: Harness, member_id) -> str:
    async with harness.transaction() as session:
        statement = text("SELECT unsubscribe_token FROM contacts WHERE member_id = :member_id")
        return str((await session.execute(statement, {"member_id": member_id})).scalar_one())


async def marketing_email_of(client) -> bool:
    return (await client.get(PATH)).json()["categories"]["marketing"]["email"]


async def test_one_click_unsubscribes_without_signing_in(harness: Harness) -> None:
    caller = member()
    await harness.deliver(created(caller.member_id))
    path = f"/v1/unsubscribe/{await token_of(harness, caller.member_id)}"
    async with harness.client(caller) as client, harness.client() as anyone:
        chosen = {"marketing": {"inbox": False}, "points": {"email": True}}
        await client.put(PATH, json={"categories": chosen})
        assert (await anyone.get(path)).status_code == 200
        assert await marketing_email_of(client), "looking at the page must change nothing"
        for _ in range(2):
            answer = await anyone.post(path, data={"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
        held = (await client.get(PATH)).json()["categories"]
    assert held["marketing"] == {"inbox": False, "email": False, "push": True}
    assert held["points"]["email"] is True


async def test_unsubscribing_works_before_anything_was_chosen(harness: Harness) -> None:
    caller = member()
    await harness.deliver(created(caller.member_id))
    async with harness.client(caller) as client, harness.client() as anyone:
        await anyone.post(f"/v1/unsubscribe/{await token_of(harness, caller.member_id)}")
        assert not await marketing_email_of(client)
    await harness.deliver(stage_changed(caller.member_id, "silent"))
    async with harness.transaction() as session:
        causes = await session.execute(text("SELECT category FROM deliveries"))
        assert list(causes.scalars()) == ["account"]


async def test_a_link_stays_good_when_the_profile_changes(harness: Harness) -> None:
    caller = member()
    await harness.deliver(created(caller.member_id))
    before = await token_of(harness, caller.member_id)
    await harness.deliver(created(caller.member_id, updated_at="2026-05-01T00:00:00Z"))
    assert await token_of(harness, caller.member_id) == before


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("token", "status"), [(str(ABSENT), 404), ("x", 422)])
async def test_a_link_that_is_not_ours_is_refused(harness: Harness, method, token, status) -> None:
    async with harness.client() as anyone:
        answer = await anyone.request(method, f"/v1/unsubscribe/{token}")
    assert answer.status_code == status


async def test_the_page_speaks_the_readers_language(harness: Harness) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id))
    async with harness.client(**{"Accept-Language": "ru"}) as anyone:
        page = await anyone.get(f"/v1/unsubscribe/{await token_of(harness, member_id)}")
    assert "Отписаться" in page.text
