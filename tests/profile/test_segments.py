"""Segments: made by staff, filled, entered and exited."""

import asyncio
import json
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from kit import clock
from kit.ids import uuid7
from kit.testing import admin, agent, analyst, backend, marketer, member, until
from services.profile.actions import segments as actions
from services.profile.actions.members import edit_profile
from services.profile.events import SegmentEntered, SegmentExited
from services.profile.jobs import FILL_SEGMENTS
from tests.profile.conftest import Profile, identify, track

GOLD = {"key": "gold", "name": "Gold plan", "rule": {"trait": "plan", "op": "eq", "value": "gold"}}


async def make(profile: Profile, **changes: Any):
    return await profile.call(marketer(), "POST", "/v1/segments", json=GOLD | changes)


async def sizes(profile: Profile) -> dict[str, tuple[int, bool]]:
    items = (await profile.call(analyst(), "GET", "/v1/segments")).json()["items"]
    return {item["key"]: (item["size"], item["ready"]) for item in items}


async def moves(profile: Profile, key: str) -> tuple[list, list]:
    """Who entered and who exited, as published."""
    entered = await profile.harness.published(SegmentEntered)
    exited = await profile.harness.published(SegmentExited)
    return [e.member_id for e in entered if e.segment == key], [
        e.member_id for e in exited if e.segment == key
    ]


async def test_who_may_see_and_make_segments(profile: Profile) -> None:
    assert (await profile.call(None, "GET", "/v1/segments")).status_code == 401
    assert (await profile.call(None, "POST", "/v1/segments", json=GOLD)).status_code == 401
    for caller in (member(), backend("members:read")):
        assert (await profile.call(caller, "GET", "/v1/segments")).status_code == 403
    for caller in (member(), agent(), analyst(), backend("segments:read")):
        assert (await profile.call(caller, "POST", "/v1/segments", json=GOLD)).status_code == 403
    for caller in (marketer(), admin(), backend("segments:write")):
        assert (await profile.call(caller, "POST", "/v1/segments", json=GOLD)).status_code == 201


async def test_the_four_stages_are_segments_from_the_start(profile: Profile) -> None:
    await profile.register()
    assert await sizes(profile) == {
        "new": (1, True),
        "active": (0, True),
        "silent": (0, True),
        "lapsed": (0, True),
    }


async def test_a_new_segment_is_filled_in_portions(profile: Profile, monkeypatch) -> None:
    monkeypatch.setattr(actions, "FILL_PORTION", 3)
    plans = ["gold", "free", "gold", "gold", "free", "gold", "gold"]
    await profile.send(
        *(identify(userId=f"u-{n}", traits={"plan": plan}) for n, plan in enumerate(plans))
    )
    answer = await make(profile)
    assert (answer.status_code, answer.json()["ready"], answer.json()["size"]) == (201, False, 0)
    await profile.harness.run(FILL_SEGMENTS)
    assert (await sizes(profile))["gold"] == (5, True)
    entered, exited = await moves(profile, "gold")
    assert (len(set(entered)), len(entered), exited) == (5, 5, [])


async def test_members_enter_and_exit_as_traits_change(profile: Profile) -> None:
    await make(profile)
    await profile.harness.run(FILL_SEGMENTS)
    for plan in ("free", "gold", "gold", "free"):
        await profile.send(identify(userId="anna", traits={"plan": plan}))
    (anna,) = await profile.created()
    assert await moves(profile, "gold") == ([anna], [anna])
    assert (await sizes(profile))["gold"] == (0, True)


async def test_members_enter_by_tags_and_orders(profile: Profile) -> None:
    mei = await profile.register()
    big = {"orders": "net_minor", "currency": "CNY", "op": "gte", "value": 10000}
    await make(profile, rule={"all": [{"tag": "vip"}, big]})
    await profile.harness.run(FILL_SEGMENTS)
    await profile.call(agent(), "PUT", f"/v1/members/{mei}/tags/vip")
    assert await moves(profile, "gold") == ([], [])
    order = {
        "order_id": "SO-1",
        "member_id": str(mei),
        "items": [],
        "amount_minor": 12900,
        "currency": "CNY",
        "placed_at": "2026-03-02T10:00:00Z",
    }
    await profile.call(profile.shop, "POST", "/v1/orders", json=order)
    assert await moves(profile, "gold") == ([mei], [])
    path = "/v1/orders/SO-1/status"
    await profile.call(profile.shop, "PUT", path, json={"status": "cancelled"})
    assert await moves(profile, "gold") == ([mei], [mei])


async def test_members_seen_while_a_segment_is_filled_are_in_it_once(profile: Profile) -> None:
    sent = [identify(userId=f"u-{n}", traits={"plan": "gold"}) for n in range(10)]
    await profile.send(*sent[:5])
    await asyncio.gather(
        make(profile),
        *(profile.send(message) for message in sent[5:]),
        profile.harness.run(FILL_SEGMENTS),
    )
    await profile.harness.run(FILL_SEGMENTS)
    entered, _ = await moves(profile, "gold")
    assert sorted(entered) == sorted(await profile.created())


async def waiting_for_locks(profile: Profile) -> int:
    async with profile.harness.transaction() as session:
        return await session.scalar(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        )


async def test_a_member_judged_but_not_yet_committed_is_not_missed_by_a_new_segment(
    profile: Profile,
) -> None:
    async with profile.harness.transaction() as session:
        await edit_profile(session, uuid7(), {"traits": {"plan": "gold"}}, clock.now())
        making = asyncio.create_task(make(profile))
        await until(partial(waiting_for_locks, profile))
    await making
    await profile.harness.run(FILL_SEGMENTS)
    assert (await sizes(profile))["gold"] == (1, True)


async def test_staff_list_the_members_of_a_segment(profile: Profile) -> None:
    await make(profile)
    await profile.harness.run(FILL_SEGMENTS)
    await profile.send(
        identify(userId="anna", traits={"plan": "gold"}), identify(userId="boris", traits={})
    )
    query = {"segment": "gold", "limit": 1}
    page = (await profile.call(marketer(), "GET", "/v1/members", params=query)).json()
    assert [item["traits"] for item in page["items"]] == [{"plan": "gold"}]
    assert page["next_cursor"] is None


async def test_the_history_of_a_merged_member_counts_for_the_survivor_only(profile) -> None:
    await make(profile)
    await profile.harness.run(FILL_SEGMENTS)
    await profile.send(identify(anonymousId="phone-1", traits={"plan": "gold"}))
    (guest,) = await profile.created()
    mei = await profile.register(anonymous_id="phone-1")
    assert await moves(profile, "gold") == ([guest, mei], [guest])
    assert (await sizes(profile))["gold"] == (1, True)
    assert (await sizes(profile))["new"] == (1, True)


async def test_the_same_segment_again_changes_nothing_another_conflicts(profile) -> None:
    assert (await make(profile)).status_code == 201
    assert (await make(profile)).status_code == 201
    answer = await make(profile, rule={"tag": "vip"})
    assert (answer.status_code, answer.json()["code"]) == (409, "profile.segment_exists")
    assert (await make(profile, key="new")).status_code == 409


async def test_racing_makers_make_one_segment(profile: Profile) -> None:
    answers = await asyncio.gather(*(make(profile) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "Gold"}, "key"),
        ({"key": ""}, "key"),
        ({"name": ""}, "name"),
        ({"rule": []}, "rule"),
        ({"rule": {"any": [{"tag": "vip"}, {"sql": "1=1"}]}}, "rule.any[1]"),
        ({"rule": {"tag": "a\0"}}, "rule"),
        ({"rule": {"trait": "x", "op": "eq", "value": float("nan")}}, "rule.value"),
        ({"rule": {"trait": "x", "op": "eq", "value": 10**30}}, "rule"),
        ({"size": 5}, "size"),
    ],
    ids=str,
)
async def test_bad_segments_are_refused_by_field(profile: Profile, change, field) -> None:
    content = json.dumps(GOLD | change)
    headers = {"Content-Type": "application/json"}
    answer = await profile.call(
        marketer(), "POST", "/v1/segments", content=content, headers=headers
    )
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_there_is_a_limit_to_segments(profile: Profile, monkeypatch) -> None:
    monkeypatch.setattr(actions, "MOST_SEGMENTS", 1)
    assert (await make(profile)).status_code == 201
    answer = await make(profile, key="two")
    assert (answer.status_code, answer.json()["code"]) == (409, "profile.too_many_segments")


async def test_tracking_alone_moves_nobody(profile: Profile) -> None:
    await profile.send(track(userId="anna"))
    await profile.send(track(userId="anna"))
    assert len(await profile.harness.published(SegmentEntered)) == 1
