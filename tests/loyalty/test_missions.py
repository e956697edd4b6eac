"""Missions, leaderboards and badges."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, backend, marketer, member
from services.loyalty.actions.missions import advance_missions
from services.loyalty.events import BadgeAwarded, CouponIssued, MissionCompleted
from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import Source
from tests.loyalty.members import (
    balances,
    changed,
    execute,
    lives_in,
    merged,
    placed,
    post,
    proved,
    read,
    reviewed,
)
from tests.loyalty.promotions import in_segment, new_series

REVIEWS = {"trigger": "activity.Product Reviewed", "target": 3}
ORDERS = {"trigger": "profile.order.placed", "target": 20_000, "measure": "sum"}
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


async def new_mission(harness: Harness, *goals: dict[str, Any], **changes: Any) -> str:
    """Three reviews for 50 points."""
    body = {
        "name": {"en": "Three reviews", "zh-CN": "三条评价", "ru": "Три отзыва"},
        "description": {"en": "Tell others.", "zh-CN": "分享。", "ru": "Расскажите."},
        "goals": list(goals) or [REVIEWS],
        "prize": {"points": 50},
        **changes,
    }
    answer = await post(harness, marketer(), "/v1/missions", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["mission_id"]


async def going(harness: Harness, caller: Caller) -> list[dict[str, Any]]:
    return (await read(harness, caller, "/v1/missions"))["items"]


async def claim(harness: Harness, caller: Caller, mission_id: str) -> Any:
    return await post(harness, caller, f"/v1/missions/{mission_id}/claims")


async def walk(harness: Harness, caller: Caller, at: datetime, *steps: str, n: int = 1) -> None:
    """Occasions of the member's at a moment."""
    made = [
        Occasion(
            member_id=caller.member_id,
            trigger="activity.Walked",
            source=Source("activity", step),
            at=at,
            event={"properties": {"steps": n, "outdoors": True}},
        )
        for step in steps
    ]
    async with harness.transaction() as session:
        await advance_missions(session, made, at)


async def test_a_mission_is_completed_told_and_claimed_once(harness: Harness) -> None:
    caller, mission_id = member(), await new_mission(harness)
    await harness.deliver(reviewed(caller, "r-1", "r-2"))
    [shown] = await going(harness, caller)
    assert (shown["progress"], shown["steps"]) == (0.6667, [{"count": 2, "target": 3}])
    early = await claim(harness, caller, mission_id)
    assert (early.status_code, early.json()["code"]) == (409, "loyalty.mission_not_completed")
    before = (await balances(harness, caller))[0]
    await harness.deliver(reviewed(caller, "r-3"))
    [completed] = await harness.published(MissionCompleted)
    assert (str(completed.mission_id), completed.claimed) == (mission_id, False)
    [shown] = await going(harness, caller)
    assert (shown["claimable"], shown["progress"]) == (True, 1.0)
    answers = await asyncio.gather(*(claim(harness, caller, mission_id) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert (await balances(harness, caller))[0] == before + 30 + 50
    await proved(harness)


async def test_an_occasion_told_again_counts_once(harness: Harness) -> None:
    caller = member()
    await new_mission(harness)
    await asyncio.gather(*(harness.deliver(reviewed(caller, "r-1")) for _ in range(5)))
    await harness.deliver(reviewed(caller, "r-1", "r-1"), reviewed(caller, "r-2"))
    [shown] = await going(harness, caller)
    assert shown["steps"] == [{"count": 2, "target": 3}]


async def test_every_goal_of_a_mission_must_be_reached(harness: Harness) -> None:
    caller = member()
    await new_mission(harness, {**REVIEWS, "target": 1}, {**ORDERS, "field": "amount_minor"})
    await harness.deliver(placed(caller, "A-1", 12_000), reviewed(caller))
    [shown] = await going(harness, caller)
    assert [step["count"] for step in shown["steps"]] == [1, 12_000]
    assert shown["progress"] == 0.8
    await harness.deliver(placed(caller, "A-2", 8_000))
    assert len(await harness.published(MissionCompleted)) == 1


async def test_a_cancelled_order_counts_no_more(harness: Harness) -> None:
    """However its events come; what a mission has been completed with stays."""
    caller, goal = member(), {"trigger": "profile.order.placed", "target": 3}
    await new_mission(harness, goal, {**ORDERS, "field": "amount_minor", "target": 10**6})
    await harness.deliver(placed(caller, "A-1", 100), placed(caller, "A-2", 200))
    await harness.deliver(changed(caller, "cancelled", "A-1"))
    await harness.deliver(changed(caller, "refunded", "A-1"))
    await harness.deliver(changed(caller, "cancelled", "A-3"))
    await harness.deliver(placed(caller, "A-3", 400))
    [shown] = await going(harness, caller)
    assert [step["count"] for step in shown["steps"]] == [1, 200]
    assert await harness.published(MissionCompleted) == []


async def test_a_mission_begins_anew_with_the_members_week(harness: Harness) -> None:
    caller, goal = member(), {"trigger": "activity.Walked", "target": 2}
    await harness.deliver(lives_in(caller, "Asia/Shanghai"))
    await new_mission(harness, goal, recurrence="weekly")
    sunday_there = MONDAY - DAY + timedelta(hours=3)
    await walk(harness, caller, sunday_there, "a")
    await walk(harness, caller, sunday_there + timedelta(hours=2), "b", "c")
    rows = await execute(harness, "SELECT begins, counts FROM mission_progress ORDER BY begins")
    assert [(str(row.begins), row.counts) for row in rows] == [
        ("2026-02-23", [1]),
        ("2026-03-02", [2]),
    ]
    assert [str(c.begins) for c in await harness.published(MissionCompleted)] == ["2026-03-02"]


async def test_a_phone_adds_no_number_that_is_none(harness: Harness) -> None:
    steps = {"trigger": "activity.Walked", "measure": "sum", "field": "properties.steps"}
    await new_mission(harness, {**steps, "target": 10})
    caller = member()
    for name, number in (("a", 10**300), ("b", 2**63), ("c", 7)):
        await walk(harness, caller, clock.now(), name, n=number)
    assert (await going(harness, caller))[0]["steps"] == [{"count": 7, "target": 10}]


async def test_days_are_counted_once_each(harness: Harness) -> None:
    caller = member()
    await new_mission(harness, {"trigger": "activity.Walked", "target": 3, "measure": "days"})
    for n in range(3):
        await walk(harness, caller, MONDAY + n * DAY, f"{n}-a", f"{n}-b")
    rows = await execute(harness, "SELECT counts FROM mission_progress")
    assert [row.counts for row in rows] == [[3]]


async def test_fields_of_the_event_are_asked_for_and_summed(harness: Harness) -> None:
    caller = member()
    goal = {
        "trigger": "activity.Walked",
        "target": 100,
        "measure": "sum",
        "field": "properties.steps",
        "where": {"properties.outdoors": True},
    }
    await new_mission(harness, goal)
    await new_mission(harness, {**goal, "where": {"properties.outdoors": False}})
    await walk(harness, caller, MONDAY, "a", "b", n=30)
    rows = await execute(harness, "SELECT counts FROM mission_progress")
    assert [row.counts for row in rows] == [[60]]


async def test_a_check_in_counts(harness: Harness) -> None:
    caller = member()
    await new_mission(harness, {"trigger": "loyalty.checkin.recorded", "target": 1})
    await post(harness, caller, "/v1/checkins")
    assert len(await harness.published(MissionCompleted)) == 1


async def test_a_prize_may_be_all_there_is_and_come_by_itself(harness: Harness) -> None:
    badge = {"badge": "reviewer", "name": {"en": "Reviewer"}, "description": {"en": "Tells."}}
    assert (await post(harness, marketer(), "/v1/loyalty/badges", badge)).status_code == 201
    prize = {
        "points": 5,
        "growth_points": 1_000,
        "series_id": await new_series(harness),
        "freeze_cards": 1,
        "makeup_cards": 2,
        "badge": "reviewer",
    }
    caller = member()
    await new_mission(harness, {**REVIEWS, "target": 1}, prize=prize, claimed_by_itself=True)
    await harness.deliver(reviewed(caller, "r-1"))
    await harness.deliver(reviewed(caller, "r-2"))
    assert (await balances(harness, caller)) == (65, 0, 0, 1_000)
    assert len(await harness.published(CouponIssued)) == 1
    [awarded] = await harness.published(BadgeAwarded)
    assert awarded.badge == "reviewer"
    [row] = await execute(harness, "SELECT freezes, makeups FROM checkin_cards")
    assert (row.freezes, row.makeups) == (1, 2)
    [shown] = (await read(harness, caller, "/v1/badges"))["items"]
    assert (shown["badge"], shown["name"]) == ("reviewer", "Reviewer")
    await proved(harness)


async def test_a_prize_that_is_not_there_is_refused(harness: Harness) -> None:
    for prize in ({"badge": "nobody"}, {"series_id": str(uuid7())}):
        body = {
            "name": {"en": "x"},
            "description": {"en": "x"},
            "goals": [REVIEWS],
            "prize": prize,
        }
        answer = await post(harness, marketer(), "/v1/missions", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "loyalty.bad_prize")


async def test_a_mission_for_a_segment_counts_for_it_alone(harness: Harness) -> None:
    caller, other = member(), member()
    await in_segment(harness, caller, "vip")
    await new_mission(harness, segments=["vip"])
    await harness.deliver(reviewed(caller), reviewed(other))
    assert len(await going(harness, caller)) == 1
    assert await going(harness, other) == []
    rows = await execute(harness, "SELECT member_id FROM mission_progress")
    assert [str(row.member_id) for row in rows] == [caller.subject]


async def test_a_leaderboard_shows_the_first_and_where_you_are(harness: Harness) -> None:
    callers = [member() for _ in range(5)]
    goal = {"trigger": "activity.Walked", "target": 1}
    mission_id = await new_mission(harness, goal, ranked=True)
    for count, caller in enumerate(callers, 1):
        await walk(harness, caller, MONDAY, *(f"{caller.subject}-{n}" for n in range(count)))
    board = await read(harness, callers[0], f"/v1/missions/{mission_id}/leaderboard?limit=3")
    assert [(p["rank"], p["score"], p["is_you"]) for p in board["places"]] == [
        (1, 5, False),
        (2, 4, False),
        (3, 3, False),
    ]
    assert (board["your_rank"], board["your_score"]) == (5, 1)
    assert len(await harness.published(MissionCompleted)) == 5
    unranked = await new_mission(harness)
    async with harness.client(callers[0]) as client:
        answer = await client.get(f"/v1/missions/{unranked}/leaderboard")
    assert answer.status_code == 404


async def test_progress_follows_a_merged_member(harness: Harness) -> None:
    guest, known = member(), member()
    await new_mission(harness)
    await harness.deliver(reviewed(guest, "r-1", "r-2"))
    await harness.deliver(merged(guest, known))
    [shown] = await going(harness, known)
    assert shown["steps"] == [{"count": 2, "target": 3}]
    await harness.deliver(reviewed(guest, "r-3"))
    [completed] = await harness.published(MissionCompleted)
    assert str(completed.member_id) == known.subject


async def test_a_goal_nobody_can_come_nearer_to_is_refused(harness: Harness) -> None:
    """A typo in a trigger would make a mission that never moves."""
    text = {"en": "Orders"}
    goals = [REVIEWS, {"trigger": "profile.order.plcaed", "target": 1}]
    body = {"name": text, "description": text, "goals": goals, "prize": {"points": 1}}
    answer = await post(harness, marketer(), "/v1/missions", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "loyalty.bad_goal")
    [error] = answer.json()["errors"]
    assert error["field"] == "goals[1].trigger"
    assert "profile.order.placed" in error["detail"]


async def test_a_mission_that_is_off_counts_nothing(harness: Harness) -> None:
    caller, mission_id = member(), await new_mission(harness)
    async with harness.client(marketer()) as client:
        answer = await client.patch(f"/v1/missions/{mission_id}", json={"active": False})
        assert answer.status_code == 200
    await harness.deliver(reviewed(caller))
    assert await execute(harness, "SELECT 1 FROM mission_progress") == []
    assert await going(harness, caller) == []


@pytest.mark.parametrize(
    ("goal", "field"),
    [
        pytest.param({"trigger": "nothing", "target": 1}, "trigger", id="no trigger"),
        pytest.param({**REVIEWS, "target": 0}, "target", id="a goal of nothing"),
        pytest.param({**REVIEWS, "measure": "sum"}, "field", id="a sum of what"),
    ],
)
async def test_a_wrong_goal_is_refused(harness: Harness, goal: Any, field: str) -> None:
    body = {
        "name": {"en": "x"},
        "description": {"en": "x"},
        "goals": [goal],
        "prize": {"points": 1},
    }
    answer = await post(harness, marketer(), "/v1/missions", body)
    assert answer.status_code == 422
    assert field in answer.text


@pytest.mark.parametrize("caller", [member(), agent(), backend("missions:read")])
async def test_only_marketers_set_goals(harness: Harness, caller: Caller) -> None:
    for path in ("/v1/missions", "/v1/loyalty/badges"):
        assert (await post(harness, caller, path, {})).status_code == 403
